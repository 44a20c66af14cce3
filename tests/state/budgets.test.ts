import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BudgetRule, SpendingBooks } from '../../src/core/budget.ts';
import { spendingBooks } from '../../src/db/budget-books.ts';
import { createLog } from '../../src/log.ts';
import { redisBudgets } from '../../src/state/budgets.ts';
import { openRedis } from '../../src/state/redis.ts';
import { postgresStore, type RedisStore, redisStore, tenantId } from '../contracts/budget-stores.ts';
import { admitted, budgetContract, daily, limitsOn, noon, someone, uuid, written } from '../contracts/budgets.ts';
import { type RedisProcess, startRedis, withoutOwnRedis, withoutRedis } from '../redis.ts';

describe.skipIf(withoutRedis)('budgets in Redis', () => budgetContract(redisStore));

const monthly: BudgetRule = { window: 'month', of: 'lead', limit: '3' };
const lead = { leadId: uuid(70) };

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe.skipIf(withoutRedis)('a Redis that loses what it held', () => {
  let store: RedisStore;
  beforeAll(async () => {
    store = await redisStore();
    await store.pool.query(`INSERT INTO tenants (id, slug, name, time_zone) VALUES ($1, 'one', 'One', 'America/New_York')`, [
      tenantId,
    ]);
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.empty();
    await store.pool.query('TRUNCATE ai_cost_tracking');
  });
  const limits = (rules: BudgetRule[]) => limitsOn(store, rules);
  const spent = async () => (await store.counters()).map((one) => one.spent);

  it('goes on with what was spent in the window, to the last digit', async () => {
    const { reserve, settle } = limits([daily('10'), monthly]);
    for (const usd of ['4.000000000001', '2.5']) {
      const { callId } = await reserve(usd, usd === '2.5' ? lead : {});
      await written(store, callId, usd, usd === '2.5' ? { lead: lead.leadId } : {});
      await settle(callId, usd);
    }
    await store.empty();
    expect(await reserve('3.5', lead)).toMatchObject({ ok: false, left: '3.499999999999', limit: { of: 'tenant' } });
    expect(await reserve('0.6', lead)).toMatchObject({ ok: false, left: '0.5', limit: { of: 'lead' } });
    expect(await spent()).toEqual(['6.500000000001', '2.5']);
  });

  it('lets nobody in twice when two processes begin anew at once', async () => {
    await written(store, crypto.randomUUID(), '7');
    const other = await store.elsewhere();
    try {
      const both = [limits([daily('10')]), limitsOn(other, [daily('10')])];
      expect(admitted(await Promise.all(Array.from({ length: 100 }, (_, n) => both[n % 2]!.reserve('1'))))).toBe(3);
      expect(await spent()).toEqual(['7']);
    } finally {
      await other.close();
    }
  });

  it('counts once what was under way, whether it reaches the table before or after the counter begins anew', async () => {
    const { reserve, settle } = limits([daily('10')]);
    const [early, late, gone] = [await reserve('1'), await reserve('1'), await reserve('1')];
    await settle(gone.callId, '0.25');
    await store.empty();
    await written(store, early.callId, '0.5');
    expect((await reserve('0')).ok).toBe(true);
    await settle(early.callId, '0.5');
    await written(store, late.callId, '0.125');
    await settle(late.callId, '0.125');
    // settled before the loss, written down after it
    await written(store, gone.callId, '0.25');
    await store.sweep();
    expect(await spent()).toEqual(['0.875']);
    await store.sweep();
    expect(await spent()).toEqual(['0.875']);
  });

  it('counts what is under way to the table once, in whatever order it comes', async () => {
    const { reserve, settle } = limits([daily('10'), monthly]);
    const calls = await Promise.all(Array.from({ length: 30 }, () => reserve('0.01', lead)));
    await Promise.all(
      calls.map(async ({ callId }, n) => {
        const steps = [() => written(store, callId, '0.01', { lead: lead.leadId }), () => settle(callId, '0.01'), store.sweep];
        for (let i = 0; i < 3; i++) await steps[(n + (n % 2 ? i : 2 * i)) % 3]!();
      }),
    );
    await reserve('0', lead);
    await store.sweep();
    expect(await store.counters()).toMatchObject([
      { spent: '0.3', reserved: '0' },
      { spent: '0.3', reserved: '0' },
    ]);
    // nothing waits any more
    const calls_ = (await store.redis.client.keys('*')).filter((name) => name.includes(':call:'));
    expect(calls_).toHaveLength(1);
  });

  it('counts once what one process settles while two others compare the counter, of whom one knows nothing of that yet', async () => {
    const rules = [daily('10')];
    const { reserve, settle } = limits(rules);
    const real = spendingBooks(store.pool, async () => {});
    const redis = await openRedis(store.redisUrl, createLog('silent'));
    /** A process that stands still between its look into the table and what it makes of it. */
    const halting = () => {
      const [looked, goOn] = [gate(), gate()];
      const books: SpendingBooks = {
        ...real,
        look: async (...asked) => {
          const seen = await real.look(...asked);
          looked.open();
          await goOn.passed;
          return seen;
        },
      };
      const { sweep } = redisBudgets({ redis, rules, books, onAlert: () => {} });
      return { sweep, looked: looked.passed, goOn: goOn.open };
    };
    const [unknowing, knowing] = [halting(), halting()];
    const { callId } = await reserve('0.5');
    await written(store, callId, '0.5');
    const first = unknowing.sweep();
    await unknowing.looked;
    await settle(callId, '0.5');
    const second = knowing.sweep();
    await knowing.looked;
    unknowing.goOn();
    await first;
    knowing.goOn();
    await second;
    await redis.close();
    await store.sweep();
    expect(await spent()).toEqual(['0.5']);
  });

  it('is asked again when it has forgotten the scripts', async () => {
    const { reserve, settle } = limits([daily('1')]);
    const { callId } = await reserve('0.5');
    await store.redis.client.script('FLUSH');
    await settle(callId, '0.5');
    expect(await reserve('0.6')).toMatchObject({ ok: false, left: '0.5' });
  });

  it('is compared with the table before a counter is drawn on that nobody has used for long', async () => {
    const { reserve, settle } = limits([daily('10')]);
    await settle((await reserve('1')).callId, null);
    // such as by a process without Redis, or one that was killed and is started again
    await written(store, crypto.randomUUID(), '8.5');
    expect((await reserve('1', { requests: 0 })).ok).toBe(true);
    const [counter] = (await store.redis.client.keys('*')).filter((name) => name.includes(':counter:'));
    await store.redis.client.hincrby(counter!, 'looked', -11 * 60_000_000);
    expect(await reserve('0.1')).toMatchObject({ ok: false, left: '0' });
    expect(await spent()).toEqual(['9.5']);
  });

  it('keeps no counter and no call for good', async () => {
    const { reserve, settle } = limits([daily('1'), { window: 'hour', of: 'agent', limit: '9' }]);
    await settle((await reserve('0.1')).callId, '0.1');
    await reserve('0.1', { at: new Date(Date.now() - 90 * 86_400_000) });
    const names = (await store.redis.client.keys('*')).filter((name) => /:(counter|call):/.test(name));
    expect(names).toHaveLength(6);
    for (const name of names) {
      const lives = await store.redis.client.pttl(name);
      expect(lives).toBeGreaterThan(86_400_000);
      expect(lives).toBeLessThan(9 * 86_400_000);
    }
  });
});

describe.skipIf(withoutOwnRedis)('a Redis of its own', () => {
  const running: RedisProcess[] = [];
  const opened: { close(): Promise<void> }[] = [];
  const start = async (options?: Parameters<typeof startRedis>[0]) => {
    const server = await startRedis(options);
    running.push(server);
    return server;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    for (const one of running.splice(0)) await one.stop();
  });
  const books = {
    timeZone: async () => 'UTC',
    settle: async () => {},
    look: async () => ({ spent: ['0.000000000000'], calls: [] }),
  };
  const open = async (url: string) => {
    const redis = await openRedis(url, createLog('silent'));
    opened.push(redis);
    return {
      redis,
      ...limitsOn({ open: (rules, onAlert = () => {}) => redisBudgets({ redis, rules, books, onAlert }) }, [daily('10')]),
    };
  };

  it('that ends says so, and is used again when it is back', async () => {
    const server = await start();
    const { reserve, settle, redis } = await open(server.url);
    const { callId } = await reserve('1');
    await server.stop();
    for (const ask of [() => reserve('1'), () => settle(callId, '1'), redis.check]) await expect(ask()).rejects.toThrow();
    await start({ port: server.port });
    for (let tries = 0; tries < 400 && redis.client.status !== 'ready'; tries++) await sleep(100);
    expect((await reserve('10')).ok).toBe(true);
    await settle(callId, '1');
  });

  it('that hangs is waited for a second', async () => {
    const server = await start();
    const { reserve } = await open(server.url);
    await reserve('1');
    server.process.kill('SIGSTOP');
    await expect(Promise.all(Array.from({ length: 20 }, () => reserve('1')))).rejects.toThrow('no answer within 1000 ms');
    server.process.kill('SIGCONT');
    expect((await reserve('1')).ok).toBe(true);
  });

  it('may be a cluster: all keys of a workspace are in one slot', async () => {
    const server = await start({ args: ['--cluster-enabled', 'yes'] });
    const { redis, reserve, settle } = await open(server.url).catch(async () => {
      // it takes no key before its slots are given out
      const { Redis } = await import('ioredis');
      const client = new Redis(server.url);
      await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      for (let i = 0; i < 400 && !String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'); i++)
        await sleep(100);
      client.disconnect();
      return open(server.url);
    });
    await settle((await reserve('1', { leadId: uuid(1) })).callId, '1');
    await redisBudgets({ redis, rules: [], books, onAlert: () => {} }).sweep();
    expect(await reserve('9.5')).toMatchObject({ ok: false, left: '9' });
    const names = (await redis.client.keys('*')).filter((name) => name.includes(tenantId));
    expect(new Set(await Promise.all(names.map((name) => redis.client.cluster('KEYSLOT', name)))).size).toBe(1);
  });

  it.each([
    [
      'nobody listens',
      async () => 'redis://127.0.0.1:1/0',
      /Cannot use the Redis server of REDIS_URL \(127\.0\.0\.1:1\).*ECONNREFUSED.*without REDIS_URL/,
    ],
    ['it wants a password', async () => (await start({ args: ['--requirepass', 'secret'] })).url, /REDIS_URL.*NOAUTH/],
    [
      'the password is wrong',
      async () => (await start({ args: ['--requirepass', 'secret'] })).url.replace('//', '//:wrong-one@'),
      /REDIS_URL.*WRONGPASS/,
    ],
    [
      'it takes no writes',
      async () => (await start({ args: ['--replicaof', '127.0.0.1', '1'] })).url,
      /REDIS_URL.*READONLY|REDIS_URL.*MASTERDOWN/,
    ],
  ])('is refused at the start where %s', async (_what, url, message) => {
    const error: Error = await openRedis(await url(), createLog('silent')).then(
      () => new Error('it opened'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('wrong-one');
  });
});

describe.skipIf(withoutRedis)('a workspace that goes over', () => {
  it('from Postgres to Redis in the middle of a month takes its spending along, and back again', async () => {
    const [before, after] = [await postgresStore(), await redisStore()];
    const { pool } = before;
    try {
      await pool.query(`INSERT INTO tenants (id, slug, name, time_zone) VALUES ($1, 'one', 'One', 'America/New_York')`, [
        tenantId,
      ]);
      const redis = await openRedis(after.redisUrl, createLog('silent'));
      const books = spendingBooks(pool, async () => {});
      const rules: BudgetRule[] = [{ window: 'month', of: 'tenant', limit: '10' }];
      const counted = redisBudgets({ redis, rules, books, onAlert: () => {} });
      const spend = async (on: typeof counted | ReturnType<typeof before.open>, usd: string) => {
        const callId = crypto.randomUUID();
        const reserved = await on.reserve(someone, usd, { callId, at: noon, requests: 1, ttlMs: 60_000 });
        if (!reserved.ok) return reserved.left;
        await written({ pool }, callId, usd);
        await on.settle(someone, callId, usd);
        return 'spent';
      };
      expect(await spend(before.open(rules), '4')).toBe('spent');
      expect(await spend(counted, '3')).toBe('spent');
      expect(await spend(counted, '4')).toBe('3');
      const { dropIdleCounters } = await import('../../src/db/budget-books.ts');
      await dropIdleCounters(pool);
      expect(await spend(before.open(rules), '4')).toBe('3');
      await redis.close();
    } finally {
      await before.close();
      await after.close();
    }
  });
});
