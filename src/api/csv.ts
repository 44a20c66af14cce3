import type { RejectedRow } from '../core/importing.ts';

/** Rows as a CSV that spreadsheets open: line, reason, then every column the rows had. */
export function* csvLines(rows: RejectedRow[]): Generator<string> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.raw)))];
  yield toLine(['line', 'reason', ...columns]);
  for (const { line, reason, raw } of rows) yield toLine([String(line), reason, ...columns.map((column) => raw[column] ?? '')]);
}

const toLine = (cells: string[]): string => `${cells.map((cell) => quoted(harmless(cell))).join(',')}\r\n`;

/** A cell from outside that begins like a formula would run in the reader's spreadsheet; the apostrophe makes it text. */
const harmless = (cell: string): string => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
