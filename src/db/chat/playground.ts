import type { Pool } from 'pg';
import type { PlaygroundContent, PlaygroundEntry, PlaygroundMessages, PlaygroundPulse } from '../../core/playground.ts';
import { storableJson } from '../../core/visible.ts';
import type { Log } from '../../log.ts';
import type { Seal } from './seal.ts';

/** Whoever writes an answer says so every few seconds; after this long without a word it is gone. */
const lease = `interval '15 seconds'`;
/** Of what waits and of what was done, the newest tell whether anything is new. */
const lookedAt = 100;

type Row = Omit<PlaygroundEntry, 'content'> & { content: Buffer | null };

const columns = 'id::text, seq::text, at, speaker, whisper, coalesce(writing_until > now(), false) AS writing, content';
const ofChannel = 'tenant_id = $1::uuid AND channel = $2';

/** What is said in the playground, as rows. */
export function playgroundMessages({
  pool,
  tenantId,
  seal,
  log,
}: {
  pool: Pool;
  tenantId: string;
  seal: Seal;
  log: Log;
}): PlaygroundMessages {
  const about = (channel: string): string => `playground ${tenantId} ${channel}`;
  const closed = (channel: string, content: PlaygroundContent) =>
    seal.close(JSON.stringify(storableJson(content)), about(channel));
  const opened = (channel: string, rows: Row[]): Promise<PlaygroundEntry[]> =>
    Promise.all(
      rows.map(async ({ content, ...row }) => {
        // what another key sealed is lost, and the conversation goes on without it
        const text = content && (await seal.open(content, about(channel)).catch((error) => unreadable(error)));
        return { ...row, ...(text && { content: JSON.parse(text) as PlaygroundContent }) };
      }),
    );
  const unreadable = (error: unknown): undefined => void log.warn({ err: error }, 'a message of the playground cannot be read');
  const remove = async (channel: string, which: string, ...more: unknown[]): Promise<void> => {
    await pool.query(
      `WITH doomed AS (
         SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS count FROM playground_messages
         WHERE ${ofChannel} AND content IS NOT NULL AND ${which}
       ), last AS (SELECT playground_next($1::uuid, $2, count) AS seq FROM doomed LIMIT 1)
       UPDATE playground_messages m SET content = NULL, writing_until = NULL, seq = last.seq - doomed.count + doomed.n
       FROM doomed, last WHERE m.tenant_id = $1::uuid AND m.channel = $2 AND m.id = doomed.id`,
      [tenantId, channel, ...more],
    );
  };

  return {
    async add(channel, { speaker, content, whisper = false, writing = false, key, at }) {
      const { rows } = await pool.query<{ id: string }>(
        `INSERT INTO playground_messages (tenant_id, channel, id, seq, key, speaker, content, whisper, at, writing_until)
         SELECT $1::uuid, $2, seq, seq, $3, $4, $5, $6, coalesce($7::timestamptz, now()), CASE WHEN $8 THEN now() + ${lease} END
         FROM playground_next($1::uuid, $2, 1) AS seq
         WHERE NOT EXISTS (SELECT FROM playground_messages WHERE ${ofChannel} AND key = $3)
         ON CONFLICT (tenant_id, channel, key) DO NOTHING RETURNING id::text`,
        [tenantId, channel, key ?? null, speaker, await closed(channel, content), whisper, at ?? null, writing],
      );
      if (rows[0]) return { id: rows[0].id, isNew: true };
      const kept = await pool.query<{ id: string }>(`SELECT id::text FROM playground_messages WHERE ${ofChannel} AND key = $3`, [
        tenantId,
        channel,
        key,
      ]);
      return { id: kept.rows[0]!.id, isNew: false };
    },

    async own(channel, id) {
      const { rows } = await pool.query<Row & { key: string }>(
        `SELECT ${columns}, key FROM playground_messages
         WHERE ${ofChannel} AND id = $3::bigint AND speaker = 'you' AND key IS NOT NULL AND content IS NOT NULL`,
        [tenantId, channel, id],
      );
      const [entry] = await opened(channel, rows);
      const content = entry?.content;
      return content && !content.via ? { key: rows[0]!.key, content } : undefined;
    },

    async write(channel, id, content, { writing, key } = { writing: false }) {
      const { rowCount } = await pool.query(
        `UPDATE playground_messages SET content = $4, seq = playground_next($1::uuid, $2, 1), key = coalesce($6, key),
           writing_until = CASE WHEN $5 THEN now() + ${lease} END
         WHERE ${ofChannel} AND id = $3::bigint AND content IS NOT NULL`,
        [tenantId, channel, id, await closed(channel, content), writing, key ?? null],
      );
      return rowCount === 1;
    },

    remove: (channel, id) => (id === undefined ? remove(channel, 'true') : remove(channel, 'id = $3::bigint', id)),

    removeAbandoned: (channel) => remove(channel, 'writing_until <= now()'),

    async latest(channel, limit) {
      const { rows } = await pool.query<Row & { last: string }>(
        `SELECT * FROM (
           SELECT ${columns}, (SELECT seq::text FROM playground_channels WHERE ${ofChannel}) AS last FROM playground_messages
           WHERE ${ofChannel} AND content IS NOT NULL ORDER BY playground_messages.id DESC LIMIT $3
         ) newest ORDER BY id::bigint`,
        [tenantId, channel, limit],
      );
      const seq = rows[0]?.last ?? (await this.pulse(channel)).seq;
      return {
        entries: await opened(
          channel,
          rows.map(({ last: _last, ...row }) => row),
        ),
        seq,
      };
    },

    async after(channel, seq, writing, limit) {
      const { rows } = await pool.query<Row>(
        `SELECT ${columns} FROM playground_messages
         WHERE ${ofChannel} AND (seq > $3::bigint OR (id = ANY($4::bigint[]) AND writing_until <= now())) ORDER BY playground_messages.seq LIMIT $5`,
        [tenantId, channel, seq, writing, limit],
      );
      return opened(channel, rows);
    },

    async pulse(channel, userId) {
      const { rows } = await pool.query<PlaygroundPulse>(
        `WITH who AS (SELECT id, role FROM users WHERE tenant_id = $1::uuid AND id = $3::uuid AND disabled_at IS NULL)
         SELECT $3::uuid IS NULL OR EXISTS (SELECT FROM who) AS open,
           coalesce((SELECT seq FROM playground_channels WHERE ${ofChannel}), 0)::text AS seq,
           coalesce((SELECT md5(string_agg(concat_ws(' ', id, params_hash, decider_id, note), ',')) FROM (
             SELECT p.* FROM proposals p, who WHERE p.tenant_id = $1::uuid AND p.status = 'pending' AND p.expires_at > now()
               AND (who.id IN (p.decider_id, p.requester_id, p.delegated_by_id) OR (who.role = 'admin' AND p.decider_role = 'admin'))
             ORDER BY p.id DESC LIMIT ${lookedAt}) mine), '') AS queue,
           coalesce((SELECT md5(string_agg(concat_ws(' ', id, undone_by_id), ',')) FROM (
             SELECT id, undone_by_id FROM receipts WHERE tenant_id = $1::uuid AND user_id = $3::uuid
             ORDER BY created_at DESC LIMIT ${lookedAt}) done), '') AS receipts`,
        [tenantId, channel, userId ?? null],
      );
      return rows[0]!;
    },
  };
}
