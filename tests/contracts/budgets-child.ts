import pg from 'pg';
import { spendingBooks } from '../../src/db/budget-books.ts';
import { budgets } from '../../src/db/budgets.ts';
import { createLog } from '../../src/log.ts';
import { redisBudgets } from '../../src/state/budgets.ts';
import { openRedis } from '../../src/state/redis.ts';

// One of two processes that draw on the same limits. Told what to do by its arguments; says "done", or "reserved" and waits to be killed.
const [url, tenantId, what, count, redisUrl] = process.argv.slice(2) as [string, string, 'draw' | 'hold', string, string?];
const pool = new pg.Pool({ connectionString: url, max: 10 });
const parts = { rules: [{ window: 'day', of: 'tenant', limit: '10' }] as const, onAlert: () => {} };
const redis = redisUrl ? await openRedis(redisUrl, createLog('silent')) : undefined;
const own = redis ? redisBudgets({ redis, books: spendingBooks(pool, async () => {}), ...parts }) : budgets({ pool, ...parts });
const scope = { tenantId, userId: '', agent: 'sr-bdr' };
const at = new Date();
const reserve = (ttlMs: number) => own.reserve(scope, '1', { callId: crypto.randomUUID(), at, requests: 1, ttlMs });
if (what === 'hold') {
  for (let i = 0; i < Number(count); i++) await reserve(300);
  process.stdout.write('reserved\n');
  setTimeout(() => {}, 600_000);
} else {
  process.stdout.write('ready\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const all = await Promise.all(Array.from({ length: Number(count) }, () => reserve(600_000)));
  process.stdout.write(`admitted ${all.filter(({ ok }) => ok).length}\n`);
  process.stdin.destroy();
  await redis?.close();
  await pool.end();
}
