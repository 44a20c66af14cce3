import type { Sentence } from '../sentence.ts';

const taken = '\u0001';

/** A sentence out of which phrases are taken one by one: what one filter has read, the next cannot read again. */
export class Remainder {
  readonly sentence: Sentence;
  #rest: string;

  constructor(sentence: Sentence) {
    this.sentence = sentence;
    this.#rest = ` ${sentence.words} `;
  }

  /** What is left, with the taken phrases blanked out in place. */
  get text(): string {
    return this.#rest;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#rest);
    if (!found) return undefined;
    this.#blank(found.index, found[0].length);
    return found;
  }

  takeToken(index: number): void {
    this.#blank(this.offsetOf(index), this.sentence.tokens[index]?.word.length ?? 0);
  }

  isTaken(index: number): boolean {
    const at = this.offsetOf(index);
    return this.#rest.slice(at, at + (this.sentence.tokens[index]?.word.length ?? 0)).includes(taken);
  }

  offsetOf(index: number): number {
    return 1 + this.sentence.tokens.slice(0, index).reduce((sum, token) => sum + token.word.length + 1, 0);
  }

  /** The user's own spelling of a slot that was found in the corrected words. */
  raw(found: RegExpExecArray, slot: string): string {
    const from = found.index + found[0].indexOf(slot, found[0].startsWith(slot) ? 0 : 1);
    let at = 1;
    const parts: string[] = [];
    for (const token of this.sentence.tokens) {
      if (at >= from && at < from + slot.length) parts.push(this.sentence.source.slice(token.start, token.end));
      at += token.word.length + 1;
    }
    return parts.join(' ') || slot;
  }

  #blank(from: number, length: number): void {
    this.#rest =
      this.#rest.slice(0, from) + this.#rest.slice(from, from + length).replace(/\S/g, taken) + this.#rest.slice(from + length);
  }
}

export const titled = (text: string): string => text.replace(/(?:^|[\s-])(?!of\b|and\b)[a-z]/g, (letter) => letter.toUpperCase());
