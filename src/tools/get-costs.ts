import { DateTime } from 'luxon';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import { defineTool, type ToolContext } from './define.ts';

const periods = ['conversation', 'today', 'yesterday', '7d', '30d'] as const;

export const getCosts = defineTool({
  name: 'get_costs',
  title: 'What it cost',
  description:
    'Spend on models: of this conversation, or of a period by agent, model or day. Exact decimal USD; `unpriced` counts calls whose price is unknown. A rep sees their own spend, a manager the team’s.',
  input: z.strictObject({ period: z.enum(periods).optional(), by: z.enum(['agent', 'model', 'day']).default('agent') }),
  output: z.object({
    period: z.enum(periods),
    totalUsd: z.string(),
    requests: z.number(),
    unpriced: z.number(),
    lines: z.array(z.object({ key: z.string(), requests: z.number(), costUsd: z.string() })),
  }),
  risk: 'read',
  async run({ period, by }, { records, now }, ctx) {
    const asked = period ?? (ctx.conversationId ? 'conversation' : 'today');
    const filter =
      asked === 'conversation'
        ? { sessionId: ctx.conversationId ?? '' }
        : { ...range(asked, now(), ctx.actor.timeZone), ...whose(ctx) };
    const { total, lines } = await records.costs.summary(filter, by);
    return {
      period: asked,
      totalUsd: total.costUsd,
      requests: total.requests,
      unpriced: total.unpriced,
      lines: lines.map(({ key, requests, costUsd }) => ({ key, requests, costUsd })),
    };
  },
  card: ({ period, lines, totalUsd }) =>
    lines.length
      ? {
          title: `Cost: ${period}`,
          blocks: [
            {
              type: 'table',
              columns: ['', 'Calls', 'USD'],
              rows: [...lines.map((l) => [l.key, String(l.requests), l.costUsd]), ['total', '', totalUsd]],
            },
          ],
        }
      : undefined,
});

const whose = (ctx: ToolContext) => (atLeast(ctx.actor.role, 'manager') ? {} : { userId: ctx.actor.userId });

function range(period: Exclude<(typeof periods)[number], 'conversation'>, now: Date, zone: string): { from: Date; until?: Date } {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  if (period === 'today') return { from: today.toJSDate() };
  if (period === 'yesterday') return { from: today.minus({ days: 1 }).toJSDate(), until: today.toJSDate() };
  return { from: today.minus({ days: period === '7d' ? 6 : 29 }).toJSDate() };
}
