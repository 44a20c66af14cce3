import type { Pool } from 'pg';
import type { Stream, Streams } from '../../core/streams.ts';
import { storable } from '../../core/visible.ts';

export function streams(pool: Pool, tenantId: string): Streams {
  return {
    async shows(turnId, { messageId, shown }) {
      await pool.query(
        `INSERT INTO chat_streams (tenant_id, turn_id, message_id, shown) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, turn_id) DO UPDATE SET message_id = excluded.message_id, shown = excluded.shown, at = now()`,
        [tenantId, turnId, storable(messageId), storable(shown)],
      );
    },
    async left(turnId) {
      const { rows } = await pool.query<Stream>(
        'SELECT message_id AS "messageId", shown FROM chat_streams WHERE tenant_id = $1 AND turn_id = $2',
        [tenantId, turnId],
      );
      return rows[0];
    },
    async ended(turnId) {
      await pool.query('DELETE FROM chat_streams WHERE tenant_id = $1 AND turn_id = $2', [tenantId, turnId]);
    },
  };
}
