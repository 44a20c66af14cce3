import { createHash, type Hash } from 'node:crypto';

/** A block that a model thought, where in its answer it stood, and the conversation it is bound to. */
export interface ThoughtBlock<Block> {
  block: Block;
  /** So many characters of text and so many calls came before it. */
  text: number;
  calls: number;
  prefix: string;
}

/**
 * The fingerprint of a conversation so far. Claude's thinking is signed over all that came before it, and sending it back after
 * a change there is an error, while leaving it out is none: it goes back only when the fingerprint is still the same.
 */
export class Prefix {
  readonly #hash: Hash;

  constructor(...beginning: unknown[]) {
    this.#hash = createHash('sha256').update(JSON.stringify(beginning));
  }

  add(message: unknown): void {
    this.#hash.update(JSON.stringify(message));
  }

  toString(): string {
    return this.#hash.copy().digest('base64url');
  }
}
