import { visibleLine } from '../../core/visible.ts';
import { correct } from './spelling.ts';
import { contractions, regionWords } from './vocabulary.ts';

/** More than this of a message is not looked at: nobody commands in essays, and time stays bounded. */
const longestText = 1500;

interface Token {
  /** Lower case, spelling corrected, without punctuation; several words for a contraction. */
  word: string;
  start: number;
  end: number;
  /** Inside quotation marks, to be taken literally. */
  quoted?: boolean;
  /** Left out by the user and understood: has no text of its own. */
  implied?: boolean;
}

/** Invisible and control characters out, typographic marks made plain, white space single. */
const plain = (text: string): string =>
  visibleLine(text)
    .replace(/[\u2018\u2019\u02bc\u0060\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u00ab\u00bb\u201e]/g, '"')
    .replace(/[\u2013\u2014]/g, ' - ')
    .replace(/\s+/g, ' ')
    .trim();

const piece = /"([^"]{1,200})"|(?<=^|[\s(])'([^']{2,200})'(?=$|[\s.,:;!?)])|\S+/g;

/** A capitalised word in a sentence of lower case is probably a name: it is corrected towards a state's name at most. */
const wordsOf = (raw: string, name: boolean): string => {
  const lower = raw.toLowerCase();
  if (Object.hasOwn(contractions, lower)) return contractions[lower] ?? lower;
  const corrected = correct(lower);
  return name && !regionWords.has(corrected) ? lower : corrected;
};

/** Sounds of thinking and politeness: they ask for nothing, wherever they stand. */
const noise = /^(?:u+[hm]+|e+r+m*|e+h+|hmm+|mm+|please|pleas|plse|pls|plz|kindly)$/i;

/** Shorthand that is glued together, taken apart so that one rule serves both: "w/o", "top10", "status=won", "30d". */
const unglued = (text: string): string =>
  text
    .replace(/(?<=^|\s)w\/o(?=\s)/gi, 'without')
    .replace(/(?<=^|\s)w\/\s?/gi, 'with ')
    .replace(/(?<=^|\s)(create|update|delete|search|get|top|explain|log|complete|list)_([a-z]+)\b/gi, '$1 $2')
    .replace(/\b(?<=^|\s)'em\b/gi, 'them')
    .replace(/\b(top|best|first|next)(\d{1,2})\b/gi, '$1 $2')
    .replace(/(?<=^|\s)(\d{1,3})d(?=\s|$)/gi, '$1 days')
    .replace(/(?<=^|\s)(\d{1,2})(?:wks?|w)(?=\s|$)/gi, '$1 weeks')
    .replace(/(?<=^|\s)([a-z]{3,12})\s?=\s?(?=[\w"'])/gi, '$1 : ')
    .replace(/(?<=^|\s)([a-z]{3,12}):(?=[a-z])/gi, (all, word: string) => (/^https?$/i.test(word) ? all : `${word}: `))
    .replace(/^y(?= (?:is|are|isn|aren|did|does|was|so|do|should)\b)/i, 'why');

const read = (text: string, spell: boolean): Token[] => {
  const tokens: Token[] = [];
  const shouted = text === text.toUpperCase();
  const capitals = text.match(/(?<=\s)[A-Z][a-z]+/g)?.length ?? 0;
  const names = !shouted && capitals < (text.match(/(?<=\s)[a-z]/g)?.length ?? 0) + 1;
  for (const found of text.matchAll(piece)) {
    const start = found.index;
    const inner = found[1] ?? found[2];
    if (inner !== undefined) {
      tokens.push({ word: `"${tokens.length}"`, start: start + 1, end: start + 1 + inner.length, quoted: true });
      continue;
    }
    const raw = found[0];
    if (/^[-:>=]+$/.test(raw)) {
      tokens.push({ word: raw[0] === ':' ? ':' : '-', start, end: start + raw.length });
      continue;
    }
    const opening = /^[("'[*_~,;.!?]+/.exec(raw)?.[0].length ?? 0;
    const bare = raw.slice(opening);
    const closing = /[)"'\]*_~,;:.!?]+$/.exec(bare)?.[0] ?? '';
    const core = bare.slice(0, bare.length - closing.length);
    if (core === '') continue;
    if (noise.test(core)) continue;
    const from = start + opening;
    const possessive = /^(.+)'s?$/i.exec(core) ?? (closing.startsWith("'") && /s$/i.test(core) ? [core, core] : null);
    if (possessive?.[1] && !Object.hasOwn(contractions, core.toLowerCase())) {
      const stem = possessive[1];
      tokens.push(
        { word: stem.toLowerCase(), start: from, end: from + stem.length },
        { word: "'s", start: from + stem.length, end: from + core.length },
      );
    } else {
      const name = names && tokens.length > 0 && /^[A-Z]/.test(core);
      // "Their number" is the number of them: one rule serves both.
      const owning = /^(?:its|their)$/i.test(core);
      tokens.push({
        word: owning
          ? core.length === 3
            ? "it 's"
            : "them 's"
          : spell
            ? wordsOf(core, name)
            : (contractions[core.toLowerCase()] ?? core.toLowerCase()),
        start: from,
        end: from + core.length,
      });
    }
    if (closing.includes(':')) tokens.push({ word: ':', start: from + core.length, end: from + core.length + 1 });
  }
  return tokens;
};

export interface Match {
  /** What the user wrote in this slot, character for character. */
  raw(name: string): string;
  /** The same, lower case and corrected. */
  words(name: string): string;
  has(name: string): boolean;
  /** The sentence after the whole match. */
  after: Sentence;
}

/** A user's text in two views that stay aligned: corrected words to recognise what is wanted, raw text to take slots from. */
export class Sentence {
  readonly source: string;
  readonly tokens: readonly Token[];
  /** Corrected words, single-spaced. */
  readonly words: string;
  private readonly offsets: number[];

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
    this.offsets = [];
    let at = 0;
    for (const token of tokens) {
      this.offsets.push(at);
      at += token.word.length + 1;
    }
    this.words = tokens.map((token) => token.word).join(' ');
  }

  static of(text: string, spell = true): Sentence {
    const source = unglued(plain(text.slice(0, longestText * 2))).slice(0, longestText);
    return new Sentence(source, read(source, spell));
  }

  get empty(): boolean {
    return this.tokens.length === 0;
  }

  get raw(): string {
    return this.rawOf(0, this.tokens.length - 1);
  }

  /** Runs a pattern (it needs the `d` flag) over the corrected words. */
  match(pattern: RegExp): Match | undefined {
    const found = pattern.exec(this.words);
    if (!found?.indices) return undefined;
    const groups = found.indices.groups ?? {};
    const span = (name: string): [number, number] | undefined => {
      const range = groups[name];
      return range ? this.span(range[0], range[1]) : undefined;
    };
    return {
      raw: (name) => {
        const range = span(name);
        return range ? this.rawOf(range[0], range[1]) : '';
      },
      words: (name) => found.groups?.[name]?.trim() ?? '',
      has: (name) => found.groups?.[name] !== undefined,
      after: this.slice(this.tokenAt(found.index + found[0].length)),
    };
  }

  test(pattern: RegExp): boolean {
    return pattern.test(this.words);
  }

  slice(from: number, to = this.tokens.length): Sentence {
    return new Sentence(this.source, this.tokens.slice(from, to));
  }

  /** With this word understood before it, which has no text of its own. */
  before(word: string): Sentence {
    const at = this.tokens[0]?.start ?? 0;
    return new Sentence(this.source, [{ word, start: at, end: at, implied: true }, ...this.tokens]);
  }

  /** The part of it that a slot of a pattern is. */
  part(pattern: RegExp, slot: string): Sentence | undefined {
    const range = pattern.exec(this.words)?.indices?.groups?.[slot];
    const span = range && this.span(range[0], range[1]);
    return span && this.slice(span[0], span[1] + 1);
  }

  /** The sentence without this opening, when it begins so. */
  drop(opening: RegExp): Sentence | undefined {
    const found = opening.exec(this.words);
    return found && found.index === 0 && found[0] !== '' ? this.slice(this.tokenAt(found[0].length)) : undefined;
  }

  /** The sentence without this ending, when it ends so. */
  dropEnd(ending: RegExp): Sentence | undefined {
    const found = ending.exec(this.words);
    if (!found || found[0] === '' || found.index + found[0].length !== this.words.length) return undefined;
    return this.slice(0, this.tokenAt(found.index));
  }

  private tokenAt(offset: number): number {
    for (let i = 0; i < this.offsets.length; i++) {
      const start = this.offsets[i] ?? 0;
      if (start + (this.tokens[i]?.word.length ?? 0) > offset) return i;
    }
    return this.tokens.length;
  }

  private span(from: number, to: number): [number, number] | undefined {
    if (to <= from) return undefined;
    const first = this.tokenAt(from);
    let last = first;
    while (last + 1 < this.offsets.length && (this.offsets[last + 1] ?? 0) < to) last += 1;
    return [first, last];
  }

  private rawOf(first: number, last: number): string {
    const start = this.tokens[first];
    const end = this.tokens[last];
    if (!start || !end) return '';
    if (first === last && start.implied) return start.word;
    const only = this.tokens.slice(first, last + 1).filter((token) => token.quoted);
    if (only.length === 1 && last === first) return this.source.slice(start.start, start.end);
    const text = this.source
      .slice(start.quoted ? start.start - 1 : start.start, end.quoted ? end.end + 1 : end.end)
      .replace(/[\s,;:]+$/, '');
    // "(713) 555-0100" keeps the bracket that punctuation before a word otherwise loses.
    return this.source[start.start - 1] === '(' && text.includes(')') && !text.includes('(') ? `(${text}` : text;
  }
}
