import { type Counted, plural } from './evidence.ts';
import type { Factor, Tier } from './scoring.ts';

/** A criterion or bonus as seen by someone who wants to lift the score. */
export interface Lever {
  factor: Factor;
  /** What one of its points adds to the total. */
  worth: number;
  /** What to look for when no count says it better: gives the full 100 points. */
  raise: string;
  counted: Counted | undefined;
}

interface Step {
  phrase: string;
  gain: number;
}

const shown = 3;
/** Totals are settled to nine decimals; anything nearer than this is the same number. */
const epsilon = 1e-9;

/**
 * Sentences that name what would lift a total to the next tier: each single change that is enough, or when none is, the
 * fewest changes that are enough together. Empty when the tier is out of reach or the highest is reached.
 */
export function wouldRaise(total: number, next: { tier: Tier; atLeast: number } | undefined, levers: readonly Lever[]): string[] {
  if (!next) return [];
  const reaches = (gain: number) => total + gain >= next.atLeast - epsilon;
  const capped = (gain: number) => roundScore(Math.min(100, total + gain) - total);

  const ladders = levers.map(stepsOf).filter((steps) => steps.length > 0);
  const singles = ladders.flatMap((steps) => steps.find((step) => reaches(step.gain)) ?? []);
  if (singles.length > 0) {
    return singles.slice(0, shown).map((step) => `${capital(step.phrase)} would add ${inWords(capped(step.gain))}: ${next.tier}`);
  }

  const needed: Step[] = [];
  let gain = 0;
  for (const step of ladders.map((steps) => steps.at(-1)!).sort((a, b) => b.gain - a.gain)) {
    needed.push(step);
    gain += step.gain;
    if (reaches(gain)) {
      const list = needed.map((s) => s.phrase);
      return [
        `${capital(list.slice(0, -1).join(', '))} and ${list.at(-1)} would together add ${inWords(capped(gain))}: ${next.tier}`,
      ];
    }
  }
  return [];
}

/** Changes that would raise one criterion, smallest first. */
function stepsOf({ factor, worth, raise, counted }: Lever): Step[] {
  const from = factor.points ?? 0;
  const label = `${lowered(factor.label)} ${factor.points === null ? 'unknown' : roundScore(from)}`;
  const step = (what: string, to: number): Step => ({ phrase: `${what} (${label} -> ${to})`, gain: (to - from) * worth });
  if (from >= 100) return [];
  if (!counted) return [step(lowered(raise), 100)];

  const byCount = counted.bands.findLast((band) => counted.count >= band.atLeast)?.points ?? 0;
  // Points from another source than the count: a lower count is an incomplete one, a higher count proves more than it takes.
  if (byCount < from) return [step(lowered(raise), 100)];
  if (byCount > from) return [];
  return counted.bands
    .filter((band) => band.points > from)
    .map((band) => {
      const more = band.atLeast - counted.count;
      return step(`${numeral(more)} more ${plural(counted.noun, more)}`, band.points);
    });
}

/** One decimal, halves up: 72.75 is shown as 72.8 whichever way the sum was rounded in binary. */
export const roundScore = (score: number): number => Math.floor(settled(score) * 10 + 0.5 + epsilon) / 10;

/** Takes off what binary fractions leave behind: 59.99999999999999 is 60. */
export const settled = (sum: number): number => Math.round(sum * 1e9) / 1e9;

const inWords = (points: number): string => `${points} ${plural('point', points)}`;
const numerals = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const numeral = (count: number): string => numerals[count] ?? String(count);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** "Multi-OEM" inside a sentence is "multi-OEM", but "MEP+R trades" and "O&M" stay. */
const lowered = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
