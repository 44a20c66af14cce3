import type { LlmToolCall } from '../core/llm.ts';
import { malformed } from './failure.ts';

/** An id for a call whose server gave it none. */
export const newCallId = (): string => `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** The input of a call from the JSON that a model wrote; nothing at all is an empty input. */
export function inputOf(label: string, name: string, json: string): Record<string, unknown> {
  const input = json.trim() === '' || json.trim() === 'null' ? {} : objectIn(json);
  if (!input) throw malformed(label, `the call of ${name} has no readable input`);
  return input;
}

function objectIn(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    // some models write the JSON of the JSON
    if (typeof value === 'string') return objectIn(value);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // not whole, or none: nothing in it
  }
  return undefined;
}

/** Arguments come as text, and from some servers as the object itself. */
const jsonOf = (told: unknown): string =>
  typeof told === 'string' ? told : told !== null && typeof told === 'object' ? JSON.stringify(told) : '';

interface Piece {
  index?: unknown;
  id?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
}

interface Call {
  index: unknown;
  id: string;
  name: string;
  json: string;
}

/** Some servers number all calls of an answer the same: then another id begins another one, and more input after the whole of it does. */
const beginsAnother = (call: Call, id: string, json: string): boolean =>
  (id !== '' && call.id !== '' && id !== call.id) ||
  (json !== '' && /["}]\s*$/.test(call.json) && objectIn(call.json) !== undefined);

/** Calls that arrive in pieces, several at once. */
export class CallPieces {
  readonly #calls: Call[] = [];
  readonly #label: string;

  constructor(label: string) {
    this.#label = label;
  }

  get size(): number {
    return this.#calls.length;
  }

  add(piece: Piece): void {
    const { index = 0, function: said } = piece;
    const id = typeof piece.id === 'string' ? piece.id : '';
    const name = typeof said?.name === 'string' ? said.name : '';
    const json = jsonOf(said?.arguments);
    let call = this.#calls.findLast((known) => known.index === index);
    if (!call || (name !== '' && beginsAnother(call, id, json))) {
      call = { index, id: '', name: '', json: '' };
      this.#calls.push(call);
    }
    if (id !== '') call.id = id;
    // some repeat the name with every piece
    if (name !== '') call.name = name;
    call.json += json;
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
