import { isEveryday, isFirmWord } from './everyday.ts';
import { Sentence } from './sentence.ts';

/** A stretch of a text that looks like somebody's name. */
export interface NameSpan {
  text: string;
  /** Positions of its tokens, the end not included. */
  from: number;
  to: number;
}

const joins = /^(?:&|and|of|-|\+)$/;
const initial = /^[a-z]$/;
const contact = /@|^\+?[\d().-]{3,}$|^(?:https?:\/\/|www\.)|\.(?:com|net|org|biz|io|us)$/i;

/** What a token says about names: surely part of one, part of one beside others, or a word of everyday talk. */
const kindOf = (sentence: Sentence, at: number): 'name' | 'firm' | 'initial' | 'plain' => {
  const token = sentence.tokens[at];
  if (!token) return 'plain';
  const raw = sentence.source.slice(token.start, token.end);
  const word = raw.toLowerCase().replace(/\.$/, '');
  if (token.quoted) return 'name';
  if (contact.test(raw) || /^[\d:.$%+-]+(?:am|pm|st|nd|rd|th|k|kw|hp|v|a)?$/i.test(raw) || !/[\p{L}\p{N}]/u.test(raw))
    return 'plain';
  if (/\w&\w/.test(raw)) return 'name';
  if (isFirmWord(word)) return 'firm';
  if (initial.test(word) && word !== 'i') return 'initial';
  if (isEveryday(word) || isEveryday(token.word) || token.word.includes(' ')) return 'plain';
  return 'name';
};

/**
 * The names in a text (or in a slot that was cut from one, where the first capital letter means something), found without a list of names: words that everyday talk does not use, with the trade words,
 * initials and joining words between them.
 */
export const namesIn = (sentence: Sentence, slot = false): NameSpan[] => {
  const { tokens, source } = sentence;
  const kinds = tokens.map((_, i) => kindOf(sentence, i));
  const rawOf = (i: number): string => source.slice(tokens[i]?.start ?? 0, tokens[i]?.end ?? 0);
  const gapEnds = (i: number): boolean =>
    /[,;:.!?]/.test(source.slice(tokens[i]?.end ?? 0, tokens[i + 1]?.start ?? 0)) &&
    !/^\.? $/.test(source.slice(tokens[i]?.end ?? 0, tokens[i + 1]?.start ?? 0));
  const spans: NameSpan[] = [];
  let i = 0;
  while (i < tokens.length) {
    const kind = kinds[i];
    const sons =
      /^(?:&|and)$/.test(tokens[i + 1]?.word ?? '') &&
      /^(?:sons?|brothers|bros|daughters?|co|company|associates|partners)$/.test(tokens[i + 2]?.word ?? '');
    const letters = kind === 'initial' && /^(?:&|and)$/.test(tokens[i + 1]?.word ?? '') && kinds[i + 2] === 'initial';
    if (
      !(
        kind === 'name' ||
        kind === 'firm' ||
        sons ||
        letters ||
        (kind === 'initial' && kinds[i + 1] !== 'plain' && i + 1 < tokens.length)
      )
    ) {
      i += 1;
      continue;
    }
    let to = i + 1;
    let sure = kind === 'name' || letters || sons;
    for (let next = to; next < tokens.length; next++) {
      const before = kinds[next - 1];
      if (
        gapEnds(next - 1) &&
        !/^(?:inc|llc|ltd|co|corp)$/i.test(rawOf(next)) &&
        !(isFirmWord(rawOf(next).toLowerCase()) && /, $/.test(source.slice(tokens[next - 1]?.end ?? 0, tokens[next]?.start ?? 0)))
      )
        break;
      if (tokens[next]?.quoted !== tokens[next - 1]?.quoted) break;
      const word = tokens[next]?.word ?? '';
      if (kinds[next] === 'name' || kinds[next] === 'firm' || (kinds[next] === 'initial' && /[A-Z]/.test(rawOf(next)))) {
        sure ||= kinds[next] === 'name';
        to = next + 1;
      } else if (joins.test(word)) {
        const family = /^(?:sons?|brothers|bros|daughters?|co|company|associates|partners)$/.test(tokens[next + 1]?.word ?? '');
        const bound = word === '&' || family || (letters && kinds[next + 1] === 'initial');
        const after = kinds[next + 1];
        if (
          !(
            bound ||
            (before !== 'plain' &&
              (after === 'firm' || (after === 'name' && /[A-Z]/.test(rawOf(next + 1)) && /[A-Z]/.test(rawOf(next - 1)))))
          )
        )
          break;
        if (next + 1 >= tokens.length) break;
        to = next + 2;
        next += 1;
      } else if (
        /^[A-Z]/.test(rawOf(next)) &&
        /^[A-Z]/.test(rawOf(next - 1)) &&
        !/^(?:I|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|TX|FL|OH)$/.test(rawOf(next)) &&
        source !== source.toUpperCase() &&
        next > 1
      ) {
        to = next + 1;
      } else break;
    }
    // Capitalised everyday words directly before belong to it: "First Call Plumbing".
    let from = i;
    while (
      from > (slot ? 0 : 1) &&
      /^(?:[A-Z][a-z]|\d+(?:st|nd|rd|th)?$)/.test(rawOf(from - 1)) &&
      !gapEnds(from - 1) &&
      source !== source.toUpperCase() &&
      /^[A-Z]/.test(rawOf(from)) &&
      !/^I$/.test(rawOf(from - 1))
    )
      from -= 1;
    const start = tokens[from];
    const end = tokens[to - 1];
    if (start && end && (sure || to - i > 1 || /^[A-Z]/.test(rawOf(i))))
      spans.push({ text: sentence.slice(from, to).raw, from, to });
    i = to;
  }
  return spans;
};

/** A lead reference without the words of the request that were caught with it; nothing when no name is in it. */
export const nameWithin = (raw: string): string | undefined => {
  const written = raw.split(/\s+/);
  if (written.length > 1 && written.length <= 6 && raw !== raw.toUpperCase() && written.every((word) => /^[A-Z0-9&]/.test(word)))
    return raw;
  const sentence = Sentence.of(raw, false);
  const spans = namesIn(sentence, true);
  // "Mike at Summit Ridge" is about Summit Ridge.
  const [one, two] = spans;
  const first = one && two && /^(?:over )?(?:at|from|of|with)$/.test(sentence.slice(one.to, two.from).words) ? two : one;
  if (first) {
    const rest = sentence.tokens.length - (first.to - first.from);
    return rest === 0 ? raw : first.text;
  }
  // All words are everyday ones: a firm may still be called "Total Energy" or "First Call", if written like a name.
  const words = raw.split(/\s+/);
  if (words.length <= 5 && words.every((word) => /^[A-Z0-9&]/.test(word)) && raw !== raw.toUpperCase()) return raw;
  if (words.length <= 4 && words.slice(1).some((word) => isFirmWord(word.toLowerCase()))) return raw;
  return undefined;
};
