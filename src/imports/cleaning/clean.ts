import { maxColumns } from '../reading/read.ts';
import type { Column, CompanyRow, Conventions, RawRow, RejectedRow } from '../table.ts';
import { junkName } from './junk.ts';
import { keep } from './notes.ts';
import { type CleanRow, rowMaker } from './row.ts';
import { at, personAt, personPlaces, singlePlaces, type Values } from './row-values.ts';
import { isBlank, isLong, tidy, tidyName } from './text.ts';

export { conventionsOf } from './conventions.ts';

export type RowCleaner = (row: RawRow) => CompanyRow | RejectedRow;

/** Three times what a cell of a spreadsheet holds; whatever is longer is a document, or a quotation mark that was never meant. */
const longestCell = 100_000;

const tooLong = (header: string, length: number): string =>
  `the cell "${header.slice(0, 50).toWellFormed()}" has ${length.toLocaleString('en-US')} characters, where at most ${longestCell.toLocaleString('en-US')} are kept`;

/** Where the value of a column goes that is no field. */
const toAttribute = -1;
const toNowhere = -2;

/**
 * Compiles the columns of one file into the function that turns its rows into companies, or says why not. Everything that depends on
 * columns alone is settled here: the function itself runs a million times.
 */
export function rowCleaner(columns: readonly Column[], conventions: Conventions): RowCleaner {
  const { slots, people } = slotsOf(columns);
  // Assigning this key would set a prototype and lose the value.
  const keys = columns.map(({ key }, index) => (key === '__proto__' ? `column ${index + 1}` : key));
  const isHeader = headerCheck(columns);
  const make = rowMaker({ people, addressKey: keys[slots.indexOf(at.address)], conventions });
  const values: Values = new Array<string | undefined>(singlePlaces + people.length * personPlaces).fill(undefined);

  return ({ line, cells }) => {
    if (cells.length > maxColumns) return { line, reason: `${cells.length} columns, where at most ${maxColumns} are read` };
    values.fill(undefined);
    const attributes: Record<string, string> = {};
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      if (cell.length > longestCell)
        return { line, reason: tooLong(columns[index]?.header ?? `column ${index + 1}`, cell.length) };
      const value = tidy(cell);
      if (isBlank(value)) continue;
      const slot = index < slots.length ? slots[index]! : toAttribute;
      if (slot >= 0) {
        if (values[slot] === undefined) values[slot] = value;
        else keep(attributes, keys[index]!, value);
      } else if (slot === toAttribute) attributes[keys[index] ?? `column ${index + 1}`] = value;
    }

    const written = values[at.name];
    const name = written === undefined ? '' : withoutNumbering(tidyName(written), line);
    if (isBlank(name)) return { line, reason: 'no company name' };
    if (isLong(name)) return { line, reason: 'the company name is too long to be one' };
    if (isHeader(written!, cells)) return { line, reason: 'the header of the list, repeated' };
    const row = make(line, name, values, attributes);
    const junk = junkName(name, { reachable: isReachable(row) });
    return junk === undefined ? row : { line, reason: junk };
  };
}

/** Which place each column fills; people are numbered in the order of their numbers, whatever these are. */
function slotsOf(columns: readonly Column[]): { slots: number[]; people: number[] } {
  const people = [...new Set(columns.filter(({ target }) => target in personAt).map(({ person }) => person ?? 1))].sort(
    (a, b) => a - b,
  );
  const slots = columns.map(({ target, person }) => {
    if (target === 'attribute') return toAttribute;
    if (target === 'ignore') return toNowhere;
    const place = (personAt as Partial<Record<string, number>>)[target];
    return place === undefined
      ? (at as Record<string, number>)[target]!
      : singlePlaces + people.indexOf(person ?? 1) * personPlaces + place;
  });
  return { slots, people };
}

/**
 * Lists that were joined from several repeat their header: most cells of such a row say what their column is called, or, where the
 * lists had their columns in different orders, every cell says what some column is called.
 */
function headerCheck(columns: readonly Column[]): (name: string, cells: readonly string[]) => boolean {
  const headers = columns.map(({ header }) => header.trim().toLowerCase());
  const known = new Set(headers.filter((header) => header !== ''));
  // Length and first letter in either case: nearly every name differs in them.
  const shapes = new Set([...known].map(shapeOf));
  const nameHeader = headers[columns.findIndex(({ target }) => target === 'name')];
  return (name, cells) => {
    if (!shapes.has(shapeOf(name))) return false;
    const lower = name.toLowerCase();
    if (!known.has(lower)) return false;
    let filled = 0;
    let same = 0;
    let any = 0;
    for (const [index, cell] of cells.entries()) {
      const value = cell.trim().toLowerCase();
      if (value === '') continue;
      filled++;
      if (value === headers[index]) same++;
      if (known.has(value)) any++;
    }
    return (lower === nameHeader && same * 2 > filled) || (filled > 1 && any === filled);
  };
}

const shapeOf = (text: string): number => text.length * 65_536 + (text.charCodeAt(0) | 32);

const numbering = /^\(?(\d{1,6})(?:\)|\.(?!\d))\s+(?=\p{L})/u;

/** "12) Acme"; "12. Acme" only where it is the twelfth row, for "1. FC Köln" is a name. */
function withoutNumbering(name: string, line: number): string {
  const first = name.charCodeAt(0);
  if (first !== 40 && (first < 48 || first > 57)) return name;
  const number = numbering.exec(name);
  if (!number) return name;
  const count = Number(number[1]);
  return number[0].includes(')') || count === line || count === line - 1 ? name.slice(number[0].length) : name;
}

const isReachable = ({ phone, email, website, domain, street, people }: CleanRow): boolean =>
  (phone ?? email ?? website ?? domain ?? street) !== undefined || people.length > 0;
