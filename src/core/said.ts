import type { Shown } from './conversation.ts';
import { fold, nameKey, wordsAlike } from './names.ts';
import { parseWhen } from './when.ts';

/**
 * The user's own words of this turn, and what the reply before put in front of them. Judging from these whether the
 * assistant was asked for exactly a change is code's work: a model's opinion of it does not count.
 */
export interface Said {
  text: string;
  /** Records of the reply before this message, in the order shown. */
  shown: Shown[];
  /** An assistant question this message answers ("which one?"): the user's words that led to it. */
  before?: string;
  now: Date;
  timeZone: string;
}

/** Negated, hypothetical or asking whether: such words never commit anything. */
const hedges =
  /\b(?:do ?n['o’]?t(?! forget)|do not(?! forget)|never|shouldn['’]?t|should not|won['’]?t|no need to|instead of|should (?:i|we)|shall (?:i|we)|what (?:if|happens)|if (?:i|we)|is it (?:ok|okay|possible)|could (?:i|we)|can (?:i|we)|might|maybe|perhaps|suppose|imagine|pretend|whether)\b/i;

/** All words of this turn that count: the message, and the one it completes. */
const allText = (said: Said): string => (said.before ? `${said.before}\n${said.text}` : said.text).slice(0, 4000);

export const committed = (said: Said): boolean => !hedges.test(allText(said));

/** Any of these words stands in the message, as whole words; typos of long words forgiven. */
export function saidAny(said: Said, ...phrases: string[]): boolean {
  const text = ` ${fold(allText(said))} `;
  const words = text.trim().split(' ');
  return phrases.some((phrase) => {
    const folded = fold(phrase);
    if (!folded) return false;
    if (text.includes(` ${folded} `)) return true;
    return !folded.includes(' ') && words.some((word) => word.length >= 4 && wordsAlike(word, folded));
  });
}

/** The value, as text, stands in the message: letter for letter but for case, accents and punctuation. */
export function saidText(said: Said, value: string): boolean {
  const folded = fold(value);
  return folded === '' || ` ${fold(allText(said))} `.includes(` ${folded} `);
}

/** The same digits stand in the message, with or without country code. */
export function saidNumber(said: Said, value: string): boolean {
  const digits = value.replace(/\D/g, '');
  const spoken = allText(said).replace(/[^\d\n]/g, '');
  return digits.length > 0 && (spoken.includes(digits) || (digits.length > 10 && spoken.includes(digits.slice(-10))));
}

/** A point in time the message names, to the minute. */
export function saidWhen(said: Said, at: Date): boolean {
  return [said.text, said.before].some((text) => {
    const when = text && parseWhen(text.slice(0, 2000), said.now, said.timeZone);
    return when && Math.abs(when.at.getTime() - at.getTime()) < 60_000;
  });
}

const ordinals: [RegExp, number][] = [
  [/\b(?:first|1st)\b|(?:^|#|\bnumber |\bno\.? ?)1\b/i, 0],
  [/\b(?:second|2nd)\b|(?:^|#|\bnumber |\bno\.? ?)2\b/i, 1],
  [/\b(?:third|3rd)\b|(?:^|#|\bnumber |\bno\.? ?)3\b/i, 2],
  [/\b(?:fourth|4th)\b|(?:^|#|\bnumber |\bno\.? ?)4\b/i, 3],
  [/\b(?:fifth|5th)\b|(?:^|#|\bnumber |\bno\.? ?)5\b/i, 4],
];

const pronouns = /\b(?:it|them|they|him|her|that|this|that one|this one|(?:that|this) (?:lead|company|account|task|one))\b/i;

/**
 * The message points at this record: by id, by its name, or by picking it from what the reply before showed
 * ("the second one"; "it" when only one record was shown).
 */
export function saidRecord(
  said: Said,
  record: { id: string; name: string; phone?: string | null; email?: string | null; domain?: string | null },
): boolean {
  const text = allText(said);
  if (text.includes(record.id)) return true;
  if (record.email && text.toLowerCase().includes(record.email.toLowerCase())) return true;
  if (record.phone && saidNumber(said, record.phone)) return true;
  return saidName(text, record.name) || isAmong(said, record);
}

/** Picked from what the reply before showed: by position, as the only one, or by a word of its label that no other has. */
export function isAmong(said: Said, record: { id: string }): boolean {
  const records = said.shown.filter((s) => s.entity === 'lead' || s.entity === 'task');
  const position = records.findIndex((s) => s.id === record.id);
  if (position === -1) return false;
  if (ordinals.some(([pattern, index]) => index === position && pattern.test(said.text))) return true;
  if (records.length === 1 && pronouns.test(said.text)) return true;
  // answering "which one?" with a word of its label ("the Austin one")
  return said.before !== undefined && labelPicks(said.text, records, position);
}

function labelPicks(text: string, records: Shown[], position: number): boolean {
  const words = fold(text)
    .split(' ')
    .filter((word) => word.length > 1);
  const hits = records.map((record) => {
    const label = fold(record.label).split(' ');
    return words.filter((word) => label.includes(word)).length;
  });
  const best = Math.max(...hits);
  return best > 0 && hits[position] === best && hits.filter((hit) => hit === best).length === 1;
}

/** Enough of the name stands in the text, in order: all of its key, or its first two words (one if that is long). */
function saidName(text: string, name: string): boolean {
  const spoken = fold(text).split(' ');
  const wanted = nameKey(name).split(' ');
  const long = wanted.filter((word) => word.length > 1 || wanted.length < 3);
  for (let start = 0; start < spoken.length; start++) {
    let matched = 0;
    while (
      matched < wanted.length &&
      spoken[start + matched] !== undefined &&
      wordsAlike(spoken[start + matched]!, wanted[matched]!)
    )
      matched++;
    if (matched === wanted.length) return true;
    const letters = wanted.slice(0, matched).join('').length;
    if (matched >= 2 && letters >= 6) return true;
    if (matched === 1 && letters >= 5 && long[0] === wanted[0]) return true;
  }
  return false;
}
