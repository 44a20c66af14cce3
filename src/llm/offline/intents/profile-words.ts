import { numberOf } from '../filters/numbers.ts';
import type { Context } from '../reading.ts';
import { Sentence } from '../sentence.ts';

/** How profiles, their criteria and their numbers are spoken of; for use inside patterns. */

const tens = 'ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';
/** A share or a score, in the slot `n`. */
export const amount = String.raw`(?<n>\d{1,3}(?:[.,]\d{1,2})?|${tens})`;
export const percent = '(?: ?%| ?(?:percent|per cent|pct|percentage points))';
/** A share with its unit, or a bare number. */
export const share = `${amount}(?:${percent}| points?)?`;
export const tier = '(?:the )?(?<tier>platinum|gold|silver|bronze)s?(?: tier)?(?: leads?)?';

export const numberIn = (words: string): number | undefined => {
  const number = numberOf(words.replace(',', '.'));
  return number >= 0 && number <= 100 ? number : undefined;
};

/** The profiles that come with the product can be meant by their ids alone. */
const shipped = ['dealer', 'saas'];
export const isProfile = (words: string, ctx: Context): boolean =>
  [...shipped, ctx.profile?.id].some((id) => id?.toLowerCase() === words.toLowerCase());

/** Things that have numbers, and are no criterion. */
const otherThings =
  /\b(?:it|them|him|her|note|notes|remind\w*|tasks?|todo|log|call|calls|email|phone|number|leads?|prospects?|employees|staff|status|owner|score|tier|rating|price|prices|quote|budget|ticket|tickets|zip|rep|reps|limit|platinum|gold|silver|bronze|who|what|which|they|we|i|you|said|says|weights?|threshold)\b|[:@]/;

/** A criterion as the user named it: free text, since a workspace calls its own what it likes. */
export const criterionOf = (raw: string, ctx: Context): string | undefined => {
  const words = Sentence.of(raw).words;
  if (/^(?:it|that|this|that one|the same)$/.test(words)) {
    const last = Object.keys((ctx.profile?.changes?.['weights'] as object | undefined) ?? {});
    return last.length === 1 ? last[0] : undefined;
  }
  const name = raw
    .trim()
    .replace(/^(?:the|our|its)\s+/i, '')
    .replace(/\s+(?:criterion|criteria|factor|part)$/i, '')
    .replace(/^["']|["']$/g, '')
    .trim();
  if (name === '' || name.length > 80 || name.split(/\s+/).length > 6 || /^\d|\d\W*\s+(?:and|&)\s/.test(name)) return undefined;
  return isCriterion(name, ctx) || !otherThings.test(words) ? name : undefined;
};

/** "Multi-OEM" and "multi oem" are one. */
export const loosely = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Answers of this conversation called one so. */
export const isCriterion = (name: string, ctx: Context): boolean =>
  ctx.criteria.some((criterion) => loosely(criterion) === loosely(name));

/** "The saas profile", "profile saas", "our hospital profile": its name; nothing for "the profile", null for somebody's. */
export const profileNamed = (raw: string): string | undefined | null => {
  const name = raw
    .trim()
    .replace(/^["']|["'.,;:!?]+$/g, '')
    .replace(/^(?:(?:the|our|my|this|that|an?|current|active|new|newest|icp|scoring|lead|ideal|customer) ?\b)+/i, '')
    .replace(/^profiles?\b(?: (?:called|named))?/i, '')
    .replace(/\b(?:(?:icp|scoring|customer) )?profile$/i, '')
    .trim();
  if (name === '') return undefined;
  return name.split(/\s+/).length <= 5 && !/[:@]/.test(name) ? name : null;
};

const ofProfile =
  / (?:in|of|for|on) (?:the |our )?(?<profile>(?!icp |scoring |active )(?:(?!(?:in|of|for|on|to|at|the)\b)[a-z][\w-]* ){1,4})profile$/;

/** "... in the saas profile": which one, and the sentence without it. */
export const inProfile = (sentence: Sentence): { sentence: Sentence; profile?: string } => {
  const at = sentence.match(new RegExp(ofProfile, 'd'));
  const rest = at && sentence.dropEnd(ofProfile);
  const profile = at && profileNamed(at.raw('profile'));
  if (profile && rest) return { sentence: rest, profile };
  const plain = sentence.dropEnd(
    / (?:in|of|for|on) (?:the|our|my) (?:icp |scoring |active |current )?(?:profile|icp|scoring|scores?)$/,
  );
  return { sentence: plain && !plain.empty ? plain : sentence };
};
