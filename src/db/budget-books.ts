import type { Pool } from 'pg';
import type { SpendingBooks } from '../core/budget.ts';

/** Spending by the calls that are written down, for whoever counts it elsewhere. */
export const spendingBooks = (pool: Pool, settle: () => Promise<void>): SpendingBooks => ({
  settle,

  async timeZone(tenantId) {
    const { rows } = await pool.query<{ zone: string }>('SELECT time_zone AS zone FROM tenants WHERE id = $1', [tenantId]);
    return rows[0]?.zone ?? 'UTC';
  },

  async look(tenantId, windows, callIds) {
    // one statement, so that sums and calls are of one moment
    const { rows } = await pool.query<{ spent: string[]; calls: [string, string][] }>(
      `SELECT ARRAY(
           SELECT budget_spent_before($1::uuid, w.key, w.day::timestamp AT TIME ZONE w.zone, w.zone)::numeric(28, 12)::text
           FROM unnest($2::text[], $3::date[], $4::text[]) WITH ORDINALITY AS w (key, day, zone, n) ORDER BY w.n
         ) AS spent,
         (SELECT coalesce(json_agg(json_build_array(c.call_id, coalesce(c.cost_usd, c.guess_usd, 0)::numeric(28, 12)::text)), '[]')
          FROM ai_cost_tracking c WHERE c.call_id = ANY($5::uuid[])) AS calls`,
      [tenantId, windows.map(({ key }) => key), windows.map(({ day }) => day), windows.map(({ zone }) => zone), callIds],
    );
    return rows[0]!;
  },
});

/**
 * Drops the counters in the database that nobody draws on now, for as long as others are kept elsewhere: whoever counts here again begins with
 * what is written down, not with what was spent before.
 */
export async function dropIdleCounters(pool: Pool): Promise<void> {
  await pool.query(
    `DELETE FROM budget_counters c WHERE NOT EXISTS (
       SELECT FROM budget_reservations r
       WHERE r.tenant_id = c.tenant_id AND r.key = c.key AND r.window_start = c.window_start AND NOT r.released)`,
  );
}
