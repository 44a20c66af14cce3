import type { App } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import type { Actor } from '../src/core/actor.ts';
import type { BudgetRule, Budgets } from '../src/core/budget.ts';
import { budgets } from '../src/db/budgets.ts';
import { createLog } from '../src/log.ts';
import { redisBudgets } from '../src/state/budgets.ts';
import { openRedis } from '../src/state/redis.ts';
import { print, row, series } from './figures.ts';
import { onFreshGround } from './ground.ts';

const rules: BudgetRule[] = [
  { window: 'day', of: 'tenant', limit: '1000000' },
  { window: 'month', of: 'tenant', limit: '1000000' },
  { window: 'day', of: 'user', limit: '1000000' },
  { window: 'hour', of: 'agent', limit: '1000000' },
];
const times = 2000;

/** What budgets add to a call, beside the router: one round trip before it and one after it. */
export const benchReservations = (): Promise<void> => onFreshGround(reservations);

async function reservations(app: App, owner: Actor): Promise<void> {
  print('budgets: setting aside under four limits before a call, and settling after it');
  await measure('in Postgres', budgets({ pool: app.database.pool, rules, onAlert: () => undefined }), owner);
  const { REDIS_URL } = loadConfig();
  if (!REDIS_URL) return print('  in Redis: not measured; REDIS_URL names a server');
  const redis = await openRedis(REDIS_URL, createLog('silent'));
  try {
    await measure('in Redis', redisBudgets({ redis, rules, books: app.database.books, onAlert: () => undefined }), owner);
  } finally {
    await redis.close();
  }
}

async function measure(where: string, { reserve, settle }: Budgets, { tenantId, userId }: Actor): Promise<void> {
  const scope = { tenantId, userId, agent: 'sr-bdr' };
  const at = new Date();
  const ids = Array.from({ length: times + 200 }, () => crypto.randomUUID());
  const setAside = (i: number) => reserve(scope, '0.01', { callId: ids[i]!, at, requests: 1, ttlMs: 600_000 });
  for (let i = times; i < times + 200; i++) await setAside(i);
  row(`set aside, ${where}`, await series(times, setAside));
  row(`settle, ${where}`, await series(times, (i) => settle(scope, ids[i]!, '0.001')));
}
