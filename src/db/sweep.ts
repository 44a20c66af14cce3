import type { Pool } from 'pg';

/** What time alone makes true or useless. Safe to run at any moment, by any number of processes. */
export async function sweep(pool: Pool): Promise<{ expired: number; uploads: string[] }> {
  const expired = await pool.query(`
    WITH late AS (UPDATE proposals SET status = 'expired', finished_at = now() WHERE status = 'pending' AND expires_at <= now() RETURNING id)
    SELECT count(*)::int AS n, count(pg_notify('sales_agent', 'proposal:' || id)) FROM late`);
  const uploads = await pool.query<{ id: string }>('DELETE FROM uploads WHERE expires_at <= now() RETURNING id');
  await pool.query(`DELETE FROM turn_events WHERE created_at < now() - interval '1 day'`);
  await pool.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`);
  await dropStages(pool);
  return { expired: expired.rows[0].n, uploads: uploads.rows.map((row) => row.id) };
}

/** Staging tables of imports that a crash cut off. One that is in use is locked by its import and waits for the next round. */
async function dropStages(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(`
    SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname ~ '^import_stage_[0-9a-f]{32}$'
      AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.relation = pg_class.oid)
      AND NOT EXISTS (SELECT 1 FROM jobs WHERE tool = 'import_leads' AND state IN ('queued', 'running'))`);
  for (const { name } of rows) await pool.query(`DROP TABLE IF EXISTS ${name}`);
}
