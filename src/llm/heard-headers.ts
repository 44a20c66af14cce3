import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

/** The headers of the last answer that Node's fetch received inside of `run`. */
export class HeardHeaders {
  headers: Headers | undefined;

  /** For an SDK that keeps them to itself. */
  run<T>(ask: () => Promise<T>): Promise<T> {
    listen();
    return listening.run(this, ask);
  }
}

const listening = new AsyncLocalStorage<HeardHeaders>();
const askedBy = new WeakMap<object, HeardHeaders>();
let subscribed = false;

/** Node tells of every request of its fetch where it is made, and of the answer to it elsewhere. */
function listen(): void {
  if (subscribed) return;
  subscribed = true;
  subscribe('undici:request:create', (message) => {
    const heard = listening.getStore();
    if (heard) askedBy.set((message as { request: object }).request, heard);
  });
  subscribe('undici:request:headers', (message) => {
    const { request, response } = message as { request: object; response: { headers: Uint8Array[] } };
    const heard = askedBy.get(request);
    if (heard) heard.headers = headersOf(response.headers);
  });
}

/** Names and values by turns, as they came over the wire. */
function headersOf(raw: readonly Uint8Array[]): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(text(raw[i]!), text(raw[i + 1]!));
  return headers;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
