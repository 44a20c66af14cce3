import type { Conventions } from '../table.ts';
import { type Attributes, keep } from './notes.ts';

/** Cells with dates, read in the order of the file they are in. */

type Order = Conventions['dates'];

const months: Record<string, number> = {};
for (const [index, names] of [
  'jan january januar janvier enero',
  'feb february februar fevrier fév février febrero',
  'mar march märz marz mär mars marzo',
  'apr april avril avr abril',
  'may mai mayo',
  'jun june juni juin junio',
  'jul july juli juillet julio',
  'aug august août aout agosto',
  'sep sept september septembre septiembre',
  'oct october okt oktober octobre octubre',
  'nov november novembre noviembre',
  'dec december dez dezember décembre decembre dic diciembre déc',
].entries()) {
  for (const name of names.split(' ')) months[name] = index + 1;
}

const weekday = /^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]*\.?,?\s+/i;
const time =
  /(?:[T\s,]+|\s+at\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[A-Z]{2,4}|[+-]\d{2}:?\d{2})?$/i;
const yearFirst = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})\.?$/;
const compact = /^(19\d{2}|20\d{2})(\d{2})(\d{2})$/;
const inFigures = /^(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{1,2})\.?$/;
const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]*(?:of\s+)?(\p{L}{3,10})\.?,?[\s-]*('?\d{2}|\d{4})$/u;
const monthFirst = /^(\p{L}{3,10})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+('?\d{2}|\d{4})$/u;
const yearMonthDay = /^(\d{4})[\s-](\p{L}{3,10})\.?[\s-](\d{1,2})$/u;
const serial = /^(\d{5})(?:[.,]\d+)?$/;

/** The ISO date that the text means; undefined for anything that is no day of the calendar. */
function isoDate(text: string, order: Order): string | undefined {
  if (text.length > 60) return undefined;
  const written = text
    .replace(weekday, '')
    .replace(time, '')
    .replace(/\sde\s/gi, ' ')
    .trim();
  let parts = yearFirst.exec(written) ?? compact.exec(written);
  if (parts) return day(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  parts = inFigures.exec(written);
  if (parts) return inOrder(Number(parts[1]), Number(parts[2]), parts[3]!, order);
  parts = dayFirst.exec(written.toLowerCase());
  if (parts) return day(year(parts[3]!), months[parts[2]!], Number(parts[1]));
  parts = monthFirst.exec(written.toLowerCase());
  if (parts) return day(year(parts[3]!), months[parts[1]!], Number(parts[2]));
  parts = yearMonthDay.exec(written.toLowerCase());
  if (parts) return day(Number(parts[1]), months[parts[2]!], Number(parts[3]));
  const count = Number(serial.exec(written)?.[1]);
  return count >= 20_000 && count <= 80_000 ? fromSerial(count) : undefined;
}

function inOrder(a: number, b: number, last: string, order: Order): string | undefined {
  if (last.length < 3 && (order === 'ymd' || a > 31)) return day(year(String(a).padStart(2, '0')), b, Number(last));
  if (last.length === 1) return undefined;
  // A date that its order forbids can only have been meant the other way round.
  const [month, date] = order === 'mdy' ? (a > 12 ? [b, a] : [a, b]) : b > 12 ? [a, b] : [b, a];
  return day(year(last), month, date);
}

/** Two digits are of this century up to 2068, as spreadsheets and POSIX have it. */
function year(text: string): number {
  const digits = text.replace("'", '');
  return digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) > 68 ? 1900 : 2000);
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function day(y: number, m: number | undefined, d: number): string | undefined {
  if (m === undefined || m < 1 || m > 12 || d < 1 || y < 1900 || y > 2199) return undefined;
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  if (d > (m === 2 && leap ? 29 : monthLengths[m - 1]!)) return undefined;
  return `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
}

/** Spreadsheets count days from the end of 1899. */
const fromSerial = (count: number): string => new Date(Date.UTC(1899, 11, 30) + count * 86_400_000).toISOString().slice(0, 10);

export function dateIn(text: string | undefined, field: string, order: Order, attributes: Attributes): string | undefined {
  if (text === undefined) return undefined;
  const date = isoDate(text, order);
  if (date === undefined) keep(attributes, `${field} (unreadable)`, text);
  return date;
}
