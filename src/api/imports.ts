import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ImportSummary, type Imports, reviewDecisions, rowOutcomes } from '../core/importing.ts';
import { AppError } from '../errors.ts';
import { leftOutCsv } from '../imports/left-out.ts';
import { mostLines } from '../tools/decide-review.ts';
import { scopeOf } from '../tools/gate.ts';
import { callQuery, doneOrPreview, sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers, idParams, limitOf } from './shapes.ts';

const countsShape = {
  rows: z.number(),
  imported: z.number(),
  merged: z.number(),
  duplicates: z.number(),
  review: z.number(),
  failed: z.number(),
  waiting: z.number().describe('Of the rows to review: those that nobody has decided yet.'),
};
const listed = z.object({
  id: z.uuid(),
  fileName: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'undone']),
  ...countsShape,
  createdAt: z.iso.datetime(),
});
const importShape = listed.extend({
  headers: z.array(z.string()),
  mapping: z.record(z.string(), z.string()),
  finishedAt: z.iso.datetime().nullable(),
});

const rowShape = z.object({
  line: z.number(),
  outcome: z.enum(rowOutcomes),
  reason: z.string(),
  confidence: z.number().nullable(),
  leadId: z.uuid().nullable(),
  leadName: z.string().nullable(),
  decision: z.enum(reviewDecisions).nullable(),
  raw: z.record(z.string(), z.string()),
});

const rowsQuery = z.object({
  outcome: z
    .string()
    .max(100)
    .optional()
    .transform((text) => text?.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(rowOutcomes)).min(1).optional())
    .describe(`Some of ${rowOutcomes.join(', ')}, with commas between; all without it.`),
  format: z.enum(['json', 'csv']).default('json'),
  limit: limitOf(1000, 200),
  cursor: z.coerce.number().int().min(0).max(mostLines).optional().describe('nextCursor of the page before.'),
});

const tags = ['imports'];

/** The lists imported so far, and what became of their rows. */
export const importRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const importsOf = (request: FastifyRequest): Imports =>
      gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' })).imports;

    app.get(
      '/imports',
      {
        schema: {
          tags,
          summary: 'Imports, newest first',
          querystring: z.object({ limit: limitOf(50, 20) }),
          ...answers({ 200: z.object({ imports: z.array(listed) }) }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('list_imports', request.query, personCall(request)), { flat: true }),
    );

    app.get(
      '/imports/:id',
      {
        schema: {
          tags,
          summary: 'One import: its counts, and what its columns were taken for',
          params: idParams,
          ...answers({ 200: importShape }),
        },
      },
      async (request) => own(importsOf(request), request.params.id),
    );

    app.get(
      '/imports/:id/rows',
      {
        schema: {
          tags,
          summary: 'The rows that did not become leads of their own, with reasons',
          description:
            'JSON in pages, or with `?format=csv` all of them as one CSV: line, outcome, reason, confidence, lead, then the columns of the file as it had them.',
          produces: ['application/json', 'text/csv'],
          params: idParams,
          querystring: rowsQuery,
          ...answers({ 200: z.object({ rows: z.array(rowShape), nextCursor: z.string().optional() }) }),
        },
      },
      async (request, reply) => {
        const { outcome, format, limit, cursor } = request.query;
        const imports = importsOf(request);
        const source = await own(imports, request.params.id);
        if (format === 'csv') return sendLeftOut(reply, imports, source, outcome);
        const page = { limit: limit + 1, ...(cursor !== undefined && { after: cursor }) };
        const rows = await imports.leftOut(source.id, { ...(outcome && { outcome }) }, page);
        const shown = rows.slice(0, limit);
        return { rows: shown, ...(rows.length > limit && { nextCursor: String(shown.at(-1)!.line) }) };
      },
    );

    app.post(
      '/imports/:id/review',
      {
        schema: {
          tags,
          summary: 'Decide rows that wait for review',
          description:
            'same: the row is that lead, and fills what is empty there. new: a lead of its own. drop: nobody needs it. GET /api/v1/imports/{id}/rows?outcome=review shows them; POST /api/v1/tools/list_review beside the leads they may be.',
          params: idParams,
          querystring: callQuery,
          body: z.strictObject({
            lines: z.array(z.number().int().min(0).max(mostLines)).min(1).max(200).optional(),
            all: z.literal(true).optional(),
            decision: z.enum(reviewDecisions),
          }),
          ...answers({ 200: doneOrPreview, 202: waiting }),
        },
      },
      async (request, reply) => {
        const input = { importId: request.params.id, ...request.body };
        return sendOutcome(reply, await gate.call('decide_review', input, personCall(request), request.query), { flat: true });
      },
    );
  };

async function own(imports: Imports, id: string): Promise<ImportSummary> {
  const found = await imports.get(id);
  if (!found) throw new AppError('not_found', 'There is no such import.');
  return found;
}

/** Streamed: only as fast as the client reads, and no further once it is gone. */
export function sendLeftOut(
  reply: FastifyReply,
  imports: Imports,
  source: ImportSummary,
  outcome?: Parameters<typeof leftOutCsv>[2],
): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="left-out-${source.id}.csv"`)
    .type('text/csv; charset=utf-8')
    .send(Readable.from(leftOutCsv(imports, source, outcome), { objectMode: false }));
}
