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

export const maxColumns = 5_000;
export const tooManyColumns = (count: number): string => `${count} columns, where at most ${maxColumns} are read`;
/** What fits an integer column. */
const maxEmployees = 2_147_483_647;
/** A row that is turned away keeps this many cells: enough to find it in the file. */
const maxRawCells = 100;

type Cells = Partial<Record<ImportField, string>>;

/** Compiles the columns of one file into the function that turns its rows into leads, or says why not. */
export function rowCleaner(columns: readonly Column[], options: { country: string; score: Scorer }): RowCleaner {
  return ({ line, cells }) => {
    if (cells.length > maxColumns) {
      return { line, reason: tooManyColumns(cells.length), raw: rawOf(columns, cells) };
    }

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
    if (isBlank(name)) return { line, reason: 'no company name', raw: rawOf(columns, cells) };
    if (isLong(name)) return { line, reason: 'the company name is too long to be one', raw: rawOf(columns, cells) };
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
  const country = short(fields, 'country', attributes);
  const phone = phoneOf(fields.phone, countryCode(country) ?? home, attributes);
  const email = emailOf(fields.email, attributes);
  const address = fields.website === undefined ? undefined : webAddress(fields.website);
  if (fields.website !== undefined && !address) keep(attributes, 'website', 'unreadable', fields.website);
  const ownDomain = fields.domain === undefined ? undefined : hostDomain(fields.domain);
  if (fields.domain !== undefined && !ownDomain) keep(attributes, 'domain', 'unreadable', fields.domain);
  const state = short(fields, 'state', attributes);
  const zip = short(fields, 'zip', attributes);
  const industry = short(fields, 'industry', attributes);
  const firstName = short(fields, 'contactFirstName', attributes);
  const lastName = short(fields, 'contactLastName', attributes);
  const street = streetOf(short(fields, 'street', attributes), attributes);
  const employees = employeesOf(fields.employees, attributes);
  const detail = score({ name, industry: industry ?? null, attributes });

  return {
    line,
    name,
    phone,
    email,
    domain: ownDomain ?? address?.hostname.replace(/^www\./, '') ?? (email && mailDomain(email)),
    website: address?.href,
    street,
    city: short(fields, 'city', attributes),
    state: state && (regionCode(state) ?? state),
    // Spreadsheets turn a column with gaps into decimals.
    zip: zip && /^\d{5}\.0$/.test(zip) ? zip.slice(0, 5) : zip,
    country,
    industry,
    employees,
    contactName:
      short(fields, 'contactName', attributes) ?? (firstName && lastName ? `${firstName} ${lastName}` : (firstName ?? lastName)),
    contactTitle: short(fields, 'contactTitle', attributes),
    attributes,
    score: detail.score,
    tier: detail.tier,
    scoreDetail: detail,
  };
}

type Attributes = LeadRow['attributes'];

/** A value that its field cannot hold stays with the lead under a name that says so. */
function keep(attributes: Attributes, field: string, why: string, value: string): void {
  attributes[`${field} (${why})`] = value;
}

/** The value on one line; fields are indexed and shown in lists, so what is no such value is kept aside. */
function short(fields: Cells, field: ImportField, attributes: Attributes): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  const flat = inline(value);
  if (!isLong(flat)) return flat;
  keep(attributes, field, 'too long', value);
  return undefined;
}

function phoneOf(text: string | undefined, country: string, attributes: Attributes): string | undefined {
  if (text === undefined) return undefined;
  const phone = readPhone(text, country);
  if (!phone) keep(attributes, 'phone', 'unreadable', text);
  else if (phone.extension) keep(attributes, 'phone', 'extension', phone.extension);
  return phone?.e164;
}

const mailAddress = /^[^\s@<>()[\],;:"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/i;

/** The address, or the first of several; the cell as written stays when it held more than that. */
function emailOf(text: string | undefined, attributes: Attributes): string | undefined {
  if (text === undefined) return undefined;
  if (mailAddress.test(text)) return text.toLowerCase();
  const first = isLong(text) ? undefined : text.split(/[\s,;<>]+|mailto:/i).find((part) => mailAddress.test(part));
  keep(attributes, 'email', first ? 'as written' : 'unreadable', text);
  return first?.toLowerCase();
}

/** What a dealer locator leaves before the address: "8 mi0.0(0)0.0 out of 5 stars.   2105 denton dr". */
const ratingText = /^(?:\d+(?:\.\d+)?\s*mi\s*)?\d(?:\.\d+)?\s*\(\d+\)\s*\d(?:\.\d+)?\s+out of 5 st(?:ars?\b\.?|\.?$)\s*/i;

function streetOf(text: string | undefined, attributes: Attributes): string | undefined {
  const rating = text && ratingText.exec(text)?.[0];
  if (!rating) return text;
  keep(attributes, 'street', 'rating text', rating.trim());
  return text.slice(rating.length) || undefined;
}

const number = String.raw`\d{1,3}(?:[,.' ]\d{3})+|\d{1,10}`;
const headcount = new RegExp(
  String.raw`^(?:about|approx\.?|approximately|circa|ca\.?|over|more than|[~≈>])?\s*(${number})(?:\.0+)?` +
    String.raw`(?:\s*(?:-|–|—|to|\.\.)\s*(?:${number}))?\s*\+?\s*(?:employees?|people|staff|ftes?)?$`,
  'i',
);

/** "1,200" is 1200; of a range the lower bound counts, and the range stays beside it. A range that became a date is lost. */
function employeesOf(text: string | undefined, attributes: Attributes): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(headcount.exec(text)?.[1]?.replace(/\D/g, ''));
  if (!(count <= maxEmployees)) {
    keep(attributes, 'employees', 'unreadable', text);
    return undefined;
  }
  if (!/^[\d,.' ]+$/.test(text)) keep(attributes, 'employees', 'as written', text);
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
