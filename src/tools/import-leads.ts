import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Upload } from '../core/importing.ts';
import { AppError } from '../errors.ts';
import { carryOut } from '../imports/carry-out.ts';
import { compareList } from '../imports/compare.ts';
import { mappingInWords } from '../imports/mapping/map.ts';
import { prepareList } from '../imports/prepare.ts';
import { changedSincePreview, keepPreview } from '../imports/preview.ts';
import { defineTool, type ToolContext, type ToolDeps } from './define.ts';
import { importCard } from './import-card.ts';

const sample = z.object({
  line: z.number(),
  name: z.string(),
  reason: z.string().optional(),
  confidence: z.number().optional(),
  lead: z.string().optional(),
});

export const importOutput = z.object({
  importId: z.string(),
  fileName: z.string(),
  rows: z.number(),
  imported: z.number(),
  merged: z.number(),
  duplicates: z.number(),
  review: z.number(),
  failed: z.number(),
  durationSeconds: z.number(),
  format: z.object({
    kind: z.string(),
    encoding: z.string(),
    delimiter: z.string(),
    headerLine: z.number(),
    sheet: z.string().optional(),
    sheets: z.array(z.string()).optional(),
  }),
  mapping: z.record(z.string(), z.string()),
  columns: z.array(
    z.object({
      header: z.string(),
      field: z.string(),
      confidence: z.number(),
      because: z.string(),
      samples: z.array(z.string()),
    }),
  ),
  samples: z.object({
    created: z.array(sample),
    merged: z.array(sample),
    duplicate: z.array(sample),
    review: z.array(sample),
    rejected: z.array(sample),
  }),
  changedSincePreview: z
    .object({
      count: z.number(),
      rows: z.array(z.object({ line: z.number(), name: z.string(), was: z.string(), now: z.string() })),
    })
    .optional(),
  demoHidden: z.number(),
});
export type ImportResult = z.infer<typeof importOutput>;

export const importLeads = defineTool({
  name: 'import_leads',
  title: 'Import a list',
  description:
    'Turns an uploaded list (CSV, TSV, Excel workbook, also gzipped) into leads, as one operation that can be undone as a whole. Files enter by POST /api/v1/uploads or by the terminal; pass the uploadId. Columns are understood by themselves; `mapping` says otherwise: header -> field, "attribute" or "ignore".',
  input: z.strictObject({
    uploadId: z.uuid(),
    mapping: z
      .record(z.string().max(300), z.string().max(100))
      .optional()
      .describe(
        'What columns mean, where they were misunderstood: header -> field, "attribute" to keep it aside, "ignore" to leave it out.',
      ),
    sheet: z.string().max(100).optional().describe('Of a workbook with several sheets: the one to read.'),
    headerLine: z.number().int().min(0).optional().describe('The line with the column names; 0 when the list has none.'),
  }),
  output: importOutput,
  risk: 'write',
  reach: 'many',
  long: true,
  async run({ uploadId, ...reading }, deps, ctx) {
    const upload = await deps.records.uploads.get(uploadId);
    if (!upload)
      throw new AppError(
        'not_found',
        'There is no such upload (any more): uploads are kept for 24 hours. Upload the file again.',
      );
    const folder = await deps.files.workFolder(uploadId);
    try {
      return await runImport(upload, reading, folder, deps, ctx);
    } catch (error) {
      if (ctx.signal.aborted) throw new AppError('cancelled', 'The import was stopped; nothing was kept.', { cause: error });
      if (error instanceof Error && error.name === 'TimeoutError')
        throw new AppError(
          'too_large',
          `The import took longer than ${deps.importLimits.maxMinutes} minutes (IMPORT_MAX_MINUTES); nothing was kept. Split the list, or raise the limit.`,
          { cause: error },
        );
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
        throw new AppError(
          'unavailable',
          'There is no space left on the disk of DATA_DIR: a list needs about five times its size while it is imported. Nothing was kept.',
          { cause: error },
        );
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  sentence: ({ imported, merged, duplicates, review, failed, fileName }, tense) =>
    [
      `${tense === 'done' ? 'Imported' : 'Import'} ${plural(imported, 'lead')} from ${fileName}`,
      merged && `${plural(merged, 'row')} merged`,
      duplicates && `${plural(duplicates, 'duplicate')} left out`,
      review && `${review} to review`,
      failed && `${plural(failed, 'row')} rejected`,
    ]
      .filter(Boolean)
      .join(', '),
  card: (result) => importCard(result),
});

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

interface Reading {
  mapping?: Record<string, string> | undefined;
  sheet?: string | undefined;
  headerLine?: number | undefined;
}

/** Read, compare, carry out. Until the comparison nothing of the workspace is held. */
async function runImport(
  upload: Upload,
  { mapping, sheet, headerLine }: Reading,
  folder: string,
  { records, files, importLimits, now }: ToolDeps,
  { actor, signal: stop, preview = false, jobId, progress }: ToolContext,
): Promise<ImportResult> {
  const started = now();
  const { profile } = await records.profiles.active();
  const signal = AbortSignal.any([stop, AbortSignal.timeout(importLimits.maxMinutes * 60_000)]);
  const list = await prepareList({
    path: files.path(upload.id),
    fileName: upload.fileName,
    folder,
    country: actor.country,
    profile,
    limits: importLimits,
    ...(mapping && { chosen: mapping }),
    remembered: (signature) => records.imports.remembered(signature),
    ...(sheet !== undefined && { sheet }),
    ...(headerLine !== undefined && { headerLine }),
    signal,
    onProgress: (rows) => progress({ done: rows, message: `${rows.toLocaleString('en-US')} rows read` }),
  });
  try {
    const total = list.rows.length;
    const onProgress = (message: string) => progress({ done: 0, total, message });
    onProgress(`Comparing ${total.toLocaleString('en-US')} rows with what is here`);
    await records.imports.hold(signal);
    // the first list of their own is what people came for: the demo companies step aside
    const demoHidden = await records.showDemo(false);
    const comparison = await compareList(list, records.imports.known(), { folder, signal, onProgress });
    try {
      // the id of its job, where it has one: whoever waits for the job knows the import by it
      const importId = jobId ?? crypto.randomUUID();
      const inWords = mappingInWords(list.columns);
      const headers = list.columns.map(({ header }) => header);
      if (!preview) await records.imports.begin({ id: importId, fileName: upload.fileName, headers, mapping: inWords });
      const { counts, samples } = await carryOut(list, comparison, {
        importId,
        imports: records.imports,
        profile,
        folder,
        write: !preview,
        signal,
        onProgress: (done) => progress({ done, total, message: `${done.toLocaleString('en-US')} rows written` }),
      });
      const changed = preview
        ? await keepPreview(files.previewPath(upload.id), list, comparison)
        : await changedSincePreview(files.previewPath(upload.id), list, comparison);
      if (preview) records.imports.note(importId, upload.fileName, counts);
      else {
        await records.imports.finish(importId, upload.fileName, counts);
        if (mapping) await records.imports.remember(list.signature, inWords);
      }
      const { compressed: _compressed, quote: _quote, countsRows: _countsRows, ...format } = list.format;
      return {
        importId,
        fileName: upload.fileName,
        ...counts,
        durationSeconds: (now().getTime() - started.getTime()) / 1000,
        format,
        mapping: inWords,
        columns: list.columns.map(({ header, confidence, because }, index) => ({
          header,
          field: inWords[header]!,
          confidence,
          because,
          samples: list.samples[index]!.map((cell) => cell.slice(0, 100).toWellFormed().replaceAll('\0', '')),
        })),
        samples,
        ...(changed && changed.count > 0 && { changedSincePreview: changed }),
        demoHidden,
      };
    } finally {
      await comparison.close();
    }
  } finally {
    await list.close();
  }
}
