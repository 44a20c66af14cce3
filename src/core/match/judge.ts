import { editDistance, fold } from '../names.ts';
import { compareNames } from './alike.ts';
import type { Prepared, Verdict } from './facts.ts';
import type { NameMatch } from './leftovers.ts';
import type { NameForm } from './names.ts';
import { comparePlaces, type PlaceMatch } from './place.ts';
import { ceiling, review, same, weights as w } from './weights.ts';

/** Which of the values they have in common are known to belong to many companies (see looksShared), and so say nothing. */
export interface SharedValues {
  phone: boolean;
  email: boolean;
  domain: boolean;
}

/** Whether two records are one lead. The order of the two makes no difference but for the order of words in reasons. */
export function judge(a: Prepared, b: Prepared, shared: SharedValues): Verdict {
  const contacts = compareContacts(a, b, shared);
  const name = closestNames(a, b);
  const place = comparePlaces(a, b);
  if (isCopy(a, b, name, contacts, place)) return { verdict: 'same', confidence: 0.99, reasons: ['every field is the same'] };

  // Branches share what belongs to the company.
  const elsewhere =
    place.level === 'elsewhere' ||
    name.conflict === 'branches' ||
    name.conflict === 'numbers' ||
    (place.otherStreet && contacts.phone === 'other');
  const reasons: string[] = [];
  let score = w.prior + name.score + place.score;
  nameReason(a, b, name, reasons);
  if (contacts.phone === 'same') {
    score += contacts.tollFree ? (elsewhere ? w.tollFreeElsewhere : w.tollFree) : elsewhere ? w.phoneElsewhere : w.phone;
    reasons.push('same phone');
  } else if (contacts.phone === 'other') {
    score += phoneConflict(contacts, place, elsewhere);
    reasons.push('different phones');
  }
  if (contacts.email) {
    score += elsewhere ? w.emailElsewhere : w.email;
    reasons.push(`same e-mail ${contacts.email}`);
  }
  if (contacts.domain === 'same') {
    score += contacts.email ? w.domainBesideEmail : elsewhere ? w.domainElsewhere : w.domain;
    reasons.push(`same own domain ${contacts.host}`);
  } else if (contacts.domain === 'alike') score += w.domainAlike;
  else if (contacts.domain === 'other') {
    score += w.otherDomain;
    reasons.push(`different domains: ${a.hosts[0]} / ${b.hosts[0]}`);
  }
  if (contacts.person) {
    score += w.person;
    reasons.push(`same person ${contacts.person}`);
  }
  if (name.equal && place.level === 'address') score += w.nameAndAddress;
  if (place.reason) reasons.push(place.reason);

  if (isBare(a) && isBare(b) && fold(a.facts.name) === fold(b.facts.name))
    return { verdict: 'same', confidence: 0.9, reasons: ['same name, and nothing else is known of either'] };

  const doubt = doubtOf(name, place, contacts);
  if (doubt && score > ceiling) {
    score = ceiling;
    reasons.push(doubt);
  }
  return {
    verdict: score >= same ? 'same' : score >= review ? 'review' : 'different',
    confidence: 1 / (1 + Math.exp(-score)),
    reasons,
  };
}

/** A name and nothing that could tell it from another of the same spelling: nobody could keep two such records apart. */
const isBare = ({ phones, emails, hosts, zip, city, state, street }: Prepared): boolean =>
  phones.length + emails.length + hosts.length === 0 && !(zip || city.text || state || street.number || street.word);

/** What keeps a pair from being merged however much else agrees. */
function doubtOf(name: NameMatch, place: PlaceMatch, contacts: Contacts): string | undefined {
  const contact = contacts.phone === 'same' || contacts.email !== undefined || contacts.domain === 'same';
  if (name.conflict === 'numbers') return 'a number or direction tells the names apart';
  if (name.conflict === 'trades') return 'perhaps sister companies: different trades';
  if (name.conflict === 'branches') return 'perhaps branches';
  if (name.conflict === 'words' || !(name.distinctive || name.equal || contact)) return 'perhaps two companies: different names';
  if (name.faint && Number(contacts.phone === 'same') + Number(!!contacts.email) + Number(contacts.domain === 'same') < 2)
    return 'a short word differs: perhaps two names';
  if (name.askew && contacts.phone !== 'same' && contacts.email === undefined) return 'perhaps sister companies';
  if (place.otherStreet && contacts.phone === 'other' && contacts.email === undefined) return 'perhaps branches';
  if (name.oneSided && place.level !== 'address') return 'a number or direction in one name only';
  if (name.soft && !contact && place.level !== 'address') return 'the names may be two names';
  if (
    contacts.phone === 'other' &&
    !contacts.tollFree &&
    !contact &&
    place.level !== 'address' &&
    name.score < w.mostForWords - 0.5
  )
    return 'perhaps two companies of one name';
  if (place.level === 'unknown' && !contact && (place.score <= 0 || name.score < w.mostForWords)) return 'nothing but the name';
  if (
    place.level === 'elsewhere' &&
    !(contacts.phone === 'same' && !contacts.tollFree && !place.otherStreet && (contacts.email || contacts.domain === 'same'))
  )
    return 'perhaps branches';
  return undefined;
}

function phoneConflict(contacts: Contacts, place: PlaceMatch, elsewhere: boolean): number {
  const there = place.level === 'town' || place.level === 'address';
  if (place.level === 'address' || (!elsewhere && (contacts.email || contacts.domain === 'same'))) return w.otherPhoneBeside;
  return contacts.tollFree ? w.otherTollFree : contacts.otherArea && !there ? w.otherAreaCode : w.otherPhone;
}

interface Contacts {
  phone?: 'same' | 'other';
  tollFree: boolean;
  otherArea: boolean;
  email?: string;
  domain?: 'same' | 'alike' | 'other';
  host?: string;
  person?: string;
}

function compareContacts(a: Prepared, b: Prepared, shared: SharedValues): Contacts {
  const contacts: Contacts = { tollFree: false, otherArea: false };
  if (a.phones.length > 0 && b.phones.length > 0) {
    const phone = inBoth(a.phones, b.phones);
    if (phone === undefined) {
      const [one, other] = [a.phones[0]!, b.phones[0]!];
      contacts.phone = 'other';
      contacts.tollFree = isTollFree(one) || isTollFree(other);
      contacts.otherArea = one.slice(0, 5) !== other.slice(0, 5);
    } else if (!shared.phone) {
      contacts.phone = 'same';
      contacts.tollFree = isTollFree(phone);
    }
  }
  if (!shared.email) contacts.email = inBoth(a.emails, b.emails);
  if (a.hosts.length > 0 && b.hosts.length > 0) {
    const host = inBoth(a.hosts, b.hosts);
    if (host === undefined) contacts.domain = hostsAlike(a.hosts[0]!, b.hosts[0]!) ? 'alike' : 'other';
    else if (!shared.domain && !(shared.email && isHostOf(host, inBoth(a.emails, b.emails)))) {
      contacts.domain = 'same';
      contacts.host = host;
    }
  }
  if (a.facts.people && b.facts.people) contacts.person = personInBoth(a, b);
  return contacts;
}

/** A mailbox of many companies makes its host one of many, too. */
const isHostOf = (host: string, email: string | undefined): boolean => email?.endsWith(`@${host}`) === true;

function inBoth(a: readonly string[], b: readonly string[]): string | undefined {
  // The least of them, so that the order of the two records makes no difference.
  let least: string | undefined;
  for (const value of a) if (b.includes(value) && (least === undefined || value < least)) least = value;
  return least;
}

/** 800, 833 ... 888 of North America. */
const isTollFree = (phone: string): boolean => /^\+18(?:00|33|44|55|66|77|88)/.test(phone);

/** Another ending, a host below the other, or a letter typed wrong. */
function hostsAlike(a: string, b: string): boolean {
  if (a.endsWith(`.${b}`) || b.endsWith(`.${a}`)) return true;
  const [one, other] = [a.slice(0, a.indexOf('.')), b.slice(0, b.indexOf('.'))];
  return one === other
    ? one.length > 3
    : one.length > 7 && one[0] === other[0] && editDistance(one.slice(0, 63), other.slice(0, 63), 1) === 1;
}

function personInBoth(a: Prepared, b: Prepared): string | undefined {
  for (const { name } of a.facts.people!.slice(0, 3)) {
    const lower = name.slice(0, 80).toLowerCase();
    if (!lower.includes(' ')) continue;
    for (const other of b.facts.people!.slice(0, 3))
      if (other.name.slice(0, 80).toLowerCase() === lower) return name.slice(0, 80);
  }
  return undefined;
}

/** The best of all pairs of names, compared in a fixed order so that (a, b) and (b, a) come out alike. */
function closestNames(a: Prepared, b: Prepared): NameMatch {
  let best: NameMatch | undefined;
  for (const one of a.names)
    for (const other of b.names) {
      const match = comesFirst(one, other) ? compareNames(one, other, a, b) : flipped(compareNames(other, one, b, a));
      if (!best || match.score > best.score || (match.score === best.score && doubts(match) < doubts(best))) best = match;
    }
  return best!;
}

/** Decides between equal scores, so that it is not the order of the names that does. */
const doubts = ({ conflict, soft, faint, oneSided, distinctive }: NameMatch): number =>
  Number(soft) + 2 * Number(faint) + 4 * Number(oneSided) + 8 * Number(!distinctive) + (conflict ? 16 : 0);

function comesFirst(a: NameForm, b: NameForm): boolean {
  if (a.terms.length !== b.terms.length) return a.terms.length < b.terms.length;
  for (let i = 0; i < a.terms.length; i++) {
    const [one, other] = [a.terms[i]!.text, b.terms[i]!.text];
    if (one !== other) return one < other;
  }
  return true;
}

function flipped(match: NameMatch): NameMatch {
  if (match.typo) match.typo = [match.typo[1], match.typo[0]];
  return match;
}

/** The same row twice is one lead whatever it is called, if it says at all where or who that is. */
function isCopy(a: Prepared, b: Prepared, name: NameMatch, contacts: Contacts, place: PlaceMatch): boolean {
  if (!name.equal || contacts.phone === 'other' || a.facts.name.toLowerCase() !== b.facts.name.toLowerCase()) return false;
  const known =
    contacts.phone === 'same' ||
    contacts.email !== undefined ||
    contacts.domain === 'same' ||
    a.zip !== '' ||
    a.city.text !== '' ||
    a.state !== '' ||
    a.street.word !== '';
  return (
    known &&
    place.level !== 'elsewhere' &&
    a.zip === b.zip &&
    a.state === b.state &&
    a.city.text === b.city.text &&
    a.country === b.country &&
    a.street.number === b.street.number &&
    a.street.word === b.street.word &&
    sameList(a.phones, b.phones) &&
    sameList(a.emails, b.emails) &&
    sameList(a.hosts, b.hosts)
  );
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const quoted = (record: Prepared): string => record.facts.name.slice(0, 80);

function nameReason(a: Prepared, b: Prepared, name: NameMatch, reasons: string[]): void {
  if (name.equal) reasons.push('same name');
  else if (name.conflict === 'trades') reasons.push(`names alike, other trade: ${quoted(a)} / ${quoted(b)}`);
  else if (name.conflict === 'numbers') reasons.push(`names differ by a number or direction: ${quoted(a)} / ${quoted(b)}`);
  else if (name.conflict === 'branches') reasons.push(`names of different branches: ${quoted(a)} / ${quoted(b)}`);
  else if (name.conflict === 'words') reasons.push(`names differ: ${quoted(a)} / ${quoted(b)}`);
  else if (name.typo) {
    const letters = editDistance(name.typo[0], name.typo[1]);
    reasons.push(`names differ by ${letters === 1 ? 'one letter' : 'some letters'} (${name.typo[0]} / ${name.typo[1]})`);
  } else reasons.push(`names alike: ${quoted(a)} / ${quoted(b)}`);
}
