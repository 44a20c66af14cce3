import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import { type Job, jobStates } from '../core/job.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';

const shape = z.object({
  id: z.string(),
  tool: z.string(),
  state: z.enum(jobStates),
  progress: z.object({ done: z.number(), total: z.number().optional(), message: z.string().optional() }).nullable(),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }).nullable(),
  receiptId: z.string().nullable(),
  attempts: z.number(),
  cancelRequested: z.boolean(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
});

const toJobView = ({
  id,
  tool,
  state,
  progress,
  result,
  error,
  receiptId,
  attempts,
  cancelRequested,
  createdAt,
  finishedAt,
}: Job): z.infer<typeof shape> => ({
  id,
  tool,
  state,
  progress,
  result,
  error,
  receiptId,
  attempts,
  cancelRequested,
  createdAt: createdAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});

const jobId = z.uuid().describe('As given by the call that started it, or by list_jobs.');

export const listJobs = defineTool({
  name: 'list_jobs',
  title: 'List jobs',
  description: 'Long work (imports and the like) with state and progress, newest first.',
  input: z.strictObject({ state: z.enum(jobStates).optional(), limit: z.number().int().min(1).max(50).default(10) }),
  output: z.object({ jobs: z.array(shape.omit({ result: true })) }),
  risk: 'read',
  async run({ state, limit }, { records }, ctx) {
    const mine = atLeast(ctx.actor.role, 'manager') ? {} : { userId: ctx.actor.userId };
    const jobs = await records.jobs.list({ ...mine, ...(state && { state }), limit });
    return { jobs: jobs.map(toJobView) };
  },
  card: ({ jobs }) =>
    jobs.length
      ? {
          title: 'Jobs',
          blocks: [
            {
              type: 'table',
              columns: ['Job', 'What', 'State', 'Progress', 'Started'],
              rows: jobs.map((j) => [
                j.id,
                j.tool,
                j.state,
                j.progress?.message ?? '',
                j.createdAt.slice(0, 16).replace('T', ' '),
              ]),
            },
          ],
        }
      : undefined,
  shows: ({ jobs }) => jobs.map((j) => ({ entity: 'job', id: j.id, label: j.tool })),
});

export const getJob = defineTool({
  name: 'get_job',
  title: 'Look up a job',
  description: 'State, progress and result of one job.',
  input: z.strictObject({ jobId }),
  output: shape,
  risk: 'read',
  async run({ jobId: id }, { records }, ctx) {
    return toJobView(own(await records.jobs.get(id), ctx.actor));
  },
});

export const cancelJob = defineTool({
  name: 'cancel_job',
  title: 'Stop a job',
  description: 'Stops a job: a waiting one at once, a running one at its next safe point; what it had not committed is not kept.',
  input: z.strictObject({ jobId }),
  output: shape,
  risk: 'draft',
  minRole: 'rep',
  async run({ jobId: id }, { records }, ctx) {
    const job = own(await records.jobs.get(id), ctx.actor);
    if (job.finishedAt) throw new AppError('conflict', `This job has ended already: ${job.state}.`);
    const cancelled = await records.jobs.cancel(id);
    await records.signal(`job:${id}`);
    return toJobView(cancelled ?? job);
  },
});

function own(job: Job | undefined, actor: { userId: string; role: 'viewer' | 'rep' | 'manager' | 'admin' }): Job {
  if (!job || (job.userId !== actor.userId && !atLeast(actor.role, 'manager')))
    throw new AppError('not_found', 'There is no such job.');
  return job;
}
