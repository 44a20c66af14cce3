import { z } from 'zod';
import { defineTool } from './define.ts';

const summary = z.object({
  id: z.string(),
  fileName: z.string(),
  state: z.string(),
  rows: z.number(),
  imported: z.number(),
  merged: z.number(),
  duplicates: z.number(),
  review: z.number(),
  failed: z.number(),
  waiting: z.number().describe('Of the rows to review: those that nobody has decided yet.'),
  createdAt: z.string(),
});

export const listImports = defineTool({
  name: 'list_imports',
  title: 'List imports',
  description:
    'The lists imported so far, newest first, with their counts; `waiting` rows are in review: list_review shows them.',
  input: z.strictObject({ limit: z.number().int().min(1).max(50).default(10) }),
  output: z.object({ imports: z.array(summary) }),
  risk: 'read',
  async run({ limit }, { records }) {
    const imports = await records.imports.list(limit);
    return {
      imports: imports.map(({ mapping: _mapping, headers: _headers, finishedAt: _finished, createdAt, ...rest }) => ({
        ...rest,
        createdAt: createdAt.toISOString(),
      })),
    };
  },
  card: ({ imports }) =>
    imports.length
      ? {
          title: 'Imports',
          blocks: [
            {
              type: 'table',
              columns: ['File', 'State', 'Rows', 'New', 'Merged', 'Duplicates', 'To review', 'Rejected', 'When'],
              rows: imports.map((i) => [
                i.fileName,
                i.state,
                String(i.rows),
                String(i.imported),
                String(i.merged),
                String(i.duplicates),
                String(i.waiting),
                String(i.failed),
                i.createdAt.slice(0, 16).replace('T', ' '),
              ]),
            },
          ],
        }
      : undefined,
  shows: ({ imports }) => imports.map((i) => ({ entity: 'import', id: i.id, label: i.fileName })),
});
