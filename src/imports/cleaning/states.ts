import { regionCode } from '../../core/regions.ts';

/** States and zips in one form, whatever a list calls them. */

/** Parts of the United States that are not among the regions that people ask for by name. */
const territories = new Map([
  ['pr', 'PR'],
  ['puerto rico', 'PR'],
  ['gu', 'GU'],
  ['guam', 'GU'],
  ['vi', 'VI'],
  ['us virgin islands', 'VI'],
  ['virgin islands', 'VI'],
  ['as', 'AS'],
  ['american samoa', 'AS'],
  ['mp', 'MP'],
]);
const states = new Map<string, string>();
const maxRemembered = 5_000;

/** Two-letter code of a state, province or territory; what is none stays as it is. */
export function stateOf(text: string): string {
  let state = states.get(text);
  if (state !== undefined) return state;
  // "TX 77041" is more than a state.
  state = (/\d/.test(text) ? undefined : regionCode(text)) ?? territories.get(text.toLowerCase().replace(/\./g, '')) ?? text;
  if (states.size >= maxRemembered) states.clear();
  states.set(text, state);
  return state;
}

/** States whose zips begin with a zero, which spreadsheets drop. */
const leadingZero = new Set('CT MA ME NH NJ RI VT PR VI'.split(' '));
const canadianZip = /^([abceghj-nprstvxy]\d[abceghj-nprstv-z])[\s-]?(\d[abceghj-nprstv-z]\d)$/i;
/** "K1A 0B1" */
export const isCanadianZip = (text: string): boolean => canadianZip.test(text);
const britishZip = /^([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})$/i;

/** The zip with what spreadsheets do to it undone. */
export function zipOf(text: string, state: string | undefined, country: string): string {
  if (text.length === 5 && /^\d{5}$/.test(text)) return text;
  const canadian = canadianZip.exec(text);
  if (canadian) return `${canadian[1]} ${canadian[2]}`.toUpperCase();
  if (country === 'GB') {
    const british = britishZip.exec(text);
    return british ? `${british[1]} ${british[2]}`.toUpperCase() : text;
  }
  if (country !== 'US') return text.replace(/(?<=^\d{4,6})\.0+$/, '');
  const parts = /^'?(\d{3,9})(?:\.0+)?$/.exec(text) ?? /^'?(\d{3,5})\s*[-–]\s*(\d{0,4})$/.exec(text);
  if (!parts) return text;
  const more = parts[2] ?? '';
  const digits = parts[1]! + (more.length === 4 ? more : '');
  const five = digits.length <= 5;
  const missing = (five ? 5 : 9) - digits.length;
  if (more !== '' && more.length !== 4) return text;
  const two = state === 'PR' || state === 'VI';
  if (missing > (two ? 2 : 1) || (missing > 0 && !leadingZero.has(state ?? ''))) return text;
  const whole = digits.padStart(five ? 5 : 9, '0');
  return five || whole.endsWith('0000') ? whole.slice(0, 5) : `${whole.slice(0, 5)}-${whole.slice(5)}`;
}
