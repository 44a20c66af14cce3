import { roleMailboxes } from '../mapping/lexicon.ts';
import type { Person } from '../table.ts';
import { mailAddressesIn, noteTypo } from './emails.ts';
import { type Attributes, keep } from './notes.ts';
import { phoneIn } from './phones.ts';
import { inline, isLong, tidyName } from './text.ts';

/** The people of a row: from cells as written to names, titles and how to reach them. */

/** What the cells say about one person; or about several, when a cell names more than one. */
export interface PersonCells {
  name?: string;
  first?: string;
  last?: string;
  title?: string;
  email?: string;
  phone?: string;
}

/** "info@", "sales.tx@", "office2@": a mailbox of the company, not of somebody. */
function isRoleAddress(address: string): boolean {
  const local = address.slice(0, address.indexOf('@')).replace(/\d+$/, '');
  return (
    roleMailboxes.has(local) || roleMailboxes.has(local.replace(/[._-]/g, '')) || roleMailboxes.has(local.split(/[._-]/, 1)[0]!)
  );
}

const honorific = /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|sr|sra|mme|m|hr|fr)(?:\.\s*|\s+)(?=\p{L}{2,})/iu;
const wordHonorifics = /^(?:m|hr|fr|sr)\s/i;
const suffix = /^(?:jr|sr|i{1,3}|iv|esq|phd|ph\.d|md|m\.d|mba|cpa|pe|p\.e|pmp|cfa|dds|rn|aia|leed(?:\s?ap)?|ret|cem|cpp)\.?$/i;
const titleWord =
  /\b(?:owner|co-?owner|president|vice president|vp|svp|evp|ceo|cfo|coo|cto|cmo|cio|founder|co-?founder|partner|principal|director|manager|mgr|supervisor|superintendent|foreman|coordinator|estimator|engineer|technician|electrician|plumber|accountant|bookkeeper|controller|secretary|receptionist|assistant|administrator|admin|buyer|purchasing|sales|rep|representative|specialist|consultant|advisor|agent|broker|officer|chair(?:man|woman)?|head of|lead|operator|general manager|gm|office|dispatch(?:er)?|inhaber|geschäftsführer(?:in)?)\b/i;
const onlyTitle =
  /^(?:the\s+)?(?:(?:co-?)?owner|president|vice president|vp|ceo|cfo|coo|founder|partner|principal|director|manager|office manager|general manager|store manager|sales manager|office|front desk|reception(?:ist)?|sales|sales team|team|admin|administrator|accounting|dispatch|hr|human resources|purchasing|customer service|staff|main|contact|primary contact|decision maker|to whom it may concern|whom it may concern)s?$/i;
/** What follows a comma in a company's name, where a list did not quote it. */
const onlyLegalForm =
  /^(?:(?:inc|incorporated|llc|llp|lllp|pllc|l\.l\.[cp]|ltd|limited|corp|corporation|co|company|plc|gmbh)\b[\s.,]*){1,2}$/i;
const companyWord =
  /\b(?:sons?|co|company|inc|llc|ltd|corp|associates|assoc|brothers|bros|team|office|family|daughters?|partners|group|services?|department|dept)\b\.?/i;
const between = /\s*(?:[/;|\n•]|\s\+\s)\s*/;
const joined = /\s+(?:&|and|und|y|et)\s+|\s*&\s*/i;
const longestName = 120;

/** A person's name in the order in which people say it: "Reyes, Dr. Ann" -> "Ann Reyes". */
function personName(text: string): { name: string; title?: string } {
  let name = text;
  let title: string | undefined;
  const bracket = /^(.+?)\s*[([]([^()[\]]+)[)\]]$/.exec(name) ?? /^(.+?)\s+[-–—]\s+(.+)$/.exec(name);
  if (bracket && titleWord.test(bracket[2]!)) [name, title] = [bracket[1]!, bracket[2]!];
  const comma = /^([^,]+),\s*([^,]+)(?:,\s*([^,]+))?$/.exec(name);
  if (comma) {
    const [, before, after, more] = comma as unknown as [string, string, string, string | undefined];
    if (suffix.test(after)) name = `${before}, ${after}`;
    else if (titleWord.test(after) && before.includes(' ')) {
      name = before;
      title = [after, more, title].filter((part) => part !== undefined).join(', ');
    } else if (!more || suffix.test(more))
      name = `${withoutHonorific(after)} ${withoutHonorific(before)}${more ? `, ${more}` : ''}`;
  }
  return { name: withoutHonorific(name).trim(), title };
}

function withoutHonorific(name: string): string {
  let rest = name;
  for (let match = honorific.exec(rest); match; match = honorific.exec(rest)) {
    // "M Night", "Sr Lopez": one word alone after a bare letter may be the name itself.
    if (wordHonorifics.test(match[0]) || !rest.slice(match[0].length).trim()) break;
    rest = rest.slice(match[0].length);
  }
  return rest;
}

/** "John Smith / Jane Doe", "John & Jane Smith" -> two names; everything that is one name, or none, stays whole. */
function namesIn(text: string): string[] {
  const parts = text.split(between).filter((part) => part !== '');
  const names = parts.length > 1 ? parts : [text];
  return names.flatMap((name) => {
    const pair = name.split(joined);
    if (pair.length !== 2 || companyWord.test(name)) {
      const list = name.split(/\s*,\s*/);
      const several =
        list.length > 1 &&
        list.every(
          (one) => /^\p{Lu}[\p{L}'’.-]*(?:\s+\p{L}[\p{L}'’.-]*){1,3}$/u.test(one) && !titleWord.test(one) && !suffix.test(one),
        );
      return several ? list : [name];
    }
    const [one, other] = pair as [string, string];
    if (!/^\p{L}/u.test(one) || !/^\p{L}/u.test(other)) return [name];
    if (one.includes(',') || /^(?:mr|mrs|ms|dr|herr|frau)\.?$/i.test(one)) return [name];
    const family = other.split(/\s+/);
    // "John & Jane Smith" share the last word; "John Smith & Jane Doe" have their own.
    return !one.includes(' ') && family.length > 1 ? [`${one} ${family.slice(1).join(' ')}`, other] : [one, other];
  });
}

/** "ann.reyes@acme.com" -> "Ann Reyes"; undefined when the mailbox does not look like first and last name. */
function nameFromAddress(address: string): string | undefined {
  const parts = /^(\p{L}{2,20})[._](?:\p{L}[._])?(\p{L}{2,25})\d{0,2}@/u.exec(address);
  if (!parts) return undefined;
  const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
  return `${capital(parts[1]!)} ${capital(parts[2]!)}`;
}

interface Around {
  /** "contact", "contact 2": how what is left of this person is called among the attributes. */
  label: string;
  country: string;
  attributes: Attributes;
  /** A mailbox that is nobody's own goes to the company. */
  toCompany: (address: string) => void;
}

/** The usual person: a name in plain words, and nothing that would have to be taken apart. */
const plainName =
  /^(?!(?:mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|sra|mme|the)\b)[a-z][a-z'-]+(?: [a-z]\.?)?(?: [a-z][a-z'-]+){1,2}$/i;
const joinsPlainly = / (?:and|und|et|y|or) /i;

export function peopleIn(cells: PersonCells, around: Around): Person[] {
  const { label, country, attributes } = around;
  let written = cells.name === undefined ? undefined : tidyName(cells.name.replace(/\s*\n\s*/g, '; '));
  let email = cells.email;
  const parts = [cells.first, cells.last].filter((part) => part !== undefined).map(tidyName);
  if (parts.length > 0) {
    const both = spokenName(cells.first, cells.last, parts);
    if (written === undefined) written = both;
    else if (!sameName(written, both)) keep(attributes, `${label} name (other)`, both);
  }
  if (written !== undefined && isLong(written)) {
    keep(attributes, `${label} name (too long)`, written);
    written = undefined;
  }
  if (written?.includes('@')) {
    const taken = withoutAddresses(written);
    if (taken.addresses.length > 0) {
      email = [...(email === undefined ? [] : [email]), ...taken.addresses].join('; ');
      if (taken.more) keep(attributes, `${label} name (as written)`, written);
      written = taken.name;
    }
  }
  let number = cells.phone;
  const called = written === undefined || number !== undefined ? null : nameAndPhone.exec(written);
  if (called) [, written, number] = called as unknown as [string, string, string];
  const { addresses, unread } = addressesFor(email, around);
  const title = cells.title === undefined ? undefined : inline(cells.title);
  if (title !== undefined && isLong(title)) keep(attributes, `${label} title (too long)`, cells.title!);
  const usable = title !== undefined && !isLong(title) ? title : undefined;
  if (unread !== undefined) keep(attributes, `${label} email (unreadable)`, unread);

  const people = written === undefined ? [] : named(written, label, attributes);
  if (people.length === 0 && addresses.length > 0) {
    for (const address of addresses.splice(0)) {
      if (isRoleAddress(address)) around.toCompany(address);
      else people.push({ name: nameFromAddress(address) ?? address, email: address });
    }
  }
  const [first] = people;
  if (!first) {
    if (number !== undefined) keep(attributes, `${label} phone`, number);
    if (usable !== undefined) keep(attributes, `${label} title`, usable);
    return people;
  }
  if (usable !== undefined) {
    if (first.title !== undefined && first.title !== usable) keep(attributes, `${label} title (other)`, first.title);
    first.title = usable;
  }
  giveAddresses(people, addresses, label, attributes);
  const phone = phoneIn(number, country, `${label} phone`, attributes);
  if (phone !== undefined) first.phone = phone;
  return people;
}

/** "Ann Reyes 713-555-0142" */
const nameAndPhone = /^(\p{L}[\p{L} .'’-]*\p{L}\.?)[\s,:;(-]+(\+?\(?\d[\d\s().+-]{6,18}(?:(?:x|ext)\.?\s*\d+)?)$/iu;

/** "Ann Reyes <ann@acme.com>": the addresses, the name before them, and whether there is more than that. */
function withoutAddresses(text: string): { addresses: string[]; name?: string; more: boolean } {
  const { addresses, more } = mailAddressesIn(text);
  if (!more) return { addresses, more: false };
  const name = /^(\p{L}[\p{L} .'’-]+?)[\s<([:,-]+\S+@/u.exec(text)?.[1]?.trim();
  let rest = name === undefined ? text : text.slice(name.length);
  for (const address of addresses) rest = rest.replace(new RegExp(address.replace(/[^\w]/g, '\\$&'), 'i'), '');
  return { addresses, name, more: /[\p{L}\d]/u.test(rest) };
}

const spokenName = (first: string | undefined, last: string | undefined, parts: readonly string[]): string =>
  // Some lists repeat the whole name in both columns.
  first !== undefined && last !== undefined && parts[0]!.toLowerCase().endsWith(` ${parts[1]!.toLowerCase()}`)
    ? parts[0]!
    : parts.join(' ');

const sameName = (a: string, b: string): boolean => letters(a) === letters(b) || letters(personName(a).name) === letters(b);
const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

function named(written: string, label: string, attributes: Attributes): Person[] {
  if (plainName.test(written) && !joinsPlainly.test(written) && written.length <= longestName) {
    if (!onlyTitle.test(written)) return [{ name: written }];
  }
  const names = noName.test(written) || onlyTitle.test(written) || onlyLegalForm.test(written) ? [] : namesIn(written);
  const people: Person[] = [];
  for (const text of names) {
    const { name, title } = personName(text);
    if (name.length <= longestName && /\p{L}{2}/u.test(name)) people.push(title === undefined ? { name } : { name, title });
  }
  if (people.length < names.length || names.length === 0) keep(attributes, `${label} name (as written)`, written);
  return people;
}

/** Numbers, addresses and pages are no names of people, nor is what has no letters. */
const noName = /\d{3}|\d[/.-]\d|https?:|www\.|\w\.(?:com|net|org|us|biz|info|co|io|de)\b|^[^\p{L}]*$/iu;

function addressesFor(email: string | undefined, { label, attributes }: Around): { addresses: string[]; unread?: string } {
  if (email === undefined) return { addresses: [] };
  const { addresses, more } = mailAddressesIn(email);
  if (addresses.length === 0) return { addresses, unread: email };
  if (more) keep(attributes, `${label} email (as written)`, email);
  for (const address of addresses) noteTypo(address, `${label} email`, attributes);
  return { addresses };
}

/** As many addresses as people: each their own, in order. Else the first is the first's, and the others stay beside. */
function giveAddresses(people: Person[], addresses: readonly string[], label: string, attributes: Attributes): void {
  if (addresses.length === 0) return;
  if (addresses.length === people.length) {
    for (const [index, person] of people.entries()) person.email = addresses[index];
    return;
  }
  people[0]!.email = addresses[0];
  if (addresses.length > 1) keep(attributes, `${label} email (others)`, addresses.slice(1).join('; '));
}
