/** What the parts of an import pass to one another, from bytes to clean rows. */

export interface Limits {
  /** Rows of data below the header. */
  maxRows: number;
  /** Bytes of text after unpacking: a small archive must not become an endless list. */
  maxTextBytes: number;
}

/** How a file writes its table, as it was found out. Plain data: it travels to worker threads. */
export interface TableFormat {
  kind: 'text' | 'workbook';
  /** "utf-8", "utf-16le", "windows-1252" ...: of the file; what is read on is UTF-8. */
  encoding: string;
  compressed: boolean;
  delimiter: string;
  quote: '"' | "'";
  /** Line of the header, 1 is the first; 0 when the list has none and names were made up ("column 1"). */
  headerLine: number;
  /** Of a workbook: the sheet that is read, and all there are. */
  sheet?: string;
  sheets?: string[];
  /** True when records are numbered as rows of a sheet, not as lines of text (line breaks inside cells do not count). */
  countsRows: boolean;
}

/** A record of the file, cut into cells. */
export interface RawRow {
  /** Where it starts: 1 is the first line of the file, line breaks inside quotes count. */
  line: number;
  cells: string[];
}

/** Whole records as UTF-8 text in the file's own delimiter and quotes. Bounded in size, unless one record is larger. */
export interface Block {
  text: Uint8Array;
  /** Line of its first record. */
  firstLine: number;
}

/** A file, looked at: how it is written, its header, some rows from its beginning, and all rows as blocks, read on as they are taken, once. */
export interface Table {
  format: TableFormat;
  header: string[];
  sample: RawRow[];
  blocks: AsyncGenerator<Block, void, void>;
}

/** The fields that a column may fill. */
export const companyFields = [
  'name',
  'phone',
  'email',
  'domain',
  'website',
  'street',
  'city',
  'state',
  'zip',
  'country',
  /** "12 Main St, Austin, TX 78701" in one cell. */
  'address',
  'industry',
  'employees',
  'status',
] as const;
export const personFields = [
  'personName',
  'personFirstName',
  'personLastName',
  'personTitle',
  'personEmail',
  'personPhone',
] as const;
export const dealFields = ['dealName', 'dealStage', 'dealAmount', 'dealCloses'] as const;
export const accountFields = ['accountSince', 'accountMrr', 'accountHealth'] as const;
export const importFields = [...companyFields, ...personFields, ...dealFields, ...accountFields] as const;
export type ImportField = (typeof importFields)[number];

/** Where a column goes when no field takes it: kept under its own name, or left out because a person said so. */
export type ColumnTarget = ImportField | 'attribute' | 'ignore';

export interface Column {
  /** The header as written, made unique within the file. */
  header: string;
  /** The name under which it is kept as an attribute. */
  key: string;
  target: ColumnTarget;
  /** Which person of the row a person field belongs to, from 1. */
  person?: number;
  /** How sure that is, 0-1; 1 for what a person chose, 0 for an attribute that nothing else was thought of for. */
  confidence: number;
  /** Where the answer came from. */
  because: 'header' | 'content' | 'both' | 'chosen' | 'remembered' | 'nothing';
}

/** How values of this file are to be read, found out from its own columns. Plain data. */
export interface Conventions {
  /** Two letters: where phone numbers without a country code are from. */
  country: string;
  dates: 'mdy' | 'dmy' | 'ymd';
  /** The sign before the fraction in numbers. */
  decimal: '.' | ',';
}

export interface Person {
  name: string;
  title?: string;
  email?: string;
  /** E.164. */
  phone?: string;
}

/** One row of a list after cleaning: a company, and what the row says about it. */
export interface CompanyRow {
  line: number;
  name: string;
  /** E.164. */
  phone?: string;
  email?: string;
  /** The company's host without "www."; whether it is theirs alone is for matching to find out. */
  domain?: string;
  website?: string;
  street?: string;
  city?: string;
  state?: string;
  zip?: string;
  country?: string;
  industry?: string;
  employees?: number;
  status?: string;
  people: Person[];
  deal?: { name: string; stage?: string /** Decimal text, USD. */; amountUsd?: string /** ISO date. */; closesAt?: string };
  account?: { since?: string; mrrUsd?: string; health?: string };
  /** Columns without a field of their own, and values that their field could not hold, each under a key that says so. */
  attributes: Record<string, string>;
}

/** A row that no lead can be made of. */
export interface RejectedRow {
  line: number;
  reason: string;
}
