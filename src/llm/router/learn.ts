import { choicesOf, decide, propensitiesOf } from '../../core/bandit.ts';
import type { Choices, Decision, Standing } from '../../core/learning.ts';
import type { LlmPurpose } from '../../core/llm.ts';
import type { Route } from './route.ts';

/** A workspace's standings, by tier and model. */
export type Standings = ReadonlyMap<string, Standing>;

export const standingKey = (tier: string, model: string): string => `${tier} ${model}`;

/** The place in the route of who is asked first; a task that goes on stays with who began it, without a decision. */
export interface Lead {
  place: number;
  decision?: Decision;
}

/** Who of a route's own candidates is asked first; nothing where the policy's order holds. */
export type Learn = (route: Route, purpose: LlmPurpose) => Lead | undefined;

/** Learns from the votes of the request's workspace. What follows from standings is worked out once for all the requests that meet them. */
export function learnFrom(standingsOf: (tenantId: string) => Standings | undefined, random: () => number = Math.random): Learn {
  const worked = new WeakMap<Standings, Map<string, { choices: Choices; propensities: number[] } | undefined>>();
  return ({ tier, candidates, own, author }, { tenantId }) => {
    const standings = own > 1 ? standingsOf(tenantId) : undefined;
    if (!standings) return undefined;
    const models = candidates.slice(0, own).map(({ id, model }) => `${id}/${model}`);
    const known = worked.get(standings) ?? new Map();
    worked.set(standings, known);
    const key = standingKey(tier, models.join(' '));
    if (!known.has(key)) {
      const choices = choicesOf(tier, models, (model) => standings.get(standingKey(tier, model)));
      known.set(key, choices && { choices, propensities: propensitiesOf(choices) });
    }
    const found = known.get(key);
    if (!found) return undefined;
    if (author !== undefined) return models.includes(author) ? { place: models.indexOf(author) } : undefined;
    const decision = decide(found.choices, Math.floor(random() * 2 ** 32), found.propensities);
    return { place: decision.chosen, decision };
  };
}

/** The one who leads first, everybody else behind as they were. */
export function ledBy(route: Route, lead: Lead | undefined): Route {
  if (!lead) return route;
  const candidates = [...route.candidates];
  candidates.unshift(...candidates.splice(lead.place, 1));
  return { ...route, candidates, ...(lead.decision && { decision: lead.decision }) };
}
