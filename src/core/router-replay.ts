import { decide, propensitiesOf } from './bandit.ts';
import type { Decision } from './learning.ts';
import type { Complexity } from './llm.ts';

/** A decision as it was written down, with the votes on the turn that it was made for. */
export interface LoggedDecision {
  requestId: string;
  decision: Decision;
  up: number;
  down: number;
}

/** What a way of choosing would have brought, worked out from what another one did. */
export interface PolicyEstimate {
  /** "policy": the order of the policy; else the model that is always asked first. */
  policy: string;
  /** Decisions with votes among whose models it finds its own. */
  decisions: number;
  /** Mean reward by inverse propensity: right on average, but it scatters. */
  ips: number;
  /** The same, weighed by the sum of weights: it scatters less. Null where nobody was ever chosen as this policy would have. */
  snips: number | null;
  /** To how many decisions of its own that comes; below some thirty it says little. */
  effectiveSampleSize: number;
}

export interface TierReplay {
  tier: Complexity;
  decisions: number;
  voted: number;
  /** Mean reward of what was chosen; null without votes. */
  reward: number | null;
  others: PolicyEstimate[];
}

export interface RouterReplay {
  decisions: number;
  /** Made again from the log, they came out as they were written down; those that did not. */
  same: number;
  different: number;
  tiers: TierReplay[];
}

/** Votes as 0 to 1, less what the chosen model's cost takes away: what the router tries to get much of. */
export function rewardOf({ decision: { arms, chosen, lambda }, up, down }: LoggedDecision): number {
  return up / (up + down) - lambda * arms[chosen]!.cost;
}

/** Makes every decision again, and says what it would have brought to keep to the policy's order, or to one model. */
export function replayOf(log: readonly LoggedDecision[]): RouterReplay {
  const worked = new Map<string, number[]>();
  const same = log.filter(({ decision }) => isSame(decision, worked)).length;
  const tiers = [...new Set(log.map(({ decision }) => decision.tier))].sort();
  return {
    decisions: log.length,
    same,
    different: log.length - same,
    tiers: tiers.map((tier) =>
      tierOf(
        tier,
        log.filter(({ decision }) => decision.tier === tier),
      ),
    ),
  };
}

/** `worked`: propensities by what they follow from, which many decisions have in common. */
function isSame(decision: Decision, worked: Map<string, number[]>): boolean {
  const { seed, propensities: _told, chosen: _chosen, ...choices } = decision;
  const key = JSON.stringify(choices);
  const propensities = worked.get(key) ?? propensitiesOf(choices);
  worked.set(key, propensities);
  const again = decide(choices, seed, propensities);
  return (
    again.chosen === decision.chosen &&
    again.propensities.length === decision.propensities.length &&
    // the last digits are the business of whoever computes logarithms
    again.propensities.every((share, i) => Math.abs(share - decision.propensities[i]!) < 1e-9)
  );
}

function tierOf(tier: Complexity, log: readonly LoggedDecision[]): TierReplay {
  const voted = log.filter(({ up, down }) => up + down > 0);
  const models = [...new Set(voted.flatMap(({ decision }) => decision.arms.map(({ model }) => model)))];
  return {
    tier,
    decisions: log.length,
    voted: voted.length,
    reward: voted.length ? mean(voted.map(rewardOf)) : null,
    others: voted.length
      ? [estimate('policy', voted, () => 0), ...models.sort().map((model) => estimate(model, voted, placeOf(model)))]
      : [],
  };
}

const placeOf =
  (model: string) =>
  ({ arms }: Decision): number =>
    arms.findIndex((arm) => arm.model === model);

/** What it would have brought to choose by `wanted`, which gives a place among the arms, or -1 where its model was not among them. */
export function estimate(
  policy: string,
  voted: readonly LoggedDecision[],
  wanted: (decision: Decision) => number,
): PolicyEstimate {
  const able = voted.filter(({ decision }) => wanted(decision) >= 0);
  const weights = able.map(({ decision }) =>
    decision.chosen === wanted(decision) ? 1 / decision.propensities[decision.chosen]! : 0,
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const squares = weights.reduce((all, weight) => all + weight ** 2, 0);
  const earned = able.reduce((all, one, i) => all + weights[i]! * (weights[i] ? rewardOf(one) : 0), 0);
  return {
    policy,
    decisions: able.length,
    ips: able.length ? earned / able.length : 0,
    snips: sum ? earned / sum : null,
    effectiveSampleSize: squares ? sum ** 2 / squares : 0,
  };
}

const mean = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0) / values.length;
