import type { Conventions } from '../table.ts';
import { type Attributes, keep } from './notes.ts';

/** Cells with figures: how many people work there, and how much money. */

type Decimal = Conventions['decimal'];

/** No figure is longer. */
const longest = 100;

const grouped = /^\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*$/;

/** "1,234.56", "1.234,56", "1 234,56" and "1234.5" as plain decimal text; undefined for what is no figure. */
function decimalText(text: string, decimal: Decimal): string | undefined {
  if (/^\d{1,15}$/.test(text)) return text;
  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  let sign: string | undefined;
  if (comma >= 0 && point >= 0) sign = comma > point ? ',' : '.';
  else if (comma >= 0 || point >= 0) {
    const only = comma >= 0 ? ',' : '.';
    const once = text.indexOf(only) === text.lastIndexOf(only);
    // "1,234" is the only shape that can be either: there the file decides. Zero is never grouped.
    if (once && (only === decimal || !grouped.test(text) || text.startsWith('0'))) sign = only;
  }
  const cut = sign === undefined ? text.length : text.lastIndexOf(sign);
  const whole = text.slice(0, cut);
  const fraction = text.slice(cut + 1);
  if (!/^\d{1,15}$/.test(whole) && !grouped.test(whole)) return undefined;
  if (sign !== undefined && !/^\d{1,12}$/.test(fraction)) return undefined;
  if (sign !== undefined && grouped.exec(whole)?.[1] === sign) return undefined;
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  return digits.length > 15 ? undefined : fraction === '' ? digits : `${digits}.${fraction}`;
}

const scales: Record<string, number> = {
  k: 3,
  thousand: 3,
  m: 6,
  mm: 6,
  mn: 6,
  mio: 6,
  mil: 6,
  million: 6,
  b: 9,
  bn: 9,
  billion: 9,
};
const scaled = /^(.*\d)\s*(k|thousand|m|mm|mn|mio\.?|mil|million|b|bn|billion)\+?$/i;

/** "1.2k" is 1200: the point moved, without floats. */
function figure(text: string, decimal: Decimal): string | undefined {
  const parts = scaled.exec(text);
  if (!parts) return decimalText(text, decimal);
  // Before a letter nobody groups thousands: "1.125M".
  const plain = /^\d+[.,]\d+$/.test(parts[1]!) ? parts[1]!.replace(',', '.') : decimalText(parts[1]!, decimal);
  if (plain === undefined) return undefined;
  const places = scales[parts[2]!.toLowerCase().replace('.', '')]!;
  const [whole, fraction = ''] = plain.split('.');
  const padded = fraction.padEnd(places, '0');
  const digits = `${whole}${padded.slice(0, places)}`.replace(/^0+(?=\d)/, '');
  const rest = padded.slice(places).replace(/0+$/, '');
  return digits.length > 15 ? undefined : rest === '' ? digits : `${digits}.${rest}`;
}

/** What fits an integer column. */
const maxEmployees = 2_147_483_647;
const number = String.raw`\d{1,3}(?:[,.'’ ]\d{3})+|\d{1,10}(?:[.,]\d{1,2})?`;
const headcount = new RegExp(
  String.raw`^(?:about|approx\.?|approximately|circa|ca\.?|around|over|more than|at least|[~≈>+])?\s*((?:${number})(?:\s*k)?)(?:\.0+)?` +
    String.raw`(?:\s*(?:-|–|—|to|\.\.)\s*(?:${number})(?:\s*k)?)?\s*\+?\s*(?:employees?|people|persons?|staff|workers|team members|ftes?)?$`,
  'i',
);
const plainCount = /^\d{1,9}$/;
const exactCount = /^[\d,.'’ ]+$/;

/** "1,200" is 1200; of a range the lower bound counts, and the range stays beside it. A range that became a date is lost. */
export function employeesIn(text: string, decimal: Decimal, attributes: Attributes): number | undefined {
  if (plainCount.test(text)) return Number(text);
  const first = (text.length > longest ? null : headcount.exec(text))?.[1]?.replace(/\s+(?=k$)/i, '');
  const count = first === undefined ? undefined : headcountOf(first, decimal);
  if (count === undefined || count.includes('.') || Number(count) > maxEmployees) {
    keep(attributes, 'employees (unreadable)', text);
    return undefined;
  }
  if (!exactCount.test(text)) keep(attributes, 'employees (as written)', text);
  return Number(count);
}

/** Nobody employs fractions: a sign before three digits groups them, ".0" is a spreadsheet's, and "1.2" needs its "k". */
const headcountOf = (text: string, decimal: Decimal): string | undefined =>
  grouped.test(text) ? text.replace(/\D/g, '') : figure(text.replace(/(?<=^\d{1,10})[.,]0{1,2}$/, ''), decimal);

const dollars = /(?:us\s?\$|\$\s?us|usd|\$)/i;
const otherCurrency =
  /[€£¥₹₽₩₪₱₫₺]|(?<![a-z])(?:eur|gbp|jpy|cny|rmb|inr|cad|aud|nzd|chf|sek|nok|dkk|pln|czk|huf|mxn|brl|zar|sgd|hkd|php|rs|kr)(?![a-z])|(?:ca|a|c|au|nz|hk|s|mx|r)\s?\$/i;
const perMonth = /\s*(?:\/|per |a )\s*(?:mo|month|mth)\.?$|\s*(?:monthly|mrr)$/i;
const largest = 12;

/** Money of a cell as decimal text in dollars with two places; anything else stays with the row under a name that says why. */
export function usdIn(
  text: string,
  field: string,
  decimal: Decimal,
  attributes: Attributes,
  monthly = false,
): string | undefined {
  const refuse = (why: string): undefined => keep(attributes, `${field} (${why})`, text) as undefined;
  if (text.length > longest) return refuse('unreadable');
  if (otherCurrency.test(text)) return refuse('not in USD');
  let written = text
    .replace(dollars, ' ')
    .trim()
    .replace(/(?<=\d)[.,][-–—]+$/, '');
  // Who writes the dollar sign writes thousands as Americans do.
  const sign = dollars.test(text) && /^\d{1,3}(?:,\d{3})+$/.test(written) ? '.' : decimal;
  if (monthly) written = written.replace(perMonth, '');
  const accounting = /^\((.+)\)$/.exec(written)?.[1];
  if (accounting !== undefined || /^[-−–]|-$/.test(written)) {
    const inner = (accounting ?? written).replace(dollars, '').replace(/[-−–]/g, '').trim();
    return refuse(figure(inner, decimal) === undefined ? 'unreadable' : 'negative');
  }
  const amount = figure(written.replace(/^\+/, ''), sign);
  if (amount === undefined) return refuse('unreadable');
  const [whole, fraction = ''] = amount.split('.');
  if (whole!.length > largest) return refuse('too large');
  if (/[1-9]/.test(fraction.slice(2))) keep(attributes, `${field} (as written)`, text);
  return `${whole}.${fraction.slice(0, 2).padEnd(2, '0')}`;
}
