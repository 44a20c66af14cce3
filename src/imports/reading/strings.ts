import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const segmentBytes = 1024 * 1024;
/** A place is segment * 2^24 + byte: no string is as long as that. */
const segmentSpan = 2 ** 24;
const pageSize = 64 * 1024;
/** The first strings are those that come again and again: they are kept as they are. */
const keptAsTheyAre = 32 * 1024;

/**
 * The strings that the cells of a workbook refer to by number: up to some millions. They lie as UTF-8 one behind another in
 * segments, in memory up to a limit and in a file of their own beyond it.
 */
export class SharedStrings {
  private readonly memoryBytes: number;
  private readonly first: string[] = [];
  /** Where each string begins. In pages, because one array would be copied whenever it grows. */
  private readonly pages: Float64Array[] = [];
  private readonly segments: (Buffer | { at: number; length: number })[] = [];
  private current = Buffer.allocUnsafe(segmentBytes);
  private used = 0;
  private spill: { fd: number; path: string; size: number } | undefined;
  size = 0;
  /** All of them together. */
  bytes = 0;

  constructor(memoryBytes = 48 * segmentBytes) {
    this.memoryBytes = memoryBytes;
  }

  add(text: string): void {
    const length = Buffer.byteLength(text);
    if (this.used + length > this.current.length) {
      this.endSegment();
      this.current = Buffer.allocUnsafe(Math.max(segmentBytes, length));
      this.used = 0;
    }
    if (this.size % pageSize === 0) this.pages.push(new Float64Array(pageSize));
    this.pages.at(-1)![this.size % pageSize] = this.segments.length * segmentSpan + this.used;
    this.used += this.current.write(text, this.used);
    if (this.size < keptAsTheyAre && length < 256) this.first[this.size] = text;
    this.size++;
    this.bytes += length;
  }

  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.size)) return undefined;
    const kept = this.first[index];
    if (kept !== undefined) return kept;
    const place = this.placeOf(index);
    const number = Math.floor(place / segmentSpan);
    const start = place % segmentSpan;
    const segment = this.segments[number] ?? this.current.subarray(0, this.used);
    const next = index + 1 < this.size ? this.placeOf(index + 1) : Number.POSITIVE_INFINITY;
    const end = next < (number + 1) * segmentSpan ? next % segmentSpan : segment.length;
    if (Buffer.isBuffer(segment)) return segment.toString('utf8', start, end);
    const bytes = Buffer.allocUnsafe(end - start);
    readSync(this.spill!.fd, bytes, 0, bytes.length, segment.at + start);
    return bytes.toString();
  }

  close(): void {
    if (!this.spill) return;
    closeSync(this.spill.fd);
    rmSync(this.spill.path, { force: true });
    this.spill = undefined;
  }

  private placeOf(index: number): number {
    return this.pages[Math.floor(index / pageSize)]![index % pageSize]!;
  }

  private endSegment(): void {
    const bytes = this.current.subarray(0, this.used);
    if (this.bytes <= this.memoryBytes) {
      this.segments.push(bytes);
      return;
    }
    this.spill ??= newSpill();
    const { fd, size: at } = this.spill;
    for (let written = 0; written < bytes.length; )
      written += writeSync(fd, bytes, written, bytes.length - written, at + written);
    this.spill.size += bytes.length;
    this.segments.push({ at, length: bytes.length });
  }
}

function newSpill() {
  const path = join(tmpdir(), `strings-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  // Where a file may lose its name while it is open, nothing stays behind whatever happens to us.
  if (process.platform !== 'win32') rmSync(path);
  return { fd, path, size: 0 };
}
