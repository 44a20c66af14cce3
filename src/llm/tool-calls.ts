import type { LlmToolCall } from '../core/llm.ts';
import { malformed } from './failure.ts';

/** An id for a call whose server gave it none. */
export const newCallId = (): string => `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** The input of a call from the JSON that a model wrote; nothing at all is an empty input. */
export function inputOf(label: string, name: string, json: string): Record<string, unknown> {
  try {
    const input: unknown = json.trim() === '' ? {} : JSON.parse(json);
    if (input !== null && typeof input === 'object' && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch {
    // told below, like an input that is no object
  }
  throw malformed(label, `the call of ${name} has no readable input`);
}

interface Piece {
  index?: unknown;
  id?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
}

/** Calls that arrive in pieces, several at once. */
export class CallPieces {
  readonly #calls: { index: unknown; id: string; name: string; json: string }[] = [];
  readonly #label: string;

  constructor(label: string) {
    this.#label = label;
  }

  get size(): number {
    return this.#calls.length;
  }

  add(piece: Piece): void {
    const { index = 0, id, function: said } = piece;
    const name = typeof said?.name === 'string' ? said.name : '';
    let call = this.#calls.findLast((known) => known.index === index);
    // some servers number all calls of an answer the same, and only the id tells them apart
    if (!call || (typeof id === 'string' && id !== '' && call.id !== '' && id !== call.id && name !== '')) {
      call = { index, id: '', name: '', json: '' };
      this.#calls.push(call);
    }
    if (typeof id === 'string' && id !== '') call.id = id;
    // some repeat the name with every piece
    if (name !== '') call.name = name;
    if (typeof said?.arguments === 'string') call.json += said.arguments;
    else if (said?.arguments !== null && typeof said?.arguments === 'object') call.json += JSON.stringify(said.arguments);
  }

  whole(): LlmToolCall[] {
    return this.#calls.map(({ id, name, json }) => {
      if (name === '') throw malformed(this.#label, 'a call without a name');
      return {
        id: id || newCallId(),
        name,
        input: inputOf(this.#label, name, json),
      };
    });
  }
}
