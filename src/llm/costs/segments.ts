import fs from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** What this process has written ahead of the table: files that only it appends to, each gone when its calls are in the table. */

/** The parts of node:fs that are used. */
export type Files = Pick<
  typeof fs,
  'openSync' | 'writeSync' | 'ftruncateSync' | 'fstatSync' | 'fdatasync' | 'closeSync' | 'rmSync'
>;

export interface SegmentOptions {
  folder: string;
  /** Nobody else's files begin with it. */
  name: string;
  header: string;
  log: Log;
  /** A file that has grown so long is followed by the next one, so that it can go as soon as its calls are in the table. */
  segmentBytes: number;
  /** All files together; then nothing more is written ahead. */
  diskBytes: number;
  syncEveryMs: number;
  files?: Files;
}

export interface Segment {
  readonly path: string;
  readonly fd: number;
  bytes: number;
  /** Lines that are not in the table yet. */
  open: number;
  /** The last write broke off in the middle of a line. */
  torn: boolean;
}

/** After a file could not be opened, the next try waits so long. */
const pauseMs = 1000;

export class Segments {
  readonly #options: SegmentOptions;
  readonly #files: Files;
  readonly #own = new Set<Segment>();
  #current: Segment | undefined;
  #made = 0;
  #bytes = 0;
  #failing = false;
  #notBefore = 0;
  #warnAt = 16 << 20;
  readonly #dirty = new Set<Segment>();
  #syncTimer: NodeJS.Timeout | undefined;

  constructor(options: SegmentOptions) {
    this.#options = options;
    this.#files = options.files ?? fs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get safe(): boolean {
    return !this.#failing;
  }

  /** Appends a line, or says by `undefined` that the disk does not take it. Whole once it returns, whatever happens to the process then. */
  append(line: string): Segment | undefined {
    try {
      if (this.#bytes > this.#options.diskBytes)
        throw new Error(`${mb(this.#bytes)} wait there already, and no more are allowed`);
      const segment = this.#writable();
      if (!segment) return undefined;
      this.#write(segment, line);
      segment.open++;
      this.#warnOfSize();
      this.#syncSoon(segment);
      if (this.#failing) this.#options.log.info('model calls are written ahead again');
      this.#failing = false;
      return segment;
    } catch (error) {
      this.#fails(error);
      return undefined;
    }
  }

  /** So many of its lines are in the table. The last one takes the file along, or empties it where it is still being written to. */
  done(segment: Segment, lines: number): void {
    segment.open -= lines;
    if (segment.open > 0 || !this.#own.has(segment)) return;
    if (segment !== this.#current) {
      this.#remove(segment);
      return;
    }
    const header = Buffer.byteLength(this.#options.header);
    if (segment.bytes <= header) return;
    try {
      this.#files.ftruncateSync(segment.fd, header);
      this.#bytes -= segment.bytes - header;
      segment.bytes = header;
      segment.torn = false;
    } catch {
      // a file that cannot be emptied is left behind whole: its calls are there already and will not be added again
      this.#remove(segment);
    }
  }

  /** Those whose file somebody deleted: what they held has to be written again. */
  lost(): Segment[] {
    const gone = [...this.#own].filter((segment) => {
      try {
        return this.#files.fstatSync(segment.fd).nlink === 0;
      } catch {
        return true;
      }
    });
    for (const segment of gone) this.#forget(segment);
    return gone;
  }

  /** Gives up the oldest file that is no longer written to: its lines are to be read from it again. It takes up its room until then. */
  park(): Segment | undefined {
    const [oldest] = [...this.#own].filter((segment) => segment !== this.#current);
    if (oldest) {
      this.#forget(oldest);
      this.#bytes += oldest.bytes;
    }
    return oldest;
  }

  /** A parked file was read to its end and is gone. */
  discard({ bytes }: Segment): void {
    this.#bytes -= bytes;
  }

  /** Removes what is in the table, and leaves the rest for whoever starts next. */
  close(): void {
    clearTimeout(this.#syncTimer);
    for (const segment of this.#own) {
      if (segment.open <= 0) this.#remove(segment);
      else this.#forget(segment);
    }
  }

  #writable(): Segment | undefined {
    if (this.#current && this.#current.bytes < this.#options.segmentBytes) return this.#current;
    if (performance.now() < this.#notBefore) return undefined;
    const { folder, name, header } = this.#options;
    const path = join(folder, `${name}.${this.#made++}.jsonl`);
    this.#notBefore = performance.now() + pauseMs;
    const segment: Segment = { path, fd: this.#files.openSync(path, 'ax', 0o600), bytes: 0, open: 0, torn: false };
    this.#own.add(segment);
    try {
      this.#write(segment, header);
    } catch (error) {
      this.#remove(segment); // nobody could tell whose it is
      throw error;
    }
    this.#notBefore = 0;
    const former = this.#current;
    this.#current = segment;
    if (former && former.open <= 0) this.#remove(former);
    return segment;
  }

  #write(segment: Segment, line: string): void {
    // half a line that a full disk left behind is closed off, so that it spoils nothing but itself
    const bytes = Buffer.from(segment.torn ? `\n${line}` : line);
    let written = 0;
    try {
      while (written < bytes.length) written += this.#files.writeSync(segment.fd, bytes, written);
      segment.torn = false;
    } catch (error) {
      segment.torn ||= written > 0;
      throw error;
    } finally {
      segment.bytes += written;
      this.#bytes += written;
    }
  }

  /** Many calls share one wait for the disk. Only a power failure needs it: what a killed process wrote is the system's already. */
  #syncSoon(segment: Segment): void {
    this.#dirty.add(segment);
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      for (const one of this.#dirty) if (this.#own.has(one)) this.#files.fdatasync(one.fd, () => undefined);
      this.#dirty.clear();
    }, this.#options.syncEveryMs).unref();
  }

  #remove(segment: Segment): void {
    this.#forget(segment);
    try {
      this.#files.rmSync(segment.path, { force: true });
    } catch {
      // stays behind with calls that are in the table: whoever finds it adds nothing and tries again
    }
  }

  #forget(segment: Segment): void {
    this.#own.delete(segment);
    this.#bytes -= segment.bytes;
    if (this.#current === segment) this.#current = undefined;
    try {
      this.#files.closeSync(segment.fd);
    } catch {
      // closed already
    }
  }

  #fails(error: unknown): void {
    if (!this.#failing)
      this.#options.log.error(
        { err: error },
        `model calls cannot be written ahead in ${this.#options.folder} (${messageOf(error)}): they go straight to the database, and a process that is killed now loses those of its last moment. Make room there, or make it writable`,
      );
    this.#failing = true;
  }

  #warnOfSize(): void {
    if (this.#bytes < this.#warnAt) return;
    this.#warnAt *= 2;
    const { folder, diskBytes, log } = this.#options;
    log.warn(
      `${mb(this.#bytes)} of model calls wait in ${folder} for the database; at ${mb(diskBytes)} no more are written ahead`,
    );
  }
}

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
