import { hostDomain, mailDomain, webAddress } from '../core/domains.ts';
import type { LeadRow, RejectedRow } from '../core/importing.ts';
import { readPhone } from '../core/phone.ts';
import { regionCode } from '../core/regions.ts';
import type { Scorer } from '../core/score.ts';
import { countryCode } from './country.ts';
import type { Column, ImportField } from './map.ts';
import type { RawRow } from './read.ts';
import { inline, isBlank, isLong, tidy, tidyName } from './text.ts';

export type RowCleaner = (row: RawRow) => LeadRow | RejectedRow;

const maxColumns = 5_000;
/** What fits an integer column. */
const maxEmployees = 2_147_483_647;
/** A row that is turned away keeps this many cells: enough to find it in the file. */
const maxRawCells = 100;

type Cells = Partial<Record<ImportField, string>>;

/** Compiles the columns of one file into the function that turns its rows into leads, or says why not. */
export function rowCleaner(columns: readonly Column[], options: { country: string; score: Scorer }): RowCleaner {
  return ({ line, cells }) => {
    const reject = (reason: string): RejectedRow => ({ line, reason, raw: rawOf(columns, cells) });
    if (cells.length > maxColumns) return reject(`${cells.length} columns; at most ${maxColumns} are read`);

    const fields: Cells = {};
    const attributes: Record<string, string> = {};
    for (let index = 0; index < cells.length; index++) {
      const value = tidy(cells[index]!);
      if (isBlank(value)) continue;
      const column = columns[index];
      if (column?.field) fields[column.field] = value;
      else attributes[column?.key ?? `column ${index + 1}`] = value;
    }

    const name = fields.name === undefined ? '' : tidyName(fields.name);
    if (isBlank(name)) return reject('no company name');
    if (isLong(name)) return reject('the company name is too long to be one');
    return leadRow(line, name, fields, attributes, options);
  };
}

function leadRow(
  line: number,
  name: string,
  fields: Cells,
  attributes: Record<string, string>,
  { country: home, score }: { country: string; score: Scorer },
): LeadRow {
  /** A value that its field cannot hold stays with the lead under a name that says so. */
  const keep = (field: string, why: string, value: string) => {
    attributes[`${field} (${why})`] = value;
  };
  const short = (field: ImportField): string | undefined => {
    const value = fields[field];
    if (value === undefined) return undefined;
    const flat = inline(value);
    if (!isLong(flat)) return flat;
    keep(field, 'too long', value);
    return undefined;
  };

  const country = short('country');
  const phone = phoneOf(fields.phone, countryCode(country) ?? home, keep);
  const email = emailOf(fields.email, keep);
  const address = fields.website === undefined ? undefined : webAddress(fields.website);
  if (fields.website !== undefined && !address) keep('website', 'unreadable', fields.website);
  const ownDomain = fields.domain === undefined ? undefined : hostDomain(fields.domain);
  if (fields.domain !== undefined && ownDomain === undefined) keep('domain', 'unreadable', fields.domain);
  const state = short('state');
  const industry = short('industry');
  const contactName =
    short('contactName') ?? ([short('contactFirstName'), short('contactLastName')].filter(Boolean).join(' ') || undefined);
  const zip = short('zip');
  const street = streetOf(short('street'), keep);
  const employees = employeesOf(fields.employees, keep);
  const detail = score({ name, industry: industry ?? null, attributes });

  return {
    line,
    name,
    phone,
    email,
    domain: ownDomain ?? address?.hostname.replace(/^www\./, '') ?? (email && mailDomain(email)),
    website: address?.href,
    street,
    city: short('city'),
    state: state && (regionCode(state) ?? state),
    // Spreadsheets turn a column with gaps into decimals.
    zip: zip && /^\d{5}\.0$/.test(zip) ? zip.slice(0, 5) : zip,
    country,
    industry,
    employees,
    contactName,
    contactTitle: short('contactTitle'),
    attributes,
    score: detail.score,
    tier: detail.tier,
    scoreDetail: detail,
  };
}

type Keep = (field: string, why: string, value: string) => void;

function phoneOf(text: string | undefined, country: string, keep: Keep): string | undefined {
  if (text === undefined) return undefined;
  const phone = readPhone(text, country);
  if (!phone) keep('phone', 'unreadable', text);
  else if (phone.extension) keep('phone', 'extension', phone.extension);
  return phone?.e164;
}

const mailAddress = /^[^\s@<>()[\],;:"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/i;

/** The address, or the first of several; the cell as written stays when it held more than that. */
function emailOf(text: string | undefined, keep: Keep): string | undefined {
  if (text === undefined) return undefined;
  if (mailAddress.test(text)) return text.toLowerCase();
  const first = isLong(text) ? undefined : text.split(/[\s,;<>]+|mailto:/i).find((part) => mailAddress.test(part));
  keep('email', first ? 'as written' : 'unreadable', text);
  return first?.toLowerCase();
}

/** What a dealer locator leaves before the address: "8 mi0.0(0)0.0 out of 5 stars.   2105 denton dr". */
const ratingText = /^(?:\d+(?:\.\d+)?\s*mi\s*)?\d(?:\.\d+)?\s*\(\d+\)\s*\d(?:\.\d+)?\s+out of 5 st(?:ars?\b\.?|\.?$)\s*/i;

function streetOf(text: string | undefined, keep: Keep): string | undefined {
  const rating = text && ratingText.exec(text)?.[0];
  if (!rating) return text;
  keep('street', 'rating text', rating.trim());
  return text.slice(rating.length) || undefined;
}

const number = String.raw`\d{1,3}(?:[,.' ]\d{3})+|\d{1,10}`;
const headcount = new RegExp(
  String.raw`^(?:about|approx\.?|approximately|circa|ca\.?|over|more than|[~≈>])?\s*(${number})(?:\.0+)?` +
    String.raw`(?:\s*(?:-|–|—|to|\.\.)\s*(?:${number}))?\s*\+?\s*(?:employees?|people|staff|ftes?)?$`,
  'i',
);

/** "1,200" is 1200; of a range the lower bound counts, and the range stays beside it. A range that became a date is lost. */
function employeesOf(text: string | undefined, keep: Keep): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(headcount.exec(text)?.[1]?.replace(/\D/g, ''));
  if (!(count <= maxEmployees)) {
    keep('employees', 'unreadable', text);
    return undefined;
  }
  if (!/^[\d,.' ]+$/.test(text)) keep('employees', 'as written', text);
  return count;
}

function rawOf(columns: readonly Column[], cells: readonly string[]): Record<string, string> {
  const raw: Record<string, string> = {};
  for (const [index, cell] of cells.slice(0, maxRawCells).entries()) {
    const value = tidy(cell);
    if (value !== '') raw[columns[index]?.header ?? `column ${index + 1}`] = value;
  }
  return raw;
}
