import type { ActivityKind } from './activity.ts';
import type { DemoAccount, DemoActivity, DemoContact, DemoDeal, DemoLead, DemoPerson, DemoTask } from './demo.ts';
import type { DemoClock } from './demo-clock.ts';
import { closedStatuses, type LeadStatus } from './lead.ts';
import type { Seeded } from './seeded.ts';

const activityCount = 250;
/** After every touched lead was created, and inside four months even when a weekend moves it back. */
const oldestActivityDays = 109;

/** How much was done with leads of a status: their share of all activities, and how many days ago the last one was. */
const pace: Record<LeadStatus, { share: number; lastDays: readonly [number, number] }> = {
  new: { share: 0, lastDays: [0, 0] },
  contacted: { share: 3, lastDays: [1, 45] },
  qualified: { share: 7, lastDays: [1, 10] },
  meeting: { share: 8, lastDays: [1, 6] },
  nurture: { share: 4, lastDays: [35, 80] },
  won: { share: 8, lastDays: [8, 40] },
  lost: { share: 4, lastDays: [30, 85] },
  disqualified: { share: 2, lastDays: [30, 80] },
};

/** Calls, mails, meetings and notes of the last four months. Leads at `new` stay untouched, apart from a first note on some. */
export function demoActivities(random: Seeded, clock: DemoClock, leads: DemoLead[], contacts: DemoContact[]): DemoActivity[] {
  const touched = leads.filter((lead) => pace[lead.status].share > 0);
  const lots = touched.flatMap((lead) => Array<DemoLead>(pace[lead.status].share).fill(lead));
  const notes = leads.filter((lead) => lead.status === 'new' && random.chance(0.2)).map((lead) => firstNote(random, lead));
  const turns = [...touched];
  while (turns.length < activityCount - notes.length) turns.push(random.pick(lots));

  const last = new Map(touched.map((lead) => [lead.key, random.int(...pace[lead.status].lastDays)]));
  const said = turns.map((lead, i) => {
    const who = contacts.find((contact) => contact.lead === lead.key)?.name ?? 'the front desk';
    const kind = random.pick(i < touched.length ? contactKinds : allKinds);
    const newest = last.get(lead.key)!;
    // The first turn of each lead is its latest, so that its status and its silence agree.
    const daysAgo = i < touched.length ? newest : random.int(newest, oldestActivityDays);
    return { lead: lead.key, by: worker(lead), ...wording(random, kind, who), at: clock.officeHours(daysAgo, random) };
  });
  return [...notes, ...said].sort((a, b) => a.at.getTime() - b.at.getTime());
}

const contactKinds: readonly ActivityKind[] = ['call', 'call', 'email', 'email', 'meeting'];
const allKinds: readonly ActivityKind[] = ['call', 'call', 'call', 'email', 'email', 'email', 'meeting', 'note', 'text'];

const worker = (lead: DemoLead): DemoPerson => lead.owner ?? 'dana';

function firstNote(random: Seeded, lead: DemoLead): DemoActivity {
  const text = random.pick([
    'Came from the spring trade show list',
    'Referred by a customer',
    'Found us through the dealer directory',
  ]);
  return { lead: lead.key, by: 'dana', kind: 'note', text, outcome: null, at: new Date(lead.createdAt.getTime() + 60_000) };
}

function wording(random: Seeded, kind: ActivityKind, who: string): Pick<DemoActivity, 'kind' | 'text' | 'outcome'> {
  const [text, outcome] = random.pick(phrases[kind]);
  const sentence = text.replace('{who}', who);
  return { kind, text: sentence.charAt(0).toUpperCase() + sentence.slice(1), outcome };
}

const phrases: Record<ActivityKind, readonly (readonly [text: string, outcome: string | null])[]> = {
  call: [
    ['Left a voicemail for {who}', 'voicemail'],
    ['{who} asked for pricing on remote monitoring', 'interested'],
    ['No answer, try again after lunch', 'no answer'],
    ['{who} is busy until the end of the month', 'call back'],
    ['Walked {who} through the monitoring plan', 'connected'],
    ['Gatekeeper, could not get past the front desk', 'no answer'],
  ],
  email: [
    ['Sent the one-page overview to {who}', 'sent'],
    ['{who} replied and wants a reference', 'replied'],
    ['Followed up on the quote', 'sent'],
    ['Sent pricing for twenty sites', 'sent'],
  ],
  meeting: [
    ['Demo with {who}, liked the alarm routing', 'good fit'],
    ['Site visit, twelve units in the yard', 'good fit'],
    ['Short video call with {who} about the contract', 'next step agreed'],
  ],
  text: [
    ['{who} confirmed the time', 'confirmed'],
    ['Sent {who} the address of the demo site', 'sent'],
  ],
  note: [
    ['Uses spreadsheets for maintenance visits today', null],
    ['Decision is made by the owner, budget in the next quarter', null],
    ['Has a competing offer, price matters', null],
  ],
};

const stages = { discovery: 4, proposal: 5, negotiation: 3, won: 4, lost: 2 } as const satisfies Record<
  DemoDeal['stage'],
  number
>;
const dealLeads: Record<DemoDeal['stage'], readonly LeadStatus[]> = {
  discovery: ['contacted', 'nurture', 'qualified'],
  proposal: ['qualified', 'meeting'],
  negotiation: ['meeting', 'qualified'],
  won: ['won'],
  lost: ['lost'],
};

/** Eighteen deals, on leads whose status fits the stage; no lead gets a second one before all of its kind have one. */
export function demoDeals(random: Seeded, clock: DemoClock, leads: DemoLead[], accounts: DemoAccount[]): DemoDeal[] {
  const used = new Set<string>();
  return (Object.keys(stages) as DemoDeal['stage'][]).flatMap((stage) =>
    Array.from({ length: stages[stage] }, () => {
      const fitting = leads.filter((lead) => dealLeads[stage].includes(lead.status));
      const free = fitting.filter((lead) => !used.has(lead.key));
      const lead = random.pick(free.length ? free : fitting);
      used.add(lead.key);
      const sites = random.pick([6, 12, 20, 40, 75]);
      const closed = stage === 'won' || stage === 'lost';
      return {
        lead: lead.key,
        account: accounts.find((account) => account.lead === lead.key)?.key ?? null,
        owner: worker(lead),
        name: `Remote monitoring, ${sites} sites`,
        stage,
        amountUsd: `${sites * random.int(28, 44) * 10}.00`,
        closesAt: clock.dueIn(closed ? -random.int(6, 60) : random.int(7, 75), 17),
      };
    }),
  );
}

/** When the generated tasks fall due. With the fixed ones: 25, some of every kind for whoever opens the workspace. */
const taskPlan: readonly { days: readonly [number, number] | null; count: number; done?: boolean }[] = [
  { days: [-12, -1], count: 4 },
  { days: [0, 0], count: 4 },
  { days: [1, 1], count: 3 },
  { days: [2, 13], count: 6 },
  { days: null, count: 1 },
  { days: [-20, -2], count: 4, done: true },
];
const assignees: readonly DemoPerson[] = ['local', 'ann', 'local', 'marcus'];
const taskTitles: readonly string[] = [
  'Call {lead} back',
  'Send the quote to {lead}',
  'Confirm the demo with {lead}',
  'Ask {lead} for a reference visit',
  'Check in with {lead} about the contract',
  'Send monitoring brochure to {lead}',
];
/** Tasks that every seed has, for the leads that every seed has. */
const fixedTasks: readonly { lead: string; title: string; days: number; hour: number }[] = [
  { lead: 'Prairie Power & Air', title: 'Call Prairie Power & Air back', days: -1, hour: 10 },
  { lead: 'Northwind Electric LLC', title: 'Send the quote to Northwind Electric LLC', days: 0, hour: 16 },
  { lead: 'Bluebonnet Generator Co.', title: 'Confirm the demo with Bluebonnet Generator Co.', days: 1, hour: 9 },
];

export function demoTasks(random: Seeded, clock: DemoClock, leads: DemoLead[]): DemoTask[] {
  const fixed = fixedTasks.map(({ lead, title, days, hour }): DemoTask => {
    const key = leads.find((l) => l.name === lead)!.key;
    return { lead: key, assignee: 'local', title, status: 'open', dueAt: clock.dueIn(days, hour), doneAt: null };
  });
  const open = leads.filter((lead) => !closedStatuses.includes(lead.status) && !fixed.some((task) => task.lead === lead.key));
  const generated = taskPlan.flatMap(({ days, count, done }) =>
    random.sample(open, count).map((lead, i): DemoTask => {
      const dueAt = days && clock.dueIn(random.int(...days), random.int(9, 16));
      return {
        lead: lead.key,
        assignee: assignees[i % assignees.length]!,
        title: random.pick(taskTitles).replace('{lead}', lead.name),
        status: done ? 'done' : 'open',
        dueAt,
        doneAt: done ? clock.officeHours(random.int(0, 1), random) : null,
      };
    }),
  );
  return [...fixed, ...generated];
}
