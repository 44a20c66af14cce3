import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

/** A person at a terminal: types, reads, waits for what they expect to see. */
export class FakeTerminal {
  readonly input: PassThrough & { isTTY?: boolean; setRawMode?(on: boolean): void };
  readonly output: PassThrough & { isTTY?: boolean; columns?: number; hasColors?(): boolean };
  raw = false;
  #seen = '';
  #read = 0;

  constructor({ tty = true, columns = 100, color = false } = {}) {
    this.input = new PassThrough();
    this.output = new PassThrough();
    if (tty) {
      Object.assign(this.input, { isTTY: true, setRawMode: (on: boolean) => (this.raw = on) });
      Object.assign(this.output, { isTTY: true, columns, hasColors: () => color });
    }
    this.output.on('data', (chunk: Buffer) => {
      this.#seen += chunk.toString();
    });
  }

  get streams() {
    return { input: this.input, output: this.output };
  }

  /** All that was drawn, as it came. */
  get all(): string {
    return this.#seen;
  }

  get text(): string {
    return stripVTControlCharacters(this.#seen);
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  hangUp(): void {
    this.input.end();
  }

  /** Waits until this appears after what was waited for before. */
  async until(expected: string | RegExp, timeoutMs = 40_000): Promise<string> {
    for (const end = Date.now() + timeoutMs; ; await delay(10)) {
      const fresh = this.text.slice(this.#read);
      const at = typeof expected === 'string' ? fresh.indexOf(expected) : fresh.search(expected);
      if (at >= 0) {
        this.#read += at + (typeof expected === 'string' ? expected.length : (expected.exec(fresh)?.[0].length ?? 0));
        return fresh;
      }
      if (Date.now() > end) throw new Error(`never saw ${expected}; saw:\n${fresh}`);
    }
  }
}
