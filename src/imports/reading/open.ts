import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../errors.ts';
import type { Block, Limits, RawRow, Table, TableFormat } from '../table.ts';
import { detectDialect } from './detect.ts';
import { encodingOf, repaired, toUtf8 } from './encoding.ts';
import { findHeader } from './header-row.ts';
import { parseBlock } from './read.ts';
import { contentOf, kindOf, notAList, readable, refuseCompound, refuseDocuments } from './recognise.ts';
import { type CountedBlock, splitRecords, withoutLines } from './split.ts';
import { textTooLarge, Workbook } from './workbook.ts';
import { Archive } from './zip.ts';

export interface OpenOptions {
  limits: Limits;
  /** Sheet of a workbook; otherwise the first one that is shown and holds a list. */
  sheet?: string;
  /** Line of the header, 0 for a list without one; otherwise it is found. */
  headerLine?: number;
  signal?: AbortSignal;
  /** As its sender calls it: ".tsv" speaks for tabs. */
  fileName?: string;
}

const chunkBytes = 256 * 1024;
const headBytes = 64 * 1024;
const sampleRows = 1000;

/**
 * Opens a list on disk: text in any usual encoding and dialect, as it is or packed (.gz, .zip), or an Excel workbook. What
 * it is, its bytes tell and not its name. The file stays open until the blocks are read to their end or returned.
 */
export async function openTable(path: string, options: OpenOptions): Promise<Table> {
  options.signal?.throwIfAborted();
  const file = await open(path, 'r');
  const closing: (() => Promise<void>)[] = [() => file.close()];
  const close = async () => {
    for (let next = closing.pop(); next; next = closing.pop()) await next();
  };
  try {
    if (!(await file.stat()).isFile()) throw notAList('This is not a file.');
    const head = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const kind = kindOf(head.buffer.subarray(0, head.bytesRead));
    if (kind === 'compound') return await refuseCompound(file);
    if (kind !== 'zip') return await openText(bytesOf(file, kind === 'gzip'), kind === 'gzip', options, close);
    const archive = await Archive.open(path, options.signal);
    closing.push(() => archive.close());
    const content = contentOf(archive.names);
    if (content.kind === 'list') return await openText(archive.read(content.name), true, options, close);
    const workbook = await Workbook.open(archive, options.limits);
    closing.push(() => workbook.close());
    return await openWorkbook(workbook, options, close);
  } catch (error) {
    await close();
    throw readable(error);
  }
}

async function openText(
  packed: AsyncGenerator<Buffer>,
  compressed: boolean,
  options: OpenOptions,
  close: () => Promise<void>,
): Promise<Table> {
  const bytes = await peek(limited(packed, options), headBytes);
  if (compressed && kindOf(bytes.head) !== 'text') throw notAList('This file is packed more than once. Unpack it first.');
  const { encoding, mark } = encodingOf(bytes.head);
  const text = await peek(toUtf8(bytes.all, encoding, mark), headBytes);
  const head = Buffer.from(repaired(text.head)).toString();
  refuseDocuments(head);
  const hint = /\.(tsv|tab)(\.gz)?$/i.test(options.fileName ?? '') ? '\t' : undefined;
  const { delimiter, quote, skip } = detectDialect(head, text.complete, hint);
  const format: TableFormat = { kind: 'text', encoding, compressed, delimiter, quote, headerLine: 0, countsRows: false };
  const blocks = repairedBlocks(splitRecords(without(text.all, skip.characters), format, 1 + skip.lines));
  return tableOf(await lookAt(blocks, format, options), blocks, options, close);
}

/** Sheets are tried in order: the first may be a cover, and only the list has rows below a header. */
async function openWorkbook(workbook: Workbook, options: OpenOptions, close: () => Promise<void>): Promise<Table> {
  let failure: unknown = emptyFile();
  for (const sheet of workbook.candidates(options.sheet)) {
    const format: TableFormat = {
      kind: 'workbook',
      encoding: 'utf-8',
      compressed: true,
      delimiter: ',',
      quote: '"',
      headerLine: 0,
      sheet,
      sheets: workbook.names,
      countsRows: true,
    };
    const blocks = limitedBlocks(workbook.blocks(sheet), options);
    try {
      return await tableOf(await lookAt(blocks, format, options), blocks, options, close);
    } catch (error) {
      await blocks.return(undefined);
      if (!(error instanceof NoRows)) throw error;
      if (failure instanceof NoRows && failure.isEmpty) failure = error;
    }
  }
  throw failure;
}

interface Look {
  format: TableFormat;
  header: string[];
  sample: RawRow[];
  /** What was taken for the look and is still to be read. */
  first: CountedBlock;
}

/** Takes blocks until there is a header and a row below it. */
async function lookAt(blocks: AsyncGenerator<CountedBlock>, format: TableFormat, { headerLine }: OpenOptions): Promise<Look> {
  const next = async () => (await blocks.next()).value as CountedBlock | undefined;
  let block = await next();
  while (block && parseBlock(block, format).length === 0) block = await next();
  if (!block) throw emptyFile();
  const header = findHeader(parseBlock(block, format), headerLine);
  let first: CountedBlock | undefined = withoutLines(block, format, header.dataFrom - block.firstLine);
  let rows = parseBlock(first, format);
  while (rows.length === 0) {
    first = await next();
    if (!first)
      throw new NoRows('The file has column names but no rows. Add one line per company below them and send it again.', false);
    rows = parseBlock(first, format);
  }
  return { format: { ...format, headerLine: header.line }, header: header.cells, sample: rows.slice(0, sampleRows), first };
}

class NoRows extends AppError {
  readonly isEmpty: boolean;
  constructor(message: string, isEmpty: boolean) {
    super('invalid_input', message);
    this.isEmpty = isEmpty;
  }
}

const emptyFile = () =>
  new NoRows('The file is empty. Send a list with column names in its first line and one company per line.', true);

async function tableOf(
  { format, header, sample, first }: Look,
  rest: AsyncGenerator<CountedBlock>,
  { limits, signal }: OpenOptions,
  close: () => Promise<void>,
): Promise<Table> {
  async function* all(): AsyncGenerator<Block, void, void> {
    try {
      // Taken below: a generator that was never begun would not close the file when it is returned.
      yield first;
      let rows = 0;
      for (let block: CountedBlock | undefined = first; block; block = (await rest.next()).value) {
        signal?.throwIfAborted();
        rows += block.rows;
        if (rows > limits.maxRows) throw tooManyRows(limits);
        yield { text: block.text, firstLine: block.firstLine };
      }
    } catch (error) {
      throw readable(error);
    } finally {
      await rest.return(undefined);
      await close();
    }
  }
  const blocks = all();
  await blocks.next();
  return { format, header, sample, blocks };
}

const tooManyRows = ({ maxRows }: Limits) =>
  new AppError(
    'too_large',
    `The list has more than ${maxRows.toLocaleString('en-US')} rows. Split it into smaller files, or let the server take more (its setting IMPORT_MAX_ROWS).`,
  );

async function* bytesOf(file: FileHandle, packed: boolean): AsyncGenerator<Buffer> {
  const stream = file.createReadStream({ start: 0, highWaterMark: chunkBytes, autoClose: false });
  if (!packed) return yield* stream;
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  stream.on('error', (error) => unpacked.destroy(error));
  stream.pipe(unpacked);
  try {
    yield* unpacked;
  } finally {
    unpacked.destroy();
    stream.destroy();
  }
}

/** No further than the limit of text, and no further once told to stop. */
async function* limited(bytes: AsyncIterable<Buffer>, { limits, signal }: OpenOptions): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    size += chunk.length;
    if (size > limits.maxTextBytes) throw textTooLarge(limits);
    yield chunk;
  }
}

async function* limitedBlocks(
  blocks: AsyncIterable<CountedBlock>,
  { limits, signal }: OpenOptions,
): AsyncGenerator<CountedBlock> {
  let size = 0;
  for await (const block of blocks) {
    signal?.throwIfAborted();
    size += block.text.length;
    if (size > limits.maxTextBytes) throw textTooLarge(limits);
    yield block;
  }
}

async function* repairedBlocks(blocks: AsyncIterable<CountedBlock>): AsyncGenerator<CountedBlock> {
  for await (const block of blocks) yield { ...block, text: repaired(block.text) };
}

async function* without(bytes: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    const rest = chunk.subarray(count);
    count -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}

/** The first bytes for a look, and all of them for reading. */
async function peek(
  source: AsyncGenerator<Buffer>,
  wanted: number,
): Promise<{ head: Buffer; complete: boolean; all: AsyncGenerator<Buffer> }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let complete = false;
  while (size < wanted && !complete) {
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
  return { head: Buffer.concat(chunks).subarray(0, wanted), complete: complete && size <= wanted, all: all() };
}
