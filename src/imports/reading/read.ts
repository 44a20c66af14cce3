import { isAscii } from 'node:buffer';
import type { Block, RawRow, TableFormat } from '../table.ts';
import { afterSpaces, closingQuote, lineBreaks, type Quoting, undecided } from './quotes.ts';

/** Wider than any list that people keep; a wider row is a wrong delimiter or an attack. */
export const maxColumns = 5000;

type Reading = Quoting & Pick<TableFormat, 'countsRows'>;

/**
 * Cuts the records of a block into cells. Lines that hold nothing are left out but counted; rows of any width come back
 * whole. Pure and without waiting: it runs on worker threads.
 *
 * Our own and not a library's: it has to agree with the splitter on what a stray mark is, to take mixed line ends, and to
 * number lines; a line without a quotation mark, which is nearly every line, costs two searches and one split.
 */
export function parseBlock(block: Block, format: TableFormat): RawRow[] {
  const { buffer, byteOffset, byteLength } = block.text;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return parseText(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'), format, block.firstLine);
}

/** The same for text at hand. `cutOff` when the text may end in the middle of a quoted cell: such a record is left out. */
export function parseText(text: string, format: Reading, firstLine: number, cutOff = false): RawRow[] {
  const { delimiter, quote, countsRows } = format;
  const rows: RawRow[] = [];
  const size = text.length;
  const find = (what: string, from: number) => {
    const at = text.indexOf(what, from);
    return at === -1 ? size : at;
  };
  let line = firstLine;
  let lf = find('\n', 0);
  let cr = find('\r', 0);
  let mark = find(quote, 0);
  let cut = -1;
  for (let at = 0; at < size; line++) {
    if (lf < at) lf = find('\n', at);
    if (cr < at) cr = find('\r', at);
    if (mark < at) mark = find(quote, at);
    let end = Math.min(lf, cr);
    let cells: string[];
    let inside = 0;
    if (mark >= end) {
      cells = end > at ? text.slice(at, end).split(delimiter) : [];
    } else {
      cells = [];
      for (;;) {
        const open = afterSpaces(text, at, delimiter);
        const close = text[open] === quote ? closingQuote(text, open, format, true) : -1;
        if (close >= 0) {
          const cell = text.slice(open + 1, close);
          cells.push(cell.includes(quote) ? cell.replaceAll(quote + quote, quote) : cell);
          // What closes a cell is followed by spaces and then a delimiter, a line end, or nothing.
          const next = afterSpaces(text, close + 1, delimiter);
          if (close > end) {
            if (!countsRows) inside += lineBreaks(text, open, close);
            if (lf < next) lf = find('\n', next);
            if (cr < next) cr = find('\r', next);
            end = Math.min(lf, cr);
          }
          if (text[next] !== delimiter) break;
          at = next + 1;
          continue;
        }
        // The splitter has seen more than this block: what stays undecided here, it found to be text.
        if (close === undecided && cutOff) return rows;
        if (cut < at) cut = find(delimiter, at);
        cells.push(text.slice(at, Math.min(cut, end)));
        if (cut >= end) break;
        at = cut + 1;
      }
    }
    if (holdsSomething(cells)) rows.push({ line, cells });
    line += inside;
    at = end === cr && lf === cr + 1 ? end + 2 : end + 1;
  }
  return rows;
}

function holdsSomething(cells: string[]): boolean {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return true;
  return false;
}
