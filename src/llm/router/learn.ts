import { choicesOf, decide, propensitiesOf } from '../../core/bandit.ts';
import type { Choices, Decision, Standing } from '../../core/learning.ts';
import type { LlmPurpose } from '../../core/llm.ts';
import type { Route } from './route.ts';

/** A workspace's standings, by tier and model. */
export type Standings = ReadonlyMap<string, Standing>;

export const standingKey = (tier: string, model: string): string => `${tier} ${model}`;

/** Decides who of a route's own candidates is asked first; nothing where the policy's order holds. */
export type Learn = (route: Route, purpose: LlmPurpose) => Decision | undefined;

/** Learns from the votes of the request's workspace. What follows from standings is worked out once for all the requests that meet them. */
export function learnFrom(standingsOf: (tenantId: string) => Standings | undefined, random: () => number = Math.random): Learn {
  const worked = new WeakMap<Standings, Map<string, { choices: Choices; propensities: number[] } | undefined>>();
  return ({ tier, candidates, open }, { tenantId }) => {
    const standings = open > 1 ? standingsOf(tenantId) : undefined;
    if (!standings) return undefined;
    const models = candidates.slice(0, open).map(({ id, model }) => `${id}/${model}`);
    const known = worked.get(standings) ?? new Map();
    worked.set(standings, known);
    const key = standingKey(tier, models.join(' '));
    if (!known.has(key)) {
      const choices = choicesOf(tier, models, (model) => standings.get(standingKey(tier, model)));
      known.set(key, choices && { choices, propensities: propensitiesOf(choices) });
    }
    const found = known.get(key);
    return found && decide(found.choices, Math.floor(random() * 2 ** 32), found.propensities);
  };
}

/** The chosen one first, everybody else behind it as they were. */
export function ledBy(route: Route, decision: Decision | undefined): Route {
  if (!decision) return route;
  const candidates = [...route.candidates];
  candidates.unshift(...candidates.splice(decision.chosen, 1));
  return { ...route, candidates, decision };
}
