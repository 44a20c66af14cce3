import type { Pool } from 'pg';
import type { ChatUser, Place, Sent } from '../../core/chat.ts';
import type { CardViews } from '../../core/outbox.ts';
import { isId } from '../handle.ts';

export const cardViews = (pool: Pool, tenantId: string): CardViews => ({
  async add(proposalId, { place, messageId }, viewer) {
    if (!isId(proposalId)) return;
    await pool.query('SELECT add_card_view($1::uuid, $2::uuid, $3, $4, $5, $6, $7::jsonb, $8::jsonb)', [
      tenantId,
      proposalId,
      place.surface,
      place.externalTenant,
      place.channel,
      messageId,
      JSON.stringify(place),
      viewer ? JSON.stringify(viewer) : null,
    ]);
  },

  async stale(proposalId, state) {
    const { rows } = await pool.query<{ place: Place; messageId: string; viewer: ChatUser | null }>(
      `SELECT place, message_id AS "messageId", viewer FROM card_views
       WHERE tenant_id = $1 AND proposal_id = $2 AND shown IS DISTINCT FROM $3 ORDER BY created_at`,
      [tenantId, proposalId, state],
    );
    return rows.map(({ viewer, ...sent }): { sent: Sent; viewer?: ChatUser } => ({ sent, ...(viewer && { viewer }) }));
  },

  async shown(proposalId, { place, messageId }, state) {
    await pool.query(
      `UPDATE card_views SET shown = $7
       WHERE tenant_id = $1 AND proposal_id = $2 AND surface = $3 AND external_tenant = $4 AND channel = $5 AND message_id = $6`,
      [tenantId, proposalId, place.surface, place.externalTenant, place.channel, messageId, state],
    );
  },
});
