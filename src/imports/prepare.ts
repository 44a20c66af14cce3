import { join } from 'node:path';
import type { Profile } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import { conventionsOf } from './cleaning/clean.ts';
import { headerSignature, mapColumns, requireName } from './mapping/map.ts';
import { mostRows } from './pairs.ts';
import { smallWorkshop, threadedWorkshop, type Workshop } from './pool.ts';
import { openTable } from './reading/open.ts';
import { KeyFiles, LineFile } from './spill.ts';
import type { Block, Column, Limits, Table, TableFormat } from './table.ts';

export interface PrepareOptions {
  path: string;
  fileName: string;
  /** An empty folder; whoever made it removes it. */
  folder: string;
  /** Two letters: where phone numbers without a country code are from. */
  country: string;
  profile: Profile;
  limits: Limits;
  /** What a person said columns mean: header -> field. */
  chosen?: Record<string, string>;
  /** What they meant the last time, by the signature of the headers. */
  remembered(signature: string): Promise<Record<string, string> | undefined>;
  sheet?: string;
  headerLine?: number;
  signal: AbortSignal;
  /** Told now and then how many rows have been read so far. */
  onProgress(rows: number): void;
}

/** A list, read and cleaned to working files: ready to be compared with what is here. */
export interface Prepared {
  format: TableFormat;
  columns: Column[];
  signature: string;
  /** Some cells of each column, as they came. */
  samples: string[][];
  rows: LineFile;
  keys: KeyFiles;
  /** Rows that are rejected, by row. */
  isRejected(row: number): boolean;
  rejected: number;
  workshop: Workshop;
  close(): Promise<void>;
}

/** From here on a second thread pays. */
const longListBytes = 2 * 1024 * 1024;

export async function prepareList(options: PrepareOptions): Promise<Prepared> {
  const { path, fileName, folder, country, profile, limits, sheet, headerLine, signal } = options;
  const table = await openTable(path, {
    fileName,
    limits,
    signal,
    ...(sheet !== undefined && { sheet }),
    ...(headerLine !== undefined && { headerLine }),
  });
  let workshop: Workshop | undefined;
  const rows = new LineFile(join(folder, 'rows'));
  const keys = new KeyFiles(folder);
  const close = async () => {
    await table.blocks.return();
    await workshop?.close();
    await rows.finish();
    rows.close();
    await keys.close();
  };
  try {
    const signature = headerSignature(table.header);
    const remembered = await options.remembered(signature);
    const columns = mapColumns(table.header, table.sample, {
      ...(options.chosen && { chosen: options.chosen }),
      ...(remembered && { remembered }),
    });
    requireName(columns);
    const recipe = { format: table.format, columns, conventions: conventionsOf(columns, table.sample, country), profile };
    const { blocks, long } = await lookAhead(table);
    workshop = long ? await threadedWorkshop(recipe) : smallWorkshop(recipe);
    const rejections = new Bits();
    for await (const done of workshop.rows(blocks)) {
      signal.throwIfAborted();
      const base = rows.length;
      if (base + done.lengths.length > mostRows)
        throw new AppError(
          'too_large',
          `The list has more than ${mostRows.toLocaleString('en-US')} rows. Split it into several files.`,
        );
      noteRejected(done.text, done.lengths, base, rejections);
      await rows.append(done.text, done.lengths);
      await keys.add(done.keys, base);
      options.onProgress(rows.length);
    }
    await rows.finish();
    const samples = columns.map((_, index) =>
      table.sample
        .map((row) => row.cells[index] ?? '')
        .filter((cell) => cell.trim() !== '')
        .slice(0, 3),
    );
    return {
      format: table.format,
      columns,
      signature,
      samples,
      rows,
      keys,
      isRejected: (row) => rejections.has(row),
      rejected: rejections.count,
      workshop,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** All blocks, and whether they are many: then they are worth threads. */
async function lookAhead({ blocks }: Table): Promise<{ blocks: AsyncGenerator<Block, void, void>; long: boolean }> {
  const first: Block[] = [];
  let bytes = 0;
  let ended = false;
  while (bytes < longListBytes && !ended) {
    const next = await blocks.next();
    if (next.done) ended = true;
    else {
      first.push(next.value);
      bytes += next.value.text.length;
    }
  }
  async function* all() {
    for (let block = first.shift(); block; block = first.shift()) yield block;
    yield* blocks;
  }
  return { blocks: all(), long: !ended };
}

const tab = 9;
const backslash = 92;
const letterN = 78;

/** A row is rejected when its second cell says why. Read from the bytes: making text of every row again would cost too much. */
function noteRejected(text: Uint8Array, lengths: Uint32Array, base: number, rejections: Bits): void {
  let start = 0;
  for (const [index, length] of lengths.entries()) {
    const at = text.indexOf(tab, start) + 1;
    if (text[at] !== backslash || text[at + 1] !== letterN) rejections.add(base + index);
    start += length;
  }
}

/** A growing set of row numbers, one bit each. */
class Bits {
  #bits = new Uint8Array(1024);
  count = 0;

  add(index: number): void {
    const byte = index >> 3;
    if (byte >= this.#bits.length) {
      const wider = new Uint8Array(2 * byte + 1);
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits[byte]! |= 1 << (index & 7);
    this.count++;
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3] ?? 0) & (1 << (index & 7))) > 0;
  }
}
