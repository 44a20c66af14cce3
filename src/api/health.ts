import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import type { Costs } from '../core/cost-report.ts';
import { AppError } from '../errors.ts';
import { whoAsks } from './auth.ts';
import { isDirectLocal } from './loopback.ts';
import type { Spending } from './metrics.ts';
import type { ApiParts } from './server.ts';
import { answers, errorShape } from './shapes.ts';

/** A part that does not answer within this is not well. */
const patienceMs = 5000;
/** Probes come every few seconds; writing a file for each would be silly. */
const uploadsKnownForMs = 15_000;

/** Is it alive, is it ready, how is it doing. */
export const healthRoutes =
  (parts: ApiParts, closing: AbortSignal): FastifyPluginAsyncZod =>
  async (app) => {
    const { access, database, redis, queue, gate, metrics, model, version, worker = true } = parts;
    const tags = ['operations'];
    const started = performance.now();
    const uploads = uploadsWritable(parts);
    const works = (check: Promise<unknown>): Promise<boolean> =>
      within(patienceMs, check).then(
        () => true,
        () => false,
      );

    app.get(
      '/health',
      {
        schema: {
          tags,
          summary: 'The state of each part; details with a login',
          ...answers({
            200: z.object({
              status: z.enum(['ok', 'degraded', 'draining']),
              version: z.string(),
              uptimeSeconds: z.number(),
              parts: z.record(z.string(), z.string()),
              details: z.record(z.string(), z.unknown()).optional(),
            }),
          }),
        },
      },
      async (request) => {
        const [database_, redis_, depth, canWrite] = await Promise.all([
          works(database.check()),
          redis && works(redis.check()),
          within(patienceMs, queue.depth()).catch(() => undefined),
          uploads(),
        ]);
        const well = database_ && redis_ !== false && depth !== undefined && canWrite;
        const who = database_ ? await whoAsks(request, parts) : undefined;
        return {
          status: closing.aborted ? 'draining' : well ? 'ok' : 'degraded',
          version,
          uptimeSeconds: Math.round((performance.now() - started) / 1000),
          parts: {
            database: database_ ? 'ok' : 'unreachable',
            ...(redis && { redis: redis_ ? 'ok' : 'unreachable' }),
            queue: !depth ? 'unknown' : depth.dead ? 'dead letters' : 'ok',
            worker: worker ? 'here' : 'elsewhere',
            model,
            mail: 'local outbox',
            uploads: canWrite ? 'ok' : 'not writable',
          },
          ...(who && {
            details: {
              database: database.place,
              ...(redis && { redis: redis.place }),
              queue: depth,
              uploadMaxMb: parts.config.UPLOAD_MAX_MB,
            },
          }),
        };
      },
    );

    app.get(
      '/readyz',
      {
        schema: {
          tags,
          summary: 'Whether requests should be sent here',
          ...answers({ 200: z.object({ status: z.literal('ready') }), 503: errorShape }),
        },
      },
      async () => {
        if (closing.aborted) throw new AppError('unavailable', 'This server is stopping.');
        try {
          await within(patienceMs, database.check());
        } catch (error) {
          if (error instanceof AppError) throw error;
          throw new AppError('unavailable', 'The database does not answer.', { cause: error });
        }
        if (redis && !(await works(redis.check()))) throw new AppError('unavailable', 'The Redis server does not answer.');
        return { status: 'ready' as const };
      },
    );

    app.get(
      '/metrics',
      {
        schema: { tags, summary: 'Prometheus metrics: from this machine, or with a key of a manager', produces: ['text/plain'] },
      },
      async (request, reply) => {
        if (!isDirectLocal(request) || request.headers.authorization !== undefined) {
          const who = await whoAsks(request, parts);
          if (!who) throw new AppError('unauthorized', 'Metrics need an API key of a manager, or a request from this machine.');
          if (!atLeast(who.role, 'manager')) throw new AppError('forbidden', 'Metrics need the role manager.');
        }
        const everyone = gate.deps.db.records({ ...(await access.local()), surface: 'rest' });
        const [jobs, pending, spending] = await Promise.all([
          queue.depth(),
          everyone.proposals.list({ status: 'pending', limit: 1 }),
          spendingOf(everyone.costs),
        ]);
        const { type, body } = await metrics.page({ jobs, proposalsPending: pending.total, spending });
        return reply.header('content-type', type).send(body);
      },
    );
  };

async function spendingOf(costs: Costs): Promise<Spending> {
  const [today, perLead, cacheHitRate, alerts] = await Promise.all([
    costs.dailySpend(),
    costs.averageCostPerLead(),
    costs.cacheHitRate(),
    costs.alerts(),
  ]);
  return { todayUsd: Number(today.costUsd), costPerLeadUsd: perLead === null ? null : Number(perLead), cacheHitRate, alerts };
}

/** Proved by writing: permissions, a full disk and a read-only mount all look the same from here. */
function uploadsWritable({ files, log }: ApiParts): () => Promise<boolean> {
  let known: { at: number; answer: Promise<boolean> } | undefined;
  const prove = async (): Promise<boolean> => {
    try {
      const { id } = await files.save(
        (async function* () {
          yield new Uint8Array(1);
        })(),
        1,
      );
      await files.remove(id);
      return true;
    } catch (error) {
      log.warn({ err: error }, 'the upload folder cannot be written to');
      return false;
    }
  };
  return () => {
    if (!known || performance.now() - known.at > uploadsKnownForMs) known = { at: performance.now(), answer: prove() };
    return known.answer;
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', 'A part of this server does not answer.')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
