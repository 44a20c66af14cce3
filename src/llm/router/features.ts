import { type Concept, conceptNames, conceptsOf } from './concepts.ts';
import { ownWords } from './own-words.ts';

/**
 * What there is to see in a text that tells how much model its answer needs: words and neighbours, what words are signs of and which
 * signs stand together, how it begins and ends, how long and how many-limbed it is. Names with a # are made here, the others are words.
 */

/** Sense is taken from so many words: who writes more has pasted something or repeats himself. */
const mostWords = 150;

const bit = (...names: Concept[]): number => names.reduce((bits, name) => bits | (1 << conceptNames.indexOf(name)), 0);
/** What somebody wants done. */
const deeds = bit(
  'look',
  'edit',
  'write',
  'sumup',
  'analyse',
  'build',
  'advise',
  'improve',
  'bargain',
  'foresee',
  'arrange',
  'cause',
);
/** Signs that do not tell what a text is about. */
const fillers = bit('self', 'chat');

// Every name is made once: joining strings would take longer than all the rest.
const table = (name: (concept: string) => string): string[] => conceptNames.map(name);
const square = (name: (one: string, other: string) => string): string[][] =>
  conceptNames.map((one) => conceptNames.map((other) => name(one, other)));
const has = table((one) => `#has ${one}`);
const twice = table((one) => `#twice ${one}`);
const early = table((one) => `#early ${one}`);
const first = table((one) => `#first ${one}`);
const ending = table((one) => `#end ${one}`);
const notEnding = table((one) => `#notend ${one}`);
const pair = square((one, other) => `#pair ${one} ${other}`);
const firstHas = square((one, other) => `#first ${one} has ${other}`);
const atLeast = (what: string, steps: readonly number[]): [number, string][] => steps.map((step) => [step, `#${what}>=${step}`]);
const lengths = atLeast('words', [2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 55, 80]);
const limbs = {
  commas: atLeast('commas', [1, 2, 3, 4, 5]),
  sentences: atLeast('sentences', [2, 3, 4, 5]),
  questions: atLeast('questions', [1, 2, 3]),
  deeds: atLeast('deeds', [1, 2, 3, 4, 5, 6]),
  kinds: atLeast('kinds', [1, 2, 3, 4, 5]),
  bullets: atLeast('bullets', [1, 2, 3, 4, 5]),
  lines: atLeast('lines', [1, 2, 3, 4, 5, 6]),
  pasted: atLeast('pasted', [20, 150, 400]),
};

const marks = /\p{M}/gu;
const ascii = /^[\x00-\x7f]*$/;
/** Lower case without accents. */
const plain = (raw: string): string => {
  const low = raw.toLowerCase();
  return ascii.test(low)
    ? low
    : low.normalize('NFD').replace(marks, '').replaceAll('’', "'").replaceAll('ß', 'ss').replaceAll('ł', 'l');
};

/** Sounds of thinking and politeness ask for nothing. */
const noise = /^(?:u+[hm]+|e+r+m*|hmm+|mm+|please|pls|plz|kindly)$/;
const quarter = /^[qh][1-4]$/;

/** A number or an address says nothing by its value. */
const masked = (word: string): string =>
  word.includes('@') ? '#link' : /\d/.test(word) && !quarter.test(word) ? '#number' : word;

const isInner = (code: number): boolean =>
  code === 0x27 || code === 0x2019 || code === 0x2f || code === 0x26 || code === 0x2e || code === 0x40 || code === 0x2d;
/** Letters, digits, and everything beyond ASCII that is not a mark of punctuation. */
const isLetter = (code: number): boolean =>
  code < 0x80
    ? (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
    : code >= 0xc0 && !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f) && code !== 0xfeff;

export interface Reading {
  features: string[];
  /** Words of the user's own, noise left out. */
  words: number;
  /** Words that are a sign of something. */
  signs: number;
}

export function read(text: string): Reading {
  const { said, pasted, bullets, lines } = ownWords(text);
  const found = new Set<string>();
  let words = 0;
  let signs = 0;
  let deedWords = 0;
  let seen = 0;
  let seenTwice = 0;
  let inLast = 0;
  let lastWords = 0;
  let firstSign = -1;
  let before = '^';
  let commas = 0;
  let sentences = 0;
  let questions = 0;
  let open = false;
  let ended = false;
  for (let i = 0; i < said.length; ) {
    const code = said.charCodeAt(i);
    if (!isLetter(code)) {
      const gap = i + 1 >= said.length || said.charCodeAt(i + 1) <= 0x20;
      if (code === 0x2c || code === 0x3b || code === 0x3a || (code === 0x2d && gap) || code === 0x2014) commas++;
      if (code === 0x3f) questions++;
      if (code === 0x3f || code === 0x21 || code === 0x0a || ((code === 0x2e || code === 0x3a) && gap)) {
        if (open && code !== 0x3a && code !== 0x0a) {
          sentences++;
          open = false;
        }
        ended = true;
      }
      i++;
      continue;
    }
    let end = i + 1;
    while (
      end < said.length &&
      (isLetter(said.charCodeAt(end)) ||
        (isInner(said.charCodeAt(end)) && end + 1 < said.length && isLetter(said.charCodeAt(end + 1))))
    )
      end++;
    const raw = plain(said.slice(i, Math.min(end, i + 60)));
    i = end;
    if (noise.test(raw)) continue;
    if (words >= mostWords) break;
    words++;
    open = true;
    if (ended) {
      inLast = 0;
      lastWords = 0;
      ended = false;
    }
    lastWords++;
    const word = masked(raw);
    found.add(word);
    if (word.length > 6) found.add(`${word.slice(0, 5)}*`);
    found.add(`${before} ${word}`);
    before = word;
    let own = 0;
    for (const sign of conceptsOf(word)) {
      own |= 1 << sign;
      if (words <= 3) found.add(early[sign]!);
      if (firstSign < 0 && !((1 << sign) & fillers)) firstSign = sign;
    }
    if (own) signs++;
    seenTwice |= seen & own;
    seen |= own;
    inLast |= own;
    if (own & deeds) deedWords++;
  }
  found.add(`${before} $`);
  if (open) sentences++;

  if (firstSign >= 0) found.add(first[firstSign]!);
  for (let one = 0; one < conceptNames.length; one++) {
    if (!(seen & (1 << one))) continue;
    found.add(has[one]!);
    if (seenTwice & (1 << one)) found.add(twice[one]!);
    if (firstSign >= 0 && firstSign !== one) found.add(firstHas[firstSign]![one]!);
    if (words > 12) found.add((inLast & (1 << one) ? ending : notEnding)[one]!);
    for (let other = one + 1; other < conceptNames.length; other++) if (seen & (1 << other)) found.add(pair[one]![other]!);
  }
  if (words > 12) found.add(lastWords <= 6 ? '#end short' : lastWords <= 14 ? '#end middling' : '#end long');

  const reached = (value: number, steps: readonly [number, string][]): void => {
    for (const [step, name] of steps) if (value >= step) found.add(name);
  };
  reached(words, lengths);
  reached(commas, limbs.commas);
  reached(sentences, limbs.sentences);
  reached(questions, limbs.questions);
  reached(deedWords, limbs.deeds);
  reached(bitsOf(seen & deeds), limbs.kinds);
  reached(bullets, limbs.bullets);
  reached(lines - 1, limbs.lines);
  reached(pasted, limbs.pasted);
  return { features: [...found], words, signs };
}

function bitsOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest; rest &= rest - 1) count++;
  return count;
}
