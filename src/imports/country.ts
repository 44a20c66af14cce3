import { getCountries } from 'libphonenumber-js/min';
import { fold } from '../core/names.ts';

const names = new Intl.DisplayNames(['en'], { type: 'region' });
const codes = new Map<string, string>([
  ['usa', 'US'],
  ['u s a', 'US'],
  ['u s', 'US'],
  ['united states of america', 'US'],
  ['america', 'US'],
  ['uk', 'GB'],
  ['great britain', 'GB'],
  ['england', 'GB'],
  ['uae', 'AE'],
]);
for (const code of getCountries()) {
  codes.set(code.toLowerCase(), code);
  codes.set(fold(names.of(code) ?? code), code);
}

/** "USA", "United States" and "us" are US: how the phone numbers of a row are to be read. */
export const countryCode = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : codes.get(fold(text));
