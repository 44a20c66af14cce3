import type { LeadRow, RejectedRow } from '../core/importing.ts';
import { compileProfile } from '../core/score.ts';
import type { Profile } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import { maxColumns, type RowCleaner, rowCleaner, tooManyColumns } from './clean.ts';
import { detectFormat } from './detect.ts';
import { type Column, mapColumns, mappingInWords, requireName } from './map.ts';
import { type RawRow, readRows } from './read.ts';

export interface ReadOptions {
  /** Two letters: where phone numbers without a country code are from. */
  country: string;
  profile: Profile;
  signal?: AbortSignal;
  /** Told now and then how many rows have been read so far, and once at the end. */
  onProgress?: (rows: number) => void;
}

export interface LeadList {
  columns: Column[];
  /** Header -> field, or where the column is kept. */
  mapping: Record<string, string>;
  /** Reads on as it is iterated, once. */
  rows: AsyncIterable<LeadRow | RejectedRow>;
}

/** Reads a list of companies: what its columns mean at once, its rows as they are asked for. */
export async function readLeads(bytes: AsyncIterable<Buffer>, options: ReadOptions): Promise<LeadList> {
  const source = stoppable(bytes, options.signal);
  try {
    const { head, complete, all } = await peek(source);
    const format = detectFormat(head, complete);
    const batches = readRows(all, format);
    const { header, first } = await headerOf(batches);
    const columns = mapColumns(header.cells);
    requireName(columns);
    const clean = rowCleaner(columns, { country: options.country, score: compileProfile(options.profile) });
    return { columns, mapping: mappingInWords(columns), rows: cleanRows(first, batches, clean, options) };
  } catch (error) {
    await source.return(undefined);
    throw error;
  }
}

async function* cleanRows(
  first: RawRow[],
  batches: AsyncGenerator<RawRow[]>,
  clean: RowCleaner,
  { signal, onProgress }: ReadOptions,
): AsyncGenerator<LeadRow | RejectedRow> {
  let rows = 0;
  try {
    for (let batch: RawRow[] | undefined = first; batch; batch = (await batches.next()).value) {
      signal?.throwIfAborted();
      for (const row of batch) yield clean(row);
      rows += batch.length;
      onProgress?.(rows);
    }
  } finally {
    await batches.return(undefined);
  }
}

/** The first line that holds something is the header; below it there has to be a row. */
async function headerOf(batches: AsyncGenerator<RawRow[]>): Promise<{ header: RawRow; first: RawRow[] }> {
  const [header, ...first] = (await batches.next()).value ?? [];
  if (!header) {
    throw new AppError(
      'invalid_input',
      'The file is empty. Send a CSV list with column names in its first line and one company per line.',
    );
  }
  if (header.cells.length > maxColumns) {
    throw new AppError(
      'too_large',
      `Line ${header.line} has ${tooManyColumns(header.cells.length)}. Remove what no one needs and send the file again.`,
      {
        details: { line: header.line },
      },
    );
  }
  const rows = first.length > 0 ? first : (await batches.next()).value;
  if (!rows) {
    throw new AppError(
      'invalid_input',
      'The file has column names but no rows. Add one line per company below them and send it again.',
    );
  }
  return { header, first: rows };
}

const headBytes = 64 * 1024;

/** The first bytes for a look, and all of them for reading. */
async function peek(source: AsyncGenerator<Buffer>): Promise<{ head: Buffer; complete: boolean; all: AsyncIterable<Buffer> }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let complete = false;
  while (size < headBytes && !complete) {
    const next = await source.next();
    if (next.done) complete = true;
    else {
      chunks.push(next.value);
      size += next.value.length;
    }
  }
  async function* all(): AsyncGenerator<Buffer> {
    // Let go of one by one: an iterator over the whole list would keep the head in memory until the end.
    for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) yield chunk;
    yield* source;
  }
  return { head: Buffer.concat(chunks).subarray(0, headBytes), complete: complete && size <= headBytes, all: all() };
}

/** Stops waiting for the next bytes as soon as the signal says so. */
async function* stoppable(bytes: AsyncIterable<Buffer>, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  if (!signal) return yield* bytes;
  signal.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  stopped.catch(() => {});
  const source = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([source.next(), stopped]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    const closed = source.return?.();
    // A source that hangs would hang its closing as well.
    if (signal.aborted) closed?.catch(() => {});
    else await closed;
  }
}
