import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { jobStates } from '../core/job.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall, whoAsks } from './auth.ts';
import { sendLeftOut } from './imports.ts';
import { hasHeardAll, jobEvents } from './job-events.ts';
import type { ApiParts } from './server.ts';
import { answers, idParams, limitOf } from './shapes.ts';
import { hungUp, sendEvents } from './sse.ts';

const jobShape = z.object({
  id: z.uuid(),
  tool: z.string(),
  state: z.enum(jobStates),
  progress: z.object({ done: z.number(), total: z.number().optional(), message: z.string().optional() }).nullable(),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }).nullable(),
  receiptId: z.uuid().nullable(),
  attempts: z.number(),
  cancelRequested: z.boolean(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

/** Long work: state, progress, cancel, results. */
export const jobRoutes =
  (parts: ApiParts, closing: AbortSignal): FastifyPluginAsyncZod =>
  async (app) => {
    const { gate } = parts;
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
      '/jobs/:id/events',
      {
        schema: {
          tags,
          summary: 'Follow a job',
          description:
            'Server-sent events: `progress` {done, total?, message?, state} whenever something is new, then `done` {state, result?, error?}. After a cut connection `Last-Event-ID` goes on where it stopped; 204: nothing more is to come.',
          produces: ['text/event-stream'],
          params: idParams,
          ...answers({}),
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        // whose job it is, is the tool's to judge
        await gate.call('get_job', { jobId: id }, personCall(request));
        const header = request.headers['last-event-id'];
        const heard = typeof header === 'string' ? header : undefined;
        const { jobs } = gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' }));
        const job = await jobs.get(id);
        // an EventSource comes back after every end; 204 is how it is told to stay away
        if (job && hasHeardAll(job, heard)) return reply.code(204).send();
        const { signals } = gate.deps;
        return sendEvents(
          reply,
          jobEvents(
            { jobs, signals },
            id,
            heard,
            hungUp(reply, closing, () => whoAsks(request, parts)),
          ),
        );
      },
    );

    app.get(
      '/jobs/:id/results',
      {
        schema: {
          tags,
          summary: 'What a finished job made',
          description: 'Of an import: a CSV of the rows that did not become leads of their own, with reasons. Of others: JSON.',
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

        const { imports } = gate.deps.db.records(scopeOf({ ...ctx, actor: actorOf(request) }));
        const source = await imports.get(importId);
        if (!source) throw new AppError('not_found', 'The import of this job is gone.');
        return sendLeftOut(reply, imports, source);
      },
    );
  };

function notThere(job: z.infer<typeof jobShape> | undefined): AppError {
  if (!job || job.state === 'queued' || job.state === 'running')
    return new AppError('conflict', 'This job is not done yet. Ask for its state, or come back in a moment.');
  return new AppError('conflict', `This job has no results: ${job.error?.message ?? job.state}`);
}
