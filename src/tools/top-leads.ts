import { DateTime } from 'luxon';
import { z } from 'zod';
import { rankToday } from '../core/priority.ts';
import type { Records } from '../core/records.ts';
import { regionCode } from '../core/regions.ts';
import { tiers } from '../core/scoring.ts';
import { defineTool, type ToolContext } from './define.ts';
import { leadLine, place, shownLeads, toLine } from './lead-line.ts';

/** Enough to find the best of the day among: beyond it, no task and no status lifts a lead over these scores. */
const consider = 200;

export const topLeads = defineTool({
  name: 'top_leads',
  title: 'My day: whom to call first',
  description:
    'Ranks open leads for today by score, due tasks, status and last contact, with the reasons of each place. Use it for "who should I call", "my top leads", "what should I work on".',
  input: z.strictObject({
    count: z.number().int().min(1).max(20).default(5),
    owner: z.enum(['me', 'all']).optional().describe('Left out: mine and nobody’s.'),
    state: z.string().max(40).optional(),
    tier: z.union([z.enum(tiers), z.array(z.enum(tiers)).min(1).max(4)]).optional(),
  }),
  output: z.object({
    leads: z.array(leadLine.extend({ rank: z.number(), reasons: z.array(z.string()) })),
    considered: z.number(),
  }),
  risk: 'read',
  async run({ count, owner, state, tier }, { records, now }, ctx) {
    const ranked = await ranking(records, ctx, now(), {
      owner,
      ...(state && { state: regionCode(state) ?? state }),
      ...(tier && { tier: [tier].flat() }),
    });
    return {
      leads: ranked.slice(0, count).map(({ lead, reasons }, i) => ({ rank: i + 1, ...toLine(lead, ctx), reasons })),
      considered: ranked.length,
    };
  },
  card: ({ leads }) =>
    leads.length
      ? {
          title: 'Your day',
          blocks: [
            {
              type: 'table',
              columns: ['#', 'Lead', 'Tier', 'Score', 'Place', 'Phone', 'Why'],
              rows: leads.map((l) => [
                String(l.rank),
                l.demo ? `${l.name} (demo)` : l.name,
                l.tier,
                l.score.toFixed(1),
                place(l),
                l.phone ?? '',
                l.reasons.join('; '),
              ]),
            },
          ],
        }
      : undefined,
  shows: ({ leads }) => shownLeads(leads),
});

/** Today's order of this person's leads. */
export async function ranking(
  records: Records,
  ctx: ToolContext,
  now: Date,
  { owner, ...filter }: { owner?: 'me' | 'all'; state?: string; tier?: (typeof tiers)[number][] },
) {
  const { timeZone, userId } = ctx.actor;
  const tonight = DateTime.fromJSDate(now, { zone: timeZone }).endOf('day').toJSDate();
  const found = await records.leads.candidates({ ...filter, ...(owner === 'me' && { ownerId: userId }) }, tonight, consider);
  const mine = owner ? found : found.filter(({ lead }) => lead.ownerId === null || lead.ownerId === userId);
  return rankToday(mine, now, timeZone);
}
