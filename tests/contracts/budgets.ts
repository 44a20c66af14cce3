import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BudgetAlert, BudgetRule, BudgetScope, Reserved } from '../../src/core/budget.ts';
import { addUsd, compareUsd } from '../../src/core/money.ts';
import { type BudgetStore, tenantId } from './budget-stores.ts';

export const noon = new Date('2026-11-21T17:00:00Z');

export const daily = (limit: string): BudgetRule => ({ window: 'day', of: 'tenant', limit });
export const uuid = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
export const someone: BudgetScope = { tenantId, userId: uuid(1), agent: 'sr-bdr' };

/** The limits with what people would do with them in short. */
export function limitsOn({ open }: Pick<BudgetStore, 'open'>, rules: BudgetRule[]) {
  const alerts: BudgetAlert[] = [];
  const own = open(rules, (alert) => void alerts.push(alert));
  return {
    alerts,
    told: () => alerts.map(({ key, percent }) => `${key.split(':').slice(0, 2).join(' ')} ${percent}`),
    async reserve(usd: string | null, more: Partial<BudgetScope> & { at?: Date; ttlMs?: number; requests?: 0 | 1 } = {}) {
      const { at = noon, ttlMs = 60_000, requests = 1, ...scope } = more;
      const callId = crypto.randomUUID();
      return { callId, ...(await own.reserve({ ...someone, ...scope }, usd, { callId, at, requests, ttlMs })) };
    },
    settle: (callId: string, usd: string | null) => own.settle(someone, callId, usd),
    reserveAs: (callId: string, usd: string) => own.reserve(someone, usd, { callId, at: noon, requests: 1, ttlMs: 60_000 }),
  };
}

export const admitted = (all: Reserved[]) => all.filter(({ ok }) => ok).length;

/** A call as it is written down when it has ended. */
export const written = (
  { pool }: Pick<BudgetStore, 'pool'>,
  callId: string,
  usd: string | null,
  more: { at?: Date; agent?: string; user?: string; lead?: string; session?: string; guess?: string } = {},
) =>
  pool.query(
    `INSERT INTO ai_cost_tracking (tenant_id, timestamp, agent_type, agent_mode, lead_id, session_id, user_id, prompt_tokens, completion_tokens, provider,
       model, cost_usd, cost_status, latency_ms, call_id, status, guess_usd)
     VALUES ($1, $2, $3, 'smart_router', $4, $5, $6, 1, 1, 'p', 'm', $7, CASE WHEN $7::numeric IS NULL THEN 'unpriced' ELSE 'priced' END, 1, $8, 'ok', $9)`,
    [
      ...[
        tenantId,
        more.at ?? noon,
        more.agent ?? 'sr-bdr',
        more.lead ?? null,
        more.session ?? null,
        more.user ?? null,
        usd,
        callId,
      ],
      more.guess ?? null,
    ],
  );

/** What limits promise, wherever they are counted. */
export function budgetContract(openStore: () => Promise<BudgetStore>): void {
  let store: BudgetStore;
  beforeAll(async () => {
    store = await openStore();
    await store.pool.query(`INSERT INTO tenants (id, slug, name, time_zone) VALUES ($1, 'one', 'One', 'America/New_York')`, [
      tenantId,
    ]);
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.empty();
    await store.pool.query('TRUNCATE ai_cost_tracking');
    await store.pool.query(`UPDATE tenants SET time_zone = 'America/New_York'`);
  });
  const limits = (rules: BudgetRule[]) => limitsOn(store, rules);
  type More = Parameters<typeof written>[3];
  const note = (callId: string, usd: string | null, more?: More) => written(store, callId, usd, more);

  describe('a limit', () => {
    it('of ten admits ten of two hundred who come at once', async () => {
      const { reserve } = limits([daily('10')]);
      expect(admitted(await Promise.all(Array.from({ length: 200 }, () => reserve('1'))))).toBe(10);
      expect(await store.counters()).toEqual([{ key: 'day tenant', start: '2026-11-21 05:00', spent: '0', reserved: '10' }]);
    });

    it('of ten admits ten of four hundred in two processes', async () => {
      const children = await Promise.all([0, 1].map(() => child(store, 'draw', 200)));
      for (const { process } of children) process.stdin.write('go\n');
      const said = await Promise.all(children.map(({ next }) => next()));
      expect(said.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)).toBe(10);
      await Promise.all(children.map(({ process }) => process.exitCode ?? once(process, 'exit')));
    });

    it('counts what a call really cost in place of what it set aside', async () => {
      const { reserve, settle } = limits([daily('1')]);
      const first = await reserve('0.9');
      expect(await reserve('0.2')).toMatchObject({
        ok: false,
        left: '0.1',
        limit: { words: "today's limit of 1 USD for this workspace" },
      });
      await settle(first.callId, '0.000000000001');
      expect(await reserve('0.999999999999')).toMatchObject({ ok: true });
      expect(await reserve('0.000000000001')).toMatchObject({ ok: false, left: '0' });
    });

    it('counts what was set aside where the cost is not known, or is none', async () => {
      const { reserve, settle } = limits([daily('10')]);
      for (const cost of [null, '-5', 'NaN']) await settle((await reserve('0.5')).callId, cost);
      expect(await store.counters()).toMatchObject([{ spent: '1.5', reserved: '0' }]);
    });

    it('that was overrun is overrun by no more, and what is free is always admitted', async () => {
      const { reserve, settle } = limits([daily('1')]);
      await settle((await reserve('0.5')).callId, '3');
      expect(await reserve('0.000000000001')).toMatchObject({ ok: false, left: '0' });
      expect(await reserve('0')).toMatchObject({ ok: true });
    });

    it('admits a model whose price is not known as long as anything is left', async () => {
      const { reserve, settle } = limits([daily('1')]);
      const unknown = await reserve(null);
      expect(unknown.ok).toBe(true);
      await settle(unknown.callId, null);
      await settle((await reserve('1')).callId, '1');
      expect(await reserve(null)).toMatchObject({ ok: false });
    });

    it.each(['-1', 'NaN', '1e16', 'Infinity'])('takes no amount that is none: %s', async (usd) => {
      const { reserve } = limits([daily('10')]);
      await expect(reserve(usd)).rejects.toThrow();
      expect(await store.held()).toBe(0);
    });

    it('that changes holds from the next call on', async () => {
      const [ten, two, fifty] = [limits([daily('10')]), limits([daily('2')]), limits([daily('50')])];
      await ten.settle((await ten.reserve('5')).callId, '5');
      expect(await two.reserve('0.01')).toMatchObject({ ok: false, left: '0' });
      expect(await fifty.reserve('45')).toMatchObject({ ok: true });
      expect(await fifty.reserve('0.01')).toMatchObject({ ok: false });
    });

    it('of nothing admits only what is free', async () => {
      const { reserve } = limits([daily('0')]);
      expect([(await reserve('0.000000000001')).ok, (await reserve(null)).ok, (await reserve('0')).ok]).toEqual([
        false,
        false,
        true,
      ]);
    });

    it('in requests counts requests, not tries, whatever they cost', async () => {
      const { reserve, settle } = limits([{ window: 'hour', of: 'agent', limit: '2' }]);
      const first = await reserve('100');
      expect(await reserve('100', { requests: 0 })).toMatchObject({ ok: true });
      await settle(first.callId, '77');
      await settle((await reserve(null)).callId, null);
      expect(await reserve('0')).toMatchObject({
        ok: false,
        limit: { words: 'the limit of 2 requests an hour for this assistant' },
      });
      expect(await reserve('0', { requests: 0 })).toMatchObject({ ok: true });
      expect(await reserve('0', { agent: 'growth' })).toMatchObject({ ok: true });
      expect(await reserve('0', { at: new Date('2026-11-21T18:00:00Z') })).toMatchObject({ ok: true });
    });
  });

  describe('many limits at once', () => {
    const all: BudgetRule[] = [
      { window: 'day', of: 'tenant', limit: '10' },
      { window: 'month', of: 'tenant', limit: '100' },
      { window: 'day', of: 'user', limit: '4' },
      { window: 'day', of: 'agent', limit: '6' },
      { window: 'month', of: 'lead', limit: '3' },
      { window: 'day', of: 'session', limit: '2' },
      { window: 'hour', of: 'agent', limit: '5' },
    ];

    it('take the amount all or none', async () => {
      const { reserve } = limits(all);
      const scope = { leadId: uuid(70), sessionId: uuid(80) };
      expect((await reserve('2', scope)).ok).toBe(true);
      const before = await store.counters();
      expect(await reserve('1', scope)).toMatchObject({ ok: false, limit: { of: 'session' } });
      expect(await reserve('1.5', { leadId: uuid(70) })).toMatchObject({ ok: false, limit: { of: 'lead' } });
      expect(await reserve('2.5')).toMatchObject({ ok: false, limit: { of: 'user' } });
      expect(await store.counters()).toEqual(before);
      expect(await store.held()).toBe(all.length);
      // who is neither in a conversation nor busy with a lead has no limit of those
      await reserve('1');
      expect(await store.counters()).toHaveLength(all.length);
      expect((await store.counters()).find(({ key }) => key === 'day session')).toMatchObject({ reserved: '2' });
    });

    it('never deadlock, leak or drift, whoever draws on which of them in whatever order', async () => {
      const picked = (n: number): BudgetScope => ({
        tenantId,
        userId: uuid(n % 3),
        agent: ['a', 'b', 'c', 'd'][n % 4]!,
        ...(n % 2 && { leadId: uuid(100 + (n % 5)) }),
        ...(n % 3 && { sessionId: uuid(200 + (n % 7)) }),
      });
      const generous = all.map((rule) => ({ ...rule, limit: rule.window === 'hour' ? '100000' : '1000' }));
      const second = await store.elsewhere();
      const spent: string[] = [];
      try {
        const pools = [limits(generous), limitsOn(second, [...generous].reverse())];
        const sweeping = (async () => {
          for (let i = 0; i < 40; i++) await store.sweep();
        })();
        await Promise.all(
          Array.from({ length: 500 }, async (_, n) => {
            const { reserve, settle } = pools[n % 2]!;
            // every fifth is late: its money went back before it settles, or while it does
            const reserved = await reserve('0.013', { ...picked(n), ttlMs: n % 5 ? 60_000 : 1 });
            expect(reserved.ok).toBe(true);
            if (n % 5 === 0) await sleep(n % 30);
            const cost = `0.00${n}000001`;
            await settle(reserved.callId, cost);
            spent.push(cost);
          }),
        );
        await sweeping;
      } finally {
        await second.close();
      }
      const total = Number(addUsd(...spent)).toString();
      const found = await store.counters();
      expect(found.filter(({ key }) => key.endsWith('tenant')).map((one) => Number(one.spent).toString())).toEqual([
        total,
        total,
      ]);
      for (const window of ['day user', 'day agent'])
        expect(Number(addUsd(...found.filter(({ key }) => key === window).map((one) => one.spent))).toString()).toBe(total);
      expect(found.every(({ reserved }) => reserved === '0')).toBe(true);
      expect(found.filter(({ key }) => key === 'hour agent').reduce((sum, one) => sum + Number(one.spent), 0)).toBe(500);
      expect(await store.held()).toBe(0);
    });

    it('begin a new window without a deadlock, whoever comes first', async () => {
      const second = await store.elsewhere();
      try {
        const generous = all.map((rule) => ({ ...rule, limit: '1000' }));
        const pools = [limits(generous), limitsOn(second, [...generous].reverse())];
        for (let day = 0; day < 40; day++) {
          const at = new Date(noon.getTime() + day * 86_400_000);
          const scope = { leadId: uuid(day), sessionId: uuid(day), userId: uuid(day) };
          const calls = await Promise.all(Array.from({ length: 30 }, (_, n) => pools[n % 2]!.reserve('1', { ...scope, at })));
          expect(admitted(calls)).toBe(30);
        }
      } finally {
        await second.close();
      }
    });

    it('are never passed together, and let nobody in who would pass one', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ cents: fc.integer({ min: 0, max: 400 }), user: fc.integer({ min: 1, max: 2 }) }), {
            minLength: 1,
            maxLength: 25,
          }),
          async (calls) => {
            await store.empty();
            const { reserve } = limits([daily('10'), { window: 'day', of: 'user', limit: '6' }]);
            const asked = await Promise.all(
              calls.map(async (call) => ({ ...call, ...(await reserve(String(call.cents / 100), { userId: uuid(call.user) })) })),
            );
            const taken = (user?: number) =>
              asked
                .filter((one) => one.ok && (user === undefined || one.user === user))
                .reduce((sum, { cents }) => sum + cents, 0);
            expect(taken()).toBeLessThanOrEqual(1000);
            for (const user of [1, 2]) expect(taken(user)).toBeLessThanOrEqual(600);
            const held = Object.fromEntries((await store.counters()).map(({ key, reserved }) => [key, Number(reserved)]));
            expect(held['day tenant']).toBeCloseTo(taken() / 100, 10);
            // whoever was refused would still not fit
            for (const { ok, cents, user } of asked)
              if (!ok) expect(taken() + cents > 1000 || taken(user) + cents > 600).toBe(true);
          },
        ),
        { numRuns: 15 },
      );
    });
  });

  describe('windows', () => {
    const startOf = async (window: BudgetRule['window'], at: string) => {
      await store.empty();
      await limits([{ window, of: 'tenant', limit: '10' }]).reserve('1', { at: new Date(at) });
      return (await store.counters())[0]!.start;
    };
    const zone = (name: string) => store.pool.query('UPDATE tenants SET time_zone = $1', [name]);

    it.each([
      ['America/New_York', '2026-11-21T04:59:59.999Z', '2026-11-20 05:00', '2026-11-01 04:00'],
      ['America/New_York', '2026-11-21T05:00:00.000Z', '2026-11-21 05:00', '2026-11-01 04:00'],
      // the day on which clocks go back has 25 hours, the one on which they go forward 23
      ['America/New_York', '2026-11-02T04:59:59.999Z', '2026-11-01 04:00', '2026-11-01 04:00'],
      ['America/New_York', '2026-11-02T05:00:00.000Z', '2026-11-02 05:00', '2026-11-01 04:00'],
      ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08 05:00', '2026-03-01 05:00'],
      ['America/New_York', '2026-03-09T04:00:00.000Z', '2026-03-09 04:00', '2026-03-01 05:00'],
      ['Asia/Kolkata', '2026-10-31T18:29:59.999Z', '2026-10-30 18:30', '2026-09-30 18:30'],
      ['Asia/Kolkata', '2026-10-31T18:30:00.000Z', '2026-10-31 18:30', '2026-10-31 18:30'],
      ['Pacific/Kiritimati', '2026-12-31T10:00:00.000Z', '2026-12-31 10:00', '2026-12-31 10:00'],
    ])('are days and months by the clock of the workspace: %s, %s', async (name, at, day, month) => {
      await zone(name);
      expect(await startOf('day', at)).toBe(day);
      expect(await startOf('month', at)).toBe(month);
    });

    it('are one for each day also where midnight comes twice or not at all', async () => {
      await zone('America/Havana');
      // clocks go from one back to midnight: both midnights belong to the first of November
      const days = [
        '2026-11-01T03:59:59Z',
        '2026-11-01T04:00:00Z',
        '2026-11-01T04:30:00Z',
        '2026-11-01T05:30:00Z',
        '2026-11-02T04:59:59Z',
        '2026-11-02T05:00:00Z',
      ];
      const starts = [];
      for (const at of days) starts.push(await startOf('day', at));
      expect(new Set(starts.slice(1, 5)).size).toBe(1);
      expect(new Set(starts).size).toBe(3);
      await zone('America/Santiago');
      // there is no midnight on the sixth of September
      const gap = [
        await startOf('day', '2026-09-06T03:59:59Z'),
        await startOf('day', '2026-09-06T04:00:00Z'),
        await startOf('day', '2026-09-07T02:59:59Z'),
      ];
      expect(gap[1]).toBe(gap[2]);
      expect(gap[0]).not.toBe(gap[1]);
    });

    it('of an hour are real hours: the one that clocks go through twice is two', async () => {
      expect(await startOf('hour', '2026-11-01T05:30:00Z')).toBe('2026-11-01 05:00');
      expect(await startOf('hour', '2026-11-01T06:30:00Z')).toBe('2026-11-01 06:00');
    });

    it('begin empty, each day and each month', async () => {
      const { reserve } = limits([daily('1'), { window: 'month', of: 'tenant', limit: '2' }]);
      expect((await reserve('1', { at: new Date('2026-11-29T12:00:00Z') })).ok).toBe(true);
      expect((await reserve('1', { at: new Date('2026-11-29T23:00:00Z') })).ok).toBe(false);
      expect((await reserve('1', { at: new Date('2026-11-30T12:00:00Z') })).ok).toBe(true);
      expect(await reserve('0.5', { at: new Date('2026-12-01T04:59:00Z') })).toMatchObject({
        ok: false,
        limit: { window: 'day' },
      });
      expect((await reserve('1', { at: new Date('2026-12-01T05:00:00Z') })).ok).toBe(true);
    });

    it('pay for what began in them, however late it ends', async () => {
      const { reserve, settle } = limits([daily('5')]);
      const late = await reserve('1', { at: new Date('2026-11-21T04:59:59Z') });
      await reserve('1', { at: new Date('2026-11-21T05:00:01Z') });
      await settle(late.callId, '0.7');
      expect(await store.counters()).toEqual([
        { key: 'day tenant', start: '2026-11-20 05:00', spent: '0.7', reserved: '0' },
        { key: 'day tenant', start: '2026-11-21 05:00', spent: '0', reserved: '1' },
      ]);
    });

    it('begin with what is written down, where a limit is new or the workspace has moved', async () => {
      const scope = { leadId: uuid(70), sessionId: 's:1' };
      const about = { lead: uuid(70), session: 's:1', user: uuid(1) };
      await note(crypto.randomUUID(), '1.5', { ...about, at: new Date('2026-11-02T12:00:00Z') });
      await note(crypto.randomUUID(), '0.25', about);
      // calls of unknown price, one of a server of one's own, count as they did when limits were counted
      await note(crypto.randomUUID(), null, { ...about, guess: '0.000000000001' });
      await note(crypto.randomUUID(), null, { ...about, guess: '0' });
      await note(crypto.randomUUID(), null, about);
      await note(crypto.randomUUID(), null, { ...about, guess: '7', at: new Date('2026-11-01T03:59:59Z') });
      await note(crypto.randomUUID(), '0.125', { agent: 'growth', user: uuid(2) });
      await note(crypto.randomUUID(), '9', { ...about, at: new Date('2026-10-31T12:00:00Z') });
      const { reserve } = limits(
        (['tenant', 'user', 'agent', 'lead', 'session'] as const).flatMap((of) => [
          { window: 'day', of, limit: '100' },
          { window: 'month', of, limit: '100' },
        ]),
      );
      await reserve('1', scope);
      expect(Object.fromEntries((await store.counters()).map(({ key, spent }) => [key, spent]))).toEqual({
        'day tenant': '0.375000000001',
        'day user': '0.250000000001',
        'day agent': '0.250000000001',
        'day lead': '0.250000000001',
        'day session': '0.250000000001',
        'month tenant': '1.875000000001',
        'month user': '1.750000000001',
        'month agent': '1.750000000001',
        'month lead': '1.750000000001',
        'month session': '1.750000000001',
      });
      await zone('Asia/Tokyo');
      // it is the 22nd there
      const day = limits([daily('10')]);
      await day.reserve('1');
      expect((await store.counters()).filter(({ key }) => key === 'day tenant').map(({ spent }) => spent)).toEqual([
        '0.375000000001',
        '0.375000000001',
      ]);
    });
  });

  describe('what was set aside and never settled', () => {
    it('comes back when its time is over, and not before', async () => {
      const { reserve } = limits([daily('1')]);
      await reserve('0.6', { ttlMs: 1 });
      await reserve('0.4', { ttlMs: 60_000 });
      await sleep(5);
      await store.sweep();
      await store.sweep();
      expect(await store.counters()).toMatchObject([{ spent: '0', reserved: '0.4' }]);
      expect((await reserve('0.6')).ok).toBe(true);
    });

    it('counts as it was written down, also when that came to light later', async () => {
      const { reserve } = limits([daily('1')]);
      const [known, later] = [await reserve('0.5', { ttlMs: 1 }), await reserve('0.5', { ttlMs: 1 })];
      await note(known.callId, '0.123456789012');
      await sleep(5);
      await store.sweep();
      expect(await store.counters()).toMatchObject([{ spent: '0.123456789012', reserved: '0' }]);
      await note(later.callId, '0.000000000001');
      await store.sweep();
      expect(await store.counters()).toMatchObject([{ spent: '0.123456789013', reserved: '0' }]);
      expect(await store.held()).toBe(0);
    });

    it('counts with its guess where its price is not known, however it comes to light, and once', async () => {
      const { reserve, settle } = limits([daily('3')]);
      const [killed, late, settled] = [
        await reserve('0.5', { ttlMs: 1 }),
        await reserve('0.5', { ttlMs: 1 }),
        await reserve('0.5'),
      ];
      await note(killed.callId, null, { guess: '0.1' });
      await sleep(5);
      await store.sweep();
      expect(await store.counters()).toMatchObject([{ spent: '0.1', reserved: '0.5' }]);
      await note(late.callId, null, { guess: '0.02' });
      await settle(settled.callId, '0.003');
      await note(settled.callId, null, { guess: '0.003' });
      for (let i = 0; i < 3; i++) await store.sweep();
      expect(await store.counters()).toMatchObject([{ spent: '0.123', reserved: '0' }]);
      expect(await store.held()).toBe(0);
    });

    it('is counted once when the call settles after all, and never twice', async () => {
      const { reserve, settle } = limits([daily('1')]);
      const { callId } = await reserve('0.5', { ttlMs: 1 });
      await sleep(5);
      await Promise.all([store.sweep(), store.sweep()]);
      await Promise.all([settle(callId, '0.3'), settle(callId, '0.3'), store.sweep()]);
      await settle(callId, '0.3');
      expect(await store.counters()).toMatchObject([{ spent: '0.3', reserved: '0' }]);
    });

    it('is set aside once, however often the same call asks', async () => {
      const { reserveAs } = limits([daily('1')]);
      const callId = crypto.randomUUID();
      expect([(await reserveAs(callId, '0.6')).ok, (await reserveAs(callId, '0.6')).ok]).toEqual([true, true]);
      expect(await store.counters()).toMatchObject([{ reserved: '0.6' }]);
    });

    it('comes back when the process is killed between the two', async () => {
      const { process } = await child(store, 'hold', 10, 'reserved');
      process.kill('SIGKILL');
      await once(process, 'exit');
      const { reserve } = limits([daily('10')]);
      const at = new Date();
      expect(await reserve('0.01', { at })).toMatchObject({ ok: false });
      await sleep(350);
      await store.sweep();
      expect(admitted(await Promise.all(Array.from({ length: 20 }, () => reserve('1', { at }))))).toBe(10);
    });
  });

  describe('alerts', () => {
    it('come once for each step of a window, and the highest alone where several are passed at once', async () => {
      const { reserve, settle, told, alerts } = limits([daily('10')]);
      for (const usd of ['4.9', '0.1', '0.1', '2.89', '0.01', '0.5', '1.4', '0.09'])
        await settle((await reserve(usd)).callId, usd);
      expect(told()).toEqual(['day tenant 50', 'day tenant 80', 'day tenant 95']);
      await settle((await reserve('0.01')).callId, '0.01');
      await settle((await reserve('0')).callId, '0');
      expect(told()).toHaveLength(4);
      expect(alerts[3]).toEqual({
        ...{ window: 'day', of: 'tenant', limit: '10', key: `day:tenant:${tenantId}`, tenantId, spent: '10', percent: 100 },
        words: "today's limit of 10 USD for this workspace",
      });
      await settle((await reserve('9', { at: new Date('2026-11-22T12:00:00Z') })).callId, '9');
      expect(told().slice(4)).toEqual(['day tenant 80']);
    });

    it('come once over all processes', async () => {
      const both = [limits([daily('10')]), limits([daily('10')])];
      const calls = await Promise.all(Array.from({ length: 100 }, (_, n) => both[n % 2]!.reserve('0.1')));
      await Promise.all(calls.map(({ callId }, n) => both[n % 2]!.settle(callId, '0.1')));
      expect(both.flatMap(({ told }) => told()).sort()).toEqual([
        'day tenant 100',
        'day tenant 50',
        'day tenant 80',
        'day tenant 95',
      ]);
    });

    it('say that a limit is used up when it stands in the way with a rest that nothing fits into', async () => {
      const { reserve, settle, told } = limits([daily('10')]);
      await settle((await reserve('9.7')).callId, '9.7');
      for (let i = 0; i < 3; i++) expect((await reserve('0.4')).ok).toBe(false);
      expect(told()).toEqual(['day tenant 95', 'day tenant 100']);
    });

    it('do not come because others have set money aside, nor for a question that is too dear', async () => {
      const { reserve, told } = limits([daily('10')]);
      for (const usd of ['9', '9', '11']) await reserve(usd);
      expect(told()).toEqual([]);
    });

    it('come anew for a limit that was raised, and are not repeated by processes that know different limits', async () => {
      const [ten, twenty] = [limits([daily('10')]), limits([daily('20')])];
      await ten.settle((await ten.reserve('9.6')).callId, '9.6');
      await twenty.settle((await twenty.reserve('0.4')).callId, '0.4');
      for (let i = 0; i < 4; i++) for (const one of [ten, twenty]) await one.settle((await one.reserve('0')).callId, '0');
      expect([ten.told(), twenty.told()]).toEqual([['day tenant 95', 'day tenant 100'], ['day tenant 50']]);
    });

    it('that a leak passed are told with the next call', async () => {
      const { reserve, settle, told } = limits([daily('1')]);
      const { callId } = await reserve('0.9', { ttlMs: 1 });
      await note(callId, '0.85');
      await sleep(5);
      await store.sweep();
      expect(told()).toEqual([]);
      await settle((await reserve('0')).callId, '0');
      expect(told()).toEqual(['day tenant 80']);
    });
  });

  describe('sums', () => {
    it('are those of the calls that are written down, to the last digit', async () => {
      const { reserve, settle } = limits([
        daily('1000'),
        { window: 'month', of: 'tenant', limit: '1000' },
        { window: 'day', of: 'agent', limit: '1000' },
      ]);
      const costs = fc.sample(fc.bigInt({ min: 0n, max: 10n ** 11n }), { numRuns: 300, seed: 7 });
      await Promise.all(
        costs.map(async (pico, n) => {
          const usd = `0.${pico.toString().padStart(12, '0')}`;
          // over two days, one of them in another month
          const at = new Date(Date.UTC(2026, 9, 31, 12) + n * 600_000);
          const { callId } = await reserve('0.2', { at });
          await note(callId, usd, { at });
          await settle(callId, usd);
        }),
      );
      const { rows } = await store.pool.query<{ day: string; usd: string }>(
        `SELECT to_char((day::timestamp AT TIME ZONE 'America/New_York') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS day, trim_scale(sum(cost_usd))::text AS usd
         FROM ai_cost_days GROUP BY 1 ORDER BY 1`,
      );
      const found = await store.counters();
      for (const key of ['day tenant', 'day agent'])
        expect(found.filter((one) => one.key === key).map(({ start, spent }) => ({ day: start, usd: spent }))).toEqual(rows);
      const whole = await store.pool.query<{ usd: string }>(
        'SELECT trim_scale(sum(cost_usd))::text AS usd FROM ai_cost_tracking',
      );
      const months = found.filter(({ key }) => key === 'month tenant').map(({ spent }) => spent);
      expect(months).toHaveLength(2);
      expect(addUsd(...months)).toBe(addUsd(whole.rows[0]!.usd));
    });
  });

  describe('amounts', () => {
    it('are added and compared to the twelfth decimal, however large', async () => {
      const most = 10n ** 27n;
      const usd = (pico: bigint) => `${pico / 10n ** 12n}.${(pico % 10n ** 12n).toString().padStart(12, '0')}`;
      // near the edges where a carry or a rounding would show
      const amount = fc.oneof(
        fc.bigInt({ min: 0n, max: most }),
        fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.bigInt({ min: -3n, max: 3n })).map(([whole, near]) => {
          const pico = whole * 10n ** 12n + near;
          return pico < 0n ? 0n : pico > most ? most : pico;
        }),
        fc.bigInt({ min: 0n, max: 5n }),
      );
      await fc.assert(
        fc.asyncProperty(amount, fc.array(fc.record({ asked: amount, cost: amount }), { maxLength: 8 }), async (limit, calls) => {
          await store.empty();
          const { reserve, settle } = limits([daily(usd(limit))]);
          let spent = '0';
          for (const { asked, cost } of calls) {
            const free = limit - BigInt(addUsd(spent).replace('.', ''));
            const reserved = await reserve(usd(asked));
            expect(reserved.ok).toBe(asked <= (free < 0n ? 0n : free));
            if (!reserved.ok) {
              expect(compareUsd(reserved.left, usd(free < 0n ? 0n : free))).toBe(0);
              continue;
            }
            await settle(reserved.callId, usd(cost));
            spent = addUsd(spent, usd(cost));
            const [counter] = await store.counters();
            expect([compareUsd(counter!.spent, spent), counter!.reserved]).toEqual([0, '0']);
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** A process of its own that draws on the limit of ten; `next` is the next line it says. */
async function child({ databaseUrl, redisUrl }: BudgetStore, what: 'draw' | 'hold', calls: number, first = 'ready') {
  const script = 'tests/contracts/budgets-child.ts';
  const args = ['--import', 'tsx', script, databaseUrl, tenantId, what, String(calls), ...(redisUrl ? [redisUrl] : [])];
  const process_ = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  expect(await next()).toBe(first);
  return { process: process_, next };
}
