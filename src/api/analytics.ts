import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import { costsVisibleTo } from '../core/cost.ts';
import { costRange } from '../core/cost-period.ts';
import type { CostReport } from '../core/cost-report.ts';
import { storable } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { actorOf } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers } from './shapes.ts';

export const usd = z.string().describe('Exact decimal text, USD, twelve decimals.');
export const count = z.number().int();
export const when = (what: string) =>
  z
    .string()
    .max(40)
    // a plus sign means a space in a query string
    .transform((text) => text.replace(' ', '+'))
    .optional()
    .describe(`${what} A day ("2026-11-01"), in the time zone of the workspace, or a time ("2026-11-01T12:00:00Z").`);

const reportQuery = z.strictObject({
  // a zero byte is in no text of the database
  agent_type: z.string().min(1).max(100).transform(storable).optional(),
  start_date: when('The first day, or moment, of the report. Thirty days when it is left out.'),
  end_date: when('The last day, included; or the moment before which it ends. Today when it is left out.'),
  lead_id: z.uuid().optional(),
  lead_limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(100)
    .describe('Leads that have a line of their own in by_lead; the others share one.'),
});

const reportShape = z.object({
  total_cost_usd: usd,
  total_requests: count.describe('Every attempt to ask a model counts, also those that failed.'),
  by_agent: z.array(
    z.object({
      agent_type: z.string(),
      agent_mode: z.string(),
      total_requests: count,
      total_cost_usd: usd,
      avg_cost_per_request: usd,
      avg_latency_ms: z.number(),
      primary_provider: z.string().describe('Of the model that was asked most.'),
      primary_model: z.string(),
    }),
  ),
  by_lead: z.array(
    z.object({
      lead_id: z.uuid().nullable().describe('null: calls about no lead, and, with a company_name, all leads beyond lead_limit.'),
      company_name: z.string().nullable(),
      total_cost_usd: usd,
      total_requests: count,
      agents_used: z.array(z.string()),
    }),
  ),
  cache_stats: z.object({
    total_requests: count,
    cache_hits: count,
    cache_hit_rate: z.number().describe('0 to 1.'),
    estimated_savings_usd: usd,
  }),
  time_series: z
    .array(z.object({ date: z.iso.date(), total_cost_usd: usd, total_requests: count }))
    .describe('Days on which there were calls.'),
});

const alertsShape = z.object({
  alerts: z.array(
    z.object({
      kind: z.enum(['budget', 'unpriced']),
      severity: z.enum(['info', 'warning', 'critical']),
      message: z.string(),
      current_spend_usd: usd,
      budget_usd: usd,
    }),
  ),
  daily_spend_usd: usd.describe('Today so far.'),
  avg_cost_per_lead_usd: usd.nullable().describe('Of calls about leads, today and the six days before.'),
  cache_hit_rate: z.number().nullable().describe('Of the last 24 hours, 0 to 1.'),
  cost_per_qualified_lead_usd: usd
    .nullable()
    .describe('Everything spent in thirty days, by lead asked about that is qualified by now.'),
  qualified_leads: count,
});

/** What models cost, for dashboards and for whoever watches over spending. */
export const analyticsRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['analytics'];
    const costsOf = (actor: ReturnType<typeof actorOf>) => gate.deps.db.records(scopeOf({ actor, by: 'person' })).costs;

    app.get(
      '/analytics/ai-costs',
      {
        schema: {
          tags,
          summary: 'What models cost: by agent, by lead, by day',
          description:
            'by_agent, by_lead and time_series each add up to total_cost_usd to the last digit. A manager sees the workspace, everybody else what they spent themselves. Calls whose price is not known are counted in total_requests and in no sum; the header X-Unpriced-Requests says how many they are.',
          querystring: reportQuery,
          ...answers({ 200: reportShape }),
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const { agent_type, lead_id, start_date, end_date, lead_limit } = request.query;
        const range = costRange({ start: start_date, end: end_date }, gate.deps.now(), actor.timeZone);
        const report = await costsOf(actor).report(
          {
            ...range,
            ...costsVisibleTo(actor),
            ...(agent_type !== undefined && { agentType: agent_type }),
            ...(lead_id !== undefined && { leadId: lead_id }),
          },
          { leads: lead_limit },
        );
        reply.header('x-unpriced-requests', String(report.unpriced));
        return spelled(report);
      },
    );

    app.get(
      '/analytics/ai-costs/alerts',
      {
        schema: {
          tags,
          summary: 'Spending to watch: today against the budget, cost per lead, cache',
          description: 'For managers.',
          ...answers({ 200: alertsShape }),
        },
      },
      async (request) => {
        const actor = actorOf(request);
        if (!atLeast(actor.role, 'manager'))
          throw new AppError(
            'forbidden',
            'What the workspace spends is for managers to see. GET /api/v1/analytics/ai-costs shows your own.',
          );
        const costs = costsOf(actor);
        const month = costRange({}, gate.deps.now(), actor.timeZone);
        const [alerts, today, perLead, cacheHitRate, qualified] = await Promise.all([
          costs.alerts(),
          costs.dailySpend(),
          costs.averageCostPerLead(),
          costs.cacheHitRate(),
          costs.costPerQualifiedLead(month),
        ]);
        return {
          alerts: alerts.map(({ kind, severity, message, currentSpendUsd, budgetUsd }) => ({
            kind,
            severity,
            message,
            current_spend_usd: currentSpendUsd,
            budget_usd: budgetUsd,
          })),
          daily_spend_usd: today.costUsd,
          avg_cost_per_lead_usd: perLead,
          cache_hit_rate: cacheHitRate,
          cost_per_qualified_lead_usd: qualified.costUsd,
          qualified_leads: qualified.leads,
        };
      },
    );
  };

/** In the keys that readers of cost reports expect. */
const spelled = (report: CostReport): z.infer<typeof reportShape> => ({
  total_cost_usd: report.totalCostUsd,
  total_requests: report.totalRequests,
  by_agent: report.byAgent.map((line) => ({
    agent_type: line.agentType,
    agent_mode: line.agentMode,
    total_requests: line.totalRequests,
    total_cost_usd: line.totalCostUsd,
    avg_cost_per_request: line.avgCostPerRequest,
    avg_latency_ms: line.avgLatencyMs,
    primary_provider: line.primaryProvider,
    primary_model: line.primaryModel,
  })),
  by_lead: report.byLead.map((line) => ({
    lead_id: line.leadId,
    company_name: line.companyName,
    total_cost_usd: line.totalCostUsd,
    total_requests: line.totalRequests,
    agents_used: line.agentsUsed,
  })),
  cache_stats: {
    total_requests: report.cache.totalRequests,
    cache_hits: report.cache.cacheHits,
    cache_hit_rate: report.cache.totalRequests ? report.cache.cacheHits / report.cache.totalRequests : 0,
    estimated_savings_usd: report.cache.estimatedSavingsUsd,
  },
  time_series: report.timeSeries.map((day) => ({
    date: day.date,
    total_cost_usd: day.totalCostUsd,
    total_requests: day.totalRequests,
  })),
});
