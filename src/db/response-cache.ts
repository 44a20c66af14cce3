import type { Pool } from 'pg';
import type { ResponseCache } from '../core/response-cache.ts';

/** Kept answers as rows; those that are over are swept. */
export const responseCache = (pool: Pool): ResponseCache => ({
  async get(tenantId, key) {
    const { rows } = await pool.query<{ value: unknown; expiresInMs: number }>(
      `SELECT value, (extract(epoch FROM expires_at - now()) * 1000)::float8 AS "expiresInMs"
       FROM response_cache WHERE tenant_id = $1 AND key = $2 AND expires_at > now()`,
      [tenantId, key],
    );
    return rows[0];
  },
  async set(tenantId, key, value, ttlMs) {
    await pool.query(
      `INSERT INTO response_cache (tenant_id, key, value, expires_at) VALUES ($1, $2, $3::jsonb, now() + $4 * interval '1 millisecond')
       ON CONFLICT (tenant_id, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
      [tenantId, key, JSON.stringify(value), ttlMs],
    );
  },
});
