import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export type Input = NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(on: boolean): unknown };

const interrupt = '\u0003';
const endOfInput = '\u0004';
const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';
/** Asks a terminal to mark what is pasted; one that cannot, ignores it. */
export const markPastes = { on: '\u001b[?2004h', off: '\u001b[?2004l' };
/** A line break inside a paste, while it stands in the one-line editor. */
const pastedBreak = '⏎';

export const unpaste = (line: string): string => line.replaceAll(pastedBreak, '\n');

/**
 * Stands between the terminal and the line editor. While something runs, keys wait for the next prompt and Ctrl-C is heard;
 * a paste arrives as one line, so that its line breaks do not send it in pieces.
 */
export class Keyboard {
  /** What the line editor reads. */
  readonly keys: PassThrough & { setRawMode(on: boolean): unknown };
  readonly #input: Input;
  readonly #decoder = new StringDecoder('utf8');
  /** Says whether somebody heard it; if not, it is for the next prompt. */
  readonly #onInterrupt: () => boolean;
  #editing = false;
  #started = false;
  #ended = false;
  #held = '';
  #pasting = false;
  /** The beginning of a paste mark whose rest has not arrived. */
  #partial = '';

  constructor(input: Input, onInterrupt: () => boolean) {
    this.#input = input;
    this.#onInterrupt = onInterrupt;
    this.keys = Object.assign(new PassThrough(), { setRawMode: (on: boolean) => input.setRawMode?.(on) });
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#input.setRawMode?.(true);
    this.#input.on('data', this.#onData);
    this.#input.on('end', this.#onEnd);
    this.#input.resume();
  }

  stop(): void {
    if (!this.#started) return;
    this.#started = false;
    this.#input.off('data', this.#onData);
    this.#input.off('end', this.#onEnd);
    this.#input.setRawMode?.(false);
    this.#input.pause();
  }

  /** Lets keys through to the editor, beginning with what was typed ahead unless only fresh keys count. */
  edit({ fresh }: { fresh: boolean }): void {
    this.#editing = true;
    if (!fresh) this.#feed();
  }

  /** Holds keys back. */
  watch(): void {
    this.#editing = false;
  }

  /** Somebody has left already, by Ctrl-D or by hanging up. */
  get leaving(): boolean {
    return this.#ended || this.#held.includes(endOfInput);
  }

  #onData = (chunk: Buffer | string): void => {
    const text = this.#joinPaste(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
    if (this.#editing) {
      // typed ahead earlier and kept for a later prompt: what comes now is for this one
      const kept = this.#held;
      this.#held = text;
      this.#feed();
      this.#held = kept + this.#held;
      return;
    }
    const at = text.lastIndexOf(interrupt);
    if (at < 0) this.#held += text;
    else this.#held = text.slice(this.#onInterrupt() ? at + 1 : at);
  };

  #onEnd = (): void => {
    this.#ended = true;
    this.keys.end();
  };

  /** Hands over one line at a time: what follows it may be for another prompt, or for none. */
  #feed(): void {
    if (!this.#editing || !this.#held) return;
    const end = /\r\n|[\r\n\u0003\u0004]/.exec(this.#held);
    const until = end ? end.index + end[0].length : this.#held.length;
    const keys = this.#held.slice(0, until);
    this.#held = this.#held.slice(until);
    this.keys.write(keys);
    if (this.#held) setImmediate(() => this.#feed());
  }

  #joinPaste(text: string): string {
    let rest = this.#partial + text;
    this.#partial = '';
    let out = '';
    for (;;) {
      const mark = this.#pasting ? pasteEnd : pasteStart;
      const at = rest.indexOf(mark);
      const piece = at < 0 ? rest.slice(0, rest.length - partialMark(rest, mark)) : rest.slice(0, at);
      out += this.#pasting ? piece.replace(/\r\n?|\n/g, pastedBreak).replace(/[\u0000-\u001f\u007f]/g, ' ') : piece;
      if (at < 0) {
        this.#partial = rest.slice(piece.length);
        return out;
      }
      this.#pasting = !this.#pasting;
      rest = rest.slice(at + mark.length);
    }
  }
}

/** How much of the text's end may be the beginning of the mark. A lone escape is a key by itself. */
function partialMark(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length >= 2; length--)
    if (text.endsWith(mark.slice(0, length))) return length;
  return 0;
}
