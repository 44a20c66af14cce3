import { type AnswerComment, type AnswerQuality, commentOf, type Feedback, type Rating, type Vote } from '../core/feedback.ts';
import type { LoggedDecision } from '../core/router-replay.ts';
import { AppError } from '../errors.ts';
import { Prisma } from './generated/client.ts';
import { type Handle, isId } from './handle.ts';

export interface FeedbackOptions {
  /** Puts into the table what this process has recorded so far. */
  settle(): Promise<void>;
}

/** Votes on answers. What follows from them on the calls of the turn is the work of triggers, in the same transaction. */
export function feedback(handle: Handle, { settle }: FeedbackOptions): Feedback {
  const { prisma, scope } = handle;
  const tenant = Prisma.sql`tenant_id = ${scope.tenantId}::uuid`;

  /** Turns in a range, each with who had its last word and what all its attempts cost. */
  const turns = ({ from, until }: { from: Date; until: Date }) => Prisma.sql`
    SELECT turn_id, (array_agg(provider ORDER BY timestamp DESC, id DESC) FILTER (WHERE status = 'ok'))[1] AS provider,
      (array_agg(model ORDER BY timestamp DESC, id DESC) FILTER (WHERE status = 'ok'))[1] AS model,
      CASE WHEN bool_and(cost_status = 'priced') THEN sum(cost_usd) END AS cost
    FROM ai_cost_tracking
    WHERE ${tenant} AND turn_id IS NOT NULL AND timestamp >= ${from}::timestamptz AND timestamp < ${until}::timestamptz
    GROUP BY turn_id HAVING bool_or(status = 'ok')`;

  return {
    async rate({ conversationId, turnId, vote, comment }) {
      const words = commentOf(vote, comment);
      if (!isId(conversationId) || !isId(turnId) || !(await hasAnswer(conversationId, turnId)))
        throw new AppError('not_found', 'There is no such answer in a conversation of yours.');
      if (vote === null) {
        await prisma.$executeRaw`DELETE FROM feedback WHERE ${tenant} AND turn_id = ${turnId}::uuid AND user_id = ${scope.userId}::uuid`;
        return { conversationId, turnId, vote, comment: null };
      }
      const [kept] = await prisma.$queryRaw<{ comment: string | null }[]>`
        INSERT INTO feedback AS f (tenant_id, turn_id, user_id, conversation_id, vote, comment, surface, at)
        VALUES (${scope.tenantId}::uuid, ${turnId}::uuid, ${scope.userId}::uuid, ${conversationId}::uuid, ${vote}, ${words}, ${scope.surface},
          ${handle.now()}::timestamptz)
        ON CONFLICT (tenant_id, turn_id, user_id) DO UPDATE SET vote = excluded.vote, surface = excluded.surface, at = excluded.at,
          comment = coalesce(excluded.comment, CASE WHEN f.vote = excluded.vote THEN f.comment END)
        RETURNING comment`;
      return { conversationId, turnId, vote, comment: kept!.comment };
    },

    async mine(conversationId) {
      const where = { tenantId: scope.tenantId, userId: scope.userId, conversationId };
      const rows = isId(conversationId) ? await prisma.feedback.findMany({ where }) : [];
      return new Map(
        rows.map(({ turnId, vote, comment }): [string, Rating] => [
          turnId,
          { conversationId, turnId, vote: vote as Vote, comment },
        ]),
      );
    },

    async quality(range) {
      await settle();
      return prisma.$queryRaw<AnswerQuality[]>`
        WITH turns AS MATERIALIZED (${turns(range)}),
        votes AS (
          SELECT turn_id, count(*) FILTER (WHERE vote = 'up') AS up, count(*) FILTER (WHERE vote = 'down') AS down
          FROM feedback WHERE ${tenant} GROUP BY 1
        )
        SELECT provider, model, count(*)::int AS answers, coalesce(sum(up), 0)::int AS up, coalesce(sum(down), 0)::int AS down,
          avg(cost)::numeric(24, 12)::text AS "averageCostUsd", count(*) FILTER (WHERE cost IS NULL)::int AS unpriced
        FROM turns LEFT JOIN votes USING (turn_id) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`;
    },

    async comments(range, limit) {
      await settle();
      return prisma.$queryRaw<AnswerComment[]>`
        WITH said AS (
          SELECT turn_id, at, vote, comment FROM feedback WHERE ${tenant} AND comment IS NOT NULL
            AND at >= ${range.from}::timestamptz AND at < ${range.until}::timestamptz ORDER BY at DESC LIMIT ${limit}::int
        )
        SELECT at, provider, model, vote, comment FROM said CROSS JOIN LATERAL (
          SELECT provider, model FROM ai_cost_tracking c
          WHERE ${tenant} AND c.turn_id = said.turn_id AND status = 'ok' ORDER BY timestamp DESC, id DESC LIMIT 1
        ) spoke ORDER BY at DESC`;
    },

    async decisions({ from, until }, limit) {
      await settle();
      const rows = await prisma.$queryRaw<LoggedDecision[]>`
        SELECT request_id AS "requestId", decision, up, down FROM ai_cost_tracking c CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE vote = 'up')::int AS up, count(*) FILTER (WHERE vote = 'down')::int AS down
          FROM feedback f WHERE f.tenant_id = c.tenant_id AND f.turn_id = c.turn_id
        ) votes
        WHERE ${tenant} AND timestamp >= ${from}::timestamptz AND timestamp < ${until}::timestamptz AND decision IS NOT NULL
        ORDER BY timestamp DESC, id DESC LIMIT ${limit}::int`;
      return rows.reverse();
    },
  };

  /** In a conversation of this person, with a reply that is there to be read. */
  async function hasAnswer(conversationId: string, turnId: string): Promise<boolean> {
    const { tenantId, userId } = scope;
    const where = { tenantId, conversationId, turnId, role: 'assistant', conversation: { tenantId, userId } };
    return (await prisma.message.findFirst({ where, select: { id: true } })) !== null;
  }
}
