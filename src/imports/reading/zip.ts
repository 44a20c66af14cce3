import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError } from '../../errors.ts';

/** More than any workbook holds; the list of entries is kept in memory. */
const maxEntries = 10_000;

/** The entries of a ZIP file on disk, read in any order. Nothing is unpacked but what is asked for. */
export class Archive {
  private readonly zip: ZipFile;
  private readonly entries: Map<string, Entry>;
  private readonly signal: AbortSignal | undefined;
  private readonly streams = new Set<Readable>();

  private constructor(zip: ZipFile, entries: Map<string, Entry>, signal?: AbortSignal) {
    this.zip = zip;
    this.entries = entries;
    this.signal = signal;
  }

  static async open(path: string, signal?: AbortSignal): Promise<Archive> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { autoClose: false });
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (entries.size >= maxEntries) throw new Error('too many entries');
        entries.set(entry.fileName.toLowerCase(), entry);
      }
      return new Archive(zip, entries, signal);
    } catch (error) {
      zip?.close();
      throw damaged(error);
    }
  }

  /** Names of the files in it; folders are left out. */
  get names(): string[] {
    return [...this.entries.values()].map((entry) => entry.fileName).filter((name) => !name.endsWith('/'));
  }

  /** Names differ in upper and lower case between programs. */
  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  /** What an entry says of its size, which reading it makes sure of. */
  unpackedBytes(name: string): number {
    return this.entries.get(name.toLowerCase())?.uncompressedSize ?? 0;
  }

  async *read(name: string): AsyncGenerator<Buffer> {
    for await (const chunk of this.unpacked(name)) {
      this.signal?.throwIfAborted();
      yield chunk;
    }
  }

  private async *unpacked(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name.toLowerCase());
    if (!entry) throw damaged(new Error(`no ${name}`));
    if (entry.isEncrypted()) throw protectedFile();
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw unusual();
    let stream: Readable | undefined;
    try {
      // Unpacked here and not by the library: its chunks of 16 KB cost more than what is in them.
      stream = await this.zip.openReadStreamPromise(entry, { decodeFileData: false });
      this.streams.add(stream);
      let size = 0;
      for await (const chunk of entry.compressionMethod === 0 ? stream : inflated(stream)) {
        size += chunk.length;
        if (size > entry.uncompressedSize) throw new Error('larger than it says');
        yield chunk;
      }
    } catch (error) {
      throw damaged(error);
    } finally {
      if (stream) {
        this.streams.delete(stream);
        stream.destroy();
      }
    }
  }

  /** Also ends what is still being read. */
  async close(): Promise<void> {
    for (const stream of this.streams) stream.destroy();
    if (!this.zip.isOpen) return;
    const closed = once(this.zip, 'close');
    this.zip.close();
    await closed;
  }
}

async function* inflated(packed: Readable): AsyncGenerator<Buffer> {
  const unpacked = createInflateRaw({ chunkSize: 256 * 1024 });
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  try {
    yield* unpacked;
  } finally {
    unpacked.destroy();
  }
}

export const protectedFile = (): AppError =>
  new AppError(
    'invalid_input',
    'This file is protected with a password. Open it, take the password away (File, Info, Protect), save it and send it again.',
  );

const unusual = (): AppError =>
  new AppError('invalid_input', 'This ZIP file is packed in an unusual way. Unpack it and send the list in it (CSV or .xlsx).');

export function damaged(cause: unknown): Error {
  if (cause instanceof AppError) return cause;
  return new AppError(
    'invalid_input',
    'This file is damaged: it ends too early or was changed on its way. Save the list again and send the new file.',
    { cause },
  );
}
