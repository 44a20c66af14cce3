import { AppError } from '../../errors.ts';
import type { Block, TableFormat } from '../table.ts';
import { beginsCell, closingQuote, lineBreaks, type Quoting, undecided } from './quotes.ts';

/** One block is one unit of work: large enough to be cheap, small enough to keep memory flat. */
export const blockBytes = 256 * 1024;
const maxRecordBytes = 10 * 1024 * 1024;

/** A block that knows how many of its records are not empty. */
export interface CountedBlock extends Block {
  rows: number;
}

type Splitting = Quoting & Pick<TableFormat, 'countsRows'>;

/**
 * Cuts UTF-8 into blocks that end where a record ends. Each block owns its memory, so it can be handed to another thread
 * without a copy.
 */
export async function* splitRecords(
  bytes: AsyncIterable<Buffer>,
  format: Splitting,
  firstLine: number,
): AsyncGenerator<CountedBlock> {
  let line = firstLine;
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Doubles while no record ends, so that a large one is not searched again with every chunk. */
  let wanted = blockBytes;

  function* cut(final: boolean): Generator<CountedBlock> {
    const data = held.length === 1 ? held[0]! : Buffer.concat(held, heldBytes);
    const { end, lines, rows } = scanRecords(data.toString('latin1'), format, { line, after: final ? 'nothing' : 'more' });
    if (data.length - end > maxRecordBytes) throw tooLarge(line + lines);
    if (final && end < data.length) throw neverClosed(line + lines);
    if (end > 0) yield { text: new Uint8Array(data.subarray(0, end)), firstLine: line, rows };
    line += lines;
    held = [data.subarray(end)];
    heldBytes = data.length - end;
    wanted = Math.max(blockBytes, heldBytes * 2);
  }

  for await (const chunk of bytes) {
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= wanted) yield* cut(false);
  }
  if (heldBytes > 0) yield* cut(true);
}

interface Scan {
  /** Where the last whole record ends. */
  end: number;
  /** Lines up to there, and records that are not empty. */
  lines: number;
  rows: number;
}

interface Where {
  /** Line on which the text begins, with a record. */
  line: number;
  /** What comes after the text: more of the file, nothing, or records that were cut off when this one's end was known. */
  after: 'more' | 'nothing' | 'records';
  /** Stops after that many lines. */
  lines?: number;
}

/** Walks over whole records. One character of `text` is one byte. */
function scanRecords(text: string, format: Splitting, { line, after, lines: upTo = Number.POSITIVE_INFINITY }: Where): Scan {
  const { delimiter, quote, countsRows } = format;
  const size = text.length;
  const find = (what: string, from: number) => {
    const at = text.indexOf(what, from);
    return at === -1 ? size : at;
  };
  const done: Scan = { end: 0, lines: 0, rows: 0 };
  let lf = find('\n', 0);
  let cr = find('\r', 0);
  let mark = find(quote, 0);
  let inside = 0;
  for (let at = 0; done.end < size && done.lines < upTo; ) {
    if (lf < at) lf = find('\n', at);
    if (cr < at) cr = find('\r', at);
    if (mark < at) mark = find(quote, at);
    const end = Math.min(lf, cr);
    if (mark < end) {
      const close = beginsCell(text, mark, done.end, delimiter) ? closingQuote(text, mark, format, after !== 'more') : -1;
      if (close === undecided && after !== 'records') break;
      if (close > end && !countsRows) inside += lineBreaks(text, mark, close);
      at = Math.max(mark, close) + 1;
      continue;
    }
    // A carriage return at the end of the chunk may be half of a line end.
    if (after === 'more' && (end === size || (end === cr && end + 1 === size))) break;
    if (end - done.end > maxRecordBytes) throw tooLarge(line + done.lines);
    if (end > done.end) done.rows++;
    at = end === cr && lf === cr + 1 ? end + 2 : end + 1;
    done.end = Math.min(at, size);
    done.lines += 1 + inside;
    inside = 0;
  }
  return done;
}

/** What is left of a block after its first lines, which end with a record. */
export function withoutLines(block: CountedBlock, format: Splitting, lines: number): CountedBlock {
  const text = Buffer.from(block.text.buffer, block.text.byteOffset, block.text.byteLength);
  const scan = scanRecords(text.toString('latin1'), format, { line: block.firstLine, after: 'records', lines });
  return {
    text: new Uint8Array(text.subarray(scan.end)),
    firstLine: block.firstLine + scan.lines,
    rows: block.rows - scan.rows,
  };
}

const tooLarge = (line: number): AppError =>
  new AppError(
    'too_large',
    `The row that starts on line ${line} is larger than 10 MB. Look for a quotation mark there that is never closed, shorten the cell, and send the file again.`,
    { details: { line } },
  );

const neverClosed = (line: number): AppError =>
  new AppError(
    'invalid_input',
    `A quotation mark in the row that starts on line ${line} is never closed, so the rest of the file cannot be read. Close or remove it and send the file again.`,
    { details: { line } },
  );
