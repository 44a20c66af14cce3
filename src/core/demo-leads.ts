import type { DemoLead, DemoPerson } from './demo.ts';
import type { DemoClock } from './demo-clock.ts';
import { dealerColumns } from './demo-dealer.ts';
import { fixedLeads, type Place, places, streets, type TradeKey, trades } from './demo-names.ts';
import type { LeadStatus } from './lead.ts';
import type { Tier } from './scoring.ts';
import type { Seeded } from './seeded.ts';

/** How many generated leads stand at each status and tier, beside the fixed ones. */
const generatedStatuses = {
  new: 14,
  contacted: 10,
  qualified: 6,
  meeting: 3,
  nurture: 4,
  won: 7,
  lost: 3,
  disqualified: 1,
} as const;
const generatedTiers = { PLATINUM: 2, GOLD: 14, SILVER: 18, BRONZE: 14 } as const;

/** The fixed leads, then generated ones named after `stems`, which are used up. */
export function demoLeads(random: Seeded, phones: PhoneBook, clock: DemoClock, stems: string[]): DemoLead[] {
  const planned = [...fixedPlans(), ...generatedPlans(random, stems)];
  for (const plan of planned) if (plan.line) phones.take(plan.place.areaCode, plan.line);
  return planned.map((plan) => makeLead(random, phones, clock, plan));
}

interface LeadPlan {
  key: string;
  name: string;
  domain: string;
  trade: TradeKey;
  place: Place;
  line?: string;
  status: LeadStatus;
  owner: DemoPerson | null;
  tier: Tier;
  /** Position among the generated leads; decides which of them have gaps. */
  index?: number;
}

/** The name alone is no key: two of them share one. */
const keyOf = (name: string, city: string) => slug(`${name} ${city}`);

export function slug(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const fixedPlans = (): LeadPlan[] => fixedLeads.map((lead) => ({ ...lead, key: keyOf(lead.name, lead.place.city) }));

function generatedPlans(random: Seeded, stems: string[]): LeadPlan[] {
  const statuses = shuffled(random, generatedStatuses);
  const tiers = shuffled(random, generatedTiers);
  return statuses.map((status, index) => {
    const trade = random.pick(Object.keys(trades) as TradeKey[]);
    const stem = stems.pop()!;
    const name = `${stem} ${random.pick<string>(trades[trade].suffixes)}`;
    const place = random.pick(places);
    const owner = status === 'new' && random.chance(0.6) ? null : random.pick<DemoPerson>(['local', 'local', 'ann', 'marcus']);
    const domain = `${slug(stem)}-${trade}.example`;
    return { key: keyOf(name, place.city), name, domain, trade, place, status, owner, tier: tiers[index]!, index };
  });
}

function shuffled<K extends string>(random: Seeded, counts: Record<K, number>): K[] {
  const all = (Object.entries(counts) as [K, number][]).flatMap(([key, count]) => Array<K>(count).fill(key));
  return random.sample(all, all.length);
}

function makeLead(random: Seeded, phones: PhoneBook, clock: DemoClock, plan: LeadPlan): DemoLead {
  const { place, index } = plan;
  const trade = trades[plan.trade];
  const gap = (every: number, at: number) => index !== undefined && index % every === at;
  const website = gap(9, 5) ? null : `https://www.${plan.domain}`;
  const email = gap(7, 3) ? null : `${random.pick(['info', 'office', 'hello', 'service'])}@${plan.domain}`;
  const phone = plan.line ? phoneNumber(place.areaCode, plan.line) : gap(11, 4) ? null : phones.next(place.areaCode);
  // Two leads came without a score sheet: what a bare web form leaves.
  const attributes = gap(24, 17)
    ? {}
    : dealerColumns(random, { trade, state: place.state, tier: plan.tier, sparse: plan.tier === 'BRONZE' && gap(2, 0) });
  return {
    key: plan.key,
    name: plan.name,
    status: plan.status,
    owner: plan.owner,
    phone,
    email,
    domain: website || email ? plan.domain : null,
    website,
    street: `${random.int(12, 4890)} ${random.pick(streets)}`,
    city: place.city,
    state: place.state,
    zip: place.zip,
    country: 'US',
    industry: trade.industry,
    employees: random.pick([4, 7, 9, 12, 18, 24, 35, 48, 70, 110]),
    attributes,
    lastContactedAt: null,
    createdAt: clock.officeHours(plan.status === 'new' ? random.int(1, 60) : random.int(112, 118), random),
  };
}

export interface PhoneBook {
  take(areaCode: string, line: string): void;
  next(areaCode: string): string;
}

const phoneNumber = (areaCode: string, line: string) => `+1${areaCode}55501${line}`;

/** Hands out each reserved number of an area code once; there are a hundred of each. */
export function phoneBook(random: Seeded): PhoneBook {
  const taken = new Set<string>();
  return {
    take: (areaCode, line) => void taken.add(phoneNumber(areaCode, line)),
    next(areaCode) {
      for (let line = random.int(0, 99), tries = 0; tries < 100; line = (line + 1) % 100, tries++) {
        const number = phoneNumber(areaCode, String(line).padStart(2, '0'));
        if (taken.has(number)) continue;
        taken.add(number);
        return number;
      }
      throw new RangeError(`all reserved numbers of area code ${areaCode} are taken`);
    },
  };
}
