import { z } from 'zod';
import { defineTool } from './define.ts';
import { percent, readPlace, reviewRow, toReviewLine, writePlace } from './review-row.ts';

export const listReview = defineTool({
  name: 'list_review',
  title: 'Rows to review',
  description:
    'The review list: rows of imported lists that may be a lead that is here already, but not surely. Each comes with the lead it may be, why, how sure, and the fields that differ. Use it for "what is there to review", "possible duplicates", "uncertain rows of the import". decide_review settles them.',
  input: z.strictObject({
    importId: z.uuid().optional().describe('Only the rows of this import, as list_imports gives it.'),
    limit: z.number().int().min(1).max(100).default(10),
    after: z.string().max(80).optional().describe('`next` of the page before.'),
  }),
  output: z.object({ rows: z.array(reviewRow), total: z.number(), next: z.string().optional() }),
  risk: 'read',
  async run({ importId, limit, after }, { records }) {
    const place = after === undefined ? undefined : readPlace(after);
    const { rows, total } = await records.reviews.list(
      { ...(importId && { importId }) },
      { limit: limit + 1, ...(place && { after: place }) },
    );
    const page = rows.slice(0, limit);
    return { rows: page.map(toReviewLine), total, ...(rows.length > limit && { next: writePlace(page.at(-1)!) }) };
  },
  card: ({ rows, total }) =>
    rows.length
      ? {
          title: 'Rows to review',
          blocks: [
            {
              type: 'table',
              columns: ['List', 'Line', 'Company', 'May be', 'Sure', 'Because'],
              rows: rows.map((row) => [
                row.fileName,
                String(row.line),
                row.name,
                row.lead?.name ?? '(gone)',
                row.confidence === null ? '' : percent(row.confidence),
                row.reason,
              ]),
              ...(total > rows.length && { note: `${rows.length} of ${total}` }),
            },
            { type: 'notice', level: 'info', text: 'Each can be the same company, a new lead, or be dropped.' },
          ],
        }
      : undefined,
});
