import { type Credentials, headersOf, Refused, refusedOf } from './api.ts';

/** One event of the stream. */
export interface StreamEvent {
  event: string;
  data: unknown;
}

export interface StreamListener {
  event(event: StreamEvent): void;
  /** `live` after the connection stands, `lost` while it is sought again. */
  connection(state: 'live' | 'lost'): void;
  /** The server does not know us (any more). */
  refused(error: Refused): void;
}

const firstWaitMs = 500;
const longestWaitMs = 8000;
/** The server says something every fifteen seconds; a connection that says nothing for longer is dead. */
const silenceMs = 40_000;

/**
 * Reads the events of a conversation for as long as nobody stops it; after a break it goes on behind the last event. Unlike EventSource it
 * can send headers, which say who we are.
 */
export function follow(who: Credentials, listener: StreamListener): () => void {
  const stopped = new AbortController();
  let lastId: string | undefined;
  let waitMs = firstWaitMs;
  let wake: (() => void) | undefined;

  const read = async (): Promise<void> => {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), silenceMs);
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
    };
    try {
      await readUntil(silent.signal, heard);
    } finally {
      clearTimeout(timer);
    }
  };

  const readUntil = async (silent: AbortSignal, heard: () => void): Promise<void> => {
    const response = await fetch('/playground/events', {
      headers: { ...headersOf(who), accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) },
      signal: AbortSignal.any([stopped.signal, silent]),
      cache: 'no-store',
    });
    if (!response.ok || !response.body) throw refusedOf(response.status, await response.json().catch(() => undefined));
    listener.connection('live');
    waitMs = firstWaitMs;
    for await (const { id, ...event } of parse(response.body, heard)) {
      if (id !== undefined) lastId = id;
      listener.event(event);
    }
  };

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await read();
      } catch (error) {
        if (stopped.signal.aborted) return;
        if (error instanceof Refused && [401, 403, 404].includes(error.status)) return listener.refused(error);
      }
      if (stopped.signal.aborted) return;
      listener.connection('lost');
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, waitMs);
      });
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  };

  const hurry = (): void => wake?.();
  window.addEventListener('online', hurry);
  void run();
  return () => {
    window.removeEventListener('online', hurry);
    stopped.abort();
  };
}

/** Events out of the bytes of an event stream. */
async function* parse(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<StreamEvent & { id?: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    rest += value.replaceAll('\r\n', '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const event = eventOf(rest.slice(0, end));
      rest = rest.slice(end + 2);
      if (event) yield event;
    }
  }
}

function eventOf(text: string): (StreamEvent & { id?: string }) | undefined {
  const found: { event: string; id?: string; data: string[] } = { event: 'message', data: [] };
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    const [field, value] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
    if (field === 'event') found.event = value;
    else if (field === 'id') found.id = value;
    else if (field === 'data') found.data.push(value);
  }
  if (!found.data.length) return undefined;
  try {
    return { event: found.event, data: JSON.parse(found.data.join('\n')), ...(found.id !== undefined && { id: found.id }) };
  } catch {
    return undefined;
  }
}
