/** Bytes that grow as text and pieces of other bytes are put behind one another. */
export class Bytes {
  #bytes: Buffer;
  length = 0;

  /** With room for so many bytes at first, or with this memory, whatever stands in it. */
  constructor(room: number | ArrayBuffer) {
    this.#bytes = typeof room === 'number' ? Buffer.allocUnsafeSlow(room) : Buffer.from(room);
  }

  /** Returns how many bytes it took. */
  text(text: string): number {
    // a letter of UTF-16 takes three bytes at most
    this.#makeRoom(3 * text.length);
    const size = this.#bytes.write(text, this.length);
    this.length += size;
    return size;
  }

  copy(from: Buffer, start: number, end: number): void {
    this.#makeRoom(end - start);
    this.length += from.copy(this.#bytes, this.length, start, end);
  }

  #makeRoom(size: number): void {
    if (this.length + size <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(this.length + size, 2 * this.#bytes.length));
    this.#bytes.copy(wider, 0, 0, this.length);
    this.#bytes = wider;
  }

  /** What is there so far. Nothing else lies in its memory: it can be handed to another thread. */
  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
