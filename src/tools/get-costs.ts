import { DateTime } from 'luxon';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import type { CardBlock } from '../core/card.ts';
import { costsVisibleTo } from '../core/cost.ts';
import { formatDay } from '../core/when.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';

const periods = [
  'conversation',
  'today',
  'yesterday',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  '7d',
  '30d',
] as const;
type Period = (typeof periods)[number];

const output = z.object({
  period: z.enum([...periods, 'since']),
  since: z.string().optional(),
  until: z.string().optional(),
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
    'Spend on models: of this conversation, or of a period by agent, model or day ("what did yesterday cost, by agent?" is period yesterday, by agent; "since Monday" is since, with the date of that Monday; "in October" is since 1 October until 31 October). Weeks begin on Monday; 7d and 30d end today. Exact decimal USD; `unpriced` counts calls whose price is unknown and which are in no sum. A rep sees their own spend, a manager the team’s.',
  input: z.strictObject({
    period: z.enum(periods).optional(),
    since: z.iso.date().optional().describe('In place of a period: from this day on, such as 2026-11-16, where the user is.'),
    until: z.iso.date().optional().describe('With since: the last day, itself included; without it, today.'),
    by: z.enum(['agent', 'model', 'day']).default('agent'),
  }),
  output,
  risk: 'read',
  async run({ period, since, until, by }, { records, now }, ctx) {
    const { costs } = records;
    if (period && since) throw new AppError('invalid_input', 'Either period or since says which costs are meant, not both.');
    if (until && !since) throw new AppError('invalid_input', 'until needs since: the day from which on.');
    const asked = period ?? (ctx.conversationId ? 'conversation' : 'today');
    const whose = costsVisibleTo(ctx.actor);
    // days are the workspace's, like those of its limits, wherever somebody asks from
    const { timeZone } = await records.workspace();
    const today = DateTime.fromJSDate(now(), { zone: timeZone }).startOf('day');
    const range = since ? rangeSince(since, until, today) : rangeOf(asked, today);
    const { total, lines } = await costs.summary(range ? { ...range, ...whose } : { sessionId: ctx.conversationId ?? '' }, by);
    const alerts = range && atLeast(ctx.actor.role, 'manager') ? await costs.alerts() : [];
    return {
      period: since ? ('since' as const) : asked,
      ...(since && { since }),
      ...(until && { until }),
      by,
      totalUsd: total.costUsd,
      requests: total.requests,
      unpriced: total.unpriced,
      lines: lines.map(({ key, requests, costUsd }) => ({ key, requests, costUsd })),
      perQualifiedLeadUsd: range ? (await costs.costPerQualifiedLead({ ...range, ...whose })).costUsd : null,
      alerts: alerts.map(({ message }) => message),
    };
  },
  card: (answer, { now }) => {
    const { period, since = '', until, lines } = answer;
    const title = period === 'since' ? daysSaid(formatDay(since, now), until && formatDay(until, now)) : titles[period];
    // shares of nothing are no picture: the words say it
    const told = lines.length > 0 && (Number(answer.totalUsd) > 0 || answer.unpriced > 0 || answer.alerts.length > 0);
    return told ? { title: `Cost: ${title}`, blocks: blocksOf(answer) } : undefined;
  },
});

const daysSaid = (first: string, last: string | undefined): string =>
  last === undefined ? `since ${first}` : last === first ? first : `${first} to ${last}`;

const titles: Record<Period, string> = {
  conversation: 'this conversation',
  today: 'today',
  yesterday: 'yesterday',
  this_week: 'this week',
  last_week: 'last week',
  this_month: 'this month',
  last_month: 'last month',
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

/** Whole days of the reader's zone: a month is the one in the calendar, a week begins on Monday. */
function rangeOf(period: Period, today: DateTime): { from: Date; until: Date } | undefined {
  const tomorrow = today.plus({ days: 1 });
  const range = (from: DateTime, until = tomorrow) => ({ from: from.toJSDate(), until: until.toJSDate() });
  const [week, month] = [today.startOf('week'), today.startOf('month')];
  switch (period) {
    case 'conversation':
      return undefined;
    case 'today':
      return range(today);
    case 'yesterday':
      return range(today.minus({ days: 1 }), today);
    case 'this_week':
      return range(week);
    case 'last_week':
      return range(week.minus({ weeks: 1 }), week);
    case 'this_month':
      return range(month);
    case 'last_month':
      return range(month.minus({ months: 1 }), month);
    case '7d':
      return range(today.minus({ days: 6 }));
    case '30d':
      return range(today.minus({ days: 29 }));
  }
}

function rangeSince(first: string, last: string | undefined, today: DateTime): { from: Date; until: Date } {
  const from = DateTime.fromISO(first, { zone: today.zone });
  const to = last === undefined ? today : DateTime.fromISO(last, { zone: today.zone });
  if (from > today) throw new AppError('invalid_input', 'since must not be a day that is to come.');
  if (to < from) throw new AppError('invalid_input', 'until must not be before since.');
  return { from: from.toJSDate(), until: to.plus({ days: 1 }).toJSDate() };
}
