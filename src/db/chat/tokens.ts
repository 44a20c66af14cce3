import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Pressable, Tokens } from '../../core/outbox.ts';

/** 128 random bits cannot be guessed, so a plain hash keeps them. */
const hash = (token: string): string => createHash('sha256').update(token).digest('hex');

export const tokens = (pool: Pool, tenantId: string): Tokens => ({
  async make(pressable, ttlHours) {
    const token = randomBytes(16).toString('base64url');
    await pool.query(
      `INSERT INTO action_tokens (hash, tenant_id, pressable, expires_at) VALUES ($1, $2, $3, now() + $4::float8 * interval '1 hour')`,
      [hash(token), tenantId, JSON.stringify(pressable), ttlHours],
    );
    return token;
  },

  async read(token) {
    const { rows } = await pool.query<{ pressable: Pressable }>(
      'SELECT pressable FROM action_tokens WHERE hash = $1 AND tenant_id = $2 AND expires_at > now()',
      [hash(token), tenantId],
    );
    return rows[0]?.pressable;
  },
});
