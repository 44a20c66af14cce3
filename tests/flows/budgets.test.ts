import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BudgetRule } from '../../src/core/budget.ts';
import { noUsage } from '../../src/core/llm.ts';
import { addUsd } from '../../src/core/money.ts';
import { budgets } from '../../src/db/budgets.ts';
import { redisBudgets } from '../../src/state/budgets.ts';
import { type Api, openApi } from '../api/client.ts';
import { type Counter, postgresCounters, redisCounters } from '../contracts/budget-stores.ts';
import { type Asked, anthropicStandIn, type Said, type StandIn } from '../llm/anthropic-stand-in.ts';
import { freshRedis, startRedis, type TestRedis, withoutOwnRedis, withoutRedis } from '../redis.ts';

/** A request that the offline rules can answer too, and that no classifier takes for a simple one. */
const request =
  'Compare our three biggest deals in Texas, work out why the last campaign lost, and write a plan for the next quarter.';
const [smart, cheap] = ['claude-sonnet-5-5', 'claude-haiku-5-5'];

describe('in Postgres', () => budgetFlows('Postgres'));
describe.skipIf(withoutRedis)('in Redis', () => budgetFlows('Redis'));

describe.skipIf(withoutOwnRedis)('a Redis that is gone', () => {
  it('is told of by the alerts, which still say what the day cost, and by /readyz', async () => {
    const server = await startRedis();
    const own = await openApi({ env: { REDIS_URL: server.url, DAILY_BUDGET_USD: '1' } });
    const told = async () => (await own.ask('GET', '/api/v1/analytics/ai-costs/alerts')).body;
    try {
      expect([(await told()).alerts, (await own.ask('GET', '/readyz')).status]).toEqual([[], 200]);
      await server.stop();
      expect(await told()).toMatchObject({
        alerts: [{ kind: 'budget', severity: 'warning', message: expect.stringContaining('Redis') }],
        daily_spend_usd: '0.000000000000',
      });
      expect((await own.ask('GET', '/readyz')).body.error).toMatchObject({
        code: 'unavailable',
        message: 'The Redis server does not answer.',
      });
      expect((await own.ask('GET', '/metrics')).status).toBe(200);
    } finally {
      await own.close();
      await server.stop();
    }
  });
});

function budgetFlows(place: 'Postgres' | 'Redis'): void {
  let api: Api;
  let stand: StandIn;
  let clock: Date;
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    if (place === 'Redis') redis = await freshRedis();
  });
  afterAll(() => redis?.stop());
  beforeEach(() => redis?.empty());
  afterEach(async () => {
    await api.close();
    await stand.close();
  });

  /** The product with Claude behind it, at a time that the test sets. */
  async function open(env: Record<string, string>, says: (asked: Asked) => Said = () => ({ text: 'Said by a model.' })) {
    clock = new Date('2026-11-21T17:00:00Z');
    stand = await anthropicStandIn(says);
    const claude = {
      ANTHROPIC_API_KEY: 'sk-test',
      ANTHROPIC_BASE_URL: stand.url,
      ANTHROPIC_MODEL: smart,
      ANTHROPIC_CHEAP_MODEL: cheap,
    };
    api = await openApi({ env: { ...claude, ...(redis && { REDIS_URL: redis.url }), ...env }, now: () => clock });
    const { id } = (await api.ask('POST', '/api/v1/conversations', {})).body;
    return async (text = request): Promise<{ text: string; model: string; degraded: boolean }> =>
      (await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text } })).body;
  }

  const asked = () => stand.asked.map(({ body }) => body.model);
  const pool = () => api.world.database.pool;
  const alerts = async () =>
    (await api.ask('GET', '/api/v1/analytics/ai-costs/alerts')).body.alerts.map((one: { message: string }) => one.message);
  const metric = async (): Promise<string[]> =>
    (
      await api.world.metrics.page({
        jobs: { waiting: 0, running: 0, dead: 0 },
        proposalsPending: 0,
        spending: { todayUsd: 0, costPerLeadUsd: null, cacheHitRate: null, alerts: [] },
      })
    ).body
      .split('\n')
      .filter((line) => line.startsWith('ai_budget_steps_total'));
  const counters = (key: string): Promise<Counter[]> =>
    (redis ? redisCounters(redis.client, api.world.owner.tenantId) : postgresCounters(pool())).then((all) =>
      all.filter((one) => one.key === key),
    );
  const spent = async () => {
    await api.world.calls.flush();
    const calls = await pool().query<{ usd: string }>(
      'SELECT trim_scale(cost_usd)::text AS usd FROM ai_cost_tracking WHERE cost_usd IS NOT NULL',
    );
    return { counters: await counters('day tenant'), calls: addUsd('0', ...calls.rows.map(({ usd }) => usd)) };
  };

  describe('a turn at the limit of the day', () => {
    it('is answered by a cheaper model, then by the rules, each with a word why, and the next day by the model again', async () => {
      // the dear one uses up most of the day, the cheap one the rest
      const say = await open({ DAILY_BUDGET_USD: '0.2' }, ({ body }) => ({
        text: 'Said by a model.',
        usage: { input_tokens: body.model === smart ? 90_000 : 60_000, output_tokens: 0 },
      }));
      expect(await say()).toMatchObject({ text: 'Said by a model.', model: `anthropic/${smart}`, degraded: false });
      const cheaper = await say();
      expect(cheaper).toMatchObject({ model: `anthropic/${cheap}`, degraded: true });
      expect(cheaper.text).toBe(
        "Said by a model.\n(A cheaper model answered: today's limit of 0.2 USD for this workspace is nearly used up.)",
      );
      let last = cheaper;
      for (let i = 0; i < 8 && last.model !== 'offline/rules'; i++) last = await say();
      expect(last).toMatchObject({ model: 'offline/rules', degraded: true });
      expect(last.text).toContain("(The offline rules answered: today's limit of 0.2 USD for this workspace is used up.)");
      const before = stand.asked.length;
      expect(await say('hello')).toMatchObject({ degraded: true });
      expect(stand.asked).toHaveLength(before);

      const { counters: days, calls } = await spent();
      expect(days).toMatchObject([{ reserved: '0' }]);
      expect(addUsd(days[0]!.spent)).toBe(calls);
      expect(await alerts()).toEqual([expect.stringMatching(/^The budget of 0.2 USD for today is nearly used up/)]);
      expect(await metric()).toEqual([
        'ai_budget_steps_total{window="day",of="tenant",percent="80"} 1',
        'ai_budget_steps_total{window="day",of="tenant",percent="95"} 1',
        'ai_budget_steps_total{window="day",of="tenant",percent="100"} 1',
      ]);

      // ten past midnight in New York
      clock = new Date('2026-11-22T05:10:00Z');
      expect(await say()).toMatchObject({ model: `anthropic/${smart}`, degraded: false });
      expect((await spent()).counters).toHaveLength(2);
    });

    it('holds over processes and conversations, and each limit for those it is about', async () => {
      const usage = { input_tokens: 90_000, output_tokens: 0 };
      const say = await open({ DAILY_BUDGET_USD: '10', USER_DAILY_BUDGET_USD: '0.2', MONTHLY_BUDGET_USD: '0.3' }, () => ({
        text: 'Said.',
        usage,
      }));
      await say();
      await say();
      expect((await say()).text).toContain("today's limit of 0.2 USD for you is");
      const other = await api.elsewhere();
      const answer = await fetch(`${other.url}/api/v1/conversations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      const { id } = (await answer.json()) as { id: string };
      const turn = await fetch(`${other.url}/api/v1/conversations/${id}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: request }),
      });
      expect(((await turn.json()) as { text: string }).text).toContain("today's limit of 0.2 USD for you is");
      const saidTo = async (handle: string) => {
        const key = await api.keyOf(handle, 'rep');
        const { id: own } = (await api.ask('POST', '/api/v1/conversations', { key, body: {} })).body;
        return (await api.ask('POST', `/api/v1/conversations/${own}/messages`, { key, body: { text: request } })).body;
      };
      expect(await saidTo('ada')).toMatchObject({ text: 'Said.', degraded: false });
      expect(await saidTo('bob')).toMatchObject({
        text: expect.stringContaining("this month's limit of 0.3 USD for this workspace is used up"),
      });
      expect(await alerts()).toEqual([
        expect.stringMatching(/^The limit of 0.3 USD for this month for this workspace is used up: 0.\d{4} USD spent/),
        expect.stringMatching(/^The limit of 0.2 USD for today for Owner is (nearly )?used up: 0.\d{4} USD spent/),
        expect.stringMatching(/^The limit of 0.2 USD for today for ada is mostly used up: 0.1800 USD spent \(\d\d %\)/),
      ]);
    });
  });

  it('calls of unknown price that come together pass no limit, and stay without a price', async () => {
    // ten cents at the highest price of input
    const say = await open(
      { DAILY_BUDGET_USD: '1', ANTHROPIC_MODEL: 'claude-next', ANTHROPIC_CHEAP_MODEL: 'claude-next' },
      () => ({
        text: 'Said by a model.',
        usage: { input_tokens: 10_000, output_tokens: 0 },
      }),
    );
    const turns = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { id } = (await api.ask('POST', '/api/v1/conversations', {})).body;
        return (await api.ask('POST', `/api/v1/conversations/${id}/messages`, { body: { text: request } })).body;
      }),
    );
    const { counters: days, calls } = await spent();
    expect(stand.asked.length).toBeGreaterThan(0);
    expect(stand.asked.length).toBeLessThan(20);
    expect(turns.filter(({ model }) => model === 'anthropic/claude-next')).toHaveLength(stand.asked.length);
    expect(turns.filter(({ text }) => text.includes("today's limit of 1 USD for this workspace is"))).toHaveLength(
      20 - stand.asked.length,
    );
    expect(days).toMatchObject([{ reserved: '0' }]);
    expect(Number(days[0]!.spent)).toBeGreaterThan(0);
    expect(Number(days[0]!.spent)).toBeLessThanOrEqual(1);
    // no sum of money holds a guess
    expect(calls).toBe('0.000000000000');
    const found = await pool().query(
      `SELECT DISTINCT cost_status, unpriced_because FROM ai_cost_tracking WHERE provider = 'anthropic'`,
    );
    expect(found.rows).toEqual([{ cost_status: 'unpriced', unpriced_because: 'unknown model' }]);
    // a counter that is begun anew begins with what was guessed
    const guessed = async () =>
      (await pool().query<{ usd: string }>('SELECT trim_scale(sum(guess_usd))::text AS usd FROM ai_cost_tracking')).rows[0]!.usd;
    expect(days[0]!.spent).toBe(await guessed());
    await (redis ? redis.empty() : pool().query('TRUNCATE budget_counters'));
    await say();
    expect((await spent()).counters).toMatchObject([{ spent: await guessed(), reserved: '0' }]);
  });

  it('a limit that was passed before it was set is told as what it is', async () => {
    const say = await open({ MONTHLY_BUDGET_USD: '0.3' });
    const { tenantId, userId } = api.world.owner;
    api.world.calls.record({
      ...{ callId: crypto.randomUUID(), at: clock, tenantId, userId, agentType: 'growth', agentMode: 'passthrough' },
      ...{ provider: 'anthropic', model: smart, usage: noUsage, latencyMs: 1, status: 'ok', degraded: false },
      price: { status: 'priced', costUsd: '0.500000000000', row: 'test' },
    });
    await api.world.calls.flush();
    expect((await say()).text).toContain("this month's limit of 0.3 USD for this workspace is used up");
    expect(await alerts()).toEqual([
      expect.stringMatching(/^The limit of 0.3 USD for this month for this workspace is used up: 0.5000 USD spent/),
    ]);
  });

  describe('an agent at its limit of requests', () => {
    it('is answered by the rules without any model being asked, and by a model again in the next hour', async () => {
      const say = await open({ AGENT_HOURLY_REQUESTS: '2' });
      for (let i = 0; i < 2; i++) expect(await say()).toMatchObject({ degraded: false });
      const third = await say();
      expect(third).toMatchObject({ model: 'offline/rules', degraded: true });
      expect(third.text).toContain(
        '(The offline rules answered: the limit of 2 requests an hour for this assistant is used up.)',
      );
      expect(asked()).toHaveLength(2);
      clock = new Date('2026-11-21T18:00:00Z');
      expect(await say()).toMatchObject({ degraded: false });
      // an answer by the rules is neither a request nor money
      expect((await counters('hour agent')).map((one) => one.spent)).toEqual(['2', '1']);
    });
  });

  describe('what was set aside', () => {
    it('by a process that died comes back with the sweep', async () => {
      const say = await open({ DAILY_BUDGET_USD: '0.2' });
      await say();
      const { redis: server, database, owner } = api.world;
      const rules: BudgetRule[] = [{ window: 'day', of: 'tenant', limit: '0.2' }];
      const parts = { rules, onAlert: () => {} };
      const dead = server
        ? redisBudgets({ redis: server, books: database.books, ...parts })
        : budgets({ pool: pool(), ...parts });
      const draw = (usd: string) =>
        dead.reserve({ ...owner, agent: 'growth' }, usd, { callId: crypto.randomUUID(), at: clock, requests: 1, ttlMs: 3000 });
      const refused = await draw('0.2');
      expect(await draw(refused.ok ? '' : refused.left)).toEqual({ ok: true });
      expect(await say()).toMatchObject({ model: 'offline/rules' });
      await sleep(3100);
      await database.sweep();
      expect(await say()).toMatchObject({ model: `anthropic/${smart}`, degraded: false });
    });
  });

  if (place === 'Redis')
    describe('a Redis that comes back empty', () => {
      it('goes on with what the day has cost so far', async () => {
        const say = await open({ DAILY_BUDGET_USD: '0.2', USER_DAILY_BUDGET_USD: '1' }, () => ({
          text: 'Said.',
          usage: { input_tokens: 66_000, output_tokens: 0 },
        }));
        for (let i = 0; i < 8 && (await say()).model !== 'offline/rules'; i++);
        const before = await spent();
        await redis!.empty();
        expect(await say()).toMatchObject({ model: 'offline/rules' });
        expect((await spent()).counters).toEqual(before.counters);
        expect(addUsd(before.counters[0]!.spent)).toBe(before.calls);
      });
    });
}
