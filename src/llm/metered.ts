import { recordedPurpose } from '../core/cost.ts';
import { type Delta, type Llm, noUsage } from '../core/llm.ts';
import { AppError } from '../errors.ts';
import { priceOf } from './costs/prices.ts';
import type { Note } from './span.ts';

type Finish = Extract<Delta, { type: 'finish' }>;

/** Every model call leaves a row of what it cost, also the failed and the stopped ones. */
export function metered(llm: Llm, note: Note): Llm {
  return {
    async *stream(request) {
      const at = new Date();
      const started = performance.now();
      let ttftMs: number | undefined;
      let finish: Finish | undefined;
      let thrown: unknown;
      try {
        for await (const delta of llm.stream(request)) {
          ttftMs ??= performance.now() - started;
          if (delta.type === 'finish') finish = delta;
          yield delta;
        }
        if (!finish) throw new AppError('unavailable', 'The model broke off in the middle of its answer. Try again.');
      } catch (error) {
        thrown = error;
        throw error;
      } finally {
        note(
          {
            ...recordedPurpose(request.purpose),
            callId: finish?.callId ?? crypto.randomUUID(),
            at,
            provider: finish?.provider ?? 'unknown',
            model: finish?.model ?? 'unknown',
            usage: finish?.usage ?? { ...noUsage, source: 'partial' },
            price: priceOfFinish(finish, at),
            status: finish ? 'ok' : thrown === undefined || request.signal?.aborted ? 'aborted' : 'failed',
            latencyMs: performance.now() - started,
            ttftMs,
            degraded: finish?.degraded ?? false,
          },
          request,
          finish?.reason,
        );
      }
    },
  };
}

/** What the door said it costs; of which price row that is, or why there is none, is looked up again. */
function priceOfFinish(finish: Finish | undefined, at: Date) {
  // what a broken call used is not known: unpriced, never zero
  if (!finish) return { status: 'unpriced', because: 'usage not known' } as const;
  const { provider, model, usage, costUsd } = finish;
  const priced = priceOf({ provider, model, usage, at });
  if (costUsd === null)
    return priced.status === 'unpriced' ? priced : ({ status: 'unpriced', because: 'unknown model' } as const);
  return { status: 'priced', costUsd, row: priced.status === 'priced' ? priced.row : 'given' } as const;
}
