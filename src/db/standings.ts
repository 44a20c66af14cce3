import type { Standing } from '../core/learning.ts';
import type { PrismaClient } from './generated/client.ts';

/** What was thought of a model longer ago says little of what it is today. */
const days = 90;

/** How the models of the chat agents stand in every workspace, by the votes of the last ninety days: each goes to who had the last word of its turn. */
export function allStandings(prisma: PrismaClient, now: Date): Promise<Standing[]> {
  const since = new Date(now.getTime() - days * 86_400_000);
  return prisma.$queryRaw<Standing[]>`
    WITH voted AS (
      SELECT tenant_id, turn_id, count(*) FILTER (WHERE vote = 'up') AS up, count(*) FILTER (WHERE vote = 'down') AS down
      FROM feedback WHERE at >= ${since}::timestamptz GROUP BY 1, 2
    )
    SELECT v.tenant_id AS "tenantId", spoke.tier, spoke.model, sum(v.up)::int AS up, sum(v.down)::int AS down, avg(paid.cost)::float8 AS "costUsd"
    FROM voted v
    CROSS JOIN LATERAL (
      SELECT c.prompt_complexity AS tier, c.provider || '/' || c.model AS model FROM ai_cost_tracking c
      WHERE c.tenant_id = v.tenant_id AND c.turn_id = v.turn_id AND c.status = 'ok' AND c.agent_mode = 'smart_router'
      ORDER BY c.timestamp DESC, c.id DESC LIMIT 1
    ) spoke
    CROSS JOIN LATERAL (
      SELECT CASE WHEN bool_and(c.cost_status = 'priced') THEN sum(c.cost_usd) END AS cost FROM ai_cost_tracking c
      WHERE c.tenant_id = v.tenant_id AND c.turn_id = v.turn_id
    ) paid
    WHERE spoke.tier IS NOT NULL GROUP BY 1, 2, 3`;
}
