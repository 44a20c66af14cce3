import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { type DemoWorkspace, demoWorkspace } from '../../src/core/demo.ts';

const now = new Date('2026-03-10T15:00:00Z');
const zone = 'America/New_York';
const workspace = demoWorkspace(7, now, zone);
const seeds = [1, 2, 3, 7, 42, 2026, -1, 4_000_000_000];
const dayMs = 86_400_000;

/** Every string anywhere in the workspace. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Date || value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(strings);
}

const points = (lead: DemoWorkspace['leads'][number]) =>
  (
    [
      ['resimercial_score', 0.35],
      ['multioem_score', 0.25],
      ['mepr_score', 0.25],
      ['om_score', 0.15],
    ] as const
  ).reduce((sum, [column, weight]) => sum + weight * Number(lead.attributes[column] ?? 0), 0);

describe('the sample workspace', () => {
  it('is the same for the same seed and moment', () => {
    expect(demoWorkspace(7, now, zone)).toEqual(workspace);
  });

  it('is another one for another seed, apart from the leads that a tour names', () => {
    const other = demoWorkspace(8, now, zone);
    const names = (w: DemoWorkspace, from: number, to?: number) => w.leads.slice(from, to).map((lead) => lead.name);
    expect(names(other, 0, 12)).toEqual(names(workspace, 0, 12));
    expect(names(other, 12)).not.toEqual(names(workspace, 12));
  });

  it('moves with the calendar and keeps its people and companies', () => {
    const later = demoWorkspace(7, new Date(now.getTime() + 300 * dayMs), zone);
    expect(later.leads.map((l) => [l.key, l.phone, l.attributes])).toEqual(
      workspace.leads.map((l) => [l.key, l.phone, l.attributes]),
    );
    expect(later.activities.map((a) => a.text).sort()).toEqual(workspace.activities.map((a) => a.text).sort());
    expect(later.activities[0]!.at.getTime()).toBeGreaterThan(now.getTime());
  });

  it('holds about sixty leads with contacts, accounts, deals, activities and tasks', () => {
    for (const seed of seeds) {
      const w = demoWorkspace(seed, now, zone);
      expect([w.users, w.leads, w.accounts, w.deals, w.activities, w.tasks].map((list) => list.length)).toEqual([
        3, 60, 12, 18, 250, 25,
      ]);
      expect(w.contacts.length).toBeGreaterThan(80);
    }
  });

  it('begins with the dozen companies that the documentation names', () => {
    expect(workspace.leads.slice(0, 12).map((lead) => `${lead.name}, ${lead.city}, ${lead.state}`)).toEqual([
      'Northwind Electric LLC, Columbus, OH',
      'Bluebonnet Generator Co., Austin, TX',
      'Harbor Light HVAC, Tampa, FL',
      'Summit Ridge Mechanical, Denver, CO',
      'Cedar Creek Plumbing, Houston, TX',
      'Cedar Creek Plumbing, Atlanta, GA',
      'Prairie Power & Air, Tulsa, OK',
      'Ironbark Energy Services, Phoenix, AZ',
      'A & B Standby Power Inc., Dallas, TX',
      'École Climat Inc., Buffalo, NY',
      'Won & Sons Electric, San Jose, CA',
      'Lakeshore Sewer, Heating & Electric, Chicago, IL',
    ]);
  });

  it('has two Cedar Creeks that share nothing but the name', () => {
    for (const seed of seeds) {
      const names = demoWorkspace(seed, now).leads.map((lead) => lead.name);
      const twice = names.filter((name, i) => names.indexOf(name) !== i);
      expect(twice).toEqual(['Cedar Creek Plumbing']);
    }
    const [houston, atlanta] = workspace.leads.filter((lead) => lead.name === 'Cedar Creek Plumbing');
    for (const field of ['key', 'city', 'state', 'zip', 'phone', 'email', 'domain', 'website'] as const)
      expect(houston![field], field).not.toEqual(atlanta![field]);
  });

  it('reaches nobody: reserved phone numbers and domains only', () => {
    for (const seed of seeds) {
      const w = demoWorkspace(seed, now, zone);
      const phones = [...w.leads, ...w.contacts].flatMap((record) => record.phone ?? []);
      expect(phones.filter((phone) => !/^\+1[2-9]\d\d55501\d\d$/.test(phone))).toEqual([]);
      expect(new Set(phones).size, 'no number twice').toBe(phones.length);
      const addressed = strings(w).filter((text) => /@|https?:|www\./.test(text));
      expect(addressed.length).toBeGreaterThan(150);
      expect(
        addressed.filter((text) => !/^(?:[\w.-]+@|https:\/\/www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.example$/.test(text)),
      ).toEqual([]);
      expect(w.leads.filter((lead) => lead.domain && !lead.domain.endsWith('.example'))).toEqual([]);
      const domains = w.leads.flatMap((lead) => lead.domain ?? []);
      expect(new Set(domains).size, 'no domain twice').toBe(domains.length);
    }
  });

  it('spreads its leads over the tiers and leaves some without a score sheet', () => {
    for (const seed of seeds) {
      const scores = demoWorkspace(seed, now, zone).leads.map(points);
      const between = (low: number, high: number) => scores.filter((score) => score >= low && score < high).length;
      expect(between(80, 101)).toBeGreaterThanOrEqual(4);
      expect(between(80, 101)).toBeLessThanOrEqual(8);
      for (const [low, high] of [
        [60, 80],
        [40, 60],
        [1, 40],
      ] as const)
        expect(between(low, high)).toBeGreaterThanOrEqual(10);
      expect(scores.filter((score) => score === 0)).toHaveLength(2);
    }
  });

  it('keeps the facts of a score sheet in step with its points', () => {
    for (const lead of workspace.leads.filter((l) => l.attributes['mepr_score'])) {
      const a = lead.attributes;
      const trades = ['has_hvac', 'has_electrical', 'has_plumbing'].filter((column) => a[column] === 'yes').length;
      expect(Number(a['mepr_score']) >= 80, lead.name).toBe(trades === 3);
      expect(Number(a['oem_count']), lead.name).toBe((a['oems_certified'] ?? '').split(', ').filter(Boolean).length);
      expect(a['states_served']?.split(', ')[0], lead.name).toBe(lead.state);
    }
  });

  it('has leads without phone, e-mail, website or owner, and leads nobody ever contacted', () => {
    for (const field of ['phone', 'email', 'website', 'owner', 'lastContactedAt'] as const)
      expect(workspace.leads.filter((lead) => lead[field] === null).length, field).toBeGreaterThanOrEqual(3);
    const contacted = new Set(workspace.activities.filter((a) => a.kind !== 'note').map((a) => a.lead));
    for (const lead of workspace.leads) expect(contacted.has(lead.key), lead.key).toBe(lead.status !== 'new');
  });

  it('dates each last contact by its newest call, e-mail, meeting or text', () => {
    for (const lead of workspace.leads) {
      const times = workspace.activities.filter((a) => a.lead === lead.key && a.kind !== 'note').map((a) => a.at.getTime());
      expect(lead.lastContactedAt?.getTime() ?? null, lead.key).toBe(times.length ? Math.max(...times) : null);
    }
  });

  it('has a history of the last four months, in office hours, never before the lead and never in the future', () => {
    for (const seed of seeds) {
      const w = demoWorkspace(seed, now, zone);
      const since = new Map(w.leads.map((lead) => [lead.key, lead.createdAt.getTime()]));
      for (const { at, lead } of w.activities) {
        expect(at.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(at.getTime()).toBeGreaterThan(now.getTime() - 122 * dayMs);
        expect(at.getTime()).toBeGreaterThan(since.get(lead)!);
        const local = DateTime.fromJSDate(at).setZone(zone);
        expect(local.weekday).toBeLessThanOrEqual(5);
        expect(local.hour).toBeGreaterThanOrEqual(8);
        expect(local.hour).toBeLessThan(17);
      }
      expect(w.activities.some(({ at }) => at.getTime() < now.getTime() - 90 * dayMs)).toBe(true);
      expect(w.leads.filter((lead) => lead.createdAt.getTime() > now.getTime())).toEqual([]);
    }
  });

  it.each([
    ['in the morning', '2026-03-10T13:00:00Z'],
    ['late in the evening', '2026-03-11T03:30:00Z'],
    ['in the last second of the day', '2026-03-11T03:59:59.500Z'],
    ['on the night the clocks change', '2026-03-08T06:30:00Z'],
  ])('opened %s, it gives its reader overdue, today, tomorrow, later and done tasks', (_, at) => {
    const here = DateTime.fromISO(at).setZone(zone);
    const mine = demoWorkspace(7, here.toJSDate(), zone).tasks.filter((task) => task.assignee === 'local');
    const due = (from: DateTime, to: DateTime) =>
      mine.filter((t) => t.status === 'open' && t.dueAt && t.dueAt >= from.toJSDate() && t.dueAt <= to.toJSDate()).length;
    expect(due(here.minus({ days: 30 }), here)).toBeGreaterThanOrEqual(2);
    expect(due(here, here.endOf('day'))).toBeGreaterThanOrEqual(2);
    expect(due(here.plus({ days: 1 }).startOf('day'), here.plus({ days: 1 }).endOf('day'))).toBeGreaterThanOrEqual(2);
    expect(due(here.plus({ days: 2 }).startOf('day'), here.plus({ days: 14 }))).toBeGreaterThanOrEqual(2);
    expect(mine.filter((t) => t.status === 'done' && t.doneAt && t.doneAt <= here.toJSDate()).length).toBeGreaterThanOrEqual(2);
  });

  it('refers only to records it holds', () => {
    for (const seed of seeds) {
      const w = demoWorkspace(seed, now, zone);
      const leads = new Set(w.leads.map((lead) => lead.key));
      const accounts = new Set(w.accounts.map((account) => account.key));
      const people = new Set(['local', ...w.users.map((user) => user.key)]);
      expect([leads.size, accounts.size]).toEqual([60, 12]);
      const linked = [...w.contacts, ...w.accounts, ...w.deals, ...w.activities, ...w.tasks];
      expect(linked.filter(({ lead }) => lead !== null && !leads.has(lead))).toEqual([]);
      expect([...w.contacts, ...w.deals].filter(({ account }) => account !== null && !accounts.has(account))).toEqual([]);
      const named = [...w.leads.map((l) => l.owner), ...w.accounts.map((a) => a.owner), ...w.deals.map((d) => d.owner)];
      const busy = [...w.activities.map((a) => a.by), ...w.tasks.map((t) => t.assignee)];
      expect([...named, ...busy].filter((person) => person !== null && !people.has(person))).toEqual([]);
      expect([...w.contacts].filter(({ lead, account }) => !lead && !account)).toEqual([]);
      expect(w.users.some(({ key }) => (key as string) === 'local')).toBe(false);
    }
  });

  it('wins accounts from won leads and closes deals to match', () => {
    const status = new Map(workspace.leads.map((lead) => [lead.key, lead.status]));
    expect(workspace.accounts.filter(({ lead }) => lead && status.get(lead) !== 'won')).toEqual([]);
    expect(workspace.accounts.filter(({ lead }) => lead).length).toBe([...status.values()].filter((s) => s === 'won').length);
    for (const deal of workspace.deals) {
      expect(deal.amountUsd).toMatch(/^\d+\.\d\d$/);
      if (deal.stage === 'won' || deal.stage === 'lost') expect(status.get(deal.lead!)).toBe(deal.stage);
    }
  });
});
