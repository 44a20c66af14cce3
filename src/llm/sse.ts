import { malformed, toldFailure, truncated } from './failure.ts';
import type { ProviderFailure } from './provider.ts';

export interface EventReader extends AsyncIterable<Record<string, unknown>> {
  /** Why an answer that did not end well stopped, as far as the bytes tell. */
  unfinished(): ProviderFailure;
}

/** Longer than any event of a model; a server that sends this much without a line break sends something else. */
const longestLine = 4 * 1024 * 1024;
/** More than any answer of a model, with all that its server writes around the words. */
const longestAnswer = 32 * 1024 * 1024;
const longestStray = 16 * 1024;

/**
 * The JSON events of a server-sent stream. The SDKs' own readers pass over what is no event, so that an HTML page, or a plain
 * error object with status 200, becomes an answer without a word, and they print what they cannot parse. This one keeps it:
 * such bytes say what went wrong.
 */
export function readEvents(label: string, body: ReadableStream<Uint8Array> | null): EventReader {
  let stray = '';
  return {
    async *[Symbol.asyncIterator]() {
      let event: string | undefined;
      let data: string[] = [];
      let over = false;
      for await (const line of linesOf(label, body)) {
        if (line === '') {
          const text = data.join('\n');
          const name = event;
          event = undefined;
          data = [];
          if (text === '[DONE]') over = true;
          // what follows the end is read, so that the connection can be used again, and passed over
          else if (text !== '' && !over) yield eventOf(label, name, text);
        } else if (!line.startsWith(':')) {
          const [, field, value] = /^(event|data|id|retry)(?:: ?(.*))?$/s.exec(line) ?? [];
          if (field === 'data') data.push(value ?? '');
          else if (field === 'event') event = value;
          else if (field === undefined && stray.length < longestStray) stray += `${line}\n`;
        }
      }
      // the last event may lack its empty line; half of one is none
      const last = data.join('\n');
      if (!over && isWhole(last)) yield eventOf(label, event, last);
    },
    unfinished() {
      if (stray.trim() === '') return truncated(label);
      const told = errorIn(stray);
      return told === undefined ? malformed(label, stray) : toldFailure(label, { error: told });
    },
  };
}

/** The error object in a body or event, in the shapes that servers give it; undefined when it holds none. */
export function errorIn(value: unknown): unknown {
  if (typeof value === 'string') {
    try {
      return errorIn(JSON.parse(value));
    } catch {
      return undefined;
    }
  }
  if (value === null || typeof value !== 'object') return undefined;
  const { error, object, type, status_code } = value as Record<string, unknown>;
  if (error !== undefined && error !== null && error !== false)
    return typeof error === 'object' ? { status_code, ...error } : { message: String(error), status_code };
  return object === 'error' || type === 'error' ? value : undefined;
}

function isWhole(data: string): boolean {
  try {
    return typeof JSON.parse(data) === 'object';
  } catch {
    return false;
  }
}

/** What stands in an event, as an error where its name alone says that it is one. */
function eventOf(label: string, name: string | undefined, data: string): Record<string, unknown> {
  if (name !== 'error') return objectOf(label, data);
  const error: unknown = isWhole(data) ? JSON.parse(data) : data;
  return errorIn(error) === undefined ? { error } : (error as Record<string, unknown>);
}

function objectOf(label: string, data: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw malformed(label, data);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw malformed(label, data);
  return value as Record<string, unknown>;
}

async function* linesOf(label: string, body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (!body) return;
  const decoder = new TextDecoder();
  let rest = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > longestAnswer) throw malformed(label, 'an answer without an end');
    rest += decoder.decode(chunk, { stream: true });
    // a carriage return at the end may be half of a line break
    const end = rest.endsWith('\r') ? rest.length - 1 : rest.length;
    const lines = rest.slice(0, end).split(/\r\n|\n|\r/);
    rest = lines.pop()! + rest.slice(end);
    if (rest.length > longestLine) throw malformed(label, 'a line without an end');
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield* rest.split(/\r\n|\n|\r/);
}
