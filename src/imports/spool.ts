import { LineFile } from './spill.ts';

const spoolBytes = 64 * 1024;

/** Lines that wait on disk until they can be written to the database. */
export class Spool {
  readonly #file: LineFile;
  #waiting: string[] = [];
  #size = 0;
  length = 0;

  constructor(path: string) {
    this.#file = new LineFile(path);
  }

  async add(line: string): Promise<void> {
    this.#waiting.push(line);
    this.#size += line.length;
    this.length++;
    if (this.#size >= spoolBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    if (lines.length > 0)
      await this.#file.append(
        Buffer.from(`${lines.join('\n')}\n`),
        Uint32Array.from(lines, (line) => Buffer.byteLength(line) + 1),
      );
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
