import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '../errors.ts';

/** Proxies and phones drop a connection on which nothing moves. */
const keepAliveMs = 15_000;

export const wantsEvents = (request: FastifyRequest): boolean => /text\/event-stream/i.test(request.headers.accept ?? '');

/** One event as the wire has it; the type is its name, the rest its data. */
export function sseEvent(id: string, { type, ...data }: { type: string }): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Sends events as they come, and a comment now and then while none does; `gone` cuts it off where the events themselves know nothing of it. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<string>, gone?: AbortSignal): FastifyReply {
  return reply
    .code(200)
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache, no-transform')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(keptAlive(events, gone), { objectMode: false }));
}

/** How long a stream may outlive the login that opened it. */
const askAgainMs = 2000;

/**
 * Aborts when the other side hangs up, when the server closes (where `closing` is given: what need not be finished first), or when `asks`, which
 * looks up anew who is there, refuses them by now: a key was revoked, somebody was shut out. The listener on `closing` goes with the connection:
 * Node 20 keeps what AbortSignal.any makes as long as its source lives, and this one lives as long as the server.
 */
export function hungUp(reply: FastifyReply, closing: AbortSignal | undefined, asks: () => Promise<unknown>): AbortSignal {
  const gone = new AbortController();
  const again = setInterval(() => {
    asks().catch((error) => {
      // a database that does not answer says nothing about anybody
      if (error instanceof AppError && refusals.includes(error.code)) end();
    });
  }, askAgainMs);
  const end = () => {
    clearInterval(again);
    gone.abort();
  };
  if (closing?.aborted) end();
  // as many streams as there are
  if (closing) setMaxListeners(0, closing);
  closing?.addEventListener('abort', end, { once: true });
  reply.raw.once('close', () => {
    closing?.removeEventListener('abort', end);
    end();
  });
  return gone.signal;
}

const refusals: readonly ErrorCode[] = ['unauthorized', 'forbidden', 'not_found'];

const over = Symbol('over');

async function* keptAlive(events: AsyncIterable<string>, gone?: AbortSignal): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  const cut = new Promise<typeof over>((resolve) => gone?.addEventListener('abort', () => resolve(over), { once: true }));
  // the first bytes carry the headers: the client knows at once that it is connected
  yield ': connected\n\n';
  let next = source.next();
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const quiet = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), keepAliveMs);
      });
      const result = await Promise.race([next, quiet, cut]).finally(() => clearTimeout(timer));
      if (result === over || gone?.aborted) return;
      if (result === undefined) yield ': still here\n\n';
      else if (result.done) return;
      else {
        yield result.value;
        next = source.next();
      }
    }
  } finally {
    // nobody waits for a source that is still busy; it ends by itself
    void next.catch(() => undefined);
    void source.return?.(undefined)?.catch(() => undefined);
  }
}
