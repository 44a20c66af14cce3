import { z } from 'zod';
import type { ImportCounts, LeadRow, RejectedRow } from '../core/importing.ts';
import { AppError } from '../errors.ts';
import { readLeads } from '../imports/prepare.ts';
import { defineTool } from './define.ts';

const counts = {
  rows: z.number(),
  imported: z.number(),
  merged: z.number(),
  duplicates: z.number(),
  review: z.number(),
  failed: z.number(),
};
const sample = z.array(z.object({ line: z.number(), reason: z.string() }));

export const importLeads = defineTool({
  name: 'import_leads',
  title: 'Import a list',
  description:
    'Turns an uploaded CSV into leads, as one operation that can be undone as a whole. Files enter by POST /api/v1/uploads or by the terminal; pass the uploadId.',
  input: z.strictObject({ uploadId: z.uuid() }),
  output: z.object({
    importId: z.string(),
    fileName: z.string(),
    ...counts,
    durationSeconds: z.number(),
    mapping: z.record(z.string(), z.string()),
    problems: sample,
    demoHidden: z.number(),
  }),
  risk: 'write',
  reach: 'many',
  long: true,
  async run({ uploadId }, { records, files, profile, now }, ctx) {
    const started = now();
    const upload = await records.uploads.get(uploadId);
    if (!upload)
      throw new AppError(
        'not_found',
        'There is no such upload (any more): uploads are kept for 24 hours. Upload the file again.',
      );
    const onProgress = (rows: number) => ctx.progress({ done: rows, message: `${rows} rows read` });
    const { mapping, rows } = await readLeads(files.open(uploadId), {
      country: ctx.actor.country,
      profile,
      signal: ctx.signal,
      onProgress,
    });
    // the first list of their own is what people came for: the demo companies step aside
    const demoHidden = await records.showDemo(false);
    const result: ImportCounts = await records.imports.load({
      id: crypto.randomUUID(),
      fileName: upload.fileName,
      mapping,
      rows: rows as AsyncIterable<LeadRow | RejectedRow>,
      signal: ctx.signal,
    });
    const importId = records.changes().find((change) => change.entity === 'import')!.id;
    const problems = (await records.imports.rejected(importId, 20)).map(({ line, reason }) => ({ line, reason }));
    return {
      importId,
      fileName: upload.fileName,
      ...result,
      durationSeconds: (now().getTime() - started.getTime()) / 1000,
      mapping,
      problems,
      demoHidden,
    };
  },
  sentence: (o) =>
    `Imported ${o.imported} leads from ${o.fileName}${o.duplicates ? `, ${o.duplicates} duplicates left out` : ''}${o.failed ? `, ${o.failed} rows rejected` : ''}`,
  card: (o) => ({
    title: `Import of ${o.fileName}`,
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: 'Rows', value: String(o.rows) },
          { label: 'New leads', value: String(o.imported) },
          { label: 'Duplicates', value: String(o.duplicates) },
          { label: 'Rejected', value: String(o.failed) },
        ],
      },
      ...(o.problems.length
        ? [{ type: 'table' as const, columns: ['Line', 'Why not'], rows: o.problems.map((p) => [String(p.line), p.reason]) }]
        : []),
    ],
  }),
});

const summary = z.object({ id: z.string(), fileName: z.string(), state: z.string(), ...counts, createdAt: z.string() });

export const listImports = defineTool({
  name: 'list_imports',
  title: 'List imports',
  description: 'The lists imported so far, newest first, with their counts.',
  input: z.strictObject({ limit: z.number().int().min(1).max(50).default(10) }),
  output: z.object({ imports: z.array(summary) }),
  risk: 'read',
  async run({ limit }, { records }) {
    const imports = await records.imports.list(limit);
    return {
      imports: imports.map(({ mapping: _mapping, finishedAt: _finished, createdAt, ...rest }) => ({
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
              columns: ['File', 'State', 'Rows', 'New', 'Duplicates', 'Rejected', 'When'],
              rows: imports.map((i) => [
                i.fileName,
                i.state,
                String(i.rows),
                String(i.imported),
                String(i.duplicates),
                String(i.failed),
                i.createdAt.slice(0, 16).replace('T', ' '),
              ]),
            },
          ],
        }
      : undefined,
  shows: ({ imports }) => imports.map((i) => ({ entity: 'import', id: i.id, label: i.fileName })),
});
