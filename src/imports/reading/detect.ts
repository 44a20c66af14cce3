import type { RawRow } from '../table.ts';
import type { Quoting } from './quotes.ts';
import { parseText } from './read.ts';

const delimiters = [',', ';', '\t', '|', '^'];
/** How many rows have a say. */
const sampled = 100;

/** How a text writes its table. */
export interface Dialect extends Quoting {
  /** Lines above the table that are for programs: Excel's "sep=;". They are no rows. */
  skip: { lines: number; characters: number };
}

/**
 * Finds out what stands between the cells and around them. `head` is the beginning of the text; `complete` when there is no
 * more; `hint` is what the name of the file speaks for.
 */
export function detectDialect(head: string, complete: boolean, hint?: string): Dialect {
  const named = /^sep=([\x21-\x7e\t ])(\r\n|\n|\r|$)/i.exec(head);
  const skip = { lines: named ? 1 : 0, characters: named?.[0].length ?? 0 };
  const text = head.slice(skip.characters);
  const given = named?.[1];
  if (given && given !== '"' && given !== "'") return { delimiter: given, quote: quoteOf(text, given), skip };
  const guesses = delimiters
    .map((delimiter) => {
      const quote = quoteOf(text, delimiter);
      const rows = sampleRows(text, complete, { delimiter, quote });
      // Where one leaves nothing at all, the text is made of it.
      return { delimiter, quote, fit: rows.length === 0 ? 1 : fitOf(rows, delimiter) };
    })
    .filter(({ fit }) => fit > 0)
    .map((guess) => ({ ...guess, fit: guess.fit + (guess.delimiter === hint ? 0.2 : 0) }))
    .sort((a, b) => b.fit - a.fit);
  const { delimiter, quote } = guesses[0] ?? { delimiter: oneColumn(text), quote: '"' as const };
  return { delimiter, quote, skip };
}

function sampleRows(text: string, complete: boolean, quoting: Quoting): RawRow[] {
  const rows = parseText(text, { ...quoting, countsRows: false }, 1, !complete);
  // The last row of a cut text is cut itself.
  if (!complete && rows.length > 1) rows.pop();
  return rows.slice(0, sampled);
}

/** So many first rows of the same width are a table, whatever stands further down. */
const steady = 10;

/** How well a delimiter explains the rows: most have the same number of cells, the first ones do, there are many cells. */
function fitOf(rows: RawRow[], delimiter: string): number {
  const widths = rows.map(({ cells }) => cells.length);
  const counts = new Map<number, number>();
  for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
  let [usual, rowsOfIt] = [0, 0];
  for (const [width, count] of counts)
    if (count > rowsOfIt || (count === rowsOfIt && width > usual)) [usual, rowsOfIt] = [width, count];
  if (usual === 0) return 0;
  const agreement = rowsOfIt / widths.length;
  const headed = widths[0]! > 1;
  // "Acme, Inc.", "Waco, TX": commas of a text, which stand before spaces, are rarely those of a table.
  const prose = delimiter === ',' && rows.every(({ cells }) => cells.slice(1).every((cell) => /^\s/.test(cell)));
  if (!headed && (prose || agreement < 0.5)) return 0;
  const begins = headed && !prose && widths.length >= steady && widths.slice(0, steady).every((width) => width === widths[0]);
  return (
    agreement +
    (headed ? 0.15 : 0) +
    (begins ? 0.5 : 0) +
    (widths[0] === usual ? 0.15 : 0) -
    (prose ? 0.1 : 0) +
    Math.min(usual, 20) / 100
  );
}

/** A list of one column: a delimiter that does not occur keeps "Acme, Inc." in one cell. */
const oneColumn = (text: string): string => ['\t', '|', ';', '^', ','].find((delimiter) => !text.includes(delimiter)) ?? ',';

/** Single quotation marks are quotes when they stand around cells in most of the first lines and double ones do not; else apostrophes. */
function quoteOf(text: string, delimiter: string): '"' | "'" {
  const lines = text
    .slice(0, 16 * 1024)
    .split(/[\r\n]+/, 11)
    .filter((line) => line.trim() !== '');
  let around = 0;
  for (const line of lines) {
    const cells = line.split(delimiter).map((cell) => cell.trim());
    if (cells.some((cell) => cell.startsWith('"'))) return '"';
    if (cells.some((cell) => cell.length > 1 && cell.startsWith("'") && cell.endsWith("'"))) around++;
  }
  return around * 2 > lines.length ? "'" : '"';
}
