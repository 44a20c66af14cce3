import type { Prepared } from './facts.ts';
import type { NameForm } from './names.ts';
import { weights as w } from './weights.ts';
import { Kind } from './words.ts';

/** How two names compare. */
export interface NameMatch {
  score: number;
  /** Every word agrees. */
  equal: boolean;
  /** A word by which companies are told apart agrees. */
  distinctive: boolean;
  conflict?: 'words' | 'trades' | 'numbers' | 'branches';
  /** Only believed with other evidence: a short word with a typo, an abbreviation, initials. */
  soft: boolean;
  /** Words taken for one that are as likely two. */
  faint: boolean;
  /** A number or direction on one side only. */
  oneSided: boolean;
  /** An own word on one side against a general one on the other: "Halcyon Pharma", "Halcyon Holdings". */
  askew: boolean;
  /** A pair of words taken for one word. */
  typo?: [string, string];
}

/** Where records are, as far as words of names may name it. */
export type Site = Pick<Prepared, 'city' | 'state'>;

export const isOf = (site: Site, text: string): boolean =>
  site.city.words.includes(text) || (text.length === 2 && site.state.toLowerCase() === text);

/** What stands on one side only, counted by what it means. */
interface Leftovers {
  rare: number;
  common: number;
  generic: number;
  initial: number;
  number: number;
  place: number;
  /** Place words that do not fit the other record's place. */
  elsewhere: number;
}

function leftovers(form: NameForm, left: number, own: Site, other: Site): Leftovers {
  const found: Leftovers = { rare: 0, common: 0, generic: 0, initial: 0, number: 0, place: 0, elsewhere: 0 };
  for (let i = 0; i < form.terms.length; i++) {
    if ((left & (1 << i)) === 0) continue;
    const { kind, text } = form.terms[i]!;
    if (kind === Kind.trade) continue;
    // a letter at the end numbers houses and sites; elsewhere it is an initial
    const isLetter = text.length === 1 && i > 0 && i === form.terms.length - 1;
    if (kind === Kind.number || kind === Kind.direction || isLetter) {
      // "North Austin" in North Austin
      if (isOf(other, text)) found.place++;
      else found.number++;
    } else if (isOf(other, text)) found.place++;
    else if (isOf(own, text) || kind === Kind.place || (i >= form.tailFrom && kind <= Kind.common)) found.elsewhere++;
    else if (text.length === 1) found.initial++;
    else if (kind === Kind.generic) found.generic++;
    else if (kind === Kind.common) found.common++;
    else found.rare++;
  }
  return found;
}

/** Adds to a match what the words on one side only speak against it. */
export function judgeLeftovers(
  match: NameMatch,
  a: NameForm,
  leftA: number,
  b: NameForm,
  leftB: number,
  siteA: Site,
  siteB: Site,
): void {
  const x = leftovers(a, leftA, siteA, siteB);
  const y = leftovers(b, leftB, siteB, siteA);
  const wordsX = x.rare + x.common;
  const wordsY = y.rare + y.common;

  if (x.number > 0 && y.number > 0) {
    match.score += w.otherNumbers;
    match.conflict = 'numbers';
  } else if (x.number + y.number > 0) {
    match.score += w.extraNumber;
    match.oneSided = true;
  }
  if (x.elsewhere > 0 && y.elsewhere > 0) {
    match.score += w.otherBranches;
    match.conflict ??= 'branches';
  } else if (x.elsewhere + y.elsewhere > 0) {
    const said = x.elsewhere > 0 ? siteB : siteA;
    match.score += said.city.text ? w.extraPlaceElsewhere : w.extraPlace;
  } else if (x.place + y.place > 0) match.score += w.extraPlace / 3;

  if (x.initial > 0 && y.initial > 0) {
    // "T. Nguyen" and "K. Nguyen"
    match.score += w.otherWords;
    match.conflict ??= 'words';
  } else if (wordsX > 0 && wordsY > 0) {
    if (areInitials(a, leftA, b, leftB) || areInitials(b, leftB, a, leftA)) {
      match.score += w.initials;
      match.soft = true;
      match.distinctive = true;
    } else {
      match.score += match.distinctive ? w.otherWords : w.unlike;
      match.conflict ??= 'words';
    }
  } else if (wordsX + wordsY > 0) {
    match.askew = wordsX > 0 ? y.generic > 0 : x.generic > 0;
    match.score += Math.max(w.otherWords, x.rare + y.rare > 0 ? w.extraRare * ((1 + x.rare + y.rare) / 2) : w.extraCommon);
    if (!match.distinctive) {
      if (match.score < 0) match.score += w.bland;
      if (x.generic + y.generic > 0) match.conflict ??= 'words';
    }
  } else if (x.generic > 0 && y.generic > 0) {
    match.score += match.distinctive ? w.otherGenerics : w.unlike;
    if (!match.distinctive) match.conflict ??= 'words';
  }
  match.score += w.extraGeneric * Math.min(3, x.generic + y.generic + x.initial + y.initial);
}

/** "RPH" for "Ravenna Plumbing Heating": one leftover word holds the first letters of all leftover words of the other. */
function areInitials(short: NameForm, left: number, long: NameForm, leftLong: number): boolean {
  let letters = '';
  for (let i = 0; i < long.terms.length; i++) if ((leftLong & (1 << i)) !== 0) letters += long.terms[i]!.text[0];
  if (letters.length < 3) return false;
  for (let i = 0; i < short.terms.length; i++) if ((left & (1 << i)) !== 0 && short.terms[i]!.text === letters) return true;
  return false;
}
