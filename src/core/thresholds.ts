import { rateOf, type Share, type Tally, wholePercent, wilson } from './proportion.ts';
import type { Tier } from './scoring.ts';

/** Where the tiers should begin, by what became of the leads. */

export type TierStarts = Record<Exclude<Tier, 'BRONZE'>, number>;

export interface TierSuggestion {
  tiers: TierStarts;
  /** One sentence with the figures. */
  because: string;
}

/** A tier of fewer decided leads says nothing about itself. */
const fewest = 10;
/** Smaller moves are not worth a decision. */
const leastMove = 2;

/**
 * PLATINUM are scores whose leads do at least twice as well as all leads (or come half-way to certain, where twice is out of
 * reach), GOLD those that do better than all, SILVER those that do at least half as well. A tier moves only if the leads that
 * change with it clearly belong on the other side, so tiers that are right stay where they are from month to month.
 */
export function suggestTiers(tallies: readonly Tally[], present: TierStarts, verb: string): TierSuggestion | undefined {
  const base = rateOf(shareOf(tallies));
  const targets = { PLATINUM: Math.min(2 * base, (1 + base) / 2), GOLD: base, SILVER: base / 2 } satisfies TierStarts;

  const settle = (tier: keyof TierStarts, low: number, high: number, crowded = false): number | undefined => {
    const now = present[tier];
    const stays = now > low && now < high;
    const found = cut(tallies, targets[tier], low, high, now);
    if (found === undefined) return stays ? now : undefined;
    return !stays || crowded || belongs(tallies, targets[tier], now, found) ? found : now;
  };
  /** GOLD first, the others around it: they follow where it leaves them no room. */
  const around = (gold: number): TierStarts | undefined => {
    const crowded = (low: number, high: number) => gold !== present.GOLD && shareOf(tallies, low, high).leads < fewest;
    const platinum = settle('PLATINUM', gold, above, crowded(gold, present.PLATINUM));
    const silver = settle('SILVER', 0, gold, crowded(present.SILVER, gold));
    return platinum === undefined || silver === undefined ? undefined : { PLATINUM: platinum, GOLD: gold, SILVER: silver };
  };

  const tiers = around(settle('GOLD', 0, above) ?? present.GOLD) ?? around(present.GOLD);
  const moved = (Object.keys(targets) as (keyof TierStarts)[]).filter((tier) => tiers && tiers[tier] !== present[tier]);
  if (!tiers || moved.length === 0) return undefined;
  const reasons = moved.map((tier) => {
    const at = tiers[tier];
    const [over, under] = [shareOf(tallies, at), shareOf(tallies, 0, at)];
    return `${tier} from ${at} instead of ${present[tier]}: of leads at ${at} or more, ${wholePercent(rateOf(over))} ${verb}, against ${wholePercent(rateOf(under))} below`;
  });
  return { tiers, because: `${reasons.join('; ')}.` };
}

/** Past the highest score. */
const above = 101;

/** Leads with a score from `low` up to, not including, `high`. */
function shareOf(tallies: readonly Tally[], low = 0, high = above): Share {
  const share = { leads: 0, positives: 0 };
  for (const { score, leads, positives } of tallies) {
    if (score < low || score >= high) continue;
    share.leads += leads;
    share.positives += positives;
  }
  return share;
}

/**
 * The whole score between `low` and `high` from which the rate is at least `target`: the one that gains most when each
 * positive at or over it counts 1 - target and each other lead there -target. That is where the isotonic regression of
 * outcomes on scores crosses the target, and for the base rate where Youden's J (1950) is greatest. Of equal ones the nearest.
 */
function cut(tallies: readonly Tally[], target: number, low: number, high: number, near: number): number | undefined {
  let best: { at: number; gain: number } | undefined;
  for (let at = Math.floor(low) + 1; at <= 100 && at < high; at++) {
    const [over, under] = [shareOf(tallies, at, high), shareOf(tallies, low, at)];
    if (over.leads < fewest || under.leads < fewest || rateOf(over) < target || rateOf(under) >= target) continue;
    const gain = over.positives - target * over.leads;
    const nearer = best && Math.abs(at - near) < Math.abs(best.at - near);
    if (!best || gain > best.gain + tiny || (gain > best.gain - tiny && nearer)) best = { at, gain };
  }
  return best?.at;
}

/** What sums of fractions may be off by. */
const tiny = 1e-9;

/** Whether the leads between the present and the new start of a tier clearly belong on the other side. */
function belongs(tallies: readonly Tally[], target: number, present: number, next: number): boolean {
  if (Math.abs(next - present) < leastMove) return false;
  const between = wilson(shareOf(tallies, Math.min(present, next), Math.max(present, next)));
  return next < present ? between.low > target : between.high < target;
}
