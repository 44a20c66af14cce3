import type { FillableField, ImportAccount, ImportDeal, ImportPerson, MergeTarget } from './importing.ts';
import { fillableFields } from './importing.ts';
import { fold } from './names.ts';

type Fields = Partial<Record<FillableField, string | number>>;
type Person = Omit<ImportPerson, 'leadId'>;
type PersonFields = Pick<Person, 'title' | 'email' | 'phone'>;

/** What a row says about a company that is here already. */
export interface Arrival {
  attributes: Record<string, string>;
  people: Person[];
  deal?: Omit<ImportDeal, 'leadId'>;
  account?: Omit<ImportAccount, 'leadId' | 'name'>;
}

/** What of it is new. */
export interface Gain extends Arrival {
  fields: Fields;
  /** What people that are here already lacked, by the id of the contact. */
  contacts: Record<string, PersonFields>;
}

/** Filled together or not at all: half of one address and half of another is no address. */
const addressFields: readonly FillableField[] = ['street', 'city', 'state', 'zip'];
/** A second one of these is worth keeping beside the first. */
const worthKeeping: readonly FillableField[] = ['phone', 'email', 'website'];
const mostVariants = 5;

/**
 * What stands stays: a row only fills what is empty, and adds people, deals and an account that are not there yet; other phones,
 * e-mails and texts than those that stand are kept beside them as attributes. Puts the gain into the target as well.
 */
export function mergeInto(target: MergeTarget, fields: Fields, arrival: Arrival): Gain | undefined {
  const gain: Gain = { fields: {}, attributes: {}, people: [], contacts: {} };
  let any = false;
  const keepAside = (key: string, value: string) => {
    const kept = aside(target.attributes, key, value);
    if (kept === undefined) return;
    gain.attributes[kept] = value;
    target.attributes[kept] = value;
    any = true;
  };

  const oneAddress = addressFields.every((field) => agree(target.fields[field], fields[field]));
  for (const field of fillableFields) {
    const value = fields[field];
    if (value === undefined) continue;
    const stands = target.fields[field];
    if (stands === undefined && (oneAddress || !addressFields.includes(field))) {
      gain.fields[field] = value;
      target.fields[field] = value;
      any = true;
    } else if (worthKeeping.includes(field) && !agree(stands, value)) keepAside(`${field} (also)`, String(value));
  }
  for (const [key, value] of Object.entries(arrival.attributes)) {
    if (!Object.hasOwn(target.attributes, key)) {
      gain.attributes[key] = value;
      target.attributes[key] = value;
      any = true;
    } else if (!agree(target.attributes[key], value)) keepAside(`${key} (also)`, value);
  }
  for (const person of arrival.people) if (mergePerson(target, person, gain)) any = true;
  const { deal, account } = arrival;
  if (deal && addDeal(target.deals, deal.name)) {
    gain.deal = deal;
    any = true;
  }
  if (account && !target.hasAccount) {
    gain.account = account;
    target.hasAccount = true;
    any = true;
  }
  return any ? gain : undefined;
}

const agree = (a: string | number | undefined, b: string | number | undefined): boolean =>
  a === undefined || b === undefined || String(a).trim().toLowerCase() === String(b).trim().toLowerCase();

/** The key under which another value than the one that stands is kept; none when it stands already, or there are too many. */
function aside(attributes: Record<string, string>, key: string, value: string): string | undefined {
  for (let n = 1; n <= mostVariants; n++) {
    const numbered = n === 1 ? key : `${key} ${n}`;
    if (!Object.hasOwn(attributes, numbered)) return numbered;
    if (agree(attributes[numbered], value)) return undefined;
  }
  return undefined;
}

/** Adds the person, or to the person who is here what they lack; false when nothing of it is new. */
function mergePerson(target: MergeTarget, person: Person, gain: Gain): boolean {
  const sameName = namesakes(target, fold(person.name));
  const known = sameName.find((there) => !(there.email && person.email && there.email !== person.email));
  if (!known) {
    const added = { ...person };
    gain.people.push(added);
    target.people.push(added);
    sameName.push(added);
    return true;
  }
  const lacked: PersonFields = {};
  for (const field of ['title', 'email', 'phone'] as const) {
    const value = person[field];
    if (value === undefined || known[field] !== undefined) continue;
    lacked[field] = value;
    known[field] = value;
  }
  if (Object.keys(lacked).length === 0) return false;
  // someone without an id comes with this list too, and was just completed where they stand
  if (known.id !== undefined) gain.contacts[known.id] = { ...gain.contacts[known.id], ...lacked };
  return true;
}

/**
 * One name is one person, unless two addresses say otherwise; a mailbox or a phone may be shared by a whole office. Looked up by name:
 * a list may bring a hundred thousand people of one company.
 */
function namesakes(target: MergeTarget, name: string): MergeTarget['people'] {
  let byName = peopleByName.get(target.people);
  if (!byName) {
    byName = new Map();
    for (const person of target.people) listIn(byName, fold(person.name)).push(person);
    peopleByName.set(target.people, byName);
  }
  return listIn(byName, name);
}
const peopleByName = new WeakMap<MergeTarget['people'], Map<string, MergeTarget['people']>>();

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

const dealNames = new WeakMap<string[], Set<string>>();

/** False when a deal of this name is there. */
function addDeal(deals: string[], name: string): boolean {
  const names = dealNames.get(deals) ?? new Set(deals.map(fold));
  dealNames.set(deals, names);
  if (names.has(fold(name))) return false;
  names.add(fold(name));
  deals.push(name);
  return true;
}
