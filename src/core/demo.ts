import type { ActivityKind } from './activity.ts';
import type { Role } from './actor.ts';
import { type DemoClock, demoClock } from './demo-clock.ts';
import { demoActivities, demoDeals, demoTasks } from './demo-history.ts';
import { demoLeads, type PhoneBook, phoneBook, slug } from './demo-leads.ts';
import { companyStems, demoUsers, firstNames, lastNames, titles, trades } from './demo-names.ts';
import type { LeadStatus } from './lead.ts';
import { type Seeded, seeded } from './seeded.ts';

export interface DemoUser {
  key: 'ann' | 'marcus' | 'dana';
  handle: string;
  name: string;
  email: string;
  role: Role;
}

/** `local` stands for whoever opens the workspace; the others are in `users`. */
export type DemoPerson = DemoUser['key'] | 'local';

export interface DemoLead {
  key: string;
  name: string;
  status: LeadStatus;
  owner: DemoPerson | null;
  /** E.164, always in the reserved 555-01xx range. */
  phone: string | null;
  email: string | null;
  domain: string | null;
  website: string | null;
  street: string;
  city: string;
  state: string;
  zip: string;
  country: 'US';
  industry: string;
  employees: number;
  attributes: Record<string, string>;
  /** The newest call, e-mail, meeting or text among `activities`. */
  lastContactedAt: Date | null;
  createdAt: Date;
}

export interface DemoContact {
  /** Key of a lead, or null when the person belongs to an account only. */
  lead: string | null;
  account: string | null;
  name: string;
  title: string;
  email: string;
  phone: string | null;
}

export interface DemoAccount {
  key: string;
  /** The lead it was won from; null for customers from before the leads were kept here. */
  lead: string | null;
  owner: DemoPerson;
  name: string;
  since: Date;
  /** Decimal text, USD a month. */
  mrrUsd: string;
  health: 'good' | 'watch' | 'poor';
}

export interface DemoDeal {
  lead: string | null;
  account: string | null;
  owner: DemoPerson;
  name: string;
  stage: 'discovery' | 'proposal' | 'negotiation' | 'won' | 'lost';
  amountUsd: string;
  closesAt: Date;
}

export interface DemoActivity {
  lead: string;
  by: DemoPerson;
  kind: ActivityKind;
  text: string;
  outcome: string | null;
  at: Date;
}

export interface DemoTask {
  lead: string | null;
  assignee: DemoPerson;
  title: string;
  status: 'open' | 'done';
  dueAt: Date | null;
  doneAt: Date | null;
}

export interface DemoWorkspace {
  users: DemoUser[];
  leads: DemoLead[];
  contacts: DemoContact[];
  accounts: DemoAccount[];
  deals: DemoDeal[];
  activities: DemoActivity[];
  tasks: DemoTask[];
}

const accountCount = 12;

/**
 * A sample workspace to try the product on: clearly invented companies, reachable by nobody (555-01xx, `.example`), the same
 * for the same seed and moment. `timeZone` decides what "today" and office hours mean.
 */
export function demoWorkspace(seed: number, now: Date, timeZone = 'UTC'): DemoWorkspace {
  const random = seeded(seed);
  const clock = demoClock(now, timeZone);
  const phones = phoneBook(random);
  const stems = random.sample(companyStems, companyStems.length);

  const leads = demoLeads(random, phones, clock, stems);
  const accounts = makeAccounts(random, clock, leads, stems);
  const contacts = makeContacts(random, phones, leads, accounts);
  const activities = demoActivities(random, clock, leads, contacts);
  for (const lead of leads) lead.lastContactedAt = newestContact(activities, lead.key);
  return {
    users: demoUsers.map((user) => ({ ...user })),
    leads,
    contacts,
    accounts,
    deals: demoDeals(random, clock, leads, accounts),
    activities,
    tasks: demoTasks(random, clock, leads),
  };
}

function makeAccounts(random: Seeded, clock: DemoClock, leads: DemoLead[], stems: string[]): DemoAccount[] {
  const won = leads.filter((lead) => lead.status === 'won');
  const older = Array.from({ length: accountCount - won.length }, () => {
    const name = `${stems.pop()!} ${random.pick<string>(trades.equipment.suffixes)}`;
    return { key: slug(name), lead: null, name, owner: 'dana' as DemoPerson, sinceDays: random.int(200, 900) };
  });
  const fromLeads = won.map(({ key, name, owner }) => ({
    key,
    lead: key,
    name,
    owner: owner ?? 'dana',
    sinceDays: random.int(5, 20),
  }));
  return [...fromLeads, ...older].map(({ sinceDays, ...account }) => ({
    ...account,
    since: clock.officeHours(sinceDays, random),
    mrrUsd: `${random.int(6, 90) * 50}.00`,
    health: random.pick(['good', 'good', 'good', 'watch', 'poor'] as const),
  }));
}

function makeContacts(random: Seeded, phones: PhoneBook, leads: DemoLead[], accounts: DemoAccount[]): DemoContact[] {
  const people = (count: number, domain: string, areaCode: string | undefined) =>
    random.sample(firstNames, count).map((first, i) => {
      const last = random.pick(lastNames);
      return {
        name: `${first} ${last}`,
        title: i === 0 ? random.pick(['Owner', 'General Manager', 'Operations Manager']) : random.pick(titles.slice(2)),
        email: `${slug(first)}.${slug(last)}@${domain}`,
        phone: areaCode && random.chance(0.6) ? phones.next(areaCode) : null,
      };
    });
  const ofLeads = leads.flatMap((lead) => {
    if (!lead.domain || random.chance(0.12)) return [];
    const account = accounts.find((a) => a.lead === lead.key)?.key ?? null;
    return people(random.int(1, 3), lead.domain, lead.phone?.slice(2, 5)).map((person) => ({
      lead: lead.key,
      account,
      ...person,
    }));
  });
  const ofAccounts = accounts
    .filter((account) => account.lead === null)
    .flatMap((account) =>
      people(1, `${account.key}.example`, undefined).map((person) => ({ lead: null, account: account.key, ...person })),
    );
  return [...ofLeads, ...ofAccounts];
}

function newestContact(activities: DemoActivity[], lead: string): Date | null {
  const times = activities.filter((a) => a.lead === lead && a.kind !== 'note').map((a) => a.at.getTime());
  return times.length ? new Date(Math.max(...times)) : null;
}
