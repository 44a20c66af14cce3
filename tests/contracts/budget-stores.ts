import { DateTime } from 'luxon';
import pg from 'pg';
import type { BudgetAlert, BudgetRule, Budgets } from '../../src/core/budget.ts';
import { spendingBooks } from '../../src/db/budget-books.ts';
import { budgets, releaseLeaked } from '../../src/db/budgets.ts';
import { createLog } from '../../src/log.ts';
import { budgetKeys } from '../../src/state/budget-keys.ts';
import { redisBudgets } from '../../src/state/budgets.ts';
import { openRedis } from '../../src/state/redis.ts';
import { freshDatabase } from '../database.ts';
import { freshRedis } from '../redis.ts';

export const tenantId = '00000000-0000-4000-8000-000000000001';

export interface Counter {
  /** "day tenant" */
  key: string;
  /** When the window began, UTC: "2026-11-21 05:00". */
  start: string;
  spent: string;
  reserved: string;
}

type Open = (rules: readonly BudgetRule[], onAlert?: (alert: BudgetAlert) => void) => Budgets;

/** Where limits are counted, as a test sees it. */
export interface BudgetStore {
  open: Open;
  /** The same over connections of its own, as another process has it. */
  elsewhere(): Promise<{ open: Open; close(): Promise<void> }>;
  counters(): Promise<Counter[]>;
  /** Limits that calls under way draw on. */
  held(): Promise<number>;
  /** Gives back what leaked, as the sweep does. */
  sweep(): Promise<void>;
  empty(): Promise<void>;
  pool: pg.Pool;
  databaseUrl: string;
  /** Absent in Postgres. */
  redisUrl?: string;
  close(): Promise<void>;
}

export async function postgresStore(): Promise<BudgetStore> {
  const database = await freshDatabase();
  const pools: pg.Pool[] = [];
  const connect = () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 20 });
    pools.push(pool);
    return pool;
  };
  const openOn =
    (pool: pg.Pool): Open =>
    (rules, onAlert = () => {}) =>
      budgets({ pool, rules, onAlert });
  const pool = connect();
  return {
    open: openOn(pool),
    async elsewhere() {
      const other = connect();
      return { open: openOn(other), close: async () => {} };
    },
    counters: () => postgresCounters(pool),
    held: async () => (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM budget_reservations')).rows[0]!.n,
    sweep: async () => void (await releaseLeaked(pool)),
    empty: async () => void (await pool.query('TRUNCATE budget_counters, budget_reservations')),
    ...{ pool, databaseUrl: database.url },
    async close() {
      for (const one of pools) await one.end();
      await database.drop();
    },
  };
}

export async function postgresCounters(pool: pg.Pool): Promise<Counter[]> {
  const { rows } = await pool.query<Counter>(
    `SELECT split_part(key, ':', 1) || ' ' || split_part(key, ':', 2) AS key, to_char(window_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS start,
       trim_scale(spent)::text AS spent, trim_scale(reserved)::text AS reserved
     FROM budget_counters ORDER BY 1, 2`,
  );
  return rows;
}

export interface RedisStore extends BudgetStore {
  redisUrl: string;
  redis: Awaited<ReturnType<typeof freshRedis>>;
}

export async function redisStore(): Promise<RedisStore> {
  const [database, redis] = [await freshDatabase(), await freshRedis()];
  const pool = new pg.Pool({ connectionString: database.url, max: 20 });
  const books = spendingBooks(pool, async () => {});
  const connect = async () => {
    const server = await openRedis(redis.url, createLog('silent'));
    const open = (rules: readonly BudgetRule[], onAlert: (alert: BudgetAlert) => void = () => {}) =>
      redisBudgets({ redis: server, rules, books, onAlert });
    return { open, close: server.close };
  };
  const own = await connect();
  return {
    open: own.open,
    elsewhere: connect,
    counters: () => redisCounters(redis.client, tenantId),
    async held() {
      const calls = await redis.client.zrange(budgetKeys(tenantId).due, '0', '-1');
      const lines = await Promise.all(calls.map((id) => redis.client.hget(budgetKeys(tenantId).calls + id, 'lines')));
      return lines.reduce((sum, one) => sum + JSON.parse(one ?? '[]').length, 0);
    },
    sweep: () => own.open([]).sweep(),
    empty: redis.empty,
    ...{ pool, databaseUrl: database.url, redisUrl: redis.url, redis },
    async close() {
      await own.close();
      await redis.stop();
      await pool.end();
      await database.drop();
    },
  };
}

export async function redisCounters(client: RedisStore['redis']['client'], tenant: string): Promise<Counter[]> {
  const { counter, windowOf } = budgetKeys(tenant);
  const names = (await client.keys('*')).filter((name) => name.startsWith(counter('', '', '').slice(0, -2)));
  const found = await Promise.all(
    names.map(async (name): Promise<Counter> => {
      const { zone, day, key } = windowOf(name);
      const [spent, reserved] = await client.hmget(name, 'spent', 'reserved');
      const start = DateTime.fromISO(day.length > 10 ? day.replace(/T(\d\d)([+-])/, 'T$1:00$2') : day, { zone });
      return {
        key: key.split(':').slice(0, 2).join(' '),
        start: start.toUTC().toFormat('yyyy-MM-dd HH:mm'),
        spent: trimmed(spent!),
        reserved: trimmed(reserved!),
      };
    }),
  );
  const order = ({ key, start }: Counter) => `${key} ${start}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const trimmed = (usd: string): string => usd.replace(/\.?0+$/, '');
