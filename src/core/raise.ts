import { type Counted, plural } from './facts.ts';
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
/** What a settled number may still be off by. */
const epsilon = 1e-9;

/**
 * Sentences that name what would lift a total to a higher tier: each single change that is enough, or when none is, the
 * fewest changes that are enough together. Empty when no higher tier is in reach.
 */
export function wouldRaise(total: number, tierAt: (total: number) => Tier, levers: readonly Lever[]): string[] {
  const tier = tierAt(total);
  const after = (gain: number) => settled(Math.min(100, total + gain));
  const lifts = (gain: number) => tierAt(after(gain)) !== tier;
  const promise = (gain: number) => `add ${inWords(roundScore(after(gain) - total))}: ${tierAt(after(gain))}`;

  // finding out what nobody knows is less work than changing what is so
  const easiest = [...levers].sort((a, b) => Number(a.factor.points !== null) - Number(b.factor.points !== null));
  const ladders = easiest.map(stepsOf).filter((steps) => steps.length > 0);
  const singles = ladders.flatMap((steps) => steps.find((step) => lifts(step.gain)) ?? []);
  if (singles.length > 0) return singles.slice(0, shown).map((step) => `${capital(step.phrase)} would ${promise(step.gain)}`);

  const phrases: string[] = [];
  let gain = 0;
  for (const steps of ladders.sort((a, b) => b.at(-1)!.gain - a.at(-1)!.gain)) {
    const before = gain;
    const last = steps.find((step) => lifts(before + step.gain)) ?? steps.at(-1)!;
    phrases.push(last.phrase);
    gain += last.gain;
    if (lifts(gain)) return [`${capital(phrases.slice(0, -1).join(', '))} and ${phrases.at(-1)} would together ${promise(gain)}`];
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
  // bands may fall again towards the end: nobody is told to have fewer of something
  return counted.bands
    .filter((band) => band.points > from && band.atLeast > counted.count)
    .map((band) => {
      const more = band.atLeast - counted.count;
      return step(`${numeral(more)} more ${plural(counted.noun, more)}`, band.points);
    });
}

/** One decimal, halves to the even digit as the lists we read round theirs (56.25 is shown as 56.2, 72.75 as 72.8), so both columns agree. */
export function roundScore(score: number): number {
  const tenths = settled(score) * 10;
  const below = Math.floor(tenths);
  const half = Math.abs(tenths - below - 0.5) < epsilon;
  return (half ? below + (below % 2) : Math.round(tenths)) / 10;
}

/** Takes off what binary fractions leave behind: 59.99999999999999 is 60. */
export const settled = (sum: number): number => Math.round(sum * 1e9) / 1e9;

const inWords = (points: number): string => `${points} ${plural('point', points)}`;
const numerals = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const numeral = (count: number): string => numerals[count] ?? String(count);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** "Multi-OEM" inside a sentence is "multi-OEM" and "A region" is "a region", but "MEP+R trades" and "O&M" stay. */
export const lowered = (text: string): string =>
  /^(?:[A-Z][a-z]|A )/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
