import fc from 'fast-check';
import { DateTime } from 'luxon';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CostFilter, CostReport } from '../../src/core/cost-report.ts';
import { addUsd } from '../../src/core/money.ts';
import { openSpansOf, spansOf } from '../../src/db/cost-spans.ts';
import { openWorld, type World } from '../world.ts';

const now = new Date('2026-11-21T15:30:00Z');
let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false, now: () => now });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.database.pool.query('TRUNCATE ai_cost_tracking');
  await zone('America/New_York');
});

const zone = (name: string) => world.database.pool.query('UPDATE tenants SET time_zone = $1', [name]);
const costs = () => world.deps.db.records(world.owner).costs;
const agents = ['qualification', 'growth', 'sr-bdr'];
const leads = Array.from({ length: 6 }, (_, i) => `00000000-0000-4000-8000-00000000000${i + 1}`);
const users = ['00000000-0000-4000-9000-000000000001', '00000000-0000-4000-9000-000000000002'];

interface Call {
  id: string;
  at: Date;
  agent: string;
  lead: string | null;
  user: string | null;
  model: string;
  cost: string | null;
  hit: boolean;
  ms: number;
}

const dollars = fc.bigInt({ min: 0n, max: 3_000_000_000_000n }).map((pico) => {
  const digits = pico.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
});
const callOf = fc.record({
  id: fc.uuid(),
  // ninety days back and two ahead, crossing the end of summer time
  at: fc.integer({ min: -90 * 24 * 60, max: 2 * 24 * 60 }).map((minutes) => new Date(now.getTime() + minutes * 60_000)),
  agent: fc.constantFrom(...agents),
  lead: fc.constantFrom(null, ...leads),
  user: fc.constantFrom(null, ...users),
  model: fc.constantFrom('one', 'two'),
  cost: fc.option(dollars, { freq: 8 }),
  hit: fc.boolean(),
  ms: fc.integer({ min: 0, max: 5000 }),
});

const insert = (calls: Call[], client: pg.Pool | pg.PoolClient = world.database.pool) =>
  client.query(
    `INSERT INTO ai_cost_tracking (tenant_id, timestamp, agent_type, agent_mode, lead_id, user_id, prompt_tokens, completion_tokens, provider,
       model, cost_usd, cost_status, latency_ms, cache_hit, saved_usd, call_id, status)
     SELECT $1, at, agent, 'smart_router', lead, "user", 1, 1, 'cerebras', model, cost, CASE WHEN cost IS NULL THEN 'unpriced' ELSE 'priced' END,
       ms, hit, CASE WHEN hit THEN 0.000000000007 ELSE 0 END, id, 'ok'
     FROM jsonb_to_recordset($2) c(id uuid, at timestamptz, agent text, lead uuid, "user" uuid, model text, cost numeric, hit boolean, ms int)
     ON CONFLICT (call_id) DO NOTHING`,
    [world.owner.tenantId, JSON.stringify(calls)],
  );

/** The same report by adding up the calls one by one. */
function byHand(calls: Call[], { from, until, agentType, leadId, userId }: CostFilter, timeZone: string) {
  const asked = calls.filter(
    (call) =>
      call.at >= from &&
      call.at < until &&
      (agentType === undefined || call.agent === agentType) &&
      (leadId === undefined || call.lead === leadId) &&
      (userId === undefined || call.user === userId),
  );
  const grouped = (key: (call: Call) => string) => {
    const groups: Record<string, { requests: number; cost: string }> = {};
    for (const call of asked) {
      const { requests, cost } = groups[key(call)] ?? { requests: 0, cost: '0.000000000000' };
      groups[key(call)] = { requests: requests + 1, cost: addUsd(cost, call.cost ?? '0') };
    }
    return groups;
  };
  return {
    total: { requests: asked.length, cost: addUsd(...asked.map((call) => call.cost ?? '0')) },
    unpriced: asked.filter((call) => call.cost === null).length,
    hits: asked.filter((call) => call.hit).length,
    agents: grouped((call) => call.agent),
    leads: grouped((call) => call.lead ?? 'none'),
    used: Object.fromEntries(
      [...leads, null].map((lead) => [
        lead ?? 'none',
        [...new Set(asked.filter((c) => c.lead === lead).map((c) => c.agent))].sort(),
      ]),
    ),
    days: grouped((call) => DateTime.fromJSDate(call.at, { zone: timeZone }).toISODate()!),
  };
}

const table = <T>(lines: T[], key: (line: T) => string, of: (line: T) => { totalRequests: number; totalCostUsd: string }) =>
  Object.fromEntries(lines.map((line) => [key(line), { requests: of(line).totalRequests, cost: of(line).totalCostUsd }]));

function expectSame(report: CostReport, expected: ReturnType<typeof byHand>) {
  expect({ requests: report.totalRequests, cost: report.totalCostUsd }).toEqual(expected.total);
  expect(report.unpriced).toBe(expected.unpriced);
  expect(report.cache.cacheHits).toBe(expected.hits);
  expect(
    table(
      report.byAgent,
      (line) => line.agentType,
      (line) => line,
    ),
  ).toEqual(expected.agents);
  expect(
    table(
      report.byLead,
      (line) => line.leadId ?? 'none',
      (line) => line,
    ),
  ).toEqual(expected.leads);
  for (const line of report.byLead) expect(line.agentsUsed).toEqual(expected.used[line.leadId ?? 'none']);
  expect(
    table(
      report.timeSeries,
      (line) => line.date,
      (line) => line,
    ),
  ).toEqual(expected.days);
  expect(addUsd(...report.byAgent.map((line) => line.totalCostUsd))).toBe(report.totalCostUsd);
  expect(addUsd(...report.byLead.map((line) => line.totalCostUsd))).toBe(report.totalCostUsd);
  expect(addUsd(...report.timeSeries.map((line) => line.totalCostUsd))).toBe(report.totalCostUsd);
}

const zones = ['America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC', 'Australia/Lord_Howe'];

/** Whole days of the zone, or any two moments. */
const rangeIn = (timeZone: string, [a, b]: [number, number], whole: boolean) => {
  const at = (minutes: number) => DateTime.fromMillis(now.getTime() + minutes * 60_000, { zone: timeZone });
  const [first, last] = a < b ? [at(a), at(b)] : [at(b), at(a)];
  const from = whole ? first.startOf('day') : first;
  const until = whole ? last.startOf('day').plus({ days: 1 }) : last.plus({ minutes: 1 });
  return { from: from.toJSDate(), until: until.toJSDate() };
};

describe('what models cost', () => {
  it('is what the calls add up to, for every filter, zone and range, whatever was written, changed and removed', async () => {
    const minute = fc.integer({ min: -95 * 24 * 60, max: 3 * 24 * 60 });
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('insert' as const), calls: fc.array(callOf, { minLength: 1, maxLength: 25 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('price' as const), every: fc.integer({ min: 2, max: 5 }), cost: dollars }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), every: fc.integer({ min: 2, max: 5 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('zone' as const), to: fc.constantFrom(...zones) }) },
    );
    const question = fc.record({
      ends: fc.tuple(minute, minute),
      whole: fc.boolean(),
      agent: fc.option(fc.constantFrom(...agents), { nil: undefined }),
      lead: fc.option(fc.constantFrom(...leads), { nil: undefined, freq: 2 }),
      user: fc.option(fc.constantFrom(...users), { nil: undefined, freq: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(question, { minLength: 3, maxLength: 5 }),
        async (steps, questions) => {
          await world.database.pool.query('TRUNCATE ai_cost_tracking');
          let calls: Call[] = [];
          let timeZone = 'America/New_York';
          await zone(timeZone);
          for (const one of steps) {
            if (one.do === 'insert') {
              await insert(one.calls);
              const known = new Set(calls.map(({ id }) => id));
              for (const call of one.calls) if (!known.has(call.id) && known.add(call.id)) calls.push(call);
            } else if (one.do === 'again') await insert(calls);
            else if (one.do === 'zone') {
              timeZone = one.to;
              await zone(timeZone);
            } else {
              const chosen = calls.filter((_, i) => i % one.every === 0).map(({ id }) => id);
              if (one.do === 'delete') {
                await world.database.pool.query('DELETE FROM ai_cost_tracking WHERE call_id = ANY ($1)', [chosen]);
                calls = calls.filter(({ id }) => !chosen.includes(id));
              } else {
                await world.database.pool.query(
                  `UPDATE ai_cost_tracking SET cost_usd = $2, cost_status = 'priced', quality_score = 1 WHERE call_id = ANY ($1)`,
                  [chosen, one.cost],
                );
                calls = calls.map((call) => (chosen.includes(call.id) ? { ...call, cost: one.cost } : call));
              }
            }
          }
          for (const { ends, whole, agent, lead, user } of questions) {
            const filter = {
              ...rangeIn(timeZone, ends, whole),
              ...(agent && { agentType: agent }),
              ...(lead && { leadId: lead }),
              ...(user && { userId: user }),
            };
            expectSame(await costs().report(filter), byHand(calls, filter, timeZone));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same in a summary by agent, model and day', async () => {
    const calls = fc.sample(callOf, { numRuns: 200, seed: 4 });
    await insert(calls);
    const range = rangeIn('America/New_York', [-30 * 24 * 60, 0], true);
    const expected = byHand(calls, range, 'America/New_York');
    for (const [by, lines] of [
      ['agent', expected.agents],
      ['day', expected.days],
    ] as const) {
      const summary = await costs().summary(range, by);
      expect(
        Object.fromEntries(summary.lines.map((line) => [line.key, { requests: line.requests, cost: line.costUsd }])),
      ).toEqual(lines);
      expect(summary.total).toMatchObject({
        requests: expected.total.requests,
        costUsd: expected.total.cost,
        unpriced: expected.unpriced,
      });
    }
    const [first] = (await costs().summary({}, 'model')).lines;
    expect(first!.key).toMatch(/^cerebras\/(one|two)$/);
  });

  it('of many leads names the dearest and puts the others into one line', async () => {
    const calls = leads.map((lead, i) => ({ ...call0, id: crypto.randomUUID(), lead, cost: `0.00000000000${i + 1}` }));
    await insert([...calls, { ...call0, id: crypto.randomUUID(), lead: null, cost: '5.000000000000' }]);
    const { byLead, totalCostUsd } = await costs().report(rangeIn('America/New_York', [-60, 0], true), { leads: 2 });
    expect(
      byLead.map(({ leadId, companyName, totalCostUsd, totalRequests }) => [leadId, companyName, totalCostUsd, totalRequests]),
    ).toEqual([
      [leads[5], null, '0.000000000006', 1],
      [leads[4], null, '0.000000000005', 1],
      [null, '4 other leads', '0.000000000010', 4],
      [null, null, '5.000000000000', 1],
    ]);
    expect(addUsd(...byLead.map((line) => line.totalCostUsd))).toBe(totalCostUsd);
  });

  it('of another workspace is not in it', async () => {
    await world.database.pool.query(
      `INSERT INTO ai_cost_tracking (tenant_id, agent_type, agent_mode, prompt_tokens, completion_tokens, provider, model, cost_usd, cost_status,
         latency_ms, call_id, status, timestamp) VALUES (gen_random_uuid(), 'growth', 'passthrough', 1, 1, 'p', 'm', 9, 'priced', 1, gen_random_uuid(), 'ok', $1)`,
      [now],
    );
    const report = await costs().report(rangeIn('America/New_York', [-60, 0], true));
    expect(report).toMatchObject({ totalCostUsd: '0.000000000000', totalRequests: 0, byAgent: [], byLead: [], timeSeries: [] });
  });
});

const call0: Call = {
  id: '',
  at: now,
  agent: 'growth',
  lead: null,
  user: null,
  model: 'one',
  cost: '1.000000000000',
  hit: false,
  ms: 10,
};

describe('the kept sums', () => {
  it('are of what was committed: a batch that is rolled back leaves none', async () => {
    const client = await world.database.pool.connect();
    await client.query('BEGIN');
    await insert([{ ...call0, id: crypto.randomUUID() }], client);
    await client.query('ROLLBACK');
    client.release();
    expect((await costs().dailySpend()).requests).toBe(0);
  });

  it('hold when many write to the same sums at once, while the time zone changes', async () => {
    const batches = Array.from({ length: 40 }, (_, i) => fc.sample(callOf, { numRuns: 30, seed: i }));
    const all = [...new Map(batches.flat().map((call) => [call.id, call])).values()];
    const writers = batches.map((batch) => insert(batch));
    const changes = (async () => {
      for (const name of zones) await zone(name);
    })();
    await Promise.all([...writers, changes]);
    const last = zones.at(-1)!;
    for (const ends of [
      [-100 * 24 * 60, 5 * 24 * 60],
      [-40 * 24 * 60, -3 * 24 * 60],
    ] as [number, number][]) {
      const range = rangeIn(last, ends, true);
      expectSame(await costs().report(range), byHand(all, range, last));
    }
  });
});

describe('watching spending', () => {
  const at = (minutes: number, more: Partial<Call>): Call => ({
    ...call0,
    id: crypto.randomUUID(),
    at: new Date(now.getTime() + minutes * 60_000),
    ...more,
  });

  it('tells what today cost, by the day of the workspace', async () => {
    // 15:30 UTC is 10:30 in New York: eleven hours ago was yesterday there
    await insert([at(-10 * 60, { cost: '1.5' }), at(-11 * 60, { cost: '7' }), at(-1, { cost: null })]);
    expect(await costs().dailySpend()).toEqual({ costUsd: '1.500000000000', requests: 2, unpriced: 1 });
  });

  it('tells the average cost per lead of seven days, and none where no lead was asked about', async () => {
    expect(await costs().averageCostPerLead()).toBeNull();
    const day = 24 * 60;
    await insert([
      at(-1, { lead: leads[0]!, cost: '1' }),
      at(-6 * day, { lead: leads[0]!, cost: '0.5' }),
      at(-2 * day, { lead: leads[1]!, cost: '0.5' }),
      at(-2 * day, { lead: leads[2]!, cost: null }),
      at(-8 * day, { lead: leads[1]!, cost: '100' }),
      at(-1, { cost: '100' }),
    ]);
    expect(await costs().averageCostPerLead()).toBe('0.666666666667');
  });

  it('tells the cache hit rate of 24 hours', async () => {
    expect(await costs().cacheHitRate()).toBeNull();
    await insert([at(-1, { hit: true }), at(-23 * 60, {}), at(-23 * 60, {}), at(-23 * 60, {}), at(-25 * 60, { hit: true })]);
    expect(await costs().cacheHitRate()).toBe(0.25);
  });

  it('tells what a qualified lead cost, everything included', async () => {
    const made = await world.gate.call('create_lead', { name: 'Costly Cooling' }, world.as(world.owner));
    if (made.status !== 'done') throw new Error('expected a lead');
    const lead = (made.result as { lead: { id: string } }).lead.id;
    const range = rangeIn('America/New_York', [-29 * 24 * 60, 0], true);
    await insert([at(-60, { lead, cost: '1' }), at(-60, { lead: leads[0]!, cost: '2' }), at(-60, { cost: '3' })]);
    expect(await costs().costPerQualifiedLead(range)).toEqual({ leads: 0, costUsd: null });
    await world.gate.call('update_lead', { lead, status: 'qualified' }, world.as(world.owner));
    expect(await costs().costPerQualifiedLead(range)).toEqual({ leads: 1, costUsd: '6.000000000000' });
  });

  it('warns at each step of the budget, and of calls without a price', async () => {
    expect(await costs().alerts()).toEqual([]);
    await insert([at(-1, { cost: '5' })]);
    expect(await costs().alerts()).toMatchObject([{ severity: 'info', currentSpendUsd: '5.000000000000', budgetUsd: '10' }]);
    await insert([at(-1, { cost: '3' })]);
    expect(await costs().alerts()).toMatchObject([{ kind: 'budget', severity: 'warning' }]);
    await insert([at(-1, { cost: '1.999999999999' }), at(-1, { cost: null })]);
    const alerts = await costs().alerts();
    expect(alerts).toMatchObject([
      { kind: 'budget', severity: 'critical' },
      { kind: 'unpriced', severity: 'warning' },
    ]);
    expect(alerts[0]!.message).toContain('nearly used up');
    await insert([at(-1, { cost: '0.000000000001' })]);
    expect((await costs().alerts())[0]!.message).toContain('is used up');
  });
});

describe('views for SQL tools', () => {
  it('sum by agent and by lead, and show the calls of Cerebras', async () => {
    const calls = fc.sample(callOf, { numRuns: 60, seed: 9 });
    await insert(calls);
    const sum = async (view: string) =>
      (await world.database.pool.query(`SELECT sum(total_cost_usd)::text AS s FROM ${view}`)).rows[0].s;
    expect(await sum('agent_cost_summary')).toBe(addUsd(...calls.map((call) => call.cost ?? '0')));
    expect(await sum('lead_cost_summary')).toBe(addUsd(...calls.filter((call) => call.lead).map((call) => call.cost ?? '0')));
    expect((await world.database.pool.query('SELECT 1 FROM cerebras_api_calls')).rowCount).toBe(60);
  });
});

describe('spans of days', () => {
  it('make exactly the days asked for, few of them', () => {
    const lengths = [1, 6, 36];
    const daysOf = (spans: ReturnType<typeof spansOf>) => {
      const days = new Map<number, number>();
      for (const { level, span, sign } of spans)
        for (let i = 0; i < lengths[level]!; i++) {
          const day = span * lengths[level]! + i;
          days.set(day, (days.get(day) ?? 0) + sign);
        }
      return [...days].filter(([, count]) => count !== 0);
    };
    fc.assert(
      fc.property(fc.integer({ min: 40_000, max: 50_000 }), fc.integer({ min: 1, max: 500 }), (from, length) => {
        const until = from + length;
        const days = daysOf(spansOf(from, until));
        expect(days.every(([day, count]) => count === 1 && day >= from && day < until)).toBe(true);
        expect(days).toHaveLength(length);
        const open = daysOf(openSpansOf(from, until));
        expect(open.every(([day, count]) => count === 1 && day >= from)).toBe(true);
        expect(open.filter(([day]) => day < until)).toHaveLength(length);
        expect(spansOf(from, from + 30).length).toBeLessThanOrEqual(16);
        expect(openSpansOf(from, from + 30).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
