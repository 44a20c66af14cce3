import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { jobStates } from '../core/job.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall } from './auth.ts';
import { csvLines } from './csv.ts';
import type { ApiParts } from './server.ts';
import { answers, idParams, limitOf } from './shapes.ts';

const jobShape = z.object({
  id: z.uuid(),
  tool: z.string(),
  state: z.enum(jobStates),
  progress: z.object({ done: z.number(), total: z.number().optional(), message: z.string().optional() }).nullable(),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  receiptId: z.uuid().nullable(),
  attempts: z.number(),
  cancelRequested: z.boolean(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

/** More left-out rows than this are a wrong file, not a list to mend by hand. */
const mostRows = 200_000;

/** Long work: state, progress, cancel, results. */
export const jobRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['jobs'];

    app.get(
      '/jobs',
      {
        schema: {
          tags,
          summary: 'Jobs, newest first',
          querystring: z.object({ state: z.enum(jobStates).optional(), limit: limitOf(50, 20) }),
          ...answers({ 200: z.object({ jobs: z.array(jobShape.partial({ result: true })) }) }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('list_jobs', request.query, personCall(request)), { flat: true }),
    );

    app.post(
      '/jobs',
      {
        schema: {
          tags,
          summary: 'Start a long tool',
          body: z.strictObject({ tool: z.string().max(100), input: z.record(z.string(), z.unknown()).default({}) }),
          ...answers({ 202: waiting }),
        },
      },
      async (request, reply) => {
        const { tool, input } = request.body;
        const known = gate.catalog.get(tool);
        if (known && !known.long)
          throw new AppError('invalid_input', `${tool} needs no job. Call it: POST /api/v1/tools/${tool}.`);
        return sendOutcome(reply, await gate.call(tool, input, personCall(request), { waitMs: 0 }));
      },
    );

    app.get(
      '/jobs/:id',
      { schema: { tags, summary: 'State, progress and result of a job', params: idParams, ...answers({ 200: jobShape }) } },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('get_job', { jobId: request.params.id }, personCall(request)), { flat: true }),
    );

    app.delete(
      '/jobs/:id',
      {
        schema: {
          tags,
          summary: 'Stop a job; what it had not committed is not kept',
          params: idParams,
          ...answers({ 200: jobShape }),
        },
      },
      async (request, reply) =>
        sendOutcome(reply, await gate.call('cancel_job', { jobId: request.params.id }, personCall(request)), { flat: true }),
    );

    app.get(
      '/jobs/:id/results',
      {
        schema: {
          tags,
          summary: 'What a finished job made',
          description:
            'Of an import: a CSV of the rows that were rejected or left out as duplicates, with reasons. Of others: JSON.',
          produces: ['text/csv', 'application/json'],
          params: idParams,
          ...answers({ 200: z.unknown() }),
        },
      },
      async (request, reply) => {
        const ctx = personCall(request);
        const outcome = await gate.call('get_job', { jobId: request.params.id }, ctx);
        const job = outcome.status === 'done' ? (outcome.result as z.infer<typeof jobShape>) : undefined;
        if (job?.state !== 'succeeded') throw notThere(job);
        const { importId } = (job.result ?? {}) as { importId?: string };
        if (job.tool !== 'import_leads' || !importId) return reply.send({ jobId: job.id, result: job.result });

        const rows = await gate.deps.db
          .records(scopeOf({ ...ctx, actor: actorOf(request) }))
          .imports.rejected(importId, mostRows);
        return reply
          .header('content-disposition', `attachment; filename="left-out-${importId}.csv"`)
          .type('text/csv; charset=utf-8')
          .send(Readable.from(csvLines(rows), { objectMode: false }));
      },
    );
  };

function notThere(job: z.infer<typeof jobShape> | undefined): AppError {
  if (!job || job.state === 'queued' || job.state === 'running')
    return new AppError('conflict', 'This job is not done yet. Ask for its state, or come back in a moment.');
  return new AppError('conflict', `This job has no results: ${job.error?.message ?? job.state}`);
}
