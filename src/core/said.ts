import type { Shown } from './conversation.ts';
import { fold, nameKey, wordsAlike } from './names.ts';
import { parseWhen } from './when.ts';

/**
 * The user's own words of this turn, and what the reply before put in front of them. Judging from these whether the
 * assistant was asked for exactly a change is code's work: a model's opinion of it does not count. When in doubt the
 * answer is no, and the change becomes a proposal.
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

/** Stands for the record in an order once it was recognised there: no word of a name may also serve as a value. */
export const theRecord = '§';

const longest = 4000;
const whole = ({ before, text }: Said): string =>
  `${before ? `${before}\n` : ''}${text}`.slice(0, longest).replace(/[’‘´ʼ`]/g, "'");

/** Negated, excluding, hypothetical or undecided: a sentence with such a word orders nothing. */
const hedge =
  /\b(?:not|never|cannot|\w+n't|dont|doesnt|didnt|wont|isnt|wasnt|hasnt|havent|shouldnt|without|except|excluding|besides|but|keep|stop|refrain|avoid|unless|instead|rather|if|whether|might|maybe|perhaps|suppose|imagine|pretend|hypothetically|should (?:i|we)|shall (?:i|we)|can (?:i|we)|could (?:i|we)|may (?:i|we))\b/i;
/** "Don't forget to call" is an order all the same, and so is "do it if you can". */
const harmless =
  /\b(?:do ?n['o]?t|do not|dont) (?:let me )?forget\b|\bif you (?:can|could|please|would|don't mind)\b|\bnot (?:a )?(?:fit|interested)\b/gi;
const polite =
  /^(?:(?:please|hey|hi|hello|ok|okay|so|and|also|then|now|uh|um|right|well)[\s,]+)*(?:can|could|would|will|can't|won't) you\b/i;
const question =
  /^(?:(?:please|hey|hi|hello|ok|okay|so|and|also|then|now|uh|um|right|well)[\s,]+)*(?:what|what's|whats|who|who's|whos|whom|whose|when|where|why|how|which|is|isn't|are|was|were|am|did|does|do you|has|have (?:i|we|you|they)|had|should|shall|may|might|can (?:i|we)|could (?:i|we))\b/i;

/** What the user told us to do: the sentences that are orders or statements, without questions and doubts. */
export function orders(said: Said): string {
  return (
    whole(said)
      // a dot before a small letter ends no sentence: "assign Bluebonnet Co. to Ann"
      .split(/(?<=[!?;])\s+|(?<=\.)\s+(?=[^\p{Ll}])|\n+/u)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence && isOrder(sentence))
      .join('\n')
  );
}

function isOrder(sentence: string): boolean {
  const plain = sentence.replace(harmless, '');
  if (polite.test(plain)) return !hedge.test(plain.replace(polite, ''));
  return !plain.endsWith('?') && !question.test(plain) && !hedge.test(plain);
}

/** The same words with `free` text (a note's own text) taken out before judging: what is noted may well say "not". */
export const without = (said: Said, free: string): Said => {
  const at = whole(said).toLowerCase().indexOf(free.toLowerCase());
  if (at < 0 || !free) return said;
  const text = whole(said);
  return { ...said, before: undefined, text: `${text.slice(0, at)} ${text.slice(at + free.length)}` };
};

/** The message is a question from beginning to end. */
export const isQuestion = ({ text }: Said): boolean => {
  const plain = text.trim().replace(/[’‘´ʼ`]/g, "'");
  return !polite.test(plain) && (plain.endsWith('?') || question.test(plain));
};

/** Any of these phrases stands in the words, as whole words; a slip in a long one is forgiven. */
export function hasAny(words: string, ...phrases: string[]): boolean {
  const text = ` ${foldKeeping(words)} `;
  const single = text.trim().split(' ');
  return phrases.some((phrase) => {
    const folded = fold(phrase);
    if (!folded) return false;
    if (text.includes(` ${folded} `)) return true;
    return !folded.includes(' ') && folded.length >= 5 && single.some((word) => word.length >= 5 && wordsAlike(word, folded));
  });
}

/** The value, as text, stands in the words: letter for letter but for case, accents and punctuation. */
export function hasText(words: string, value: string): boolean {
  const folded = fold(value);
  return folded === '' ? words.includes(value) : ` ${foldKeeping(words)} `.includes(` ${folded} `);
}

/** The same digits stand in the words as one number, with or without country code. */
export function hasNumber(words: string, value: string): boolean {
  const digits = value.replace(/\D/g, '');
  const spoken = (words.match(/\+?\d[\d\s().-]*/g) ?? []).map((number) => number.replace(/\D/g, ''));
  return (
    digits.length > 0 &&
    spoken.some(
      (number) =>
        number === digits ||
        (digits.length > 10 && number === digits.slice(-10)) ||
        (number.length > 10 && number.slice(-10) === digits),
    )
  );
}

/** A point in time the message names, to the minute. */
export function saidWhen(said: Said, at: Date): boolean {
  return [said.text, said.before].some((text) => {
    const when = text && parseWhen(text.slice(0, 2000), said.now, said.timeZone);
    return when && Math.abs(when.at.getTime() - at.getTime()) < 60_000;
  });
}

const foldKeeping = (words: string): string => words.split(theRecord).map(fold).join(` ${theRecord} `).trim();

interface Named {
  id: string;
  name: string;
  phone?: string | null;
  email?: string | null;
}

/** How much of the words points at this record by name; 0 when nothing does. Longer is surer. */
export const nameLength = (words: string, record: { name: string }): number =>
  spanOf(fold(words).split(' '), record.name)?.length ?? 0;

/**
 * The words with the record's place in them marked, when they point at it: by id, e-mail, phone or name, or by picking
 * it from what was shown ("the second one"; "it" when only one was shown).
 */
export function pointsAt(said: Said, record: Named): string | undefined {
  const words = orders(said);
  for (const exact of [record.id, record.email]) {
    const at = exact ? words.toLowerCase().indexOf(exact.toLowerCase()) : -1;
    if (at >= 0) return `${words.slice(0, at)} ${theRecord} ${words.slice(at + exact!.length)}`;
  }
  const lines = words.split('\n');
  for (const [i, line] of lines.entries()) {
    const spoken = fold(line).split(' ');
    const span = spanOf(spoken, record.name);
    if (span)
      return lines
        .with(i, [...spoken.slice(0, span.start), theRecord, ...spoken.slice(span.start + span.length)].join(' '))
        .join('\n');
  }
  if (record.phone && hasNumber(words, record.phone)) return words.replace(/\+?\d[\d\s().-]{5,}\d/, ` ${theRecord} `);
  const pick = pickOf(said, record);
  return pick && words.replace(pick, ` ${theRecord} `);
}

const ordinals = [
  /\b(?:the )?(?:first|1st)(?: one| lead)?\b|(?:#|\bnumber |\bno\.? ?|^)1\b/i,
  /\b(?:the )?(?:second|2nd)(?: one| lead)?\b|(?:#|\bnumber |\bno\.? ?|^)2\b/i,
  /\b(?:the )?(?:third|3rd)(?: one| lead)?\b|(?:#|\bnumber |\bno\.? ?|^)3\b/i,
  /\b(?:the )?(?:fourth|4th)(?: one| lead)?\b|(?:#|\bnumber |\bno\.? ?|^)4\b/i,
  /\b(?:the )?(?:fifth|5th)(?: one| lead)?\b|(?:#|\bnumber |\bno\.? ?|^)5\b/i,
];
const pronoun = /\b(?:(?:that|this|the) (?:lead|company|account|task|one|same)|it|them|they|him|her|that|this)\b/i;

const picked = /^$/;

/** The words that pick this record from what was shown; an empty match where a label picked it. */
function pickOf(said: Said, record: { id: string }): RegExp | undefined {
  const records = said.shown.filter((s) => s.entity === 'lead' || s.entity === 'task');
  const position = records.findIndex((s) => s.id === record.id);
  if (position === -1) return undefined;
  const ordinal = ordinals[position];
  if (ordinal?.test(said.text)) return ordinal;
  if (records.length === 1 && pronoun.test(said.text)) return pronoun;
  // answering "which one?" with a word of its label ("the Austin one")
  return said.before !== undefined && labelPicks(said.text, records, position) ? picked : undefined;
}

/** Picked from what the reply before showed. */
export const isPicked = (said: Said, record: { id: string }): boolean => pickOf(said, record) !== undefined;

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

/** Where the name stands in the words: all of its key, or its beginning (two words, or one that is long). */
function spanOf(spoken: string[], name: string): { start: number; length: number } | undefined {
  const wanted = nameKey(name).split(' ');
  let best: { start: number; length: number } | undefined;
  for (let start = 0; start < spoken.length; start++) {
    let length = 0;
    while (length < wanted.length && spoken[start + length] && wordsAlike(spoken[start + length]!, wanted[length]!)) length++;
    const letters = wanted.slice(0, length).join('').length;
    const enough = length === wanted.length || (length >= 2 && letters >= 6) || (length === 1 && letters >= 5);
    if (length > 0 && enough && length > (best?.length ?? 0)) best = { start, length };
  }
  return best;
}

/**
 * The part of the marked words that speaks of the record: its own clause, and a clause that goes on about "it" or
 * "them". In "mark A as won and B as lost" each value belongs to its own name.
 */
export function clausesAbout(marked: string): string {
  const clauses = marked.split(/\n|;|\band\b|\bthen\b|&/i);
  if (clauses.length === 1 || !marked.includes(theRecord)) return marked;
  return clauses.filter((clause) => clause.includes(theRecord) || pronoun.test(clause)).join('\n');
}
