import type { Pool } from 'pg';
import { type BudgetAlert, type BudgetRule, type BudgetScope, type Budgets, limitsOf } from '../core/budget.ts';

/**
 * Limits as rows: each has what was spent in its window and what is set aside. All rows of a call are locked in the order of their keys,
 * looked at, and changed together by one function in the database, in one round trip: any number of processes together never pass a limit.
 */
export function budgets({
  pool,
  rules,
  onAlert,
}: {
  pool: Pool;
  rules: readonly BudgetRule[];
  onAlert(alert: BudgetAlert): void;
}): Budgets {
  const tell = (scope: BudgetScope, { key, spent, percent }: Told) => {
    const limit = limitsOf(rules, scope).find((one) => one.key === key);
    if (limit && percent !== null) onAlert({ ...limit, tenantId: scope.tenantId, spent, percent });
  };
  return {
    async reserve(scope, usd, { callId, at, requests, ttlMs }) {
      const limits = limitsOf(rules, scope);
      if (limits.length === 0) return { ok: true };
      const { rows } = await pool.query<Told & { available: string }>(
        `SELECT key, trim_scale(available)::text AS available, trim_scale(spent)::text AS spent, percent
         FROM reserve_budget($1::uuid, $2::uuid, $3::timestamptz, $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::int)`,
        [
          scope.tenantId,
          callId,
          at,
          limits.map(({ key }) => key),
          limits.map(({ window }) => window),
          limits.map(({ limit }) => limit),
          limits.map(({ window }) => (window === 'hour' ? String(requests) : usd)),
          ttlMs,
        ],
      );
      const [refused] = rows;
      if (!refused) return { ok: true };
      tell(scope, refused);
      return { ok: false, limit: limits.find(({ key }) => key === refused.key)!, left: refused.available };
    },

    async settle(scope, callId, usd) {
      const { rows } = await pool.query<Told>(
        'SELECT key, trim_scale(spent)::text AS spent, percent FROM settle_budget($1::uuid, $2::numeric)',
        [callId, usd],
      );
      for (const told of rows) tell(scope, told);
    },
  };
}

/** What has to be told of a limit; a refusal has no percentage when it was told before. */
interface Told {
  key: string;
  spent: string;
  percent: number | null;
}

const mostAtOnce = 1000;

/**
 * Gives back what calls set aside that never settled, because their process died; what they are known to have cost counts, also where that
 * came to light after their money went back. One call a statement: the locks of two calls together could meet others' in a circle.
 */
export async function releaseLeaked(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ call_id: string }>(
    `SELECT DISTINCT call_id FROM budget_reservations r
     WHERE CASE WHEN released THEN EXISTS (SELECT FROM ai_cost_tracking t WHERE t.call_id = r.call_id) ELSE expires_at <= now() END
     LIMIT ${mostAtOnce}`,
  );
  for (const { call_id } of rows) await pool.query('SELECT release_budget($1::uuid)', [call_id]);
  return rows.length;
}

/** Of calls that nobody will settle any more, and of windows that are long over. */
export async function sweepBudgets(pool: Pool): Promise<void> {
  await releaseLeaked(pool);
  // whoever holds one of them settles or releases that call just now
  await pool.query(
    `DELETE FROM budget_reservations WHERE (call_id, key) IN (
       SELECT call_id, key FROM budget_reservations WHERE released AND expires_at < now() - interval '1 day' FOR UPDATE SKIP LOCKED)`,
  );
  await pool.query(
    `DELETE FROM budget_counters WHERE window_start < now() - CASE WHEN key LIKE 'hour:%' THEN interval '2 days' ELSE interval '40 days' END`,
  );
}
