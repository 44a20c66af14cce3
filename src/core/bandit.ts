import type { Arm, Choices, Decision, Standing } from './learning.ts';
import type { Complexity } from './llm.ts';
import { seeded } from './seeded.ts';

/**
 * Who is asked first, learned from votes: Thompson sampling with a Beta distribution for each model. Thompson sampling asks each model as often
 * as it is likely to be the best one; here that likelihood is computed, and one draw decides. So how likely each was to be chosen is known to
 * the digit, and stands in the log: what another way of choosing would have brought can be worked out from it.
 */

/** Fewer votes than this say too little of a model. */
export const votesNeeded = 30;
/** What being the dearest takes away from a model: it has to be liked by one in ten more than one that is free. */
export const costWeight = 0.1;
/** Each model of a tier gets this share of the requests, or the learning would end with the first mistake. */
export const explored = 0.05;
/** Most that goes to exploring, however many models there are. */
const mostExplored = 0.5;

const enough = ({ up, down }: { up: number; down: number }, needed: number): boolean => up + down >= needed;

/** What there is to choose from; nothing while fewer than two models have votes enough: then the policy's order holds. */
export function choicesOf(
  tier: Complexity,
  models: readonly string[],
  standingOf: (model: string) => Standing | undefined,
): Choices | undefined {
  const known = models.map((model) => standingOf(model) ?? { model, up: 0, down: 0, costUsd: null });
  const voted = known.filter((one) => enough(one, votesNeeded));
  if (voted.length < 2) return undefined;
  const dearest = Math.max(...voted.map(({ costUsd }) => costUsd ?? 0));
  const share = (usd: number | null) => (usd === null ? 1 : dearest > 0 ? Math.min(1, usd / dearest) : 0);
  return {
    tier,
    arms: known.map(({ model, up, down, costUsd }) => ({ model, up, down, cost: share(costUsd) })),
    lambda: costWeight,
    floor: Math.min(explored, mostExplored / known.length),
    votesNeeded,
  };
}

/** How likely each is to be chosen, in the order of the arms. */
export function propensitiesOf({ arms, lambda, floor, votesNeeded: needed }: Choices): number[] {
  const voted = arms.filter((arm) => enough(arm, needed));
  const best = likelihoods(voted, lambda);
  const free = 1 - floor * arms.length;
  return arms.map((arm) => floor + free * (best[voted.indexOf(arm)] ?? 0));
}

/** The same choices and the same seed give the same decision, on every machine. */
export function decide(choices: Choices, seed: number, propensities: number[] = propensitiesOf(choices)): Decision {
  const drawn = seeded(seed).next();
  let below = 0;
  const found = propensities.findIndex((share) => {
    below += share;
    return drawn < below;
  });
  return { version: 1, ...choices, seed, propensities, chosen: found === -1 ? propensities.length - 1 : found };
}

const bins = 512;

/** How likely each is the best: quality less the weight of its cost, where quality is spread as Beta(1 + up, 1 + down). */
function likelihoods(arms: readonly Arm[], lambda: number): number[] {
  const masses = arms.map((arm) => massOf(arm, lambda));
  const below = new Float64Array(arms.length);
  const best = arms.map(() => 0);
  for (let bin = 0; bin < bins; bin++) {
    for (let i = 0; i < masses.length; i++) {
      let likely = masses[i]![bin]!;
      // in the same bin, each is the better one half of the time
      for (let j = 0; likely > 0 && j < masses.length; j++) if (j !== i) likely *= below[j]! + masses[j]![bin]! / 2;
      best[i]! += likely;
    }
    for (let i = 0; i < masses.length; i++) below[i]! += masses[i]![bin]!;
  }
  const all = best.reduce((sum, one) => sum + one, 0);
  return best.map((one) => one / all);
}

/** The spread of what a model is worth, in bins from the worst (nobody likes it, and it is the dearest) to the best (all do, and it is free). */
function massOf({ up, down, cost }: Arm, lambda: number): Float64Array {
  const mass = new Float64Array(bins);
  let highest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < bins; bin++) {
    const quality = ((bin + 0.5) / bins) * (1 + lambda) - lambda + lambda * cost;
    const likely = quality > 0 && quality < 1 ? up * Math.log(quality) + down * Math.log(1 - quality) : Number.NEGATIVE_INFINITY;
    mass[bin] = likely;
    if (likely > highest) highest = likely;
  }
  // the highest becomes one: thousands of votes would leave nothing of all of them
  let all = 0;
  for (let bin = 0; bin < bins; bin++) all += mass[bin] = Math.exp(mass[bin]! - highest);
  for (let bin = 0; bin < bins; bin++) mass[bin]! /= all;
  return mass;
}
