import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lead, LeadCandidate } from '../../src/core/lead.ts';
import { rankToday } from '../../src/core/priority.ts';
import { score } from '../../src/core/score.ts';
import { dealerProfile } from './profile.ts';

const now = new Date('2026-03-12T15:00:00Z');
const zone = 'America/Chicago';
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

function candidate(fields: Partial<Lead> & { name: string }, task?: { at: string; title: string }): LeadCandidate {
  const lead: Lead = {
    id: fields.name,
    status: 'new',
    ownerId: null,
    ownerName: null,
    phone: '+17135550142',
    email: null,
    domain: null,
    website: null,
    street: null,
    city: null,
    state: null,
    zip: null,
    country: null,
    industry: null,
    employees: null,
    attributes: {},
    source: 'import',
    importId: null,
    score: 50,
    tier: 'SILVER',
    scoreDetail: score(dealerProfile, { name: fields.name, industry: null, attributes: {} }),
    findings: [],
    lastContactedAt: null,
    demo: false,
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...fields,
  };
  return { lead, nextTaskAt: task ? new Date(task.at) : null, nextTaskTitle: task?.title ?? null };
}

const names = (candidates: LeadCandidate[]) => rankToday(candidates, now, zone).map((r) => r.lead.name);
const reasonsOf = (one: LeadCandidate) => rankToday([one], now, zone)[0]!.reasons;

describe('my day', () => {
  it('is in the order of the scores while there are no tasks and no history', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 100, noNaN: true }), { maxLength: 20 }), (scores) => {
        const ranked = rankToday(
          scores.map((s, i) => candidate({ name: `Lead ${i}`, score: s })),
          now,
          zone,
        );
        expect(ranked.map((r) => r.lead.score)).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });

  it('puts promises for today and from before first', () => {
    const list = [
      candidate({ name: 'Best', score: 79 }),
      candidate({ name: 'Today', score: 55 }, { at: '2026-03-12T21:00:00Z', title: 'Call back' }),
      candidate({ name: 'Late', score: 55 }, { at: '2026-03-10T15:00:00Z', title: 'Send quote' }),
      candidate({ name: 'Tomorrow', score: 55 }, { at: '2026-03-13T15:00:00Z', title: 'Ring' }),
    ];
    expect(names(list)).toEqual(['Late', 'Today', 'Best', 'Tomorrow']);
    expect(reasonsOf(list[1]!)[0]).toBe("task 'Call back' is due today");
    expect(reasonsOf(list[2]!)[0]).toBe("task 'Send quote' is 2 days overdue");
    expect(reasonsOf(list[3]!).join()).not.toContain('Ring');
  });

  it('knows whose today it is', () => {
    const lateEvening = candidate({ name: 'A' }, { at: '2026-03-13T04:30:00Z', title: 'Call' });
    expect(rankToday([lateEvening], now, 'America/Chicago')[0]!.reasons).toContain("task 'Call' is due today");
    expect(rankToday([lateEvening], now, 'Europe/Berlin')[0]!.reasons.join()).not.toContain('Call');
  });

  it('lets those rest who were just spoken to, except when a task says to call', () => {
    const spoken = { lastContactedAt: daysAgo(1), status: 'contacted' as const };
    const list = [
      candidate({ name: 'Spoken', score: 70, ...spoken }),
      candidate({ name: 'Fresh', score: 50 }),
      candidate({ name: 'Promised', score: 48, ...spoken }, { at: '2026-03-12T16:00:00Z', title: 'Call' }),
    ];
    expect(names(list)).toEqual(['Promised', 'Fresh', 'Spoken']);
    expect(reasonsOf(list[0]!)[0]).toBe('last contacted yesterday');
  });

  it('moves qualified leads and meetings up, nurture down, and never names closed ones', () => {
    const list = (['new', 'qualified', 'meeting', 'nurture', 'won', 'lost', 'disqualified'] as const).map((status) =>
      candidate({ name: status, status }),
    );
    expect(names(list)).toEqual(['meeting', 'qualified', 'new', 'nurture']);
  });

  it('says that a lead cannot be reached and ranks it a little lower', () => {
    const list = [
      candidate({ name: 'A', phone: null, email: null }),
      candidate({ name: 'B' }),
      candidate({ name: 'C', phone: null, email: 'c@c.co' }),
    ];
    expect(names(list)).toEqual(['B', 'C', 'A']);
    expect(reasonsOf(list[0]!)).toContain('no phone or e-mail on record');
  });

  it('breaks ties by phone and then by name, whatever order they came in', () => {
    const list = [
      candidate({ name: 'delta' }),
      candidate({ name: 'Älpha' }),
      candidate({ name: 'Aaa', phone: null, email: 'a@a.co' }),
      candidate({ name: 'Beta' }),
    ];
    expect(names(list)).toEqual(['Älpha', 'Beta', 'delta', 'Aaa']);
    expect(names(list.toReversed())).toEqual(names(list));
  });

  it('gives at most four reasons, each of them true of the lead', () => {
    const attributes = {
      resimercial_score: '75',
      multioem_score: '100',
      multioem_evidence: '3 OEM certifications (A, B, C)',
      mepr_score: '50',
      om_score: '60',
    };
    const detail = score(dealerProfile, { name: 'Acme', industry: null, attributes });
    const gold = { name: 'Acme', score: detail.score, tier: detail.tier, scoreDetail: detail };
    expect(reasonsOf(candidate(gold))).toEqual(['GOLD, 72.8 points', '3 OEM certifications (A, B, C)', 'not contacted yet']);
    expect(reasonsOf(candidate({ ...gold, status: 'contacted', lastContactedAt: daysAgo(41) }))).toEqual([
      'GOLD, 72.8 points',
      '3 OEM certifications (A, B, C)',
      'last contacted 41 days ago',
    ]);
    const busy = candidate(
      { ...gold, status: 'qualified', phone: null, lastContactedAt: daysAgo(2) },
      { at: '2026-03-12T16:00:00Z', title: 'Call back' },
    );
    expect(reasonsOf(busy)).toEqual([
      "task 'Call back' is due today",
      'no phone or e-mail on record',
      'GOLD, 72.8 points',
      'qualified',
    ]);
  });
});
