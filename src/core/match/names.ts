import { foldedWords } from '../names.ts';
import { isEndingForm, isLegalForm, isSpelledForm, Kind, type Term, termOf } from './words.ts';

/** A company name cut into canonical words. Which of them are the name and which say where or what else it is. */
export interface NameForm {
  terms: Term[];
  /** From here on words name a branch or a remark: "Acme of Austin", "Acme - Austin", "Acme (Austin)". */
  tailFrom: number;
  /** All trades of the name as bits. */
  trades: number;
  /** All words without spaces, made when first asked for. */
  squashed?: string;
}

/** Nobody tells companies apart by more than this; hostile names stay cheap. */
const longestName = 160;
const longestWord = 40;
const mostTerms = 12;
const mostForms = 3;

/** The canonical form of a name: folded, without legal forms, abbreviations written out; the trade name where there are two. */
export const normalName = (name: string): string =>
  nameForms(name)[0]!
    .terms.map((term) => term.text)
    .join(' ');

/** The names in a name, never none: "Holdings LLC dba Smith Plumbing" has two, the one in use comes first. */
export function nameForms(name: string): [NameForm, ...NameForm[]] {
  let text = name.length > longestName ? name.slice(0, longestName) : name;
  const shape = shapeOf(text);
  if ((shape & needsSpelling) !== 0) text = spelledOut(text);
  const form: NameForm = { terms: [], tailFrom: mostTerms, trades: 0 };
  const forms: [NameForm, ...NameForm[]] = [form];

  const open = (shape & hasBracket) !== 0 ? text.indexOf('(', 1) : -1;
  const dash = open < 0 && (shape & hasDash) !== 0 ? text.indexOf(' - ', 1) : -1;
  if (open > 0) {
    const close = text.indexOf(')', open);
    addWords(forms, close < 0 ? text.slice(0, open) : `${text.slice(0, open)} ${text.slice(close + 1)}`);
    addTail(forms, text.slice(open + 1, close < 0 ? undefined : close));
  } else if (dash > 0) {
    addWords(forms, text.slice(0, dash));
    addTail(forms, text.slice(dash + 3));
  } else addWords(forms, text);

  if (forms.length > 1) {
    const named = forms.filter(({ terms }) => terms.length > 0).slice(0, mostForms);
    if (named.length > 0) return named as [NameForm, ...NameForm[]];
  }
  // "The And Co": what is always left out is the whole name.
  if (form.terms.length === 0)
    for (const word of foldedWords(text).slice(0, mostTerms))
      form.terms.push({ ...termOf(word.slice(0, longestWord)), kind: Kind.rare });
  return forms;
}

/** Legal forms that stand before the name or inside it without a space, and "t/a" (trading as). */
const written = /株式会社|有限会社|有限公司|\(株\)|\+|\bt\/a\b|^\s*(?:ооо|зао|оао|ао|ип|тов)\s/giu;

const spelledOut = (name: string): string =>
  name
    .replace(/[–—|]/g, '-')
    .replace(written, (sign) => (sign === '+' ? ' plus ' : sign.toLowerCase() === 't/a' ? ' dba ' : ' '));

const needsSpelling = 1;
const hasBracket = 2;
const hasDash = 4;

/** What is to be done about a name besides cutting it: mostly nothing, found out in one pass. */
function shapeOf(name: string): number {
  let shape = 0;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const isPlain = (code >= 65 && code <= 122) || code === 32;
    if (isPlain) continue;
    if (code === 40) shape |= hasBracket;
    else if (code === 45) shape |= hasDash;
    else if (code > 122 || code === 43 || (code === 47 && (name.charCodeAt(i - 1) | 32) === 116))
      return needsSpelling | hasDash | hasBracket;
  }
  return shape;
}

function addTail(forms: NameForm[], text: string): void {
  const form = forms.at(-1)!;
  const before = form.terms.length;
  addWords(forms, text);
  if (before > 0) form.tailFrom = Math.min(form.tailFrom, before);
}

function addWords(forms: NameForm[], text: string): void {
  let form = forms.at(-1)!;
  const first = form.terms.length;
  const words = foldedWords(text);
  for (let i = 0; i < words.length && form.terms.length < mostTerms; i++) {
    let word = words[i]!;
    let spelled = false;
    if (word === 'a' && words[i + 1] === 'one') {
      // as "A-1" is read out
      word = 'a1';
      i++;
    } else if (word.length === 1) {
      const end = endOfLetters(words, i);
      if (end > i) {
        word = lettersOf(words, i, end);
        spelled = true;
        i = end;
      }
    } else if (word.length > longestWord) word = word.slice(0, longestWord);

    const isFirst = form.terms.length === 0;
    if (!isFirst && (isLegalForm(word) || (spelled && i === words.length - 1 && isSpelledForm(word)))) continue;
    const term = termOf(word);
    if (term.kind === Kind.silent) {
      if (word === 'of' && !isFirst) form.tailFrom = form.terms.length;
    } else if (term.kind === Kind.alias) {
      const trading = word === 'dba';
      form = { terms: [], tailFrom: mostTerms, trades: 0 };
      // The name in use goes before the registered one; a former name goes behind.
      if (trading) forms.unshift(form);
      else forms.push(form);
    } else {
      // "air conditioning" is "a/c"
      if (term.text === 'ac' && form.terms.at(-1)?.text === 'air') form.terms.pop();
      form.terms.push(term);
      form.trades |= term.trades;
    }
  }
  while (form.terms.length > first + 1 && isEndingForm(form.terms.at(-1)!.text)) form.terms.pop();
}

/** Letters standing alone are initials or an abbreviation: "A & A", "T.J.", "a/c", "A-1". Where such a row ends. */
function endOfLetters(words: readonly string[], start: number): number {
  let end = start;
  for (let i = start + 1; i < words.length; i++) {
    if (words[i]!.length === 1) end = i;
    else if (words[i] !== 'and') break;
  }
  return end;
}

function lettersOf(words: readonly string[], start: number, end: number): string {
  let letters = '';
  for (let i = start; i <= end && letters.length < longestWord; i++) if (words[i]!.length === 1) letters += words[i];
  // "J & R L.L.C."
  return letters.length > 3 && /(?:llc|llp|inc)$/.test(letters) ? letters.slice(0, -3) : letters;
}

export const squash = (form: NameForm): string => (form.squashed ??= form.terms.map((term) => term.text).join(''));
