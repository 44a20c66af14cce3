import { isOf, judgeLeftovers, type NameMatch, type Site } from './leftovers.ts';
import { type NameForm, squash } from './names.ts';
import { faint, firm, likeness } from './typos.ts';
import { weights as w } from './weights.ts';
import { Kind, type Term, termOf } from './words.ts';

const wordWeight = ({ kind, text }: Term, ownPlace: boolean): number => {
  if (ownPlace || kind === Kind.place || kind === Kind.direction) return w.placeWord;
  if (kind === Kind.common) return w.commonName;
  if (kind === Kind.generic || kind === Kind.trade) return w.genericWord;
  if (kind === Kind.number) return /^\d+$/.test(text) ? w.number : w.code;
  return w.rareWord[Math.min(text.length, 6)]!;
};

/** Words match in any order; what is left over on both sides is the contradiction. Symmetric when called in a fixed order of names. */
export function compareNames(a: NameForm, b: NameForm, siteA: Site, siteB: Site): NameMatch {
  const match: NameMatch = {
    score: 0,
    equal: false,
    distinctive: false,
    soft: false,
    faint: false,
    oneSided: false,
    askew: false,
  };
  let leftA = 0;
  let leftB = 0;
  let info = 0;
  for (let j = 0; j < b.terms.length; j++) leftB |= 1 << j;
  for (let i = 0; i < a.terms.length; i++) {
    const term = a.terms[i]!;
    let at = -1;
    for (let j = 0; j < b.terms.length; j++)
      if ((leftB & (1 << j)) !== 0 && b.terms[j]!.text === term.text) {
        at = j;
        break;
      }
    if (at < 0) {
      leftA |= 1 << i;
      continue;
    }
    leftB &= ~(1 << at);
    if (term.kind === Kind.trade) continue;
    const ownPlace = term.kind !== Kind.generic && (isOf(siteA, term.text) || isOf(siteB, term.text));
    info += wordWeight(term, ownPlace);
    if (!ownPlace && isDistinctive(term)) match.distinctive = true;
  }

  let tradesA = a.trades;
  let tradesB = b.trades;
  if ((leftA | leftB) === 0) match.equal = true;
  else if (onlyTrades(a, leftA) && onlyTrades(b, leftB)) match.equal = tradesA === tradesB;
  else if (sameLetters(a, b)) {
    match.equal = match.distinctive = true;
    info = Math.max(info, w.rareWord[6]!);
    leftA = leftB = 0;
    tradesA = tradesB;
  } else if (leftA !== 0 && leftB !== 0) {
    // Leftover words that are nearly the same, or one word written as two.
    for (let i = 0; i < a.terms.length; i++) {
      if ((leftA & (1 << i)) === 0) continue;
      const term = a.terms[i]!;
      for (let j = 0; j < b.terms.length; j++) {
        if ((leftB & (1 << j)) === 0) continue;
        const other = b.terms[j]!;
        if (!mayBeTypo(term, other)) continue;
        const degree = likeness(term.text, other.text);
        if (degree === 0) continue;
        leftA &= ~(1 << i);
        leftB &= ~(1 << j);
        tradesA |= other.trades;
        tradesB |= term.trades;
        const weight = Math.min(wordWeight(term, false), wordWeight(other, false));
        info += weight * degree;
        if (isDistinctive(term) && isDistinctive(other)) {
          match.distinctive = true;
          if (degree < firm) match.soft = true;
          if (degree <= faint) match.faint = true;
        }
        match.typo = [term.text, other.text];
        break;
      }
    }
    const [joinedA, joinedB] = [joined(a, leftA, b, leftB), joined(b, leftB, a, leftA)];
    if (joinedA !== 0 || joinedB !== 0) {
      leftA &= ~(joinedA | (joinedB >>> 16));
      leftB &= ~((joinedA >>> 16) | joinedB);
      info += w.rareWord[5]!;
      match.distinctive = true;
      if (((joinedA | joinedB) & 0xffff) !== 0) tradesA = tradesB |= tradesA;
    }
  }

  const overlap = tradesA & tradesB;
  info += overlap !== 0 ? w.tradeAgrees : 0;
  match.score = Math.min(w.mostForWords, info);
  if (match.equal) {
    match.score += w.nameEqual;
    if (a.trades !== 0 && a.terms.length === 1) match.distinctive = false;
    return match;
  }
  if (
    match.typo &&
    !match.soft &&
    match.distinctive &&
    (overlap !== 0 || (tradesA | tradesB) === 0) &&
    onlyTrades(a, leftA) &&
    onlyTrades(b, leftB)
  )
    match.score += w.nameNearlyEqual;
  judgeLeftovers(match, a, leftA, b, leftB, siteA, siteB);
  const extraA = tradesA & ~tradesB;
  const extraB = tradesB & ~tradesA;
  if (extraA !== 0 && extraB !== 0 && overlap === 0) {
    match.score += w.otherTrades;
    match.conflict ??= 'trades';
  } else if (extraA !== 0 || extraB !== 0) match.score += w.extraTrade;
  return match;
}

const isDistinctive = ({ kind, text }: Term): boolean =>
  (kind === Kind.rare && text.length > 1) || kind === Kind.common || (kind === Kind.number && !/^\d+$/.test(text));

/** A typo makes a word unknown, so one of the two must be, and Martin is not Martinez. Numbers and directions are no typos either. */
const mayBeTypo = (a: Term, b: Term): boolean =>
  ((a.kind === Kind.rare || b.kind === Kind.rare) && a.kind < Kind.number && b.kind < Kind.number) ||
  // "N. Fork"
  (a.kind === Kind.direction && b.text.length === 1) ||
  (b.kind === Kind.direction && a.text.length === 1);

function onlyTrades({ terms }: NameForm, left: number): boolean {
  for (let i = 0; i < terms.length; i++) if ((left & (1 << i)) !== 0 && terms[i]!.kind !== Kind.trade) return false;
  return true;
}

/** "Airtech" and "Air Tech". */
const sameLetters = (a: NameForm, b: NameForm): boolean =>
  a.terms.length !== b.terms.length && a.terms[0]?.text[0] === b.terms[0]?.text[0] && squash(a) === squash(b);

/** A leftover word of `a` that is two leftover words of `b`: its bit, and theirs 16 higher. */
function joined(a: NameForm, leftA: number, b: NameForm, leftB: number): number {
  for (let j = 0; j + 1 < b.terms.length; j++) {
    const pair = 3 << j;
    if ((leftB & pair) !== pair) continue;
    const [first, second] = [b.terms[j]!.text, b.terms[j + 1]!.text];
    for (let i = 0; i < a.terms.length; i++) {
      if ((leftA & (1 << i)) === 0) continue;
      const { text } = a.terms[i]!;
      if (text.length > first.length && text.startsWith(first) && isWrittenAs(text.slice(first.length), second))
        return (1 << i) | (pair << 16);
    }
  }
  return 0;
}

/** "Weeksservice" is "Week", perhaps with its s, and "Service". */
const isWrittenAs = (rest: string, word: string): boolean =>
  termOf(rest).text === word || (rest.charCodeAt(0) === 115 && termOf(rest.slice(1)).text === word);
