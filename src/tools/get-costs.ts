import { DateTime } from 'luxon';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import type { CardBlock } from '../core/card.ts';
import { costsVisibleTo } from '../core/cost.ts';
import { defineTool } from './define.ts';

const periods = ['conversation', 'today', 'yesterday', '7d', '30d'] as const;

const output = z.object({
  period: z.enum(periods),
  by: z.enum(['agent', 'model', 'day']),
  totalUsd: z.string(),
  requests: z.number(),
  unpriced: z.number(),
  lines: z.array(z.object({ key: z.string(), requests: z.number(), costUsd: z.string() })),
  /** Everything spent in the period, by lead asked about that is qualified by now. */
  perQualifiedLeadUsd: z.string().nullable(),
  /** What a manager should know about today's spending. */
  alerts: z.array(z.string()),
});

export const getCosts = defineTool({
  name: 'get_costs',
  title: 'What it cost',
  description:
    'Spend on models: of this conversation, or of a period by agent, model or day ("what did yesterday cost, by agent?" is period yesterday, by agent). Exact decimal USD; `unpriced` counts calls whose price is unknown and which are in no sum. A rep sees their own spend, a manager the team’s.',
  input: z.strictObject({ period: z.enum(periods).optional(), by: z.enum(['agent', 'model', 'day']).default('agent') }),
  output,
  risk: 'read',
  async run({ period, by }, { records: { costs }, now }, ctx) {
    const asked = period ?? (ctx.conversationId ? 'conversation' : 'today');
    const whose = costsVisibleTo(ctx.actor);
    const range = asked === 'conversation' ? undefined : rangeOf(asked, now(), ctx.actor.timeZone);
    const { total, lines } = await costs.summary(range ? { ...range, ...whose } : { sessionId: ctx.conversationId ?? '' }, by);
    const alerts = range && atLeast(ctx.actor.role, 'manager') ? await costs.alerts() : [];
    return {
      period: asked,
      by,
      totalUsd: total.costUsd,
      requests: total.requests,
      unpriced: total.unpriced,
      lines: lines.map(({ key, requests, costUsd }) => ({ key, requests, costUsd })),
      perQualifiedLeadUsd: range ? (await costs.costPerQualifiedLead({ ...range, ...whose })).costUsd : null,
      alerts: alerts.map(({ message }) => message),
    };
  },
  card: (answer) => (answer.lines.length ? { title: `Cost: ${titles[answer.period]}`, blocks: blocksOf(answer) } : undefined),
});

const titles: Record<(typeof periods)[number], string> = {
  conversation: 'this conversation',
  today: 'today',
  yesterday: 'yesterday',
  '7d': 'the last seven days',
  '30d': 'the last thirty days',
};

/** Bars are shares of the total in percent; the exact amounts stand beside them. */
function blocksOf({ by, lines, totalUsd, requests, unpriced, perQualifiedLeadUsd, alerts }: z.infer<typeof output>): CardBlock[] {
  const share = (costUsd: string) => (Number(totalUsd) > 0 ? Math.round((Number(costUsd) / Number(totalUsd)) * 1000) / 10 : 0);
  const bars = lines.map((line) => ({
    label: line.key,
    value: share(line.costUsd),
    note: `% · ${exact(line.costUsd)} USD · ${calls(line.requests)}`,
  }));
  return [
    { type: 'bars', max: by === 'day' ? Math.max(...bars.map(({ value }) => value)) : 100, bars },
    {
      type: 'fields',
      fields: [
        { label: 'Total', value: `${exact(totalUsd)} USD, ${calls(requests)}` },
        ...(perQualifiedLeadUsd === null ? [] : [{ label: 'By qualified lead', value: `${exact(perQualifiedLeadUsd)} USD` }]),
      ],
    },
    ...(unpriced
      ? [
          {
            type: 'notice' as const,
            level: 'warning' as const,
            text: `${calls(unpriced)} of unknown price ${unpriced === 1 ? 'is' : 'are'} not in these sums.`,
          },
        ]
      : []),
    ...alerts.map((text) => ({ type: 'notice' as const, level: 'warning' as const, text })),
  ];
}

const calls = (count: number): string => `${count} ${count === 1 ? 'call' : 'calls'}`;

/** Without the zeros that only fill up to twelve decimals. */
const exact = (usd: string): string => usd.replace(/(\.\d\d\d*?)0+$/, '$1');

function rangeOf(
  period: Exclude<(typeof periods)[number], 'conversation'>,
  now: Date,
  zone: string,
): { from: Date; until: Date } {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  if (period === 'yesterday') return { from: today.minus({ days: 1 }).toJSDate(), until: today.toJSDate() };
  const days = { today: 0, '7d': 6, '30d': 29 }[period];
  return { from: today.minus({ days }).toJSDate(), until: today.plus({ days: 1 }).toJSDate() };
}
