import { isFreeMail, isSharedHost } from '../domains.ts';
import { foldedWords } from '../names.ts';
import { regionCode } from '../regions.ts';
import { type NameForm, nameForms } from './names.ts';
import { numbersInWords, termOf } from './words.ts';

/** What matching looks at of a company: cleaned rows and leads as they are, case and punctuation vary. */
export interface Facts {
  name: string;
  /** E.164, like all phones here. */
  phone?: string | null;
  email?: string | null;
  /** A host. */
  domain?: string | null;
  street?: string | null;
  city?: string | null;
  state?: string | null;
  zip?: string | null;
  country?: string | null;
  people?: readonly { name: string; email?: string | null; phone?: string | null }[];
}

/** Facts in their normal forms, ready to be compared many times. Absent is the empty string. */
export interface Prepared {
  facts: Facts;
  names: [NameForm, ...NameForm[]];
  phones: string[];
  emails: string[];
  /** Hosts that may be the company's own: of its site and of its mailboxes. */
  hosts: string[];
  zip: string;
  city: City;
  /** Code where there is one. */
  state: string;
  country: string;
  street: Street;
}

export interface City {
  text: string;
  words: readonly string[];
}

export interface Street {
  number: string;
  /** The word that names the street, without "N", "Ave", "Ste 200". */
  word: string;
}

export interface Verdict {
  verdict: 'same' | 'review' | 'different';
  /** 0-1: that both are one lead, the same company at the same place. */
  confidence: number;
  /** In plain words, for people. */
  reasons: string[];
}

/** A row with a hundred people is compared by the first few. */
const mostPeople = 3;
const longest = 120;
/** Number and name of a street come first. */
const longestStreet = 32;

export function prepare(facts: Facts): Prepared {
  const phones = facts.phone ? [facts.phone] : [];
  const emails: string[] = [];
  const hosts: string[] = [];
  const host = facts.domain ? ownHost(facts.domain) : '';
  if (host) hosts.push(host);
  if (facts.email) addEmail(facts.email, emails, hosts);
  if (facts.people) {
    for (let i = 0; i < facts.people.length && i < mostPeople; i++) {
      const { email, phone } = facts.people[i]!;
      if (email) addEmail(email, emails, hosts);
      if (phone && !phones.includes(phone)) phones.push(phone);
    }
  }
  return {
    facts,
    names: nameForms(facts.name),
    phones,
    emails,
    hosts,
    zip: facts.zip ? normalZip(facts.zip) : '',
    city: facts.city ? normalCity(facts.city) : noCity,
    state: facts.state ? normalState(facts.state) : '',
    country: facts.country ? facts.country.slice(0, longest).toUpperCase() : '',
    street: facts.street ? streetOf(facts.street) : noStreet,
  };
}

export const normalEmail = (email: string): string => email.slice(0, 254).toLowerCase();

/** The host when it may be one company's own, without "www."; empty for mailboxes anyone can have. */
export function ownHost(domain: string): string {
  const lower = domain.slice(0, 253).toLowerCase();
  const host = lower.startsWith('www.') ? lower.slice(4) : lower;
  return isFreeMail(host) || isSharedHost(host) ? '' : host;
}

function addEmail(email: string, emails: string[], hosts: string[]): void {
  const normal = normalEmail(email);
  if (emails.includes(normal)) return;
  emails.push(normal);
  const host = normal.slice(normal.lastIndexOf('@') + 1);
  if (hosts.includes(host)) return;
  const own = ownHost(host);
  if (own && !hosts.includes(own)) hosts.push(own);
}

/** "77041-1234" and "77041" are one; letters of other countries' codes without their spaces. */
export function normalZip(zip: string): string {
  if (/^\d{5}(?:-\d{4})?$/.test(zip)) return zip.length === 5 ? zip : zip.slice(0, 5);
  return zip
    .slice(0, 20)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}

/** Cities and states repeat all over a list; each is read once. The memos start over when they are full. */
const memoSize = 20_000;
const cities = new Map<string, City>();
const states = new Map<string, string>();

/** A copy that does not keep alive the block of the file it was cut from. */
const detached = (text: string): string => text.split('').join('');

const noCity: City = { text: '', words: [] };
const compass: Record<string, string> = { n: 'north', s: 'south', e: 'east', w: 'west' };

export function normalCity(city: string): City {
  const key = city.length > longest ? city.slice(0, longest) : city;
  const known = cities.get(key);
  if (known) return known;
  const words = foldedWords(detached(key)).map((word) => compass[word] ?? termOf(word).text);
  // "La Porte" and "LaPorte"
  const normal: City = { text: words.join(''), words };
  if (cities.size >= memoSize) cities.clear();
  cities.set(detached(key), normal);
  return normal;
}

export function normalState(state: string): string {
  if (state.length === 2) return state.toUpperCase();
  const key = state.length > longest ? state.slice(0, longest) : state;
  const known = states.get(key);
  if (known !== undefined) return known;
  const normal = regionCode(key) ?? foldedWords(key).join(' ').toUpperCase();
  if (states.size >= memoSize) states.clear();
  states.set(detached(key), normal);
  return normal;
}

const noStreet: Street = { number: '', word: '' };
/** How words of streets are read: number words as figures, and as nothing what is written or left out, or what every town has. */
const streetWords = new Map<string, string>(
  (
    'street st avenue ave av road rd drive dr boulevard blvd lane ln court ct circle cir place pl plaza terrace ter trail trl parkway pkwy pky ' +
    'highway hwy route rte rt sr us fm state county cr north south east west northeast northwest southeast southwest ne nw se sw po ' +
    'suite ste unit apt bldg building floor fl rm room the and of n s e w p o'
  )
    .split(' ')
    .map((word) => [word, ''] as const),
);
for (const [word, figure] of numbersInWords) streetWords.set(word, figure);

/** House number and street word, enough to tell one address from another. A post box is "box". */
export function streetOf(street: string): Street {
  let number = '';
  let word = '';
  // "3399 County Trail" has nothing else
  let noise = '';
  for (const written of foldedWords(street.length > longestStreet ? street.slice(0, longestStreet) : street)) {
    const part = streetWords.get(written) ?? written;
    if (part === '') {
      if (noise === '' && written.length > 3) noise = written;
      continue;
    }
    const code = part.charCodeAt(0);
    if (code >= 48 && code <= 57 && number === '') number = part;
    else if (word === '') word = part;
    if (number !== '' && word !== '') break;
  }
  if (word === '') word = noise;
  // "Hauptstr." and "Hauptstrasse"
  else if (word.length > 5 && (word.endsWith('str') || word.endsWith('strasse') || word.endsWith('straße')))
    word = word.slice(0, word.lastIndexOf('str'));
  return { number, word };
}
