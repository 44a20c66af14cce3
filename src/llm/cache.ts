import { createHash } from 'node:crypto';
import { canonical } from '../core/change.ts';
import type { Delta, Llm, LlmRequest } from '../core/llm.ts';
import { noUsage } from '../core/llm.ts';
import type { ResponseCache } from '../core/response-cache.ts';
import type { Log } from '../log.ts';

const keptMs = 24 * 3_600_000;
/** An answer of more than this is not worth keeping. */
const longest = 256 * 1024;
/** Of what is kept: raised when its form changes. */
const form = 1;

type Finish = Extract<Delta, { type: 'finish' }>;
type Kept = { said: Exclude<Delta, Finish | { type: 'opaque' }>[]; finish: Finish };

export interface CacheHit {
  callId: string;
  request: LlmRequest;
  provider: string;
  model: string;
  /** What asking again would have cost; null when that is not known. */
  savedUsd: string | null;
  latencyMs: number;
}

export interface CacheParts {
  store: ResponseCache;
  /** Who answers: what others have answered is not given in their name. */
  models: readonly string[];
  onHit(hit: CacheHit): void;
  log: Log;
}

/**
 * Gives again what was answered before, for requests that say that they may be answered so. The key holds the tenant and the user, because a
 * prompt holds what that user may see. The same question asked by many at once is asked once; the others wait for its answer.
 */
export function cached(llm: Llm, { store, models, onHit, log }: CacheParts): Llm {
  const flights = new Map<string, Promise<Kept | undefined>>();
  return {
    async *stream(request) {
      if (!mayBeCached(request)) return yield* llm.stream(request);
      const started = performance.now();
      const { tenantId } = request.purpose;
      const key = keyOf(request, models);
      const flight = `${tenantId} ${key}`;
      for (;;) {
        request.signal?.throwIfAborted();
        const known = (await unlessAborted(flights.get(flight), request.signal)) ?? (await read(store, tenantId, key, log));
        if (known) {
          const { provider, model, costUsd: savedUsd } = known.finish;
          const callId = crypto.randomUUID();
          onHit({ callId, request, provider, model, savedUsd, latencyMs: performance.now() - started });
          yield* known.said;
          yield { ...known.finish, callId, usage: { ...noUsage }, costUsd: '0.000000000000', cached: true };
          return;
        }
        // while we looked somebody else may have begun to ask
        if (!flights.has(flight)) break;
      }
      let land: ((kept: Kept | undefined) => void) | undefined;
      const landed = new Promise<Kept | undefined>((resolve) => {
        land = resolve;
      });
      flights.set(flight, landed);
      let kept: Kept | undefined;
      try {
        const said: Kept['said'] = [];
        for await (const delta of llm.stream(request)) {
          if (delta.type === 'finish') {
            // what the rules said in place of a model, or half an answer, is no answer to keep
            if (!delta.degraded && delta.reason !== 'length') kept = { said, finish: delta };
          } else if (delta.type !== 'opaque') said.push(delta);
          yield delta;
        }
        if (kept && JSON.stringify(kept).length <= longest)
          await store.set(tenantId, key, kept, keptMs).catch((error) => log.warn({ err: error }, 'an answer was not kept'));
      } finally {
        flights.delete(flight);
        land?.(kept);
      }
    },
  };
}

/** Only where the caller says so, and where nothing could be set off by an answer: a form to fill in is no action. */
const mayBeCached = ({ cacheable, tools, mustCall, messages }: LlmRequest): boolean =>
  cacheable === true &&
  (tools.length === 0 || (tools.length === 1 && tools[0]!.name === mustCall)) &&
  messages.every(({ role }) => role !== 'tool');

function keyOf(request: LlmRequest, models: readonly string[]): string {
  const { messages, tools, mustCall, maxTokens, tier, route, purpose } = request;
  const { userId, agent, mode } = purpose;
  return createHash('sha256')
    .update(canonical({ form, models, messages, tools, mustCall, maxTokens, tier, route, userId, agent, mode }))
    .digest('base64url');
}

async function read(store: ResponseCache, tenantId: string, key: string, log: Log): Promise<Kept | undefined> {
  try {
    return (await store.get(tenantId, key))?.value as Kept | undefined;
  } catch (error) {
    log.warn({ err: error }, 'kept answers cannot be read; the model is asked');
    return undefined;
  }
}

/** Whoever goes away waits for nobody's answer. */
async function unlessAborted<T>(waited: Promise<T> | undefined, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (!waited || !signal) return waited;
  let leave: (() => void) | undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
  });
  return Promise.race([waited, left]).finally(() => {
    if (leave) signal.removeEventListener('abort', leave);
  });
}
