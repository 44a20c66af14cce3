import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Budgets } from '../core/budget.ts';
import { type CallRecord, type CallTracker, recordedPurpose } from '../core/cost.ts';
import { type Estimate, type Llm, noUsage } from '../core/llm.ts';
import { compareUsd } from '../core/money.ts';
import type { PriceTable } from '../core/price-table.ts';
import type { ResponseCache } from '../core/response-cache.ts';
import type { Tracing } from '../core/tracing.ts';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type CacheHit, cached } from './cache.ts';
import { estimateOf, guessOf, isPriced, priceOf } from './costs/prices.ts';
import { metered } from './metered.ts';
import { createOffline } from './offline/provider.ts';
import { classify } from './router/classify.ts';
import { learnFrom, type Standings } from './router/learn.ts';
import { type Policy, parsePolicy } from './router/policy.ts';
import { type Connected, routeOf } from './router/route.ts';
import { createRouter } from './router/router.ts';
import { attemptSpan, type Note } from './span.ts';

export interface LlmParts {
  /** The providers that are switched on, by id. */
  connected: ReadonlyMap<string, Connected>;
  tracker: Pick<CallTracker, 'record'>;
  tracing?: Tracing | undefined;
  log: Log;
  /** Absent: the one that comes with us. */
  policy?: Policy | undefined;
  now?: (() => Date) | undefined;
  /** Prices of a workspace's own. */
  overridesOf?: ((tenantId: string) => PriceTable | undefined) | undefined;
  budgets?: Budgets | undefined;
  /** How models stand by the votes on their answers; absent: nothing is learned from them. */
  standingsOf?: ((tenantId: string) => Standings | undefined) | undefined;
  /** Where answers are kept that may be given again; absent: every question is asked. */
  responses?: ResponseCache | undefined;
  /** A model door to use in place of all these. */
  given?: GivenLlm | undefined;
}

export interface GivenLlm extends Llm {
  /** Absent: its calls are expected to be free. */
  estimate?: Estimate;
}

export interface ModelDoor {
  llm: Llm;
  /** Who answers, in words. */
  name: string;
  /** Whether a model is behind the door: the offline rules follow requests, but answer no question of their own. */
  reasons: boolean;
  estimate: Estimate;
}

/** Throws `misconfigured` when the file cannot be read, or says what cannot be followed. */
export function policyFrom(file: string | URL = new URL('./router/policy.yaml', import.meta.url)): Policy {
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AppError(
      'misconfigured',
      `The policy of the model router cannot be read: ${messageOf(error)}. Check ROUTER_POLICY.`,
    );
  }
  return parsePolicy(raw);
}

/** The model door: the router over all providers that are switched on, with the offline rules behind them. Every call is priced and written down. */
export function createLlm({
  connected,
  tracker,
  tracing,
  log,
  policy = policyFrom(),
  now = () => new Date(),
  overridesOf,
  budgets,
  standingsOf,
  responses,
  given,
}: LlmParts): ModelDoor {
  const note: Note = (call, request, finish) => {
    tracker.record(call);
    tracing?.record(attemptSpan(call, request, finish));
  };
  if (given)
    return {
      llm: metered(given, note),
      name: 'a model of its own',
      reasons: true,
      estimate: given.estimate ?? (() => '0.000000000000'),
    };
  const own = (tenantId: string) => {
    const overrides = overridesOf?.(tenantId);
    return overrides ? { overrides } : {};
  };
  const router = createRouter({
    connected,
    offline: createOffline(),
    policy,
    classify,
    priceOf: ({ tenantId, ...call }) => priceOf({ ...call, ...own(tenantId) }),
    guessOf: ({ tenantId, ...call }) => guessOf({ ...call, ...own(tenantId) }),
    record: note,
    ...(budgets && { budgets }),
    ...(standingsOf && { learn: learnFrom(standingsOf) }),
    log,
    now,
  });
  const models = [...connected.values()].map(({ id, models: { fast, cheap, smart } }) => `${id} ${fast} ${cheap} ${smart}`);
  const onHit = (hit: CacheHit) => note(recordOf(hit, now()), hit.request);
  const llm = responses && connected.size > 0 ? cached(router, { store: responses, models, onHit, log }) : router;
  return {
    llm,
    name: nameOf(connected),
    reasons: connected.size > 0,
    estimate: estimator(connected, policy, (call) => estimateOf({ ...call, at: now(), ...own(call.tenantId) })),
  };
}

/** An answer from the cache as a call that cost nothing, and what it saved. */
const recordOf = ({ callId, request, provider, model, savedUsd, latencyMs }: CacheHit, at: Date): CallRecord => ({
  ...recordedPurpose(request.purpose),
  ...{ callId, at, provider, model, latencyMs },
  usage: { ...noUsage },
  price: { status: 'priced', costUsd: '0.000000000000', row: 'response cache' },
  status: 'ok',
  degraded: false,
  cacheHit: true,
  ...(savedUsd !== null && { savedUsd }),
});

/** The dearest of those who may be asked: whoever sets this aside is never short. */
function estimator(
  connected: ReadonlyMap<string, Connected>,
  policy: Policy,
  priced: (call: { provider: string; model: string; input: number; output: number; tenantId: string }) => string | null,
): Estimate {
  const asked = { userId: '', agent: 'qualification', mode: 'passthrough', now: new Date(0), timeZone: 'UTC' } as const;
  return (input, output, tier, tenantId) => {
    const request = { messages: [], tools: [], maxTokens: output, purpose: { ...asked, tenantId }, tier };
    const { candidates } = routeOf(request, policy, connected, classify);
    let dearest: string | null = null;
    for (const { id: provider, model } of candidates) {
      const usd = priced({ provider, model, input, output, tenantId });
      if (usd === null) return null;
      if (dearest === null || compareUsd(usd, dearest) > 0) dearest = usd;
    }
    return dearest;
  };
}

function nameOf(connected: ReadonlyMap<string, Connected>): string {
  const all = [...connected.values()];
  if (all.length === 0) return 'offline rules';
  const who = all.map(({ label, models }) => `${models.smart} (${label})`).join(', ');
  const unpriced = (own: boolean) =>
    all
      .filter(({ bills, ownServer = false }) => !bills && ownServer === own)
      .flatMap(({ id, models }) => [...new Set(Object.values(models))].filter((model) => !isPriced(id, model)));
  return [
    who,
    unknown(unpriced(false), 'as the dearest'),
    unknown(unpriced(true), 'as of a server of your own, which costs nothing by the token'),
  ]
    .filter(Boolean)
    .join('; ');
}

const unknown = ([model, ...more]: string[], as: string): string => {
  if (!model) return '';
  return more.length
    ? `the prices of ${[model, ...more].join(', ')} are not known: limits count them ${as}`
    : `the price of ${model} is not known: limits count it ${as}`;
};
