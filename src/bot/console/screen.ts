import { createInterface, type Interface } from 'node:readline';
import type { Card } from '../../core/card.ts';
import { renderCard } from '../cards/terminal.ts';
import { type Paint, paint } from './color.ts';
import { type Input, Keyboard, markPastes, unpaste } from './keyboard.ts';
import { clean, cut } from './text.ts';

export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; hasColors?(): boolean };

export interface Streams {
  input?: Input;
  output?: Output;
}

/** What came of a question: a line, Ctrl-C (with or without something typed), or the end of the input. */
export type Answer = { type: 'line'; text: string } | { type: 'interrupt'; typed: boolean } | { type: 'end' };

export interface AskOptions {
  /** Keys typed before the question was seen do not answer it. */
  fresh?: boolean;
  /** Kept in the history of lines. */
  remember?: boolean;
}

export interface History {
  lines: string[];
  save(lines: string[]): void;
}

const widthOfFiles = 100;

/** The terminal as commands use it: lines out, questions in, Ctrl-C where somebody listens for it. */
export class Screen {
  readonly output: Output;
  /** A person sits at both ends. */
  readonly interactive: boolean;
  readonly tty: boolean;
  readonly paint: Paint;
  readonly #input: Input;
  readonly #color: boolean;
  readonly #history: History | undefined;
  readonly #keyboard: Keyboard;
  readonly #listeners: (() => void)[] = [];
  /** Lines that came before anybody asked, where the input is no terminal. */
  readonly #lines: string[] = [];
  #editor: Interface | undefined;
  #waiting: ((answer: Answer) => void) | undefined;
  #ended = false;
  #statusShown = false;
  #remember = false;

  constructor({ input = process.stdin, output = process.stdout }: Streams = {}, history?: History) {
    this.#input = input;
    this.output = output;
    this.tty = output.isTTY === true;
    this.interactive = this.tty && input.isTTY === true;
    // hasColors() knows NO_COLOR, FORCE_COLOR and dumb terminals
    this.#color = this.tty && (output.hasColors?.() ?? true);
    this.paint = paint(this.#color);
    this.#history = history;
    this.#keyboard = new Keyboard(input, () => this.#interrupted());
    output.on('error', this.#onBroken);
  }

  get width(): number {
    return this.output.columns || widthOfFiles;
  }

  write(text: string): void {
    this.status('');
    if (this.output.writable) this.output.write(text);
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  card(card: Card): void {
    const drawn = renderCard(card, { width: this.width, color: this.#color });
    if (drawn) this.line(drawn);
  }

  /** A line that the next output replaces; only a terminal shows it. */
  status(text: string): void {
    if (!this.tty) return;
    if (this.#statusShown) this.output.write('\r\u001b[K');
    this.#statusShown = text !== '';
    if (text) this.output.write(this.paint.dim(cut(clean(text), this.width - 1)));
  }

  async ask(question: string, { fresh = false, remember = false }: AskOptions = {}): Promise<Answer> {
    this.status('');
    const editor = this.#edit();
    if (!this.interactive) {
      const next = this.#lines.shift();
      if (next !== undefined) return { type: 'line', text: next };
      if (this.#ended) return { type: 'end' };
      return new Promise((resolve) => {
        this.#waiting = resolve;
      });
    }
    // whoever hung up before the question was asked cannot see it
    if (this.#ended || (fresh && this.#keyboard.leaving)) return { type: 'end' };
    this.#unheard = false;
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#remember = remember;
      editor.setPrompt(question);
      editor.prompt();
      this.#keyboard.edit({ fresh });
    });
  }

  /** Yes or no; anything but a clear yes is no. */
  async confirm(question: string): Promise<boolean> {
    const answer = await this.ask(question, { fresh: true });
    return answer.type === 'line' && /^y(es)?$/i.test(answer.text.trim());
  }

  /** Hears Ctrl-C until the returned function is called; the latest listener is the one that hears it. */
  onInterrupt(listener: () => void): () => void {
    this.#listeners.push(listener);
    if (this.interactive) this.#listen();
    if (this.#listeners.length === 1) process.on('SIGINT', this.#interrupted);
    return () => {
      this.#listeners.splice(this.#listeners.indexOf(listener), 1);
      if (this.#listeners.length === 0) process.off('SIGINT', this.#interrupted);
    };
  }

  close(): void {
    this.status('');
    this.#editor?.close();
    if (this.interactive && this.#listening) this.output.write(markPastes.off);
    this.#keyboard.stop();
    // the output outlives this screen, and so may a late complaint of its reader
    if (this.output !== process.stdout) this.output.off('error', this.#onBroken);
  }

  #listening = false;

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#keyboard.start();
    this.output.write(markPastes.on);
  }

  #edit(): Interface {
    if (this.#editor) return this.#editor;
    if (this.interactive) this.#listen();
    const history = [...(this.#history?.lines ?? [])];
    const editor = this.interactive
      ? createInterface({
          input: this.#keyboard.keys,
          output: this.output,
          terminal: true,
          history,
          historySize: 500,
          removeHistoryDuplicates: true,
          crlfDelay: Number.POSITIVE_INFINITY,
        })
      : createInterface({ input: this.#input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
    editor.on('line', (text) => {
      if (this.#waiting) this.#answer({ type: 'line', text: this.interactive ? unpaste(text) : text });
      else this.#lines.push(text);
    });
    editor.on('history', (lines: string[]) => {
      // answers to a question are not worth repeating
      if (!this.#remember) lines.shift();
      else this.#history?.save([...lines]);
    });
    editor.on('SIGINT', () => {
      const typed = editor.line !== '';
      editor.write(null, { ctrl: true, name: 'e' });
      editor.write(null, { ctrl: true, name: 'u' });
      this.output.write('\n');
      this.#answer({ type: 'interrupt', typed });
    });
    editor.on('close', () => {
      this.#ended = true;
      this.#answer({ type: 'end' });
    });
    this.#editor = editor;
    return editor;
  }

  #answer(answer: Answer): void {
    this.#keyboard.watch();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }

  #unheard = false;

  #interrupted = (): boolean => {
    const listener = this.#listeners.at(-1);
    if (listener) {
      listener();
      return true;
    }
    if (!this.#unheard) {
      this.#unheard = true;
      return false;
    }
    // nobody minds, and no prompt has come since: what Ctrl-C does everywhere
    this.close();
    process.kill(process.pid, 'SIGINT');
    return true;
  };

  /** Whoever read our output has gone, as after `| head`: what is left to say has no listener. */
  #onBroken = (): void => {
    this.#ended = true;
    this.#answer({ type: 'end' });
  };
}
