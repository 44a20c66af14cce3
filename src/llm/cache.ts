import { createHash } from 'node:crypto';
import { canonical } from '../core/change.ts';
import type { Delta, Llm, LlmRequest } from '../core/llm.ts';
import { noUsage } from '../core/llm.ts';
import type { ResponseCache } from '../core/response-cache.ts';
import type { Log } from '../log.ts';

const keptMs = 24 * 3_600_000;
/** An answer of more than this is not worth keeping. */
const longest = 256 * 1024;

type Finish = Extract<Delta, { type: 'finish' }>;
type Kept = { said: Exclude<Delta, Finish | { type: 'opaque' }>[]; finish: Finish };

export interface CacheHit {
  request: LlmRequest;
  provider: string;
  model: string;
  /** What asking again would have cost; null when that is not known. */
  savedUsd: string | null;
  latencyMs: number;
}

/**
 * Gives again what was answered before, for requests that say that they may be answered so. The key holds the tenant and the user, because a
 * prompt holds what that user may see. The same question asked by many at once is asked once; the others wait for its answer.
 */
export function cached(llm: Llm, store: ResponseCache, onHit: (hit: CacheHit) => void, log: Log): Llm {
  const flights = new Map<string, Promise<Kept | undefined>>();
  return {
    async *stream(request) {
      if (!mayBeCached(request)) return yield* llm.stream(request);
      const started = performance.now();
      const { tenantId } = request.purpose;
      const key = keyOf(request);
      for (;;) {
        request.signal?.throwIfAborted();
        const known = (await flights.get(key)) ?? (await read(store, tenantId, key, log));
        if (known) {
          const { provider, model, costUsd: savedUsd } = known.finish;
          onHit({ request, provider, model, savedUsd, latencyMs: performance.now() - started });
          yield* known.said;
          yield { ...known.finish, usage: { ...noUsage }, costUsd: '0.000000000000', cached: true };
          return;
        }
        // while we looked somebody else may have begun to ask
        if (!flights.has(key)) break;
      }
      let land: (kept: Kept | undefined) => void = () => undefined;
      flights.set(key, new Promise((resolve) => void (land = resolve)));
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
        flights.delete(key);
        land(kept);
      }
    },
  };
}

/** Only where the caller says so, and where nothing could be set off by an answer: a form to fill in is no action. */
const mayBeCached = ({ cacheable, tools, mustCall, messages }: LlmRequest): boolean =>
  cacheable === true &&
  (tools.length === 0 || (tools.length === 1 && tools[0]!.name === mustCall)) &&
  messages.every(({ role }) => role !== 'tool');

function keyOf({ messages, tools, mustCall, maxTokens, tier, route, purpose }: LlmRequest): string {
  const { userId, agent, mode } = purpose;
  return createHash('sha256')
    .update(canonical({ messages, tools, mustCall, maxTokens, tier, route, userId, agent, mode }))
    .digest('base64url');
}

async function read(store: ResponseCache, tenantId: string, key: string, log: Log): Promise<Kept | undefined> {
  try {
    return (await store.get(tenantId, key)) as Kept | undefined;
  } catch (error) {
    log.warn({ err: error }, 'kept answers cannot be read; the model is asked');
    return undefined;
  }
}
