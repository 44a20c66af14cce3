import type { Merge } from '../core/importing.ts';
import type { Gain } from '../core/merge.ts';

/** All that the rows of a list add to one lead. */
export interface Growth extends Pick<Merge, 'fields' | 'attributes' | 'contacts'>, Pick<Gain, 'people' | 'account'> {
  deals: NonNullable<Gain['deal']>[];
}

export const noGrowth = (): Growth => ({ fields: {}, attributes: {}, contacts: {}, people: [], deals: [] });

export function grow(whole: Growth, { fields, attributes, contacts, people, deal, account }: Gain): void {
  Object.assign(whole.fields, fields);
  Object.assign(whole.attributes, attributes);
  for (const [id, lacked] of Object.entries(contacts)) whole.contacts[id] = { ...whole.contacts[id], ...lacked };
  // the same people, not copies: a later row may complete them
  whole.people.push(...people);
  if (deal) whole.deals.push(deal);
  whole.account ??= account;
}

/** Whether something that was here already is written to. */
export const fills = ({ fields, attributes, contacts }: Growth): boolean =>
  [fields, attributes, contacts].some((of) => Object.keys(of).length > 0);
