import { factsOf } from '../core/facts.ts';
import { knownCells, leadCells } from '../core/importing.ts';
import type { Facts } from '../core/match/facts.ts';
import { asideIsContacts, contactTag, matchKeys, placeTag } from '../core/match/keys.ts';
import { nameKey } from '../core/names.ts';
import { cellOf, cellText, rowOf } from '../core/rowtext.ts';
import { compileRating } from '../core/score.ts';
import type { Profile } from '../core/scoring.ts';
import { Bytes } from './bytes.ts';
import { rowCleaner } from './cleaning/clean.ts';
import { leadIdLength } from './lead-ids.ts';
import { parseBlock } from './reading/read.ts';
import { KeyWord, keyWords } from './spill.ts';
import type { Block, Column, CompanyRow, Conventions, TableFormat } from './table.ts';

/** What is done to rows on their way from the file to disk. Pure, and from plain data: it runs in worker threads. */
export interface Recipe {
  format: TableFormat;
  columns: Column[];
  conventions: Conventions;
  profile: Profile;
}

/** Lines of text for a `LineFile`, and the match keys of its rows, which count from 0. */
export interface Processed {
  text: Uint8Array;
  lengths: Uint32Array;
  keys: Uint32Array;
}

/** Memory of results that were used up, to be written over: a million rows in ever new memory would keep the collector busy. */
export interface Room {
  text: ArrayBuffer;
  keys: ArrayBuffer;
}

export type BlockWork = (block: Block, room?: Room) => Processed;

/** How many cells a row's text has before those of the lead: its line, and why it was rejected. */
const leading = 2;

/** Turns blocks of the file into lines of: line, reason of rejection, `leadCells`, what else belongs to the company, the cells as they came. */
export function blockWork({ format, columns, conventions, profile }: Recipe): BlockWork {
  const clean = rowCleaner(columns, conventions);
  const rate = compileRating(profile);
  const noCells = '\\N\t'.repeat(leadCells.length + 1);
  return (block, room) => {
    const lines = new Lines(room?.text ?? 3 * block.text.length + 1024);
    const keys = new KeyList(room?.keys);
    for (const raw of parseBlock(block, format)) {
      const row = clean(raw);
      const cells = cellText(asTheyCame(raw.cells));
      if ('reason' in row) {
        lines.add(`${row.line}\t${cellText(row.reason)}\t${noCells}${cells}\n`);
        continue;
      }
      const { score, tier } = rate(factsOf({ ...row, industry: row.industry ?? null }));
      keys.add(row, lines.length);
      lines.add(`${row.line}\t\\N\t${leadText(row, score, tier)}\t${extras(row)}\t${cells}\n`);
    }
    return { ...lines.taken(), keys: keys.taken() };
  };
}

/** As much of a cell as one of a spreadsheet holds: for finding the row again, and mending it. */
const longestRawCell = 32_767;

function asTheyCame(cells: string[]): string {
  const whole = cells.join(cellBreak);
  if (whole.length <= longestRawCell) return whole;
  return cells
    .map((cell) => (cell.length > longestRawCell ? cell.slice(0, longestRawCell).toWellFormed() : cell))
    .join(cellBreak);
}

/** Between the cells of a row as they came; a cell that holds one is cut in two, which nobody will miss. */
const cellBreak = '\u001f';

const leadText = (row: CompanyRow, score: number, tier: string): string => {
  const { name, phone, email, domain, website, street, city, state, zip, country, industry, employees, status, attributes } = row;
  let text = `${cellText(name)}\t${cellText(nameKey(name))}`;
  for (const cell of [phone, email, domain, website, street, city, state, zip, country, industry, employees])
    text += cell === undefined ? '\t\\N' : `\t${cellText(cell)}`;
  return `${text}\t${status ?? 'new'}\t${cellText(JSON.stringify(attributes))}\t${score}\t${tier}`;
};

function extras({ people, deal, account }: CompanyRow): string {
  if (people.length === 0 && !deal && !account) return '\\N';
  return cellText(JSON.stringify({ people, deal, account }));
}

/** A kept line, read back. */
export interface KeptRow extends Omit<CompanyRow, 'people'> {
  reason?: string;
  people: CompanyRow['people'];
  score: number;
  tier: string;
  cells: string[];
}

export function keptRow(line: string): KeptRow {
  const all = rowOf(line);
  const [at, reason] = all;
  const [
    name,
    ,
    phone,
    email,
    domain,
    website,
    street,
    city,
    state,
    zip,
    country,
    industry,
    employees,
    status,
    attributes,
    score,
    tier,
  ] = all.slice(leading);
  const rest = all[leading + leadCells.length];
  const { people = [], deal, account } = (rest ? JSON.parse(rest) : {}) as Partial<CompanyRow>;
  return {
    line: Number(at),
    ...(reason !== undefined && { reason }),
    name: name ?? '',
    phone,
    email,
    domain,
    website,
    street,
    city,
    state,
    zip,
    country,
    industry,
    employees: employees === undefined ? undefined : Number(employees),
    status,
    people,
    deal,
    account,
    attributes: attributes ? (JSON.parse(attributes) as Record<string, string>) : {},
    score: Number(score ?? 0),
    tier: tier ?? '',
    cells: (all[leading + leadCells.length + 1] ?? '').split(cellBreak),
  };
}

/** The part of a kept line, from `start` to the byte after its line feed, that COPY takes; `extras` is true when the row has more than a lead. */
export function leadPart(bytes: Buffer, start: number, end: number): { start: number; end: number; extras: boolean } {
  const reason = bytes.indexOf(tab, start) + 1;
  const cells = bytes.lastIndexOf(tab, end - 1);
  const rest = bytes.lastIndexOf(tab, cells - 1);
  return { start: bytes.indexOf(tab, reason) + 1, end: rest, extras: bytes[rest + 1] !== backslash };
}

const tab = 9;
const backslash = 92;

/** The same of a line as text, without its line feed. */
export function leadPartOf(line: string): { text: string; extras: boolean } {
  const reason = line.indexOf('\t') + 1;
  const rest = line.lastIndexOf('\t', line.lastIndexOf('\t') - 1);
  return { text: line.slice(line.indexOf('\t', reason) + 1, rest), extras: line[rest + 1] !== '\\' };
}

/** The lead's part again, after something was merged into it. */
export const leadTextOf = (row: KeptRow): string => leadText(row, row.score, row.tier);

/** Live leads of the workspace, as lines of `knownCells`, to their keys. The lines themselves are kept as they are. */
export function knownWork(text: Uint8Array, room?: Room): Processed {
  const lines = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8').split('\n');
  lines.pop();
  const keys = new KeyList(room?.keys);
  const lengths = new Uint32Array(lines.length);
  for (const [index, line] of lines.entries()) {
    lengths[index] = Buffer.byteLength(line) + 1;
    keys.add(knownFacts(line), index);
  }
  return { text, lengths, keys: keys.taken() };
}

/** A line of `knownCells` as matching looks at it. */
export function knownFacts(line: string): Facts {
  const [, name, phone, email, domain, street, city, state, zip, country, people] = line.split('\t', factCells).map(cellOf);
  return {
    name: name!,
    phone,
    email,
    domain,
    street,
    city,
    state,
    zip,
    country,
    people: people ? (JSON.parse(people) as Facts['people']) : undefined,
  };
}
const factCells = knownCells.indexOf('people') + 1;

/** Ids are the first cell of a known lead's line, and always as long. */
export const knownId = (line: string): string => line.slice(0, leadIdLength);

/** A kept row as matching looks at it. Read cell by cell: it is asked for every pair of rows that may be one company. */
export function keptFacts(line: string): Facts {
  const cell = (index: number): string | undefined => {
    const start = starts[leading + index]!;
    return cellOf(line.slice(start, starts[leading + index + 1]! - 1));
  };
  const starts = [0];
  for (let at = line.indexOf('\t'); at >= 0 && starts.length <= leading + leadCells.length + 1; at = line.indexOf('\t', at + 1))
    starts.push(at + 1);
  const rest = cell(leadCells.length);
  return {
    name: cell(0) ?? '',
    phone: cell(2),
    email: cell(3),
    domain: cell(4),
    street: cell(6),
    city: cell(7),
    state: cell(8),
    zip: cell(9),
    country: cell(10),
    people: rest ? (JSON.parse(rest) as { people?: Facts['people'] }).people : undefined,
  };
}

class KeyList {
  #words: Uint32Array<ArrayBuffer>;
  #used = 0;
  #row = 0;
  readonly #emit = (kind: number, hash: number, shape: number): void => {
    if (this.#used + keyWords > this.#words.length) {
      const wider = new Uint32Array(2 * this.#words.length);
      wider.set(this.#words);
      this.#words = wider;
    }
    // kind in the upper bits: a hash has 53 of them
    this.#words[this.#used++] = (kind * 0x1000000 + Math.floor(hash / 0x100000000)) >>> 0;
    this.#words[this.#used++] = hash >>> 0;
    this.#words[this.#used++] = this.#row;
    this.#words[this.#used + KeyWord.shape - KeyWord.tag] = shape;
    this.#used += keyWords - KeyWord.tag;
  };

  constructor(room = new ArrayBuffer(4096 * keyWords)) {
    this.#words = new Uint32Array(room);
  }

  add(facts: Facts, row: number): void {
    this.#row = row;
    const from = this.#used;
    const tag = matchKeys(facts, this.#emit);
    const place = placeTag(facts);
    const contacts = contactTag(facts);
    for (let at = from; at < this.#used; at += keyWords) {
      this.#words[at + KeyWord.tag] = tag;
      this.#words[at + KeyWord.aside] = asideIsContacts(kindOfKey(this.#words[at]!)) ? contacts : place;
    }
  }

  taken(): Uint32Array {
    return this.#words.subarray(0, this.#used);
  }
}

export const kindOfKey = (upper: number): number => Math.floor(upper / 0x1000000);

/** Lines put into bytes one after the other. */
class Lines {
  readonly #bytes: Bytes;
  #lengths = new Uint32Array(512);
  length = 0;

  constructor(room: number | ArrayBuffer) {
    this.#bytes = new Bytes(room);
  }

  add(line: string): void {
    if (this.length === this.#lengths.length) {
      const wider = new Uint32Array(2 * this.length);
      wider.set(this.#lengths);
      this.#lengths = wider;
    }
    this.#lengths[this.length++] = this.#bytes.text(line);
  }

  taken(): Omit<Processed, 'keys'> {
    return { text: this.#bytes.taken(), lengths: this.#lengths.slice(0, this.length) };
  }
}
