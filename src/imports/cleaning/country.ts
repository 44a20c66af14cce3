import { getCountries } from 'libphonenumber-js/min';
import { fold } from '../../core/names.ts';

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
  ['scotland', 'GB'],
  ['wales', 'GB'],
  ['northern ireland', 'GB'],
  ['deutschland', 'DE'],
  ['osterreich', 'AT'],
  ['schweiz', 'CH'],
  ['suisse', 'CH'],
  ['espana', 'ES'],
  ['italia', 'IT'],
  ['brasil', 'BR'],
  ['holland', 'NL'],
  ['the netherlands', 'NL'],
  ['czech republic', 'CZ'],
  ['turkey', 'TR'],
  ['south korea', 'KR'],
  ['korea', 'KR'],
  ['russian federation', 'RU'],
  ['uae', 'AE'],
]);
for (const code of getCountries()) {
  codes.set(code.toLowerCase(), code);
  codes.set(fold(names.of(code) ?? code), code);
}

/** Lists repeat the few countries they name. */
const asked = new Map<string, string | undefined>();
const maxRemembered = 1_000;

/** "USA", "United States" and "us" are US: how the phone numbers of a row are to be read. */
export function countryCode(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 60) return undefined;
  if (asked.has(text)) return asked.get(text);
  const code = codes.get(fold(text));
  if (asked.size >= maxRemembered) asked.clear();
  asked.set(text, code);
  return code;
}
