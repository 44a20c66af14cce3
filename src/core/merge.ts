import type { FillableField, ImportAccount, ImportDeal, ImportPerson, MergeTarget } from './importing.ts';
import { fillableFields } from './importing.ts';
import { fold } from './names.ts';

/** What a row says about a company that is here already. */
export interface Arrival {
  attributes: Record<string, string>;
  people: Omit<ImportPerson, 'leadId'>[];
  deal?: Omit<ImportDeal, 'leadId'>;
  account?: Omit<ImportAccount, 'leadId' | 'name'>;
}
type Fields = Partial<Record<FillableField, string | number>>;

/** What of it is new. */
export interface Gain {
  fields: Fields;
  attributes: Record<string, string>;
  people: Omit<ImportPerson, 'leadId'>[];
  deal?: Omit<ImportDeal, 'leadId'>;
  account?: Omit<ImportAccount, 'leadId' | 'name'>;
}

/** What stands stays: a row only fills what is empty, and adds people, deals and an account that are not there yet. Puts the gain into the target as well. */
export function mergeInto(target: MergeTarget, fields: Fields, arrival: Arrival): Gain | undefined {
  const gain: Gain = { fields: {}, attributes: {}, people: [] };
  let any = false;
  for (const field of fillableFields) {
    const value = fields[field];
    if (value === undefined || target.fields[field] !== undefined) continue;
    gain.fields[field] = value;
    target.fields[field] = value;
    any = true;
  }
  for (const [key, value] of Object.entries(arrival.attributes)) {
    if (Object.hasOwn(target.attributes, key)) continue;
    gain.attributes[key] = value;
    target.attributes[key] = value;
    any = true;
  }
  for (const person of arrival.people) {
    if (target.people.some((there) => samePerson(there, person))) continue;
    gain.people.push(person);
    target.people.push(person);
    any = true;
  }
  const { deal, account } = arrival;
  if (deal && !target.deals.some((name) => fold(name) === fold(deal.name))) {
    gain.deal = deal;
    target.deals.push(deal.name);
    any = true;
  }
  if (account && !target.hasAccount) {
    gain.account = account;
    target.hasAccount = true;
    any = true;
  }
  return any ? gain : undefined;
}

type PersonKeys = { name: string; email?: string; phone?: string };

/** One address or one name is one person; a phone number may be shared by a whole office. */
const samePerson = (a: PersonKeys, b: PersonKeys): boolean =>
  (a.email !== undefined && a.email === b.email) ||
  (fold(a.name) === fold(b.name) && !(a.email && b.email && a.email !== b.email));
