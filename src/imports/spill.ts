import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Lists longer than memory are kept on disk while they are worked on: rows as lines of text that can be read again one by one, and
 * match keys by the part of the number space they fall into. What stays in memory is eight bytes a row.
 */

/** Lines of text, appended in order and read by number. */
export class LineFile {
  readonly path: string;
  /** Where each line starts; the next one's start is its end. */
  #starts = new Float64Array(1024);
  #count = 0;
  #bytes = 0;
  #writing: FileHandle | undefined;
  #reading: number | undefined;
  /** Which page each slot of the cache holds, and how much of it there is. */
  readonly #cached = new Int32Array(slots).fill(-1);
  readonly #filled = new Int32Array(slots);
  #pages: Buffer[] = [];

  constructor(path: string) {
    this.path = path;
  }

  get length(): number {
    return this.#count;
  }

  /** Whole lines with their line feeds, and the length of each in bytes. */
  async append(text: Uint8Array, lengths: Uint32Array): Promise<void> {
    this.#writing ??= await open(this.path, 'w', 0o600);
    if (this.#count + lengths.length >= this.#starts.length) {
      const wider = new Float64Array(2 * (this.#count + lengths.length));
      wider.set(this.#starts);
      this.#starts = wider;
    }
    for (const length of lengths) {
      this.#bytes += length;
      this.#starts[++this.#count] = this.#bytes;
    }
    for (let done = 0; done < text.length; ) done += (await this.#writing.write(text, done)).bytesWritten;
  }

  /** Everything is on disk; from here on it is read only. */
  async finish(): Promise<void> {
    await this.#writing?.close();
    this.#writing = undefined;
  }

  /** Line `index`, from 0, without its line feed. */
  read(index: number): string {
    if (index < 0 || index >= this.#count) throw new RangeError(`no line ${index} of ${this.#count}`);
    const start = this.#starts[index]!;
    const end = this.#starts[index + 1]! - 1;
    const number = Math.floor(start / pageBytes);
    const from = start - number * pageBytes;
    const to = end - number * pageBytes;
    const slot = this.#load(number);
    const page = this.#pages[slot]!;
    const filled = this.#filled[slot]!;
    if (to <= filled) return page.toString('utf8', from, to);
    const whole = Buffer.allocUnsafe(end - start);
    page.copy(whole, 0, from, filled);
    readSync(this.#reading!, whole, filled - from, to - filled, start + filled - from);
    return whole.toString('utf8');
  }

  /**
   * The slot with this page. Rows are asked for near one another again and again: reading each from the disk would cost more than
   * comparing them. The pages stay where they are, because a million new buffers keep the collector busy.
   */
  #load(number: number): number {
    const slot = number % slots;
    if (this.#cached[slot] === number) return slot;
    this.#reading ??= openSync(this.path, 'r');
    this.#pages[slot] ??= Buffer.allocUnsafeSlow(pageBytes);
    this.#filled[slot] = readSync(this.#reading, this.#pages[slot], 0, pageBytes, number * pageBytes);
    this.#cached[slot] = number;
    return slot;
  }

  /** All lines in order, some at a time, as bytes that hold until the next are asked for; `ends` are the places after their line feeds. */
  async *pieces(): AsyncGenerator<{ bytes: Buffer; ends: Uint32Array }, void, void> {
    if (this.#count === 0) return;
    const file = await open(this.path, 'r');
    let room = Buffer.alloc(0);
    try {
      for (let from = 0; from < this.#count; ) {
        const start = this.#starts[from]!;
        let to = from + 1;
        while (to < this.#count && this.#starts[to + 1]! - start <= pieceBytes) to++;
        const size = this.#starts[to]! - start;
        if (room.length < size) room = Buffer.allocUnsafeSlow(size);
        const bytes = room.subarray(0, size);
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw new Error('a working file of an import is shorter than it was');
          done += bytesRead;
        }
        const ends = new Uint32Array(to - from);
        for (let i = 0; i < ends.length; i++) ends[i] = this.#starts[from + i + 1]! - start;
        yield { bytes, ends };
        from = to;
      }
    } finally {
      await file.close();
    }
  }

  /** The same as text, without line feeds. */
  async *lines(): AsyncGenerator<string[], void, void> {
    for await (const { bytes } of this.pieces()) yield bytes.toString('utf8', 0, bytes.length - 1).split('\n');
  }

  close(): void {
    if (this.#reading !== undefined) closeSync(this.#reading);
    this.#reading = undefined;
    this.#pages = [];
    this.#cached.fill(-1);
  }
}

const pageBytes = 4 * 1024;
const slots = 2048;
const pieceBytes = 256 * 1024;

/** A key as it is kept: kind and upper bits, lower bits, row, tag of the name, and what `worthALook` asks for. */
export const keyWords = 6;
export const KeyWord = { upper: 0, lower: 1, row: 2, tag: 3, aside: 4, shape: 5 } as const;
const parts = 64;
const bufferedKeys = 2048;

/** Match keys, parted so that equal ones lie in one part and a part fits into memory. */
export class KeyFiles {
  readonly #folder: string;
  readonly #buffers = Array.from({ length: parts }, () => new Uint32Array(bufferedKeys * keyWords));
  readonly #used = new Uint32Array(parts);
  readonly #files: (FileHandle | undefined)[] = Array(parts).fill(undefined);
  readonly #sizes = new Float64Array(parts);

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds keys whose rows count from `base`; they are as `keyWords` says. */
  async add(keys: Uint32Array, base: number): Promise<void> {
    for (let i = 0; i < keys.length; i += keyWords) {
      const part = keys[i + 1]! % parts;
      let at = this.#used[part]!;
      const buffer = this.#buffers[part]!;
      buffer[at] = keys[i]!;
      buffer[at + 1] = keys[i + 1]!;
      buffer[at + 2] = keys[i + 2]! + base;
      buffer[at + 3] = keys[i + 3]!;
      buffer[at + 4] = keys[i + 4]!;
      buffer[at + 5] = keys[i + 5]!;
      at += keyWords;
      this.#used[part] = at;
      if (at === buffer.length) await this.#flush(part);
    }
  }

  async #flush(part: number): Promise<void> {
    const bytes = new Uint8Array(this.#buffers[part]!.buffer, 0, this.#used[part]! * 4);
    const file = this.#files[part] ?? (await open(`${this.#folder}/keys-${part}`, 'w+', 0o600));
    this.#files[part] = file;
    for (let done = 0; done < bytes.length; )
      done += (await file.write(bytes, done, bytes.length - done, this.#sizes[part]! + done)).bytesWritten;
    this.#sizes[part]! += bytes.length;
    this.#used[part] = 0;
  }

  /** The parts, one after the other; each holds every key that is equal to one of its keys, until the next is asked for. */
  async *parts(): AsyncGenerator<Uint32Array, void, void> {
    let room = new Uint32Array(0);
    for (let part = 0; part < parts; part++) {
      const size = this.#sizes[part]!;
      const rest = this.#buffers[part]!.subarray(0, this.#used[part]!);
      const length = size / 4 + rest.length;
      if (room.length < length) room = new Uint32Array(length + (length >> 2));
      const all = room.subarray(0, length);
      const bytes = new Uint8Array(all.buffer, 0, size);
      for (let done = 0; done < size; ) {
        const { bytesRead } = await this.#files[part]!.read(bytes, done, size - done, done);
        if (bytesRead === 0) throw new Error('a working file of an import is shorter than it was');
        done += bytesRead;
      }
      all.set(rest, size / 4);
      yield all;
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file?.close();
  }
}
