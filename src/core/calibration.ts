import { DateTime } from 'luxon';
import { clearly, rateOf, type Share, type Tally, wilson } from './proportion.ts';
import { suggestTiers, type TierStarts, type TierSuggestion } from './thresholds.ts';

/** How well scores foretold what became of leads. A function of scores and outcomes alone. */

/** What a score is held against: the lead was won, or it came to a meeting. */
export const foretold = ['won', 'meeting'] as const;
export type Foretold = (typeof foretold)[number];

/** Ten points of score. The last bin holds 100 too. */
export interface Bin extends Share {
  from: number;
  to: number;
  /** What came true, and what the scores said; null without leads. */
  rate: number | null;
  predicted: number | null;
  /** Between these the true rate lies, with 95 % confidence. */
  low: number | null;
  high: number | null;
}

export interface Calibration extends Share {
  bins: Bin[];
  /** Mean squared error of score / 100 as a probability (Brier 1950): 0 is perfect. Null without leads. */
  brier: number | null;
  /** The same for always saying the rate of all leads. */
  baseline: number | null;
  /** 1 - brier / baseline: above 0 when scores say more than that. Null where all leads came out alike. */
  skill: number | null;
  /** How often the lead that came out well has the higher score, of one that did and one that did not; 0.5 is chance. */
  auc: number | null;
  /** Outcomes are many enough to judge the tiers by. */
  enough: boolean;
  suggestion?: TierSuggestion;
  /** What follows for the tiers, in one sentence. */
  conclusion: string;
}

/** A calibration as it was kept for one month. */
export interface CalibrationRecord {
  /** 2026-11. */
  month: string;
  outcome: Foretold;
  profile: { id: string; version: number };
  result: Calibration;
}

export interface Calibrations {
  /** All decided leads in sight, a tally for each tenth of a point. */
  outcomes(outcome: Foretold): Promise<Tally[]>;
  /** One row a month and outcome: the last one stays. */
  save(record: CalibrationRecord): Promise<void>;
  /** The newest months, newest last. */
  history(outcome: Foretold, months: number): Promise<CalibrationRecord[]>;
}

const least = { leads: 50, ofEachKind: 10 };

/** Of leads, in the past tense. */
export const wordsFor: Record<Foretold, { were: string; not: string }> = {
  won: { were: 'were won', not: 'were lost or disqualified' },
  meeting: { were: 'came to a meeting', not: 'were lost or disqualified without one' },
};

/** `tiers` are those of the profile that gave the scores. Throws for what is no score or no count: figures from it would be wrong. */
export function calibrate(given: readonly Tally[], outcome: Foretold, tiers: TierStarts): Calibration {
  const tallies = byScore(given);
  const total = sum(tallies);
  const base = total.leads ? rateOf(total) : null;
  const brier = base === null ? null : squaredError(tallies) / total.leads;
  const baseline = base === null ? null : base * (1 - base);
  const skill = brier !== null && baseline ? 1 - brier / baseline : null;
  const { auc, standardError } = ranking(tallies);
  const { were } = wordsFor[outcome];
  const lacking = lackingOf(total, outcome);
  const figures = { ...total, bins: binsOf(tallies), brier, baseline, skill, auc, enough: !lacking.length };

  if (lacking.length)
    return {
      ...figures,
      conclusion: `Too early to judge the tiers: that takes ${least.leads} decided leads, ${least.ofEachKind} of each kind. Lacking: ${lacking.join(', ')}.`,
    };
  if (auc === null || auc - 0.5 <= clearly * standardError)
    return { ...figures, conclusion: `Higher scores were not clearly the ones that ${were}: no other tiers would help.` };
  const suggestion = suggestTiers(tallies, tiers, were);
  if (!suggestion)
    return { ...figures, conclusion: 'The tiers begin where the outcomes would have them, as far as these can tell.' };
  return { ...figures, suggestion, conclusion: suggestion.because };
}

/** One tally for each score, lowest first. */
function byScore(given: readonly Tally[]): Tally[] {
  const tallies = new Map<number, Tally>();
  for (const tally of given) {
    const { score, leads, positives } = tally;
    const counted = [leads, positives, leads - positives].every((n) => Number.isInteger(n) && n >= 0);
    if (!counted || !(score >= 0 && score <= 100))
      throw new RangeError(`${positives} of ${leads} leads at a score of ${score} cannot be`);
    tallies.set(score, { score, ...sum([tally, tallies.get(score) ?? none]) });
  }
  return [...tallies.values()].sort((a, b) => a.score - b.score);
}

const none: Share = { leads: 0, positives: 0 };

function sum(shares: readonly Share[]): Share {
  const total = { ...none };
  for (const { leads, positives } of shares) {
    total.leads += leads;
    total.positives += positives;
  }
  return total;
}

function squaredError(tallies: readonly Tally[]): number {
  return tallies.reduce((error, { score, leads, positives }) => {
    const p = score / 100;
    return error + positives * (1 - p) ** 2 + (leads - positives) * p ** 2;
  }, 0);
}

function binsOf(tallies: readonly Tally[]): Bin[] {
  return Array.from({ length: 10 }, (_, i) => {
    const inside = tallies.filter(({ score }) => Math.min(9, Math.floor(score / 10)) === i);
    const share = sum(inside);
    const edges = { from: i * 10, to: i * 10 + 10, ...share };
    if (!share.leads) return { ...edges, rate: null, predicted: null, low: null, high: null };
    const points = inside.reduce((all, { score, leads }) => all + score * leads, 0);
    return { ...edges, rate: rateOf(share), predicted: points / share.leads / 100, ...wilson(share) };
  });
}

/**
 * The area under the ROC curve, equal scores counting half, and the standard error it would have if scores said nothing
 * (Mann and Whitney 1947, corrected for ties).
 */
function ranking(tallies: readonly Tally[]): { auc: number | null; standardError: number } {
  const { leads: n, positives: ones } = sum(tallies);
  const zeros = n - ones;
  if (!ones || !zeros) return { auc: null, standardError: 0 };
  let wins = 0;
  let below = 0;
  let ties = 0;
  for (const { leads, positives } of tallies) {
    const others = leads - positives;
    wins += positives * (below + others / 2);
    below += others;
    ties += leads ** 3 - leads;
  }
  const variance = (n + 1 - ties / (n * (n - 1))) / (12 * ones * zeros);
  return { auc: wins / (ones * zeros), standardError: Math.sqrt(Math.max(0, variance)) };
}

/** What is too few, in words. */
function lackingOf({ leads, positives }: Share, outcome: Foretold): string[] {
  const { were, not } = wordsFor[outcome];
  return [
    { lacks: least.leads - leads, what: 'of either kind' },
    { lacks: least.ofEachKind - positives, what: `that ${were}` },
    { lacks: least.ofEachKind - (leads - positives), what: `that ${not}` },
  ].flatMap(({ lacks, what }) => (lacks > 0 ? [`${lacks} ${what}`] : []));
}

/** The month that had ended at this moment, in this zone. */
export const lastMonth = (now: Date, zone: string): string =>
  DateTime.fromJSDate(now, { zone }).minus({ months: 1 }).toFormat('yyyy-MM');
