import type { Job, JobContext, Jobs } from '../core/job.ts';
import { type Job as JobRow, Prisma } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';

export function jobs(handle: Handle): Jobs {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId };
  const get = async (id: string) => {
    const row = isId(id) ? await prisma.job.findFirst({ where: { ...mine, id } }) : null;
    return row ? toJob(row) : undefined;
  };
  return {
    get,
    async list({ state, userId, limit }) {
      const rows = await prisma.job.findMany({
        where: { ...mine, ...(state && { state }), ...(userId && { userId }) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toJob);
    },
    async create({ tool, input, context, conversationId }) {
      const row = await prisma.job.create({
        data: {
          id: newId(),
          ...mine,
          userId: scope.userId,
          tool,
          input: json(input),
          context: json(context),
          conversationId: conversationId ?? null,
        },
      });
      return toJob(row);
    },
    async contextOf(id) {
      const row = await prisma.job.findFirst({ where: { ...mine, id }, select: { context: true } });
      return row ? (row.context as unknown as JobContext) : undefined;
    },
    async start(id) {
      // `running` counts too: the process that ran it may be gone, and the queue hands a job to one worker at a time
      const started = await prisma.job.updateMany({
        where: { ...mine, id, state: { in: ['queued', 'running'] }, cancelRequestedAt: null },
        data: { state: 'running', startedAt: handle.now(), attempts: { increment: 1 }, progress: Prisma.DbNull },
      });
      if (started.count) return get(id);
      // asked to stop while its process was dying: nobody else will close it
      await prisma.job.updateMany({
        where: { ...mine, id, state: 'running', cancelRequestedAt: { not: null } },
        data: { state: 'cancelled', finishedAt: handle.now() },
      });
      return undefined;
    },
    async holdForFinish(id) {
      const rows = await prisma.$queryRaw<{ ok: boolean }[]>`
        SELECT cancel_requested_at IS NULL AND state = 'running' AS ok FROM jobs WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid FOR UPDATE`;
      return rows[0]?.ok ?? false;
    },
    async report(id, progress) {
      await prisma.job.updateMany({ where: { ...mine, id, state: 'running' }, data: { progress: json(progress) } });
    },
    async finish(id, { state, result, error, receiptId }) {
      await prisma.job.updateMany({
        where: { ...mine, id, state: { in: ['queued', 'running'] } },
        data: {
          state,
          result: result === undefined ? Prisma.DbNull : json(result),
          error: error ? json(error) : Prisma.DbNull,
          receiptId: receiptId ?? null,
          finishedAt: handle.now(),
        },
      });
    },
    async cancel(id) {
      await prisma.$executeRaw`
        UPDATE jobs SET cancel_requested_at = now(), state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END, finished_at = CASE WHEN state = 'queued' THEN now() END
        WHERE id = ${id}::uuid AND tenant_id = ${scope.tenantId}::uuid AND state IN ('queued', 'running')`;
      return get(id);
    },
  };
}

const toJob = ({ tenantId: _tenant, context: _context, cancelRequestedAt, ...row }: JobRow): Job => ({
  ...(row as unknown as Job),
  cancelRequested: cancelRequestedAt !== null,
});
