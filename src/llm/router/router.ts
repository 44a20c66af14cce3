import { setTimeout as sleep } from 'node:timers/promises';
import type { Budgets } from '../../core/budget.ts';
import type { Delta, Llm, LlmRequest, Usage } from '../../core/llm.ts';
import type { Priced } from '../../core/price.ts';
import type { Log } from '../../log.ts';
import type { Note } from '../span.ts';
import { Breaker } from './breaker.ts';
import { Call } from './call.ts';
import { type Learn, ledBy } from './learn.ts';
import type { Policy, Strategy } from './policy.ts';
import { Round } from './round.ts';
import { type Classify, type Connected, routeOf } from './route.ts';

export interface RouterParts {
  connected: ReadonlyMap<string, Connected>;
  /** Stands behind every chain. */
  offline: Llm;
  policy: Policy;
  classify: Classify;
  priceOf(call: { provider: string; model: string; usage: Usage; at: Date; tenantId: string }): Priced;
  /** For a call whose price is not known: what limits count it with. */
  guessOf(call: { usage: Usage; at: Date; tenantId: string }): string | null;
  record: Note;
  budgets?: Budgets;
  /** Who of a tier's own is asked first; absent: in the order of the policy. */
  learn?: Learn;
  log: Log;
  now?: () => Date;
  random?: () => number;
}

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
  const planned = routeOf(request, parts.policy, parts.connected, parts.classify);
  const route = ledBy(planned, parts.learn?.(planned, request.purpose));
  if (parts.log.isLevelEnabled('debug')) parts.log.debug({ tier: route.tier, because: route.because }, 'a request was routed');
  const call = new Call(request, route, parts);
  const patience = parts.policy.tiers[route.tier];
  const strategy = parts.policy.strategies[patience.strategy];
  for (let tries = 0; ; tries++) {
    const round = new Round({ request, call, breakers, patience, signal });
    if (yield* round.run()) return;
    if (round.waitMs > strategy.longestPauseSeconds * 1000 || tries >= strategy.retries) break;
    const pauseMs = Math.max(round.waitMs + clockSlack, pause(strategy, tries, parts.random ?? Math.random));
    await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
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
