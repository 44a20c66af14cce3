import { randomUUID } from 'node:crypto';
import type { World } from './world.ts';

interface Decided {
  score: number;
  status: string;
  count?: number;
  /** Has a meeting in its history. */
  met?: boolean;
  deleted?: boolean;
  tenantId?: string;
}

/** Leads with this score and status, straight into the table: no record could be made to score exactly that. */
export async function addDecided({ database: { pool, tenantId: own } }: World, leads: Decided[]): Promise<void> {
  for (const { score, status, count = 1, met = false, deleted = false, tenantId = own } of leads) {
    await pool.query(
      `WITH made AS (
        INSERT INTO leads (id, tenant_id, name, name_key, status, score, deleted_at)
        SELECT gen_random_uuid(), $1, 'Lead ' || n, 'lead ' || n, $2, $3, CASE WHEN $5 THEN now() END FROM generate_series(1, $4::int) n
        RETURNING id)
      INSERT INTO activities (id, tenant_id, lead_id, kind, text, at) SELECT gen_random_uuid(), $1, id, 'meeting', 'Met', now() FROM made WHERE $6`,
      [tenantId, status, score, count, deleted, met],
    );
  }
}

/** Few were won below 45, half above: GOLD should begin there. */
export const split: Decided[] = [
  { score: 10, status: 'lost', count: 40 },
  { score: 30, status: 'disqualified', count: 38 },
  { score: 30, status: 'won', count: 2 },
  { score: 45, status: 'lost', count: 55 },
  { score: 45, status: 'won', count: 45 },
  { score: 65, status: 'lost', count: 20 },
  { score: 65, status: 'won', count: 20 },
  { score: 85, status: 'lost', count: 6 },
  { score: 85, status: 'won', count: 14 },
];

export async function addTenant({ database: { pool } }: World): Promise<string> {
  const id = randomUUID();
  await pool.query('INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $3)', [id, id, 'Next door']);
  return id;
}
