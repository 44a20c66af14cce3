import { withSigns } from './entities.ts';
import { fold, foldedWords } from './names.ts';
import { visible } from './visible.ts';

/**
 * What a model read out of a record: the answer to a question of the profile, and the words of the record that it rests on. Its points
 * stand in the profile. It is looked up again whenever it counts: when its words are gone from the record, it is gone.
 */
export interface Finding {
  question: string;
  answer: string;
  quote: string;
  /** A field, or a column of the record. */
  source: string;
  model: string;
  /** ISO 8601. */
  at: string;
}

interface Told {
  name: string;
  attributes: Record<string, string>;
  [field: string]: unknown;
}

type Claim = Pick<Finding, 'answer' | 'quote' | 'source'>;

/** One of the answers that a question allows. */
export interface Allowed {
  points: number;
  /** Words of which the quote must hold one. */
  mentions?: RegExp | undefined;
  /** And of these as well. */
  and?: RegExp | undefined;
}

/** Shorter quotes show nothing: "a", "of". */
const shortestQuote = 4;

/** Why a claim does not count, in words; nothing when the record says so, in these words and in that place. */
export function objection({ answer, quote, source }: Claim, facts: Told, { points, mentions, and }: Allowed): string | undefined {
  const told = `"${shortened(quote)}"`;
  const text = sourceText(facts, source);
  const at = text === undefined ? undefined : placeOf(quote, text);
  if (text === undefined || !at) return `${told} does not stand in the record under ${shortened(source)}`;
  const words = fold(text.slice(at.start, at.end));
  // a word out of a longer text leaves out what stands beside it
  if (words.length < shortestQuote || (!words.includes(' ') && words !== fold(text)))
    return `${told} is too short to show anything`;
  if (` ${fold(facts.name)} `.includes(` ${words} `)) return `${told} is only the name of the company`;
  if (commands(text, answer)) return `what stands under ${shortened(source)} tells its reader what to answer`;
  const about = clausesOf(text, at).filter((clause) => mentions?.test(` ${fold(text.slice(clause.from, clause.to))} `) ?? true);
  if (about.length === 0 || (and && !and.test(` ${words} `))) return `${told} says nothing of "${answer}"`;
  if (points > 0 && !denial.test(` ${fold(answer)} `) && about.some((clause) => denies(text, clause)))
    return `${told} stands in a sentence that says no`;
  return undefined;
}

/** The words of the record that a quote repeats, as they stand there. Capitals, accents, punctuation and white space may differ. */
export function asItStands({ quote, source }: Pick<Finding, 'quote' | 'source'>, facts: Told): string {
  const text = sourceText(facts, source) ?? '';
  const at = placeOf(quote, text);
  return at ? text.slice(at.start, at.end).replace(/\s+/g, ' ') : quote;
}

/** A source is named as it was shown; column names are not guessed at. */
function sourceText(facts: Told, source: string): string | undefined {
  if (Object.hasOwn(facts.attributes, source)) return asShown(facts.attributes[source]!);
  const own = source === 'attributes' || source === 'findings' || !Object.hasOwn(facts, source) ? undefined : facts[source];
  return own === null || own === undefined ? undefined : asShown(String(own));
}

/** Text as a reader takes it, with the apostrophes of a keyboard. */
const asShown = (text: string): string => withSigns(visible(text)).replace(/[‘’ʼ]/g, "'");

interface Place {
  start: number;
  end: number;
}

function placeOf(quote: string, text: string): Place | undefined {
  const sought = wordsAt(asShown(quote)).map(({ word }) => word);
  const words = wordsAt(text);
  for (let first = 0; sought.length > 0 && first + sought.length <= words.length; first++)
    if (sought.every((word, index) => words[first + index]!.word === word))
      return { start: words[first]!.start, end: words[first + sought.length - 1]!.end };
  return undefined;
}

const wordsAt = (text: string): (Place & { word: string })[] =>
  [...text.matchAll(/&|[\p{L}\p{N}\p{M}'`]+/gu)].flatMap(({ 0: piece, index }) =>
    foldedWords(piece).map((word) => ({ word, start: index, end: index + piece.length })),
  );

/** A clause that a quote stands in, and the part of it that is quoted. */
interface Clause extends Place {
  from: number;
  to: number;
}

const clauseEnds = /[.!;]+(?:\s+|$)|[\n|•·]+|\s(?:but|however|although|though|whereas|while)\s/gi;

function clausesOf(text: string, at: Place): Clause[] {
  const clauses: Clause[] = [];
  let start = 0;
  for (const { index, 0: gap } of [...text.matchAll(clauseEnds), { index: text.length, 0: '' }]) {
    if (start < at.end && index > at.start)
      clauses.push({ start, end: index, from: Math.max(start, at.start), to: Math.min(index, at.end) });
    start = index + gap.length;
  }
  return clauses;
}

const denial =
  / (?:not|no|never|none|neither|nor|without|cannot|cant|dont|doesnt|didnt|isnt|arent|wasnt|werent|wont|wouldnt|hasnt|havent|except|excluding|excludes|unable|lacks?|discontinued|stopped|ceased) /;
/** Sentences with a no in them that deny nothing. */
const harmless =
  / (?:(?:not|dont|do not|doesnt|does not) (?:only|just|merely|simply|limited to|hesitate)|no (?:job|project|matter|obligation|problem|doubt|extra|hidden|[0-9]+)|why not) /g;
/** "Service contracts are not offered", "service contracts: none": so many words after a quote still belong to it. */
const wordsAfter = 3;

/**
 * Whether a clause says no to what is quoted from it, before it, in it or right after it. This reads words, not sense: an honest quote
 * may fall to it, and leaves a question open.
 */
function denies(text: string, { start, to, end }: Clause): boolean {
  const after = foldedWords(text.slice(to, end).split(',')[0]!).slice(0, wordsAfter);
  return denial.test(` ${[fold(text.slice(start, to)), ...after].join(' ')} `.replace(harmless, ' '));
}

const orders =
  / (?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,6}(?:above|previous|prior|earlier|instructions?|rules|prompts?|questions?) /;

/** Whether a text speaks to whoever reads it for us: one that gives orders is no witness. */
function commands(text: string, answer: string): boolean {
  const words = ` ${fold(text)} `;
  const dictated = ` (?:answer|reply|respond|choose|select|output) (?:(?:with|is|as|be|only|the|answer|option|should|must) ){0,3}${fold(answer)} `;
  return orders.test(words) || new RegExp(dictated).test(words);
}

export const shortened = (text: string, most = 60): string =>
  text.length > most ? `${text.slice(0, most - 3).replace(/[\ud800-\udbff]$/, '')}...` : text;
