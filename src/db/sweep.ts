import type { Pool } from 'pg';
import { sweepBudgets } from './budgets.ts';
import { sweepChat } from './chat/sweep.ts';

/** What time alone makes true or useless. Safe to run at any moment, by any number of processes. */
export async function sweep(pool: Pool): Promise<{ expired: number; uploads: string[] }> {
  const expired = await pool.query(`
    WITH late AS (UPDATE proposals SET status = 'expired', finished_at = now() WHERE status = 'pending' AND expires_at <= now() RETURNING id)
    SELECT count(*)::int AS n, count(pg_notify('sales_agent', 'proposal:' || id)) FROM late`);
  const uploads = await pool.query<{ id: string }>('DELETE FROM uploads WHERE expires_at <= now() RETURNING id');
  await pool.query(`DELETE FROM turn_events WHERE created_at < now() - interval '1 day'`);
  // what was asked and answered is kept for looking into what went wrong, not for good
  await pool.query(`DELETE FROM ai_call_texts WHERE created_at < now() - interval '30 days'`);
  await pool.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`);
  await pool.query('DELETE FROM response_cache WHERE expires_at <= now()');
  await sweepBudgets(pool);
  await sweepChat(pool);
  return { expired: expired.rows[0].n, uploads: uploads.rows.map((row) => row.id) };
}
