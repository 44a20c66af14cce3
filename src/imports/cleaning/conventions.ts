import type { Column, Conventions, RawRow } from '../table.ts';
import { countryCode } from './country.ts';
import { tidy } from './text.ts';

/** Where 3/4 is the fourth of March. */
const monthFirst = new Set(['US', 'PH', 'PR', 'GU', 'VI', 'AS', 'MP', 'FM', 'MH', 'PW']);
const yearFirst = new Set(['CN', 'JP', 'KR', 'TW', 'HU', 'MN', 'LT']);
/** Where 1.234,5 is more than a thousand. */
const commaBeforeFraction = new Set(
  'DE AT FR BE NL LU ES PT IT GR PL CZ SK SI HR HU RO BG RS DK SE NO FI IS EE LV LT UA RU BY TR BR AR CL CO UY PY EC VE BO ID VN ZA MA DZ TN'.split(
    ' ',
  ),
);

const date = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T\s,].*)?$/;
const moneyFields = new Set(['dealAmount', 'accountMrr']);
const dateFields = new Set(['dealCloses', 'accountSince']);
/** Columns that hold neither dates nor figures, whatever their values look like. */
const neither = new Set(['phone', 'zip', 'personPhone', 'name', 'address', 'street', 'website', 'domain', 'email']);
const fraction = /^[^\d]{0,4}(?:\d+|\d{1,3}(?:[.,' ]\d{3})+)([.,])\d{1,2}\D{0,5}$/;
const decimals = /^-?\d+([.,])\d{4,}$/;
const groups = /^[^\d]{0,4}\d{1,3}(?:([.,])\d{3}){2,}/;
const mixed = /\d([.,])\d{3}([.,])\d/;

/** Finds out how this file writes dates and figures, from the values of its own columns; where they leave it open, as its country does. */
export function conventionsOf(columns: readonly Column[], sample: readonly RawRow[], country: string): Conventions {
  const usual = countryOf(columns, sample) ?? country;
  let dates = 0;
  let yearsFirst = 0;
  let decimal = 0;
  let money = 0;
  for (const [index, column] of columns.entries()) {
    if (neither.has(column.target) || column.target === 'ignore') continue;
    const found = votes(sample, index);
    dates += dateFields.has(column.target) ? found.dates * 10 : found.dates;
    yearsFirst += found.yearsFirst;
    decimal += found.decimal;
    if (moneyFields.has(column.target)) money += found.decimal;
  }
  // Money says how money is written; coordinates and ratings often come from a machine.
  const signs = money !== 0 ? money : decimal;
  return {
    country,
    dates:
      dates !== 0
        ? dates > 0
          ? 'mdy'
          : 'dmy'
        : yearsFirst > 0 || yearFirst.has(usual)
          ? 'ymd'
          : monthFirst.has(usual)
            ? 'mdy'
            : 'dmy',
    decimal: signs !== 0 ? (signs > 0 ? '.' : ',') : commaBeforeFraction.has(usual) ? ',' : '.',
  };
}

/** Positive: months first, points before fractions; negative: the other way. */
function votes(sample: readonly RawRow[], index: number): { dates: number; yearsFirst: number; decimal: number } {
  let dates = 0;
  let yearsFirst = 0;
  let decimal = 0;
  for (const { cells } of sample) {
    const value = tidy(cells[index] ?? '');
    if (value === '' || value.length > 40) continue;
    const parts = date.exec(value);
    if (parts) {
      const [first, second] = [Number(parts[1]), Number(parts[3])];
      if (parts[1]!.length > 2) continue;
      if (first > 31 && parts[4]!.length === 2) yearsFirst++;
      else if (first > 12 && first <= 31 && second <= 12) dates--;
      else if (second > 12 && second <= 31 && first <= 12) dates++;
      continue;
    }
    const two = mixed.exec(value);
    const sign = two && two[1] !== two[2] ? two[2] : (fraction.exec(value)?.[1] ?? decimals.exec(value)?.[1]);
    if (sign) decimal += sign === '.' ? 1 : -1;
    else {
      const group = groups.exec(value)?.[1];
      if (group) decimal += group === ',' ? 1 : -1;
    }
  }
  return { dates, yearsFirst, decimal };
}

/** The country that nearly all rows name. */
function countryOf(columns: readonly Column[], sample: readonly RawRow[]): string | undefined {
  const index = columns.findIndex((column) => column.target === 'country');
  if (index < 0) return undefined;
  const counts = new Map<string, number>();
  let named = 0;
  for (const { cells } of sample) {
    const code = countryCode(tidy(cells[index] ?? ''));
    if (!code) continue;
    named++;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  for (const [code, count] of counts) if (count >= named * 0.8) return code;
  return undefined;
}
