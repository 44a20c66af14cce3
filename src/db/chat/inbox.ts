import type { Pool } from 'pg';
import type { Inbound } from '../../core/chat.ts';
import { type Inbox, type InboxRow, threadKey } from '../../core/inbox.ts';
import { jobKeys } from '../../core/job.ts';
import { storable, storableJson } from '../../core/visible.ts';
import { newId } from '../handle.ts';

/** What was said to us, as rows. */
export function inbox(pool: Pool, tenantId: string): Inbox {
  return {
    async put(inbound) {
      const kept = storableJson(inbound) as Inbound;
      const thread = threadKey(kept.place);
      const job = { tenantId, thread };
      // one statement is one transaction and one round trip: whoever delivers waits for it
      const { rowCount } = await pool.query({
        name: 'inbox put',
        text: `WITH kept AS (
            INSERT INTO inbox (tenant_id, key, thread, kind, message_id, inbound, said_at)
            VALUES ($1::uuid, $2, $3, $4, $5, $6::jsonb, $7::timestamptz) ON CONFLICT DO NOTHING RETURNING id
          )
          SELECT (graphile_worker.add_job('chat', $8::json, job_key => $9, max_attempts => 5, job_key_mode => 'preserve_run_at',
            flags => ARRAY['news'])).id FROM kept`,
        values: [
          tenantId,
          kept.key,
          thread,
          kept.kind,
          'messageId' in kept ? kept.messageId : null,
          JSON.stringify(kept),
          kept.at,
          JSON.stringify(job),
          jobKeys.chat(job),
        ],
      });
      return rowCount === 1 ? 'new' : 'seen';
    },

    async waiting(thread) {
      const { rows } = await pool.query<InboxRow>(
        `SELECT id::text, inbound, turn_id AS "turnId", conversation_id AS "conversationId" FROM inbox
         WHERE tenant_id = $1 AND thread = $2 AND done_at IS NULL ORDER BY said_at, id`,
        [tenantId, storable(thread)],
      );
      return rows;
    },

    async answeredBy(ids, { turnId, conversationId }) {
      const wanted = [...new Set(ids)];
      const { rowCount } = await pool.query(
        `WITH free AS (
           SELECT id FROM inbox WHERE tenant_id = $1 AND id = ANY($2::bigint[]) AND turn_id IS NULL AND done_at IS NULL ORDER BY id FOR UPDATE
         )
         UPDATE inbox SET turn_id = $3, conversation_id = $4
         WHERE id IN (SELECT id FROM free) AND (SELECT count(*) FROM free) = cardinality($2::bigint[])`,
        [tenantId, wanted, turnId, conversationId],
      );
      return rowCount === wanted.length;
    },

    async done(ids, outcome) {
      await pool.query(
        'UPDATE inbox SET outcome = $3, done_at = now() WHERE tenant_id = $1 AND id = ANY($2::bigint[]) AND done_at IS NULL',
        [tenantId, ids, outcome],
      );
    },

    async conversationOf(thread, userId, agent) {
      const key = storable(thread);
      const known = async () => {
        const { rows } = await pool.query<{ id: string; agent: string }>(
          `SELECT c.id, c.agent FROM chat_threads t JOIN conversations c ON c.id = t.conversation_id
           WHERE t.tenant_id = $1 AND t.thread = $2 AND t.user_id = $3`,
          [tenantId, key, userId],
        );
        return rows[0] && { ...rows[0], isNew: false };
      };
      const before = await known();
      if (before) return before;
      const id = newId();
      const { rowCount } = await pool.query(
        `WITH taken AS (
           INSERT INTO chat_threads (tenant_id, thread, user_id, conversation_id) VALUES ($1::uuid, $2, $3::uuid, $4::uuid)
           ON CONFLICT DO NOTHING RETURNING conversation_id
         )
         INSERT INTO conversations (id, tenant_id, user_id, agent, surface) SELECT conversation_id, $1::uuid, $3::uuid, $5, $6 FROM taken`,
        [tenantId, key, userId, id, agent, key.split('|')[0]],
      );
      return rowCount === 1 ? { id, agent, isNew: true } : (await known())!;
    },

    async follows(thread) {
      const { rows } = await pool.query<{ follows: boolean }>(
        `SELECT EXISTS (SELECT FROM chat_threads WHERE tenant_id = $1 AND thread = $2)
           OR EXISTS (SELECT FROM inbox WHERE tenant_id = $1 AND thread = $2 AND kind = 'message' AND outcome IS DISTINCT FROM 'ignored') AS follows`,
        [tenantId, storable(thread)],
      );
      return rows[0]!.follows;
    },

    async answerTo(thread, messageId) {
      const { rows } = await pool.query<NonNullable<Awaited<ReturnType<Inbox['answerTo']>>>>(
        `WITH last AS (
           SELECT turn_id, conversation_id FROM inbox
           WHERE tenant_id = $1 AND thread = $2 AND message_id = $3 AND turn_id IS NOT NULL ORDER BY said_at DESC, id DESC LIMIT 1
         )
         SELECT last.turn_id AS "turnId", last.conversation_id AS "conversationId", a.message_id AS "answerId", (
           SELECT json_agg(json_build_object('messageId', i.message_id, 'text', i.inbound ->> 'text') ORDER BY i.said_at, i.id)
           FROM inbox i WHERE i.tenant_id = $1 AND i.thread = $2 AND i.turn_id = last.turn_id AND i.kind IN ('message', 'edited')
         ) AS asked
         FROM last LEFT JOIN chat_answers a ON a.tenant_id = $1 AND a.turn_id = last.turn_id`,
        [tenantId, storable(thread), storable(messageId)],
      );
      return rows[0] && { ...rows[0], asked: rows[0].asked ?? [] };
    },

    async wasDeleted(thread, messageId) {
      const { rowCount } = await pool.query(
        `SELECT FROM inbox WHERE tenant_id = $1 AND thread = $2 AND message_id = $3 AND kind = 'deleted' LIMIT 1`,
        [tenantId, storable(thread), storable(messageId)],
      );
      return rowCount === 1;
    },

    async noteAnswer(turnId, messageId) {
      await pool.query(
        `INSERT INTO chat_answers (tenant_id, turn_id, message_id) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, turn_id) DO UPDATE SET message_id = excluded.message_id`,
        [tenantId, turnId, storable(messageId)],
      );
    },
  };
}
