import { AsyncLocalStorage } from 'node:async_hooks';
import { guarded, withBody } from './guarded-fetch.ts';
import type { ProviderFailure } from './provider.ts';
import { type EventReader, readEvents } from './sse.ts';

/**
 * For an SDK that takes no fetch of ours, keeps headers to itself, and reads streams into memory without a limit, stumbling over comments and
 * line separators: what it fetches inside of `run` is fetched our way, and it is given the events of the answer one by one, in plain form.
 */
export class StandInFetch {
  readonly #label: string;
  /** Of the last answer. */
  headers: Headers | undefined;
  #events?: EventReader;
  #failure?: unknown;

  constructor(label: string) {
    this.#label = label;
  }

  run<T>(ask: () => Promise<T>): Promise<T> {
    standIn();
    return asking.run(this, ask);
  }

  /** What went wrong with the stream, which the SDK tells of in words of its own. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Why a stream stopped that did not break and has no end. */
  unfinished(): ProviderFailure | undefined {
    return this.#events?.unfinished();
  }

  async answer(by: typeof fetch, ...asked: Parameters<typeof fetch>): Promise<Response> {
    const response = await guarded(by, ...asked);
    this.headers = response.headers;
    return response.ok ? withBody(response, ReadableStream.from(this.#plain(response.body))) : response;
  }

  async *#plain(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    this.#events = readEvents(this.#label, body);
    try {
      for await (const value of this.#events) yield encoder.encode(`data: ${onOneLine(value)}\n\n`);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}

/** These two are line breaks to a regular expression, and none in JSON. */
const onOneLine = (value: object): string =>
  JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const asking = new AsyncLocalStorage<StandInFetch>();
let installed = false;

/** Once: whoever wraps it later is left in place. Everybody else's requests pass through as they are. */
function standIn(): void {
  if (installed) return;
  installed = true;
  const by = globalThis.fetch;
  globalThis.fetch = (...asked) => {
    const own = asking.getStore();
    return own ? own.answer(by, ...asked) : by(...asked);
  };
}
