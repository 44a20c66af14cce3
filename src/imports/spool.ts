import { LineFile } from './spill.ts';

const spoolBytes = 64 * 1024;

/** Lines that wait on disk until they can be written to the database. */
export class Spool {
  readonly #file: LineFile;
  #waiting: string[] = [];
  #size = 0;
  length = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#file = new LineFile(path);
  }

  async add(line: string): Promise<void> {
    this.#waiting.push(line);
    this.#size += line.length;
    this.length++;
    if (this.#size >= spoolBytes) await this.#flush();
  }

  /** One piece after the other: two writers may be at work, and the lines of each have to stay whole. */
  #flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    if (lines.length > 0) {
      const text = Buffer.from(`${lines.join('\n')}\n`);
      const lengths = Uint32Array.from(lines, (line) => Buffer.byteLength(line) + 1);
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
