import type { BudgetStanding } from '../core/budget.ts';
import type { LimitStanding } from '../core/cost-alerts.ts';
import { Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';

const most = 20;

/**
 * The limits in money that are half used up in the window that is now, the fullest first; the budget of the day has its own report. `counted`:
 * how they stand where they are not counted in this database.
 */
export const limitStandings = ({ prisma, scope, now }: Handle, counted?: readonly BudgetStanding[]): Promise<LimitStanding[]> => {
  const kept = counted
    ? Prisma.sql`SELECT c.key, c.spent, c.limit AS maximum, c.day::timestamp AT TIME ZONE c.zone AS window_start
        FROM jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) AS c (key text, zone text, day date, spent numeric, "limit" numeric), tenants t
        WHERE t.id = ${scope.tenantId}::uuid AND c.zone = t.time_zone`
    : Prisma.sql`SELECT key, spent, maximum, window_start FROM budget_counters WHERE tenant_id = ${scope.tenantId}::uuid`;
  return prisma.$queryRaw<LimitStanding[]>`
    WITH counters AS (
      SELECT split_part(c.key, ':', 1) AS window, split_part(c.key, ':', 2) AS whose, split_part(c.key, ':', 3) AS id, c.window_start, c.spent, c.maximum
      FROM (${kept}) c
      WHERE c.key NOT LIKE 'hour:%' AND c.key NOT LIKE 'day:tenant:%'
        AND c.spent >= c.maximum / 2 AND c.window_start > ${now()}::timestamptz - interval '32 days'
    )
    SELECT c.window, c.spent::numeric(24, 12)::text AS "spentUsd", trim_scale(c.maximum)::text AS "limitUsd",
      CASE c.whose WHEN 'tenant' THEN 'for this workspace' WHEN 'user' THEN 'for ' || coalesce(u.name, c.id)
        WHEN 'lead' THEN 'for the lead ' || coalesce(l.name, c.id) WHEN 'agent' THEN 'for the agent ' || c.id
        ELSE 'for the conversation ' || c.id END AS of
    FROM counters c JOIN tenants t ON t.id = ${scope.tenantId}::uuid
    LEFT JOIN users u ON c.whose = 'user' AND u.tenant_id = t.id AND u.id::text = c.id
    LEFT JOIN leads l ON c.whose = 'lead' AND l.tenant_id = t.id AND l.id::text = c.id
    WHERE c.window_start = date_trunc(c.window, ${now()}::timestamptz, t.time_zone)
    ORDER BY c.spent / nullif(c.maximum, 0) DESC NULLS FIRST, c.whose, c.id LIMIT ${most}::int`;
};
