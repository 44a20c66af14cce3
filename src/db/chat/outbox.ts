import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { ChatUser, Place } from '../../core/chat.ts';
import { jobKeys } from '../../core/job.ts';
import type { CardViews, Outbox, OutboxRow, Outgoing } from '../../core/outbox.ts';
import { storableJson } from '../../core/visible.ts';
import { publicError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { isId } from '../handle.ts';
import type { Seal } from './seal.ts';

/** Slack's pace for messages of a channel; it tolerates short bursts. Teams allows more. */
const vendors = { perSecond: 1, burst: 4 };
/** Rows of our own need no pace. */
const ours = { perSecond: 100, burst: 100 };
const paceOf = (surface: string | undefined) => (surface === 'playground' ? ours : vendors);
/** A call to a surface takes seconds: what has no end after this long was begun by a process that is gone. */
const lease = '1 minute';
const mostAttempts = 5;

type Run = (sql: string, values: unknown[]) => Promise<unknown>;

const about = (tenantId: string, key: string): string => `outbox ${tenantId} ${key}`;

/** What others read of a message's key: nothing. */
const nameOf = (tenantId: string, key: string): string =>
  createHash('sha256').update(about(tenantId, key)).digest('base64url').slice(0, 22);

/** Keeps it with whatever `run` is part of. */
export async function putOutgoing(
  { run, seal, tenantId }: { run: Run; seal: Seal; tenantId: string },
  ...[key, outgoing, { notBefore } = {}]: Parameters<Outbox['put']>
): Promise<void> {
  const { surface, externalTenant } = whereTo(outgoing);
  const job = { tenantId, surface };
  await run(
    `WITH kept AS (
       INSERT INTO outbox (tenant_id, key, kind, surface, external_tenant, lane, content, proposal_ids, viewer, order_at, due_at)
       SELECT $1::uuid, $2, $3, $4, $5, $6, $7::bytea, $8::uuid[], $9::jsonb, t.at, t.at
       FROM (SELECT greatest($10::timestamptz, now()) AS at) t
       ON CONFLICT DO NOTHING RETURNING id
     )
     SELECT (graphile_worker.add_job('outbox', $11::json, job_key => $12, max_attempts => 5, flags => ARRAY[$4])).id FROM kept`,
    [
      tenantId,
      key,
      outgoing.kind,
      surface,
      externalTenant,
      laneOf(outgoing),
      await seal.close(JSON.stringify(storableJson(outgoing)), about(tenantId, key)),
      'proposals' in outgoing ? (outgoing.proposals ?? []).filter(isId) : [],
      outgoing.kind === 'direct' ? JSON.stringify(outgoing.to) : null,
      notBefore ?? null,
      JSON.stringify(job),
      jobKeys.outbox(job),
    ],
  );
}

interface Claimed {
  id: string;
  key: string;
  content: Buffer;
  attempts: number;
  orderAt: Date;
  error: { code: string } | null;
}

export function outbox({
  pool,
  tenantId,
  seal,
  views,
  log,
}: {
  pool: Pool;
  tenantId: string;
  seal: Seal;
  views: CardViews;
  log: Log;
}): Outbox {
  const failed: Outbox['failed'] = async (id, error, retryAt) => {
    await pool.query(
      `UPDATE outbox SET error = $3, started_at = NULL, due_at = coalesce($4::timestamptz, due_at),
         state = CASE WHEN $4::timestamptz IS NULL THEN 'failed' ELSE 'waiting' END,
         finished_at = CASE WHEN $4::timestamptz IS NULL THEN now() END,
         content = CASE WHEN $4::timestamptz IS NULL THEN NULL ELSE content END
       WHERE tenant_id = $1 AND id = $2::bigint AND state IN ('started', 'uncertain')`,
      [tenantId, id, JSON.stringify(error), retryAt ?? null],
    );
  };
  return {
    put: (...what) => putOutgoing({ run: (sql, values) => pool.query(sql, values), seal, tenantId }, ...what),

    async has(key) {
      const { rowCount } = await pool.query('SELECT FROM outbox WHERE tenant_id = $1 AND key = $2', [tenantId, key]);
      return rowCount === 1;
    },

    async claim(limit, surface, findsSaid = false) {
      const pace = paceOf(surface);
      const { rows } = await pool.query<Claimed>(
        `SELECT id::text, key, content, attempts, order_at AS "orderAt", error
         FROM claim_outbox($1::uuid, $2::int, $3::float8, $4::float8, $5::interval, $6::int, $7, $8)`,
        [tenantId, limit, pace.perSecond, pace.burst, lease, mostAttempts, surface ?? null, findsSaid],
      );
      const claimed = await Promise.all(
        rows.map(async ({ id, key, content, attempts, orderAt, error: before }): Promise<OutboxRow[]> => {
          try {
            const outgoing = JSON.parse(await seal.open(content, about(tenantId, key))) as Outgoing;
            // told to wait, a surface has said nothing
            const perhaps = attempts > 1 && before?.code !== 'rate_limited';
            return [{ id, attempts, outgoing, once: { id: nameOf(tenantId, key), ...(perhaps && { since: orderAt }) } }];
          } catch (error) {
            log.error({ err: error, outboxId: id }, 'a message cannot be sent: it was sealed with another key');
            const { code, message } = publicError(error);
            await failed(id, { code, message });
            return [];
          }
        }),
      );
      return claimed.flat();
    },

    async sent(id, sent) {
      const { rows } = await pool.query<{ proposalIds: string[]; viewer: Parameters<CardViews['add']>[2] | null }>(
        'SELECT proposal_ids AS "proposalIds", viewer FROM outbox WHERE tenant_id = $1 AND id = $2::bigint',
        [tenantId, id],
      );
      // before the row has its end: should we die here, what was sent is known all the same
      for (const proposalId of (sent && rows[0]?.proposalIds) ?? [])
        await views.add(proposalId, sent!, rows[0]!.viewer ?? undefined);
      // also where it took so long that nobody waited for it any more
      await pool.query(
        `UPDATE outbox SET state = 'sent', sent = $3, finished_at = now(), started_at = NULL, content = NULL, error = NULL
         WHERE tenant_id = $1 AND id = $2::bigint AND state IN ('started', 'uncertain', 'waiting')`,
        [tenantId, id, sent ? JSON.stringify(sent) : null],
      );
    },

    failed,

    async uncertain() {
      const { rows } = await pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM outbox WHERE tenant_id = $1 AND state = 'uncertain'`,
        [tenantId],
      );
      return rows[0]!.count;
    },

    async nextDue(surface) {
      const { rows } = await pool.query<{ at: Date | null }>(
        `SELECT date_trunc('milliseconds', min(at)) + interval '1 millisecond' AS at FROM (
           SELECT CASE first.state WHEN 'started' THEN first.started_at + $2::interval
             ELSE greatest(first.due_at, p.at + greatest(1 - p.tokens, 0) / $3::float8 * interval '1 second') END AS at
           FROM (
             SELECT DISTINCT ON (o.lane) o.lane, o.state, o.started_at, o.due_at FROM outbox o
             WHERE o.tenant_id = $1 AND o.state IN ('waiting', 'started') AND ($4::text IS NULL OR o.surface = $4) AND NOT EXISTS (
               SELECT FROM chat_installs i
               WHERE i.tenant_id = $1 AND i.surface = o.surface AND i.external_tenant = o.external_tenant AND i.revoked_at IS NOT NULL)
             ORDER BY o.lane, o.state = 'started' DESC, o.order_at, o.id
           ) first LEFT JOIN outbox_pace p ON p.tenant_id = $1 AND p.lane = first.lane
         ) due`,
        [tenantId, lease, paceOf(surface).perSecond, surface ?? null],
      );
      return rows[0]?.at ?? undefined;
    },
  };
}

function whereTo(outgoing: Outgoing): ChatUser | Place {
  switch (outgoing.kind) {
    case 'direct':
      return outgoing.to;
    case 'update':
      return outgoing.sent.place;
    default:
      return outgoing.place;
  }
}

/** What is sent in order and at one pace: a channel, or what one person is told in private. */
function laneOf(outgoing: Outgoing): string {
  const to = whereTo(outgoing);
  return [to.surface, to.externalTenant, 'channel' in to ? to.channel : `@${to.externalUser}`].join('|');
}
