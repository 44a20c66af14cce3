import { DateTime } from 'luxon';
import { z } from 'zod';
import type { CardBlock } from '../core/card.ts';
import { type DealFilter, dealSorts, sumOf } from '../core/deal.ts';
import { dollars } from '../core/money.ts';
import { formatDay } from '../core/when.ts';
import { defineTool, type ToolContext } from './define.ts';
import { resolveOwner } from './resolve.ts';
import { isoTime } from './times.ts';

const periods = ['overdue', 'this_week', 'next_week', 'this_month', 'next_month', 'this_quarter'] as const;

const input = z.strictObject({
  stage: z
    .array(z.string().trim().min(1).max(60))
    .max(10)
    .optional()
    .describe('discovery, proposal, negotiation, won, lost, or a name of your own.'),
  open: z.boolean().optional().describe('true: neither won nor lost; false: only these.'),
  owner: z.string().max(80).optional().describe('"me", "nobody", or a colleague’s name.'),
  account: z.string().max(200).optional().describe('Words of the name of the account or lead that the deals are with.'),
  closing: z
    .enum(periods)
    .optional()
    .describe('When they are expected to close; overdue: should have been closed already. Implies open.'),
  closesBefore: isoTime.optional(),
  sort: z.enum(dealSorts).optional().describe('Left out: by close date where one is asked about, otherwise by amount.'),
  limit: z.number().int().min(1).max(50).default(10),
});

const money = z.string().describe('USD, exact decimal text.');

export const listDeals = defineTool({
  name: 'list_deals',
  title: 'Deals and pipeline',
  description:
    'Lists deals and sums them up by stage: the pipeline. `stages`, `total` and `totalUsd` are of all that fit, `deals` the first of them. Use it for "my deals", "pipeline", "what closes this month", "deals with Northwind".',
  input,
  output: z.object({
    deals: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        stage: z.string(),
        amountUsd: money.nullable(),
        closesAt: z.string().nullable(),
        closesOn: z.string().nullable().describe('The day, where the user is.'),
        with: z.string().nullable().describe('The account, or the lead while there is none.'),
        leadId: z.string().nullable(),
        owner: z.string().nullable(),
        demo: z.boolean(),
      }),
    ),
    stages: z.array(z.object({ stage: z.string(), count: z.number(), amountUsd: money })),
    total: z.number(),
    totalUsd: money,
    filters: z.string().describe('What was asked for, in words: "open deals of yours".'),
  }),
  risk: 'read',
  async run({ sort, limit, ...asked }, { records, now }, ctx) {
    const ownerId = asked.owner === undefined ? undefined : await resolveOwner(records, asked.owner, ctx);
    const filter = toFilter(asked, ownerId, ctx, now());
    const order = sort ?? (asked.closing || asked.closesBefore ? 'closes' : 'amount');
    const { items, stages } = await records.deals.list(filter, { sort: order, limit });
    const { count, amountUsd } = sumOf(stages);
    const { timeZone } = ctx.actor;
    return {
      deals: items.map(({ accountName, leadName, accountId: _account, ownerId: _owner, ownerName, closesAt, ...deal }) => ({
        ...deal,
        closesAt: closesAt?.toISOString() ?? null,
        closesOn: closesAt && DateTime.fromJSDate(closesAt, { zone: timeZone }).toISODate(),
        with: accountName ?? leadName,
        owner: ownerName,
      })),
      stages,
      total: count,
      totalUsd: amountUsd,
      filters: inWords(asked, filter),
    };
  },
  card({ deals, stages, total, totalUsd, filters }, { now }) {
    if (total === 0) return undefined;
    const strip: CardBlock = {
      type: 'fields',
      fields: [
        ...stages
          .slice(0, stripped)
          .map(({ stage, count, amountUsd }) => ({ label: stage, value: `${count}, ${dollars(amountUsd)}` })),
        { label: 'Together', value: `${total}, ${dollars(totalUsd)}` },
      ],
    };
    const chart: CardBlock[] =
      stages.length > 1
        ? [
            {
              type: 'chart',
              title: 'Deals by stage, in USD',
              kind: 'bar',
              categories: stages.slice(0, stripped).map(({ stage }) => stage),
              series: [{ name: 'USD', values: stages.slice(0, stripped).map(({ amountUsd }) => Number(amountUsd)) }],
              alt: `Deals by stage: ${stages
                .slice(0, stripped)
                .map(({ stage, amountUsd }) => `${stage} ${dollars(amountUsd)}`)
                .join(', ')}`,
            },
          ]
        : [];
    return {
      title: filters === 'deals' ? 'All deals' : filters.charAt(0).toUpperCase() + filters.slice(1),
      blocks: [
        strip,
        ...chart,
        {
          type: 'table',
          columns: ['#', 'Deal', 'With', 'Stage', 'USD', 'Closes', 'Owner'],
          rows: deals.map((deal, i) => [
            String(i + 1),
            deal.demo && !deal.with ? `${deal.name} (demo)` : deal.name,
            deal.demo && deal.with ? `${deal.with} (demo)` : (deal.with ?? ''),
            deal.stage,
            deal.amountUsd === null ? '' : dollars(deal.amountUsd),
            deal.closesOn ? formatDay(deal.closesOn, now) : '',
            deal.owner ?? '',
          ]),
          ...(total > deals.length && { note: `${deals.length} of ${total}` }),
        },
      ],
    };
  },
  shows: ({ deals }) => deals.map(({ id, name }) => ({ entity: 'deal', id, label: name })),
});

/** Stages that a strip or a chart has room for. */
const stripped = 8;

type Asked = Omit<z.infer<typeof input>, 'sort' | 'limit'>;

function toFilter(
  { stage, open, account, closing, closesBefore }: Asked,
  ownerId: string | null | undefined,
  ctx: ToolContext,
  now: Date,
): DealFilter {
  const period = closing && periodOf(closing, DateTime.fromJSDate(now, { zone: ctx.actor.timeZone }));
  const before = [period?.until, closesBefore && new Date(closesBefore)].filter((at) => at instanceof Date);
  return {
    ...(stage?.length && { stage }),
    // what was won or lost closes no more, unless that is what was asked for
    ...((open !== undefined || (closing && !stage?.length)) && { open: open ?? true }),
    ...(ownerId !== undefined && { ownerId }),
    ...(account && { about: account }),
    ...(period?.from && { closesFrom: period.from }),
    ...(before.length && { closesBefore: new Date(Math.min(...before.map((at) => at.getTime()))) }),
  };
}

function periodOf(period: (typeof periods)[number], now: DateTime): { from?: Date; until: Date } {
  if (period === 'overdue') return { until: now.startOf('day').toJSDate() };
  const unit = period.endsWith('week') ? 'week' : period.endsWith('month') ? 'month' : 'quarter';
  const from = now.startOf(unit).plus({ [unit]: period.startsWith('next') ? 1 : 0 });
  return { from: from.toJSDate(), until: from.plus({ [unit]: 1 }).toJSDate() };
}

/** So that a reader sees what was really asked: "open deals of yours, closing this month". */
function inWords({ stage, owner, account, closing, closesBefore }: Asked, { open }: DealFilter): string {
  const ended = stage?.every((name) => name === 'won' || name === 'lost');
  const before = [
    closing === 'overdue' && 'overdue',
    open !== undefined && closing !== 'overdue' && (open ? 'open' : 'won or lost'),
    ended && stage?.join(' or '),
  ];
  const after = [
    stage?.length && !ended && `in ${stage.join(' or ')}`,
    owner && (owner === 'me' ? 'of yours' : owner === 'nobody' ? 'without an owner' : `of ${owner}`),
    account && `with "${account}"`,
    closing && closing !== 'overdue' && `closing ${closing.replace('_', ' ')}`,
    closesBefore && `closing before ${closesBefore.slice(0, 10)}`,
  ].filter(Boolean);
  return [...before, ['deals', after.join(', ')].filter(Boolean).join(' ')].filter(Boolean).join(' ');
}
