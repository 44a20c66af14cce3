import { Bytes } from './bytes.ts';
import { LineFile } from './spill.ts';

const spoolBytes = 64 * 1024;

/** Lines that wait on disk until they can be written to the database. */
export class Spool {
  readonly #file: LineFile;
  // bytes at once, not texts in a list: those would live just long enough to be a burden to the collector
  #waiting = new Bytes(spoolBytes);
  #lengths: number[] = [];
  length = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#file = new LineFile(path);
  }

  async add(line: string): Promise<void> {
    this.#lengths.push(this.#waiting.text(line) + this.#waiting.text('\n'));
    this.length++;
    if (this.#waiting.length >= spoolBytes) await this.#flush();
  }

  /** One piece after the other: two writers may be at work, and the lines of each have to stay whole. */
  #flush(): Promise<void> {
    if (this.#lengths.length > 0) {
      const text = this.#waiting.taken();
      const lengths = Uint32Array.from(this.#lengths);
      this.#waiting = new Bytes(spoolBytes);
      this.#lengths = [];
      this.#writing = this.#writing.then(() => this.#file.append(text, lengths));
      // looked at by whoever waits for it; a failure is not unhandled until then
      this.#writing.catch(() => undefined);
    }
    return this.#writing;
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#file.finish();
  }

  read(index: number): string {
    return this.#file.read(index);
  }

  close(): void {
    this.#file.close();
  }

  lines(): AsyncGenerator<string[], void, void> {
    return this.#file.lines();
  }
}
