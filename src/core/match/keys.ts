import { type Facts, normalCity, normalEmail, normalState, normalZip, ownHost, type Street, streetOf } from './facts.ts';
import { add, hashText, mix } from './hash.ts';
import { type NameForm, nameForms } from './names.ts';
import { Kind, type Term } from './words.ts';

/**
 * Keys by which records meet: two of one company share at least one in all likelihood, and only records that share one are
 * compared. A key of one kind never equals one of another kind.
 */
export const KeyKind = {
  phone: 1,
  email: 2,
  /** A host that may be the company's own. Whether it is, the records that share it tell (see shared.ts). */
  domain: 3,
  /** The whole name at a place. */
  namePlace: 4,
  /** The whole name anywhere: for rows without a place. Chains make these blocks large: cap them first. */
  name: 5,
  /** The distinctive words of the name in a state, in any order. */
  core: 6,
  /** The consonants of the distinctive words in a state. */
  sound: 7,
  /** How the distinctive words begin, or end, at a place: a typo spares one of the two. */
  begin: 8,
  end: 9,
  address: 10,
} as const;
export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

/** `shape` is that of the word that a `begin` or `end` key is of, 0 otherwise: see `worthALook`. */
export type Emit = (kind: KeyKind, hash: number, shape: number) => void;

/** Emits the keys of a record, at most a dozen, and returns its name's tag (see nameTag). */
export function matchKeys(facts: Facts, emit: Emit): number {
  if (facts.phone) emit(KeyKind.phone, hashText(facts.phone, KeyKind.phone), 0);
  const host = facts.domain ? ownHost(facts.domain) : '';
  if (host) emit(KeyKind.domain, hashText(host, KeyKind.domain), 0);
  if (facts.email) emitEmail(facts.email, host, emit);
  if (facts.people) emitPeople(facts, host, emit);

  const zip = facts.zip ? normalZip(facts.zip) : '';
  const city = facts.city ? normalCity(facts.city) : undefined;
  const state = facts.state ? hashText(normalState(facts.state)) : 0;
  const zipHash = zip ? hashText(zip) : 0;
  const town = city?.text ? mix(hashText(city.text), state) : 0;

  if (facts.street && (zipHash || town)) {
    const street = streetOf(facts.street);
    if (street.number && street.word) emit(KeyKind.address, addressHash(street, zipHash || town), 0);
  }
  const forms = nameForms(facts.name);
  const tag = emitName(forms[0], city?.words, state, zipHash, town, emit);
  // One other name is enough: more are lists of brands.
  if (forms.length > 1) emitName(forms[1]!, city?.words, state, zipHash, town, emit);
  return tag;
}

/** A 32-bit tag of what a company calls itself, without places, trades and generic words: branches and spellings count as one. */
export const nameTag = (name: string, city?: string | null): number =>
  coreOf(nameForms(name)[0], city ? normalCity(city).words : undefined).hash | 0;

function emitEmail(email: string, host: string, emit: Emit): void {
  const normal = normalEmail(email);
  emit(KeyKind.email, hashText(normal, KeyKind.email), 0);
  if (host !== '' && normal.endsWith(host) && normal.charCodeAt(normal.length - host.length - 1) === 64) return;
  const own = ownHost(normal.slice(normal.lastIndexOf('@') + 1));
  if (own && own !== host) emit(KeyKind.domain, hashText(own, KeyKind.domain), 0);
}

function emitPeople(facts: Facts, host: string, emit: Emit): void {
  const people = facts.people!;
  for (let i = 0; i < people.length && i < 2; i++) {
    const { email, phone } = people[i]!;
    if (email && email !== facts.email) emitEmail(email, host, emit);
    if (phone && phone !== facts.phone) emit(KeyKind.phone, hashText(phone, KeyKind.phone), 0);
  }
}

const addressHash = (street: Street, place: number): number =>
  mix(mix(hashText(street.number, KeyKind.address), hashText(street.word)), place);

function emitName(
  form: NameForm,
  cityWords: readonly string[] | undefined,
  state: number,
  zip: number,
  town: number,
  emit: Emit,
): number {
  const core = coreOf(form, cityWords);
  const whole = wholeHash(form, cityWords);
  const place = town || zip;
  if (core.distinctive || !place) emit(KeyKind.name, mix(whole, KeyKind.name), 0);
  if (place) emit(KeyKind.namePlace, mix(mix(whole, KeyKind.namePlace), place), 0);
  if (core.distinctive) {
    // Frequent family names make blocks of a town, others of a state.
    const area = core.wide ? state || place : place || state;
    if (area) emit(KeyKind.core, mix(mix(core.hash, KeyKind.core), area), 0);
  }
  if (state && core.wide) {
    const sound = soundOf(core.first, core.last);
    if (sound) emit(KeyKind.sound, mix(mix(sound, KeyKind.sound), state), 0);
  }
  if (place) {
    const begin = core.first.text;
    emit(KeyKind.begin, mix(lettersHash(begin, 0, 3, KeyKind.begin), place), shapeOf(begin));
    const end = core.last.text;
    const letters = lettersHash(end, Math.max(0, end.length - (zip ? 3 : 4)), end.length, KeyKind.end);
    emit(KeyKind.end, mix(letters, zip || town), shapeOf(end));
  }
  return core.hash | 0;
}

/** The distinctive words of a name: found once, used by all signatures. */
const found: { hash: number; distinctive: boolean; wide: boolean; first: Term; last: Term } = {
  hash: 0,
  distinctive: false,
  wide: false,
  first: { text: '', kind: Kind.rare, trades: 0, hash: 0 },
  last: { text: '', kind: Kind.rare, trades: 0, hash: 0 },
};

/** Reads into one object that the next call overwrites: this runs for every row of a list. */
function coreOf({ terms, tailFrom }: NameForm, cityWords: readonly string[] | undefined): typeof found {
  // First without place words, trades and generic words; then with more of them, for names that consist of such.
  for (let pass = 0; pass < 3; pass++) {
    let count = 0;
    let hash = 0;
    let wide = false;
    const end = pass === 0 ? Math.min(tailFrom, terms.length) : terms.length;
    for (let i = 0; i < end; i++) {
      const term = terms[i]!;
      const { kind } = term;
      if (pass === 0 && (kind === Kind.generic || kind > Kind.place)) {
        if (kind !== Kind.number) continue;
      }
      if (pass < 2 && (kind === Kind.trade || (pass === 0 && kind === Kind.place))) continue;
      if (pass === 0 && cityWords?.includes(term.text)) continue;
      if (count++ === 0) found.first = term;
      found.last = term;
      hash = add(hash, term.hash);
      if (kind === Kind.rare && term.text.length > 3) wide = true;
    }
    if (count > 0) {
      found.hash = hash;
      found.distinctive = pass === 0 || count > 1;
      found.wide = wide || (pass === 0 && count > 1);
      return found;
    }
  }
  found.hash = 0;
  found.distinctive = false;
  found.wide = false;
  found.first = found.last = { text: '', kind: Kind.rare, trades: 0, hash: 0 };
  return found;
}

/** All words of the name in any order, branch words left out. */
function wholeHash({ terms, tailFrom }: NameForm, cityWords: readonly string[] | undefined): number {
  let hash = 0;
  for (let i = 0; i < terms.length && i < tailFrom; i++) {
    if (terms.length > 1 && cityWords?.includes(terms[i]!.text)) continue;
    hash = add(hash, terms[i]!.hash);
  }
  return hash;
}

function lettersHash(text: string, start: number, end: number, seed: number): number {
  let hash = 0x811c_9dc5 ^ seed;
  for (let i = start; i < end && i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash >>> 0;
}

/** Consonants of first and last distinctive word, doubled ones once, c, k and q alike, z as s, ph as f; 0 when too few. */
function soundOf(first: Term, last: Term): number {
  let hash = 0x811c_9dc5;
  let count = 0;
  let previous = 0;
  for (let part = 0; part < (first === last ? 1 : 2); part++) {
    const { text } = part === 0 ? first : last;
    for (let i = 0; i < text.length; i++) {
      let code = text.charCodeAt(i);
      if (code === 113 || code === 107) code = 99;
      else if (code === 122) code = 115;
      else if (code === 112 && text.charCodeAt(i + 1) === 104) code = 102;
      else if (code === 104) continue;
      if (code === previous || code === 97 || code === 101 || code === 105 || code === 111 || code === 117 || code === 121) {
        previous = code;
        continue;
      }
      hash = Math.imul(hash ^ code, 0x0100_0193);
      previous = code;
      count++;
    }
  }
  return count < 3 ? 0 : hash >>> 0;
}

/**
 * Before two records with one key in common are read and judged, a few bits beside the key tell most strangers apart: `shape` of the
 * word, and `aside`, which is a tag of the place for names alone and of the contacts for words that begin or end alike.
 */
export interface Hint {
  aside: number;
  shape: number;
}

export function worthALook(kind: number, a: Hint, b: Hint): boolean {
  // a name in a state, or anywhere, says nothing where both places are known and differ
  if (kind === KeyKind.name || kind === KeyKind.core || kind === KeyKind.sound) return halvesMayAgree(a.aside, b.aside);
  if (kind !== KeyKind.begin && kind !== KeyKind.end) return true;
  // nor do words that look alike when phone or web address differ and neither agrees
  return halvesMayAgree(a.aside, b.aside) && alikeInShape(a.shape, b.shape);
}

export const asideIsContacts = (kind: number): boolean => kind === KeyKind.begin || kind === KeyKind.end;

/** ZIP and town in 16 bits each, 0 where unknown. */
export const placeTag = ({ zip, city }: Facts): number =>
  halves(zip ? hashText(normalZip(zip)) : 0, city ? hashText(normalCity(city).text) : 0);

/** Phone and host in 16 bits each, 0 where there is none. */
export function contactTag({ phone, domain, email }: Facts): number {
  const host = domain ? ownHost(domain) : email ? ownHost(email.slice(email.lastIndexOf('@') + 1)) : '';
  return halves(phone ? hashText(phone) : 0, host ? hashText(host) : 0);
}

const halves = (a: number, b: number): number =>
  (((a && ((a ^ (a >>> 16)) & 0xffff || 1)) << 16) | (b && ((b ^ (b >>> 16)) & 0xffff || 1))) >>> 0;

/** One of the two agrees, or neither is known on both sides. */
function halvesMayAgree(a: number, b: number): boolean {
  const [upperA, upperB, lowerA, lowerB] = [a >>> 16, b >>> 16, a & 0xffff, b & 0xffff];
  if ((upperA !== 0 && upperA === upperB) || (lowerA !== 0 && lowerA === lowerB)) return true;
  return !(upperA && upperB) && !(lowerA && lowerB);
}

/** Which pairs of letters a word has, as 32 bits. */
function shapeOf(word: string): number {
  let bits = 0;
  for (let i = 1; i < word.length; i++) bits |= 1 << ((word.charCodeAt(i - 1) * 31 + word.charCodeAt(i) * 7) & 31);
  return bits >>> 0;
}

/** A letter more, less or other changes two pairs on each side, so one or two typos stay below this. */
const mostBitsApart = 6;

function alikeInShape(a: number, b: number): boolean {
  let apart = a ^ b;
  apart -= (apart >>> 1) & 0x5555_5555;
  apart = (apart & 0x3333_3333) + ((apart >>> 2) & 0x3333_3333);
  return Math.imul((apart + (apart >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24 <= mostBitsApart;
}
