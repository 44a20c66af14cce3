import { isUtf8 } from 'node:buffer';
import { CsvError, type Parser, parse } from 'csv-parse';
import { AppError } from '../errors.ts';
import { type Format, notText } from './detect.ts';

/** A line of the file that holds something, cut into cells. */
export interface RawRow {
  /** Where it starts: 1 is the first line of the file, line breaks inside quotes count. */
  line: number;
  cells: string[];
}

const maxRowBytes = 10 * 1024 * 1024;
/** One slice becomes one batch of rows: large enough to be cheap, small enough to keep memory flat. */
const sliceBytes = 64 * 1024;

/** Reads the table slice by slice, never further than the caller takes; blank lines are left out. */
export async function* readRows(bytes: AsyncIterable<Buffer>, format: Format): AsyncGenerator<RawRow[]> {
  let line = 1;
  let skip = format.separatorLine;
  const options = {
    bom: true,
    delimiter: format.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: maxRowBytes,
    // The rows of a slice are all taken before the next slice is given: the slices bound what waits in here.
    readableHighWaterMark: Number.MAX_SAFE_INTEGER,
  };
  const parser = parse(options);
  // Each error also reaches the callback of the write that met it.
  parser.on('error', () => {});

  /** What the parser has made of the slices so far. */
  function taken(): RawRow[] {
    const rows: RawRow[] = [];
    for (let cells: string[] | null = parser.read(); cells; cells = parser.read()) {
      if (skip) skip = false;
      else if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells });
      // Counted here: the parser's own count takes a CRLF inside quotes for two lines.
      line += 1 + lineBreaks(cells);
    }
    return rows;
  }

  /** An error is about the row that the parser was in, after the rows it has finished. */
  function lineOfError(): number {
    taken();
    return line;
  }

  try {
    for await (const slice of utf8Slices(bytes, () => line)) {
      await feed(parser, slice, lineOfError);
      const rows = taken();
      if (rows.length > 0) yield rows;
    }
    await feed(parser, undefined, lineOfError);
    const rows = taken();
    if (rows.length > 0) yield rows;
  } finally {
    parser.destroy();
  }
}

function feed(parser: Parser, slice: Buffer | undefined, line: () => number): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(readable(error, line())) : resolve());
    if (slice) parser.write(slice, done);
    else parser.end(done);
  });
}

function readable(error: Error, line: number): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new AppError(
      'too_large',
      `The row that starts on line ${line} is larger than 10 MB. Look for a quotation mark there that is never closed, shorten the cell, and send the file again.`,
      { details: { line }, cause: error },
    );
  }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new AppError(
      'invalid_input',
      `A quotation mark in the row that starts on line ${line} is never closed, so the rest of the file cannot be read. Close or remove it and send the file again.`,
      { details: { line }, cause: error },
    );
  }
  return new AppError(
    'invalid_input',
    `The file cannot be read as a table around line ${line}. Correct that line and send it again.`,
    {
      details: { line },
      cause: error,
    },
  );
}

function lineBreaks(cells: string[]): number {
  let count = 0;
  for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) count += cell.match(/\r\n|\n|\r/g)!.length;
  return count;
}

/** The bytes in pieces of bounded size that never cut a character, checked to be UTF-8: a wrong guess would garble names for good. */
async function* utf8Slices(bytes: AsyncIterable<Buffer>, line: () => number): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    for (let start = 0; start < chunk.length; start += sliceBytes) {
      const piece = chunk.subarray(start, start + sliceBytes);
      const joined = held.length > 0 ? Buffer.concat([held, piece]) : piece;
      const end = lastCharacterEnd(joined);
      held = joined.subarray(end);
      if (end > 0) yield checked(joined.subarray(0, end), line);
    }
  }
  if (held.length > 0) yield checked(held, line);
}

function checked(slice: Buffer, line: () => number): Buffer {
  if (isUtf8(slice)) return slice;
  let at = line();
  for (
    let start = 0, end = slice.indexOf('\n') + 1;
    end > 0 && isUtf8(slice.subarray(start, end));
    end = slice.indexOf('\n', end) + 1
  ) {
    at++;
    start = end;
  }
  throw notText(`The file is not UTF-8 text (around line ${at}).`);
}

/** Where the last whole character ends: at most three bytes of a started one follow. */
function lastCharacterEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
