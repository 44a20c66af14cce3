import { fold } from './names.ts';

/**
 * What a model read out of a record: the answer to a question of the profile, and the words of the record that it rests on. Its points
 * stand in the profile. It is looked up again whenever it counts: when its words are gone from the record, it is gone.
 */
export interface Finding {
  question: string;
  answer: string;
  quote: string;
  /** "name", a field, or a column of the record. */
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

/** Shorter quotes show nothing: "a", "of". */
const shortestQuote = 4;

/** Whether the record says so: the quote stands in the named source, word for word, and says something of the answer. */
export function findingHolds({ quote, source }: Pick<Finding, 'quote' | 'source'>, facts: Told, mentions?: RegExp): boolean {
  const words = fold(quote);
  if (words.length < shortestQuote) return false;
  const text = sourceText(facts, source);
  return text !== undefined && ` ${fold(text)} `.includes(` ${words} `) && (mentions?.test(` ${words} `) ?? true);
}

/** A source is named as it was shown; column names are not guessed at. */
function sourceText(facts: Told, source: string): string | undefined {
  if (Object.hasOwn(facts.attributes, source)) return facts.attributes[source];
  const own = source === 'attributes' || source === 'findings' || !Object.hasOwn(facts, source) ? undefined : facts[source];
  return own === null || own === undefined ? undefined : String(own);
}
