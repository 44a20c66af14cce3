import { type Tier, tiers } from '../../../core/scoring.ts';
import type { Remainder } from './remainder.ts';

const orBetter = /\b(platinum|gold|silver|bronze)s?(?: tier)?,? (?:(?:or|and) (?:better|above|higher|up|over)|plus|upwards?)\b/;
const atLeast = /\b(?:at least|better than or equal to) (platinum|gold|silver|bronze)\b/;
const orWorse = /\b(platinum|gold|silver|bronze)s?(?: tier)?,? (?:or|and) (?:worse|below|lower|less|under)\b/;
const oneTier = /(?<!\S)(platinum|gold|silver|bronze)s?(?:[ -](?:tier(?:ed)?|level|rated|grade))?s?(?!\S)/;
/** What scores call hot. */
export const hotTiers: Tier[] = ['PLATINUM', 'GOLD'];
/** Warm and cold are other words for tiers; "hot" also asks for the ranking. */
const warmth = /(?<!\S)(warm|cold)(?= (?:leads|prospects|companies|accounts|ones))/;

const place = (word: string | undefined): number => (tiers as readonly string[]).indexOf(word?.toUpperCase() ?? '');

/** The tiers named, or the range that "silver or better" means. */
export const tiersIn = (left: Remainder): Tier[] | undefined => {
  const upward = left.take(orBetter) ?? left.take(atLeast);
  if (upward) return tiers.slice(0, place(upward[1]) + 1);
  const downward = left.take(orWorse);
  if (downward) return tiers.slice(place(downward[1]));
  const named = new Set<string>();
  for (let one = left.take(oneTier); one?.[1]; one = left.take(oneTier)) named.add(one[1].toUpperCase());
  const temperature = named.size === 0 ? left.take(warmth)?.[1] : undefined;
  if (temperature) named.add(temperature === 'warm' ? 'SILVER' : 'BRONZE');
  return named.size > 0 ? tiers.filter((tier) => named.has(tier)) : undefined;
};
