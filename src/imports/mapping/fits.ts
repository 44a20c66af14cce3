import type { ImportField } from '../table.ts';
import type { Content } from './content.ts';
import { type Kind, type Kinds, setOf } from './kinds.ts';

/** Whether what is in a column can be what its header says, and what a column is when its header says nothing. */

/** Every share that decides anything, in one place. Shares are of the filled cells of the sample. */
export const thresholds = {
  /** Half of the cells bear the header out: lists are dirty, but a field that is mostly something else is not that field. */
  agrees: 0.5,
  /** Few company names carry a legal form or a trade: a sixth of them is more than people, towns and products ever reach. */
  companies: 0.15,
  /** Among people, about half have a given name that we know. */
  people: 0.4,
  /** A handful of statuses among words of their own make a column of statuses, if most of the rest can be read too. */
  statuses: 0.2,
  readableStatuses: 0.7,
  /** Job titles are worded freely: two in five hold a word that we know. */
  jobs: 0.4,
  /** Enough to tell whole addresses, streets and towns apart; the rest of such a column is half of an address. */
  addresses: 0.3,
  /** Family names alone hardly ever look like a whole name. */
  fullNames: 0.3,
  /** Names of companies hardly repeat; categories and towns do. Of the filled cells, so many are different. */
  different: 0.7,
  /** So much of something else, and so little of its own, and the header is wrong. */
  contradicts: 0.7,
  remains: 0.2,
  /** So many cells with so few different names among them are not owners of so many firms. */
  repeating: 10,
  repeated: 0.4,
  /** One strange cell proves nothing about a column. */
  contradictingCells: 2,
  /** Cells alone, without a header that knows, must be nearly all of a kind. */
  alone: 0.7,
  /** Mailboxes like info@ in a column of e-mails, or addresses that hold the name of the row's person. */
  roleMailboxes: 0.4,
  ownMailboxes: 0.3,
} as const;

const set = setOf;
const web = set('url', 'host', 'profile');
const machine = set('email', 'url', 'host', 'profile', 'date', 'money', 'flag');
const figures = set('number', 'range', 'zip', 'phone');
const names = set('company', 'person', 'job', 'salutation');
const places = set('street', 'address', 'place');

interface Fit {
  /** Kinds of cells that bear the field out. */
  for: Kinds;
  /** Kinds of cells that cannot be it. Everything else says nothing. */
  against: Kinds;
  /** Share that is enough for agreement. */
  enough?: number;
}

const fits: Record<ImportField, Fit> = {
  name: {
    for: set('company'),
    against: machine | figures | places | set('stateCode', 'salutation', 'job'),
    enough: thresholds.companies,
  },
  phone: { for: set('phone'), against: machine | names | places | set('stateCode', 'stateName', 'country', 'words', 'range') },
  email: { for: set('email'), against: web | figures | names | places | set('date', 'money', 'flag', 'words', 'stateCode') },
  domain: {
    for: set('host', 'url'),
    against: set('email', 'date', 'money', 'flag', 'profile', 'words') | figures | names | places,
  },
  website: { for: set('host', 'url'), against: set('email', 'date', 'money', 'flag', 'words') | figures | names | places },
  street: { for: set('street'), against: machine | set('phone', 'stateCode', 'job', 'salutation', 'address', 'place') },
  address: { for: set('address', 'place'), against: machine | set('phone', 'stateCode', 'job', 'salutation', 'street') },
  city: {
    for: set('words', 'given'),
    against: machine | figures | places | set('stateCode', 'salutation', 'job', 'company'),
    enough: thresholds.alone,
  },
  state: { for: set('stateCode', 'stateName'), against: machine | figures | places | names | set('status', 'openness') },
  zip: {
    for: set('zip'),
    against: set('email', 'url', 'host', 'profile', 'money', 'flag', 'phone', 'words', 'stateCode') | names | places,
  },
  country: { for: set('country'), against: machine | figures | places | names },
  industry: { for: 0, against: machine | figures | set('person', 'address', 'street') },
  employees: { for: set('number', 'range'), against: machine | names | places | set('phone', 'words') },
  status: { for: set('status'), against: machine | figures | places | set('person') },
  personName: {
    for: set('person'),
    against: machine | figures | places | set('company', 'job', 'stateCode', 'salutation'),
    enough: thresholds.people,
  },
  personFirstName: {
    for: set('given', 'person'),
    against: machine | figures | places | set('company', 'job', 'salutation'),
    enough: thresholds.people,
  },
  personLastName: { for: 0, against: machine | figures | places | set('job', 'salutation') },
  personTitle: {
    for: set('job'),
    against: machine | figures | places | set('person', 'company', 'salutation', 'stateCode'),
    enough: thresholds.jobs,
  },
  personEmail: {
    for: set('email'),
    against: web | figures | names | places | set('date', 'money', 'flag', 'words', 'stateCode'),
  },
  personPhone: {
    for: set('phone'),
    against: machine | names | places | set('stateCode', 'stateName', 'country', 'words', 'range'),
  },
  dealName: { for: 0, against: machine | figures | places },
  dealStage: {
    for: set('status', 'openness'),
    against: set('email', 'url', 'host', 'date', 'money', 'phone') | places,
    enough: 0.3,
  },
  dealAmount: {
    for: set('money', 'number', 'zip'),
    against: set('email', 'url', 'host', 'date', 'flag', 'words') | names | places,
  },
  dealCloses: { for: set('date'), against: set('email', 'url', 'host', 'money', 'flag', 'words', 'phone') | names | places },
  accountSince: { for: set('date', 'number'), against: set('email', 'url', 'host', 'money', 'flag', 'words') | names | places },
  accountMrr: {
    for: set('money', 'number', 'zip'),
    against: set('email', 'url', 'host', 'date', 'flag', 'words') | names | places,
  },
  accountHealth: {
    for: set('number', 'words', 'status', 'openness'),
    against: set('email', 'url', 'host', 'date', 'money', 'phone') | places,
  },
};

export type Verdict = 'agrees' | 'silent' | 'contradicts';

/** What the cells say to a header's claim. */
export function judge(field: ImportField, content: Content): Verdict {
  if (content.filled === 0) return 'silent';
  const fit = fits[field];
  const own = content.share(fit.for);
  if (field === 'status') return isStatuses(content) ? 'agrees' : 'contradicts';
  if (fit.for !== 0 && own >= (fit.enough ?? thresholds.agrees)) return 'agrees';
  const others = content.only(fit.against, fit.for);
  const wrong = others >= thresholds.contradicts && own < thresholds.remains && content.filled >= thresholds.contradictingCells;
  return wrong ? 'contradicts' : 'silent';
}

const status = set('status');
const readable = set('status', 'openness');

function isStatuses(content: Content): boolean {
  return content.share(status) >= thresholds.statuses && content.share(readable) >= thresholds.readableStatuses;
}

const company = set('company');
const person = set('person');

/** Cells that are people's names rather than companies'. */
export const arePeople = (content: Content): boolean =>
  content.share(person) >= thresholds.people && content.only(company, person) < thresholds.companies;

/** Cells that are companies' names rather than people's. */
export const areCompanies = (content: Content): boolean =>
  content.share(company) >= thresholds.companies && content.only(company, person) > content.only(person, company) / 2;

/** What a column can be by its cells alone, tried in this order: kinds that nothing else looks like come first. */
const alone: readonly {
  field: ImportField;
  kinds: Kind[];
  share?: number /** No other column of a list looks like that. */;
  certain?: true;
}[] = [
  { field: 'email', kinds: ['email'], certain: true },
  { field: 'address', kinds: ['address', 'place'], certain: true },
  { field: 'website', kinds: ['url'], certain: true },
  { field: 'domain', kinds: ['host', 'url'], certain: true },
  { field: 'phone', kinds: ['phone'], certain: true },
  { field: 'street', kinds: ['street'] },
  { field: 'state', kinds: ['stateCode', 'stateName'] },
  { field: 'zip', kinds: ['zip'] },
  { field: 'country', kinds: ['country'] },
  { field: 'employees', kinds: ['range'] },
  { field: 'personTitle', kinds: ['job'], share: thresholds.agrees },
  { field: 'personFirstName', kinds: ['given'], share: thresholds.agrees },
];
const tests = alone.map((test) => ({ ...test, kinds: setOf(...test.kinds) }));

/** The field that a column's cells are, when they are plainly one thing. */
export function fieldAlone(content: Content): { field: ImportField; certain: boolean } | undefined {
  if (content.filled === 0) return undefined;
  const found = tests.find((test) => content.share(test.kinds) >= (test.share ?? thresholds.alone));
  if (found) return { field: found.field, certain: found.certain === true };
  if (arePeople(content)) return { field: 'personName', certain: false };
  if (areCompanies(content)) return { field: 'name', certain: false };
  return undefined;
}
