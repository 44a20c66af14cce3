import { z } from 'zod';
import { type LeadFilter, leadSorts, leadStatuses } from '../core/lead.ts';
import type { Records } from '../core/records.ts';
import { regionCode, regionName } from '../core/regions.ts';
import { tiers } from '../core/scoring.ts';
import { defineTool, type ToolContext } from './define.ts';
import { leadLine, leadsCard, shownLeads, toLine } from './lead-line.ts';
import { resolveOwner } from './resolve.ts';

const input = z.strictObject({
  query: z.string().max(200).optional().describe('Words that must all appear in name, place, phone, e-mail, domain or industry.'),
  status: z.array(z.enum(leadStatuses)).max(8).optional(),
  tier: z.array(z.enum(tiers)).max(4).optional(),
  state: z.string().max(40).optional().describe('"Texas" or "TX".'),
  city: z.string().max(80).optional(),
  owner: z.string().max(80).optional().describe('"me", "nobody", or a colleague’s name.'),
  minScore: z.number().min(0).max(100).optional(),
  maxScore: z.number().min(0).max(100).optional(),
  has: z.array(z.enum(['phone', 'email', 'website'])).optional(),
  missing: z.array(z.enum(['phone', 'email', 'website', 'owner'])).optional(),
  notContactedDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe('Not contacted for this many days or never; 0 = never contacted.'),
  addedWithinDays: z.number().int().min(0).max(3650).optional(),
  sort: z.enum(leadSorts).default('score'),
  limit: z.number().int().min(1).max(50).default(10),
  cursor: z.string().max(400).optional().describe('nextCursor of the page before, with the same filters.'),
});

export const searchLeads = defineTool({
  name: 'search_leads',
  title: 'Search leads',
  description:
    'Finds and counts leads by words and filters. `total` is the count of all that fit, `leads` one page of them. Use it for "how many", "which", "list", "show me".',
  input,
  output: z.object({ leads: z.array(leadLine), total: z.number(), nextCursor: z.string().optional(), filters: z.string() }),
  risk: 'read',
  async run({ sort, limit, cursor, ...asked }, { records, now }, ctx) {
    const { filter, words } = await toFilter(asked, records, ctx, now());
    const page = await records.leads.search(filter, { sort, limit, cursor });
    return {
      leads: page.items.map(toLine),
      total: page.total,
      ...(page.nextCursor && { nextCursor: page.nextCursor }),
      filters: words,
    };
  },
  card: (output) => (output.leads.length ? leadsCard(`Leads: ${output.filters}`, output.leads, output.total) : undefined),
  shows: (output) => shownLeads(output.leads),
});

/** The filter, and the same in words so that a reader sees what was really asked. */
async function toFilter(
  asked: Omit<z.infer<typeof input>, 'sort' | 'limit' | 'cursor'>,
  records: Records,
  ctx: ToolContext,
  now: Date,
): Promise<{ filter: LeadFilter; words: string }> {
  const { owner, state, addedWithinDays, ...rest } = asked;
  const code = state && (regionCode(state) ?? state);
  const ownerId = owner === undefined ? undefined : await resolveOwner(records, owner, ctx);
  const filter: LeadFilter = {
    ...rest,
    ...(code && { state: code }),
    ...(ownerId !== undefined && { ownerId }),
    ...(addedWithinDays !== undefined && { createdSince: new Date(now.getTime() - addedWithinDays * 86_400_000) }),
  };
  const words = [
    asked.tier?.join(' or '),
    asked.status?.join(' or '),
    asked.query && `"${asked.query}"`,
    code && `in ${regionName(code) ?? code}`,
    asked.city && `in ${asked.city}`,
    owner && `owned by ${owner}`,
    asked.minScore !== undefined && `score from ${asked.minScore}`,
    asked.maxScore !== undefined && `score up to ${asked.maxScore}`,
    asked.has?.map((field) => `with ${field}`).join(', '),
    asked.missing?.map((field) => `without ${field}`).join(', '),
    asked.notContactedDays !== undefined &&
      (asked.notContactedDays === 0 ? 'never contacted' : `not contacted for ${asked.notContactedDays} days`),
    addedWithinDays !== undefined && `added in the last ${addedWithinDays} days`,
  ].filter(Boolean);
  return { filter, words: words.join(', ') || 'all' };
}
