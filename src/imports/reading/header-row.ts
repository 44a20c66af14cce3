import { AppError } from '../../errors.ts';
import { isOtherThing, isSystemHeader, readHeader } from '../mapping/headers.ts';
import type { RawRow } from '../table.ts';
import { maxColumns } from './read.ts';

/** How many rows are looked at to find out where the header is. */
const looked = 60;

/** What is found above the rows. */
export interface Header {
  /** 0 when the list has no header. */
  line: number;
  cells: string[];
  /** Line of the first row that may be data, or later: rows that start before are not data. */
  dataFrom: number;
}

/** Only what a header says as a whole counts; a company may have "Phone" in its name. */
const isHeaderWord = (cell: string): boolean =>
  cell.length <= 40 && (readHeader(cell).some(({ level }) => level >= 0.75) || isOtherThing(cell) || isSystemHeader(cell));

const year = /^(19|20)\d\d$/;
const dataShapes = [
  /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i,
  /^(https?:\/\/|www\.)\S+$/i,
  /^[a-z0-9-]+\.(com|net|org|biz)$/i,
  /^\+?[\d\s().-]{7,}$/,
  /^[$€£]?\s?-?\d[\d.,]*\s?[%€]?$/,
  /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/,
];

/** An e-mail address, a phone number, an amount, a date: what a header never holds. A year may head a column. */
const isData = (cell: string): boolean => !year.test(cell) && cell.length < 200 && dataShapes.some((shape) => shape.test(cell));

interface Looks {
  filled: number;
  words: number;
  data: number;
}

function looksOf(row: RawRow): Looks {
  const looks = { filled: 0, words: 0, data: 0 };
  for (const cell of row.cells) {
    const text = cell.trim();
    if (text === '') continue;
    looks.filled++;
    if (isData(text)) looks.data++;
    else if (isHeaderWord(text)) looks.words++;
  }
  return looks;
}

/**
 * Finds the header among the first rows: the first one that fills about as many cells as the rows below it. Rows above it
 * ("Exported on 2026-01-02", a report's title) are no data. When it looks like data itself, the list has no header.
 * `chosen` is the line a person named, 0 for none.
 */
export function findHeader(rows: RawRow[], chosen?: number): Header {
  const row = chosen === undefined ? foundHeader(rows) : chosenHeader(rows, chosen);
  if (typeof row === 'number') return { line: 0, cells: madeUp(rows.slice(row)), dataFrom: rows[row]!.line };
  if (row.cells.length > maxColumns) {
    throw new AppError(
      'too_large',
      `Line ${row.line} has ${row.cells.length} columns, where at most ${maxColumns} are read. Remove what no one needs and send the file again.`,
      { details: { line: row.line } },
    );
  }
  return { line: row.line, cells: row.cells, dataFrom: row.line + 1 };
}

function chosenHeader(rows: RawRow[], line: number): RawRow | number {
  if (line === 0) return 0;
  const row = rows.find((row) => row.line === line);
  if (row) return row;
  throw new AppError(
    'invalid_input',
    `No row starts on line ${line}, or it is empty. The first rows start on the lines ${rows
      .slice(0, 5)
      .map((row) => row.line)
      .join(', ')}; name the one with the column names, or 0 when there are none.`,
    { details: { line } },
  );
}

/** The header, or where the data begin in a list that has none. */
function foundHeader(rows: RawRow[]): RawRow | number {
  const looks = rows.slice(0, looked).map(looksOf);
  /** A header that leaves many columns without a name, unless it only names groups of columns above the real one. */
  let partial: RawRow | undefined;
  for (const [i, { filled, words, data }] of looks.entries()) {
    const usual = median(looks.slice(i + 1).map((below) => below.filled)) ?? filled;
    const isFull = filled >= usual * 0.8;
    if (isFull && words > data) return rows[i]!;
    if (isFull) return partial ?? (data > 0 ? i : rows[i]!);
    if (words > data && words >= 2 && words * 2 >= filled) partial ??= rows[i]!;
  }
  return partial ?? rows[0]!;
}

function madeUp(rows: RawRow[]): string[] {
  let widest = 1;
  for (const { cells } of rows) if (cells.length > widest && cells.length <= maxColumns) widest = cells.length;
  return Array.from({ length: widest }, (_, i) => `column ${i + 1}`);
}

function median(numbers: number[]): number | undefined {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
