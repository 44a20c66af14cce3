import { setTimeout as sleep } from 'node:timers/promises';
import type { Budgets } from '../../core/budget.ts';
import type { CallRecord } from '../../core/cost.ts';
import type { Delta, Llm, LlmRequest, Usage } from '../../core/llm.ts';
import type { Priced } from '../../core/price.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { ProviderFailure } from '../provider.ts';
import { Attempt } from './attempt.ts';
import { Breaker } from './breaker.ts';
import { Call } from './call.ts';
import type { Policy, Strategy } from './policy.ts';
import { type Candidate, type Classify, type Connected, routeOf } from './route.ts';

export interface RouterParts {
  connected: ReadonlyMap<string, Connected>;
  /** Stands behind every chain. */
  offline: Llm;
  policy: Policy;
  classify: Classify;
  priceOf(call: { provider: string; model: string; usage: Usage; at: Date; tenantId: string }): Priced;
  record(call: CallRecord): void;
  budgets?: Budgets;
  log: Log;
  now?: () => Date;
  random?: () => number;
}

/** Failures that may pass, or that another provider may not have. */
const passes = ({ kind }: ProviderFailure): boolean =>
  ['rate_limit', 'server', 'transport', 'truncated', 'malformed', 'timeout'].includes(kind);

/**
 * One model door over all providers. Before the first word the next in the chain takes over; after it nobody else's words are put behind them:
 * the turn fails. Every attempt is recorded, with what it used and what that cost.
 */
export function createRouter(parts: RouterParts): Llm & { states(): Record<string, Breaker['state']> } {
  const { connected, policy } = parts;
  const breakers = new Map(
    [...connected.keys()].map((id) => [id, new Breaker(policy.breakers[id] ?? { failures: 5, recoverySeconds: 60 })]),
  );
  return {
    stream: (request) => answer(request, parts, breakers),
    states: () => Object.fromEntries([...breakers].map(([id, breaker]) => [id, breaker.state])),
  };
}

async function* answer(request: LlmRequest, parts: RouterParts, breakers: ReadonlyMap<string, Breaker>): AsyncGenerator<Delta> {
  const signal = request.signal ?? new AbortController().signal;
  const route = routeOf(request, parts.policy, parts.connected, parts.classify);
  const call = new Call(request, route, parts);
  const patience = parts.policy.tiers[route.tier];
  const strategy = parts.policy.strategies[patience.strategy];
  for (let round = 0; ; round++) {
    // how long the soonest of those who failed in passing asked us to wait
    let waitMs = Number.POSITIVE_INFINITY;
    for (const candidate of call.inTurn()) {
      signal.throwIfAborted();
      if (call.lockedOut(candidate)) continue;
      const breaker = breakers.get(candidate.id)!;
      const verdict = await breaker.admit();
      if (!verdict) {
        call.passedOver(candidate);
        continue;
      }
      const attempt = new Attempt(candidate);
      try {
        if (!(await call.begins(attempt))) continue;
        for await (const delta of attempt.run(request, patience, signal))
          yield delta.type === 'opaque' ? { type: 'opaque', provider: candidate.id, part: delta.part } : delta;
        verdict.succeed();
        yield await call.answered(attempt);
        return;
      } catch (error) {
        if (!(error instanceof ProviderFailure)) throw error;
        verdict.fail(error);
        await call.failed(attempt, error);
        if (attempt.spoke) throw brokenOff(candidate, error);
        if (error.retryAfterMs) breaker.rest(error.retryAfterMs);
        if (passes(error)) waitMs = Math.min(waitMs, error.retryAfterMs ?? 0);
      } finally {
        // whoever stops listening in the middle leaves a call that has to be written down, and maybe a probe that has to end
        verdict.abstain();
        await call.leftOff(attempt);
      }
    }
    if (waitMs > strategy.longestPauseSeconds * 1000 || round >= strategy.retries) break;
    await sleep(Math.max(waitMs + clockSlack, pause(strategy, round, parts.random ?? Math.random)), undefined, { signal });
  }
  yield* call.offline();
}

/** A timer may ring a moment before its time: whoever was to rest would still be resting. */
const clockSlack = 10;

/** Half of the doubled pause for certain, half by chance, so that many who failed together do not come back together. */
function pause({ firstPauseSeconds, longestPauseSeconds }: Strategy, round: number, random: () => number): number {
  const whole = Math.min(firstPauseSeconds * 2 ** round, longestPauseSeconds) * 1000;
  return whole / 2 + (whole / 2) * random();
}

const brokenOff = ({ label }: Candidate, cause: ProviderFailure) =>
  new AppError('unavailable', `${label} broke off in the middle of its answer. Ask again.`, { cause });
