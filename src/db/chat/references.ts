import type { Pool } from 'pg';
import type { Reference, References } from '../../core/references.ts';

const columns = `surface, external_tenant AS "externalTenant", channel, external_user AS "externalUser", reach`;

type Row = Omit<Reference, 'externalUser'> & { externalUser: string | null };

export function references(pool: Pool, tenantId: string): References {
  const one = async (where: string, values: unknown[]): Promise<Reference | undefined> => {
    const { rows } = await pool.query<Row>(
      `SELECT ${columns} FROM chat_references WHERE tenant_id = $1 AND ${where} ORDER BY heard_at DESC LIMIT 1`,
      [tenantId, ...values],
    );
    if (!rows[0]) return undefined;
    const { externalUser, ...rest } = rows[0];
    return { ...rest, ...(externalUser && { externalUser }) };
  };
  return {
    async keep({ surface, externalTenant, channel, externalUser, reach }) {
      // nearly always nothing has changed, and then a day is near enough
      await pool.query(
        `INSERT INTO chat_references AS r (tenant_id, surface, external_tenant, channel, external_user, reach) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
         ON CONFLICT (tenant_id, surface, external_tenant, channel) DO UPDATE
           SET external_user = excluded.external_user, reach = excluded.reach, heard_at = now()
           WHERE r.reach <> excluded.reach OR r.external_user IS DISTINCT FROM excluded.external_user OR r.heard_at < now() - interval '1 day'`,
        [tenantId, surface, externalTenant, channel, externalUser ?? null, JSON.stringify(reach)],
      );
    },

    find: ({ surface, externalTenant, channel }) =>
      one('surface = $2 AND external_tenant = $3 AND channel = $4', [surface, externalTenant, channel]),

    privateOf: ({ surface, externalTenant, externalUser }) =>
      one('surface = $2 AND external_tenant = $3 AND external_user = $4', [surface, externalTenant, externalUser]),

    newestIn: (surface, externalTenant) => one('surface = $2 AND external_tenant = $3', [surface, externalTenant]),

    async forget({ surface, externalTenant, channel }) {
      await pool.query(
        'DELETE FROM chat_references WHERE tenant_id = $1 AND surface = $2 AND external_tenant = $3 AND channel = $4',
        [tenantId, surface, externalTenant, channel],
      );
    },

    async noteVotable({ place, messageId }, { conversationId, turnId }) {
      await pool.query(
        `INSERT INTO votable_messages (tenant_id, surface, external_tenant, channel, message_id, conversation_id, turn_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, surface, external_tenant, channel, message_id) DO UPDATE
           SET conversation_id = excluded.conversation_id, turn_id = excluded.turn_id`,
        [tenantId, place.surface, place.externalTenant, place.channel, messageId, conversationId, turnId],
      );
    },

    async votable({ place, messageId }) {
      const { rows } = await pool.query<{ conversationId: string; turnId: string }>(
        `SELECT conversation_id AS "conversationId", turn_id AS "turnId" FROM votable_messages
         WHERE tenant_id = $1 AND surface = $2 AND external_tenant = $3 AND channel = $4 AND message_id = $5`,
        [tenantId, place.surface, place.externalTenant, place.channel, messageId],
      );
      return rows[0];
    },
  };
}
