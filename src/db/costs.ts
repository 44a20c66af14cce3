import type { BudgetStanding } from '../core/budget.ts';
import { costAlerts, limitAlerts, limitsUnknown, usualDailyBudgetUsd } from '../core/cost-alerts.ts';
import type { CostFilter, CostLine, CostRange, Costs } from '../core/cost-report.ts';
import { addUsd, divideUsd } from '../core/money.ts';
import { limitStandings } from './budget-standings.ts';
import { type ReportRows, reportOf } from './cost-rows.ts';
import { firstDay, openSpansOf, type Span, spansOf } from './cost-spans.ts';
import { Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';

/** What one tenant spent on models. Whole days are read from kept sums, parts of days, single leads and conversations from the calls. */

export interface CostOptions {
  /** Puts into the table what this process has recorded so far. */
  settle(): Promise<void>;
  dailyBudgetUsd?: string;
  /** How limits stand that are half used up, where they are not counted in this database. */
  budgetStandings?: ((tenantId: string) => Promise<BudgetStanding[]>) | undefined;
}

const nobody = '00000000-0000-0000-0000-000000000000';
const usualLeads = 100;
/** Longer than there are calls. */
const ever: CostRange = { from: new Date('2000-01-01T00:00:00Z'), until: new Date('2200-01-01T00:00:00Z') };

export function costs(handle: Handle, { settle, dailyBudgetUsd = usualDailyBudgetUsd, budgetStandings }: CostOptions): Costs {
  const { prisma, scope } = handle;
  const tenant = Prisma.sql`tenant_id = ${scope.tenantId}::uuid`;

  /** Rows of sums by day, agent, mode and model that together are exactly the calls of the filter. */
  const facts = (filter: Partial<CostFilter> & { sessionId?: string }, { days, parts }: Cut) => {
    const { agentType, leadId, userId, sessionId } = filter;
    const same = Prisma.sql`${tenant}
      ${agentType === undefined ? Prisma.empty : Prisma.sql`AND agent_type = ${agentType}`}
      ${userId === undefined ? Prisma.empty : Prisma.sql`AND user_id = ${userId}::uuid`}`;
    const calls = Prisma.sql`${same}
      ${leadId === undefined ? Prisma.empty : Prisma.sql`AND lead_id = ${leadId}::uuid`}
      ${sessionId === undefined ? Prisma.empty : Prisma.sql`AND session_id = ${sessionId}`}`;
    return Prisma.join(
      [
        ...(days
          ? [
              Prisma.sql`SELECT day, agent_type, agent_mode, provider, model, requests, unpriced, cache_hits, cost_usd, saved_usd, latency_ms
                FROM ai_cost_days WHERE ${same} AND day >= ${date(days.from)} AND day < ${date(days.until)}`,
            ]
          : []),
        ...parts.map(
          ({
            from,
            until,
          }) => Prisma.sql`SELECT (timestamp AT TIME ZONE t.time_zone)::date, agent_type, agent_mode, provider, model, 1,
              (cost_status = 'unpriced')::int, cache_hit::int, coalesce(cost_usd, 0), saved_usd, latency_ms
            FROM ai_cost_tracking, (SELECT time_zone FROM tenants WHERE id = ${scope.tenantId}::uuid) t
            WHERE ${calls} AND timestamp >= ${from}::timestamptz AND timestamp < ${until}::timestamptz`,
        ),
      ],
      ' UNION ALL ',
    );
  };

  /** Rows of a lead, pico-dollars and a number of calls that together are exactly the calls of the filter. */
  const leads = ({ agentType, leadId, userId }: CostFilter, { days, parts }: Cut) =>
    Prisma.join(
      [
        ...(days ? [spanRows(days, agentType)] : []),
        ...parts.map(
          ({ from, until }) => Prisma.sql`SELECT coalesce(lead_id, ${nobody}::uuid), (coalesce(cost_usd, 0) * 1e12)::bigint, 1
            FROM ai_cost_tracking WHERE ${tenant} AND timestamp >= ${from}::timestamptz AND timestamp < ${until}::timestamptz
            ${agentType === undefined ? Prisma.empty : Prisma.sql`AND agent_type = ${agentType}`}
            ${leadId === undefined ? Prisma.empty : Prisma.sql`AND lead_id = ${leadId}::uuid`}
            ${userId === undefined ? Prisma.empty : Prisma.sql`AND user_id = ${userId}::uuid`}`,
        ),
      ],
      ' UNION ALL ',
    );

  /**
   * Two ways to put the days together; which one holds is for the same statement to see that reads them. Span by span, because a join with a list
   * of spans has the planner read the whole table.
   */
  const spanRows = ({ from, until }: Days, agentType: string | undefined) => {
    const table = agentType === undefined ? Prisma.sql`ai_cost_lead_spans` : Prisma.sql`ai_cost_agent_lead_spans`;
    const rowsOf = (spans: Span[], when: Prisma.Sql) =>
      spans.map(
        ({
          level,
          span,
          sign,
        }) => Prisma.sql`SELECT lead_id, ${sign === 1 ? Prisma.sql`pico_usd, requests` : Prisma.sql`-pico_usd, -requests`}
          FROM ${table} WHERE ${tenant} AND level = ${level}::smallint AND span = ${span}::int
          ${agentType === undefined ? Prisma.empty : Prisma.sql`AND agent_type = ${agentType}`} AND ${when}`,
      );
    const open = Prisma.sql`(SELECT coalesce(max(day) < ${date(until)}, true) FROM ai_cost_days WHERE ${tenant})`;
    return Prisma.join(
      [...rowsOf(spansOf(from, until), Prisma.sql`NOT ${open}`), ...rowsOf(openSpansOf(from, until), open)],
      ' UNION ALL ',
    );
  };

  /** The whole days of a range, and what is left before and after them. */
  const cut = async ({ from, until }: CostRange): Promise<Required<Cut>> => {
    const [found] = await prisma.$queryRaw<{ first: number; end: number; firstAt: Date; endAt: Date }[]>`
      WITH zone AS (SELECT time_zone AS z FROM tenants WHERE id = ${scope.tenantId}::uuid),
      begin AS (SELECT (${from}::timestamptz AT TIME ZONE z)::date AS d FROM zone),
      days AS (
        SELECT CASE WHEN begin.d::timestamp AT TIME ZONE z = ${from}::timestamptz THEN begin.d ELSE begin.d + 1 END AS first,
          (${until}::timestamptz AT TIME ZONE z)::date AS end
        FROM begin, zone
      )
      SELECT first - ${date(0)} AS first, "end" - ${date(0)} AS end,
        first::timestamp AT TIME ZONE z AS "firstAt", "end"::timestamp AT TIME ZONE z AS "endAt"
      FROM days, zone`;
    const { first, end, firstAt, endAt } = found!;
    if (first >= end) return { days: undefined, parts: [{ from, until }] };
    const parts = [
      { from, until: firstAt },
      { from: endAt, until },
    ];
    return { days: { from: first, until: end }, parts: parts.filter((part) => part.from < part.until) };
  };
  const rows = (range: CostRange): Cut => ({ days: undefined, parts: [range] });

  const sums = Prisma.sql`coalesce(sum(requests), 0)::bigint::text AS requests, coalesce(sum(unpriced), 0)::bigint::text AS unpriced,
    coalesce(sum(cache_hits), 0)::bigint::text AS hits, coalesce(sum(cost_usd), 0)::numeric(24, 12)::text AS cost,
    coalesce(sum(saved_usd), 0)::numeric(24, 12)::text AS saved, coalesce(sum(latency_ms), 0)::bigint::text AS latency`;

  const own: Costs = {
    async summary({ from = ever.from, until = ever.until, sessionId, userId }, by) {
      await settle();
      const range = { from, until };
      const filter = { ...(sessionId !== undefined && { sessionId }), ...(userId !== undefined && { userId }) };
      const lines = await prisma.$queryRaw<CostLine[]>`
        SELECT ${groups[by]} AS key, sum(requests)::int AS requests, sum(unpriced)::int AS unpriced, sum(cost_usd)::numeric(24, 12)::text AS "costUsd"
        FROM (${facts(filter, sessionId === undefined ? await cut(range) : rows(range))}) ${named}
        GROUP BY 1 HAVING sum(requests) > 0 ORDER BY ${by === 'day' ? Prisma.sql`1` : Prisma.sql`sum(cost_usd) DESC, 1`}`;
      const sum = (of: 'requests' | 'unpriced') => lines.reduce((all, line) => all + line[of], 0);
      const total = {
        requests: sum('requests'),
        unpriced: sum('unpriced'),
        costUsd: addUsd(...lines.map((line) => line.costUsd)),
      };
      return { total: { key: 'total', ...total }, lines };
    },

    async report(filter, { leads: most = usualLeads } = {}) {
      await settle();
      const { from, until, agentType, leadId, userId } = filter;
      const whole = await cut(filter);
      // one lead's calls are few; sums by lead know no user
      const byDay = leadId === undefined ? whole : rows(filter);
      const byLead = leadId === undefined && userId === undefined ? whole : rows(filter);
      // one look into the index for each agent, however many calls a lead has; of a user's calls, one pass over them
      const agentsOf = (lead: Prisma.Sql) =>
        userId === undefined
          ? Prisma.sql`(SELECT array_agg(a.agent_type ORDER BY a.agent_type) FROM agents a WHERE (
              SELECT true FROM ai_cost_tracking c WHERE c.tenant_id = ${scope.tenantId}::uuid AND c.lead_id ${lead} AND c.agent_type = a.agent_type
                AND c.timestamp >= ${from}::timestamptz AND c.timestamp < ${until}::timestamptz LIMIT 1))`
          : Prisma.sql`(SELECT u.agents FROM used u WHERE u.lead_id ${lead})`;
      const used =
        userId === undefined
          ? Prisma.empty
          : Prisma.sql`used AS MATERIALIZED (
              SELECT lead_id, array_agg(DISTINCT agent_type ORDER BY agent_type) AS agents FROM ai_cost_tracking
              WHERE ${tenant} AND user_id = ${userId}::uuid AND timestamp >= ${from}::timestamptz AND timestamp < ${until}::timestamptz
                AND (lead_id IS NULL OR lead_id IN (SELECT lead_id FROM shown))
                ${agentType === undefined ? Prisma.empty : Prisma.sql`AND agent_type = ${agentType}`} GROUP BY 1),`;
      const [answer] = await prisma.$queryRaw<{ report: ReportRows }[]>`
        WITH facts AS MATERIALIZED (
          SELECT day, agent_type, agent_mode, provider, model, sum(requests) AS requests, sum(unpriced) AS unpriced, sum(cache_hits) AS cache_hits,
            sum(cost_usd) AS cost_usd, sum(saved_usd) AS saved_usd, sum(latency_ms) AS latency_ms
          FROM (${facts(filter, byDay)}) ${named} GROUP BY 1, 2, 3, 4, 5 HAVING sum(requests) > 0
        ),
        by_lead AS MATERIALIZED (
          SELECT lead_id, sum(pico) AS pico, sum(requests) AS requests
          FROM (${leads(filter, byLead)}) l(lead_id, pico, requests)
          WHERE ai_cost_in_one_process() GROUP BY 1 HAVING sum(requests) > 0
        ),
        shown AS (SELECT * FROM by_lead WHERE lead_id <> ${nobody}::uuid ORDER BY pico DESC, requests DESC, lead_id LIMIT ${most}::int),
        ${used} agents AS (SELECT DISTINCT agent_type FROM facts),
        lines AS (
          SELECT 0 AS place, lead_id, pico, requests, NULL::bigint AS others FROM shown
          UNION ALL SELECT 1, NULL, sum(pico) - (SELECT coalesce(sum(pico), 0) FROM shown), sum(requests) - (SELECT coalesce(sum(requests), 0) FROM shown),
            count(*) - (SELECT count(*) FROM shown)
            FROM by_lead WHERE lead_id <> ${nobody}::uuid HAVING count(*) > (SELECT count(*) FROM shown)
          UNION ALL SELECT 2, NULL, pico, requests, NULL FROM by_lead WHERE lead_id = ${nobody}::uuid
        )
        SELECT json_build_object(
          'total', (SELECT row_to_json(x) FROM (SELECT ${sums} FROM facts) x),
          'models', (SELECT coalesce(json_agg(x), '[]') FROM (SELECT agent_type, agent_mode, provider, model, ${sums} FROM facts GROUP BY 1, 2, 3, 4) x),
          'days', (SELECT coalesce(json_agg(x ORDER BY day), '[]') FROM (SELECT day, ${sums} FROM facts GROUP BY 1) x),
          'leads', (SELECT coalesce(json_agg(x ORDER BY place, pico DESC, requests DESC, lead_id), '[]') FROM (
            SELECT n.place, n.lead_id, n.pico, n.requests, (n.pico / 1e12)::numeric(24, 12)::text AS cost, n.others, l.name,
              CASE n.place WHEN 0 THEN ${agentsOf(Prisma.sql`= n.lead_id`)} WHEN 2 THEN ${agentsOf(Prisma.sql`IS NULL`)}
                ELSE (SELECT array_agg(agent_type ORDER BY agent_type) FROM agents) END AS agents
            FROM lines n LEFT JOIN leads l ON l.id = n.lead_id AND l.tenant_id = ${scope.tenantId}::uuid) x)
        ) AS report`;
      return reportOf(answer!.report);
    },

    async dailySpend() {
      await settle();
      const [today] = await prisma.$queryRaw<{ costUsd: string; requests: number; unpriced: number }[]>`
        SELECT coalesce(sum(cost_usd), 0)::numeric(24, 12)::text AS "costUsd", coalesce(sum(requests), 0)::int AS requests, coalesce(sum(unpriced), 0)::int AS unpriced
        FROM ai_cost_days WHERE ${tenant} AND day = (${handle.now()}::timestamptz AT TIME ZONE (SELECT time_zone FROM tenants WHERE id = ${scope.tenantId}::uuid))::date`;
      return today!;
    },

    async averageCostPerLead() {
      await settle();
      const { days } = await cut(await lastDays(7));
      const [found] = await prisma.$queryRaw<{ leads: number; cost: string }[]>`
        SELECT count(*)::int AS leads, (coalesce(sum(pico), 0) / 1e12)::numeric(24, 12)::text AS cost
        FROM (SELECT lead_id, sum(pico) AS pico FROM (${spanRows(days!, undefined)}) l(lead_id, pico, requests)
          WHERE lead_id <> ${nobody}::uuid AND ai_cost_in_one_process() GROUP BY 1 HAVING sum(requests) > 0) by_lead`;
      return found!.leads ? divideUsd(found!.cost, found!.leads) : null;
    },

    async cacheHitRate() {
      await settle();
      const now = handle.now();
      const [found] = await prisma.$queryRaw<{ requests: number; hits: number }[]>`
        SELECT count(*)::int AS requests, count(*) FILTER (WHERE cache_hit)::int AS hits
        FROM ai_cost_tracking WHERE ${tenant} AND timestamp > ${now}::timestamptz - interval '24 hours' AND timestamp <= ${now}::timestamptz`;
      return found!.requests ? found!.hits / found!.requests : null;
    },

    async costPerQualifiedLead({ userId, ...range }) {
      await settle();
      const filter = { ...range, ...(userId !== undefined && { userId }) };
      const whole = await cut(range);
      const [found] = await prisma.$queryRaw<{ leads: number; cost: string }[]>`
        SELECT (SELECT count(*) FROM (
            SELECT lead_id FROM (${leads(filter, userId === undefined ? whole : rows(range))}) l(lead_id, pico, requests)
            WHERE ai_cost_in_one_process() GROUP BY 1 HAVING sum(requests) > 0
          ) asked JOIN leads l ON l.id = asked.lead_id AND l.${tenant} AND l.deleted_at IS NULL AND l.status IN ('qualified', 'meeting', 'won'))::int AS leads,
          (SELECT coalesce(sum(cost_usd), 0)::numeric(24, 12)::text FROM (${facts(filter, whole)}) ${named}) AS cost`;
      const { leads: qualified, cost } = found!;
      return { leads: qualified, costUsd: qualified ? divideUsd(cost, qualified) : null };
    },

    async alerts() {
      const today = await own.dailySpend();
      const alerts = costAlerts(today, dailyBudgetUsd);
      if (!budgetStandings) return [...alerts, ...limitAlerts(await limitStandings(handle))];
      const counted = await budgetStandings(scope.tenantId).catch(() => undefined);
      // what the table knows is said in any case
      if (!counted) return [...alerts, limitsUnknown(today.costUsd, dailyBudgetUsd)];
      return [...alerts, ...limitAlerts(await limitStandings(handle, counted))];
    },
  };

  /** Today and the days before it, to its end. */
  const lastDays = async (days: number): Promise<CostRange> => {
    const [range] = await prisma.$queryRaw<CostRange[]>`
      SELECT (d - ${days - 1}::int)::timestamp AT TIME ZONE z AS from, (d + 1)::timestamp AT TIME ZONE z AS until
      FROM (SELECT time_zone AS z, (${handle.now()}::timestamptz AT TIME ZONE time_zone)::date AS d FROM tenants WHERE id = ${scope.tenantId}::uuid) today`;
    return range!;
  };
  return own;
}

/** A day by how many are before it. */
const date = (day: number): Prisma.Sql => Prisma.sql`(date '${Prisma.raw(firstDay)}' + ${day}::int)`;

/** Days since the first. */
interface Days {
  from: number;
  until: number;
}

/** A range, as whole days and what is left of it. */
interface Cut {
  days: Days | undefined;
  parts: CostRange[];
}

const named = Prisma.sql`f(day, agent_type, agent_mode, provider, model, requests, unpriced, cache_hits, cost_usd, saved_usd, latency_ms)`;

const groups = {
  agent: Prisma.sql`agent_type`,
  model: Prisma.sql`provider || '/' || model`,
  day: Prisma.sql`to_char(day, 'YYYY-MM-DD')`,
};
