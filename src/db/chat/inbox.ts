import type { Pool } from 'pg';
import type { Inbound } from '../../core/chat.ts';
import { type Inbox, type InboxRow, threadKey } from '../../core/inbox.ts';
import { jobKeys } from '../../core/job.ts';
import { storable, storableJson } from '../../core/visible.ts';
import { newId } from '../handle.ts';
import { together } from './together.ts';

/** A message may be as long as a surface allows; this many of them are still a small statement. */
const mostTogether = 100;

/** What was said to us, as rows. */
export function inbox(pool: Pool, tenantId: string): Inbox {
  return {
    put: together((batch) => put(pool, tenantId, batch), mostTogether),

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

    async conversationOf(thread, userId, { agent, surface }) {
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
        [tenantId, key, userId, id, agent, surface],
      );
      return rowCount === 1 ? { id, agent, isNew: true } : (await known())!;
    },

    async beginAnew(thread, userId) {
      await pool.query('DELETE FROM chat_threads WHERE tenant_id = $1 AND thread = $2 AND user_id = $3', [
        tenantId,
        storable(thread),
        userId,
      ]);
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
           SELECT turn_id, conversation_id, said_at FROM inbox
           WHERE tenant_id = $1 AND thread = $2 AND message_id = $3 AND turn_id IS NOT NULL ORDER BY said_at DESC, id DESC LIMIT 1
         )
         SELECT last.turn_id AS "turnId", last.conversation_id AS "conversationId", last.said_at AS "saidAt", a.message_id AS "answerId", (
           SELECT json_agg(json_build_object('messageId', i.message_id, 'text', i.inbound ->> 'text') ORDER BY i.said_at, i.id)
           FROM inbox i WHERE i.tenant_id = $1 AND i.thread = $2 AND i.turn_id = last.turn_id AND i.kind IN ('message', 'edited')
         ) AS asked
         FROM last LEFT JOIN chat_answers a ON a.tenant_id = $1 AND a.turn_id = last.turn_id`,
        [tenantId, storable(thread), storable(messageId)],
      );
      return rows[0] && { ...rows[0], asked: rows[0].asked ?? [] };
    },

    async wasDeleted(thread, messageId, back) {
      const { rowCount } = await pool.query(
        `SELECT FROM inbox WHERE tenant_id = $1 AND thread = $2 AND message_id = $3 AND kind = 'deleted'
           AND ($4::timestamptz IS NULL OR said_at >= $4) LIMIT 1`,
        [tenantId, storable(thread), storable(messageId), back ?? null],
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

/**
 * Rows and jobs in one statement, which is one transaction and one round trip: whoever delivers waits for it. Commits that wake workers
 * queue up behind one another in Postgres, so many messages share one. Rows and jobs are locked in the order of their keys: two
 * processes that get the same messages wait for each other, and never in a circle.
 */
async function put(pool: Pool, tenantId: string, batch: Inbound[]): Promise<('new' | 'seen')[]> {
  const kept = batch.map((inbound) => storableJson(inbound) as Inbound);
  const { rows } = await pool.query<{ key: string }>({
    name: 'inbox put',
    text: `WITH said AS (
        SELECT * FROM jsonb_to_recordset($2::jsonb) AS s (inbound jsonb, thread text, job text, surface text)
      ), kept AS (
        INSERT INTO inbox (tenant_id, key, thread, kind, message_id, inbound, said_at)
          SELECT $1::uuid, inbound ->> 'key', thread, inbound ->> 'kind', inbound ->> 'messageId', inbound, (inbound ->> 'at')::timestamptz
          FROM said ORDER BY 2
        ON CONFLICT DO NOTHING RETURNING key, thread
      ), queued AS (
        SELECT graphile_worker.add_jobs(array_agg(
          ROW('chat', json_build_object('tenantId', $1::uuid, 'thread', t.thread), NULL, NULL, 5, t.job, NULL, ARRAY['news', t.surface])::graphile_worker.job_spec
          ORDER BY t.job), job_key_preserve_run_at => true)
        FROM (SELECT DISTINCT said.thread, said.job, said.surface FROM said JOIN kept USING (thread)) t
      )
      SELECT key, (SELECT count(*) FROM queued) FROM kept`,
    values: [
      tenantId,
      JSON.stringify(
        kept.map((inbound) => {
          const thread = threadKey(inbound.place);
          return { inbound, thread, surface: inbound.place.surface, job: jobKeys.chat({ tenantId, thread }) };
        }),
      ),
    ],
  });
  const news = new Set(rows.map(({ key }) => key));
  return kept.map(({ key }) => (news.delete(key) ? 'new' : 'seen'));
}
