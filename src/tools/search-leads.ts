import { z } from 'zod';
import { leadSorts } from '../core/lead.ts';
import { defineTool } from './define.ts';
import { filterShape, toFilter } from './lead-filter.ts';
import { leadLine, leadsCard, shownLeads, toLine } from './lead-line.ts';

const input = z.strictObject({
  ...filterShape,
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
      leads: page.items.map((lead) => toLine(lead, ctx)),
      total: page.total,
      ...(page.nextCursor && { nextCursor: page.nextCursor }),
      filters: words,
    };
  },
  card: (output) =>
    output.leads.length
      ? leadsCard(output.filters === 'all' ? 'All leads' : `Leads: ${output.filters}`, output.leads, output.total)
      : undefined,
  shows: (output) => shownLeads(output.leads),
});
