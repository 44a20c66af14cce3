import type { ImportSummary, Imports, LeftOutRow, RowOutcome } from '../core/importing.ts';

const pageRows = 1000;

/** Excel on Windows takes a CSV without it for the code page of the machine. */
const byteOrderMark = '\ufeff';

/**
 * The rows of a list that did not become leads of their own, as a CSV that spreadsheets open: what became of each and why, then
 * the columns of the file in its order. Page by page: as little as whoever reads it asks for is in memory.
 */
export async function* leftOutCsv(
  imports: Pick<Imports, 'leftOut'>,
  { id, headers }: Pick<ImportSummary, 'id' | 'headers'>,
  outcome?: RowOutcome[],
): AsyncGenerator<string, void, void> {
  yield byteOrderMark + csvLine(['line', 'outcome', 'reason', 'confidence', 'lead', ...headers]);
  let after: number | undefined;
  for (;;) {
    const rows = await imports.leftOut(
      id,
      { ...(outcome && { outcome }) },
      { limit: pageRows, ...(after !== undefined && { after }) },
    );
    if (rows.length === 0) return;
    yield rows.map((row) => csvLine([...verdict(row), ...headers.map((header) => cellOf(row, header))])).join('');
    after = rows.at(-1)!.line;
  }
}

/** Empty cells are not kept; a header such as "constructor" must not find what every object has. */
const cellOf = ({ raw }: LeftOutRow, header: string): string => (Object.hasOwn(raw, header) ? (raw[header] ?? '') : '');

const verdict = ({ line, outcome, reason, confidence, leadName }: LeftOutRow): string[] => [
  String(line),
  outcome,
  reason,
  confidence === null ? '' : String(confidence),
  leadName ?? '',
];

const csvLine = (cells: string[]): string => `${cells.map((cell) => quoted(harmless(cell))).join(',')}\r\n`;

/** A cell from outside that begins like a formula would run in the reader's spreadsheet; the apostrophe makes it text. */
const harmless = (cell: string): string => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell);

/** Spreadsheets of some countries cut at semicolons or tabs as well. */
const quoted = (cell: string): string => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
