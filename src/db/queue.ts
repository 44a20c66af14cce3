import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type Runner, run, runMigrations, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { type ChatSurface, chatSurfaces } from '../core/chat.ts';
import { type JobName, type JobPayloads, type Queue, surfaceOfJob } from '../core/job.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Handle } from './handle.ts';
import { holdPresence, reviveAbandoned, serve } from './presence.ts';

/**
 * The queue lives in the database, so a job exists exactly when the writes of its transaction do. A job runs at least
 * once: a process that dies leaves its jobs to the others within seconds.
 */

const defaultAttempts = 5;

export async function addJob<N extends JobName>(
  handle: Handle,
  name: N,
  payload: JobPayloads[N],
  options: { key?: string; maxAttempts?: number; runAt?: Date } = {},
): Promise<void> {
  await handle.prisma.$executeRaw`
    SELECT graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json, run_at => ${options.runAt ?? null}::timestamptz,
      max_attempts => ${options.maxAttempts ?? defaultAttempts}::int, job_key => ${options.key ?? null}::text, job_key_mode => 'preserve_run_at',
      flags => ${[surfaceOfJob(name, payload)].filter((flag) => flag !== undefined)}::text[])`;
}

export interface Attempt {
  number: number;
  /** After this one the job is a dead letter. */
  last: boolean;
}

/** A name that is not here is left to other processes. */
export type Handlers = { [N in JobName]?: (payload: JobPayloads[N], attempt: Attempt) => Promise<void> };

export const prepareQueue = (pool: Pool, log: Log): Promise<void> => runMigrations({ pgPool: pool, logger: workerLogger(log) });

export interface Worker {
  stop(): Promise<void>;
}

interface WorkerOptions {
  pool: Pool;
  handlers: Handlers;
  log: Log;
  /** Chat surfaces that are on here; the work of all others is left to other processes. */
  surfaces?: readonly ChatSurface[];
  slots?: Record<Kind, number>;
}

/** A turn of a conversation lasts for minutes, mostly waiting for a model: turns have slots of their own, and hold up nothing else. */
type Kind = 'talk' | 'work';
const usualSlots: Record<Kind, number> = { talk: 24, work: 8 };
const kindOf = (name: string): Kind => (name === 'chat' ? 'talk' : 'work');

const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** Works the queue until stopped. Each loss of the database ends a shift; the next one begins when it answers again. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { pool, log } = options;
  const stopping = new AbortController();
  const atWork = new Set<Promise<void>>();
  const lost = new Set<Promise<void>>();
  let shift = await startShift(options, atWork);
  const reviver = setInterval(
    () => void reviveAbandoned(pool, log).catch((error) => log.warn({ err: error }, 'could not look for abandoned jobs')),
    2000,
  );

  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const nextShift = async (): Promise<Shift | undefined> => {
    for (let pauseMs = firstPauseMs; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await startShift(options, atWork);
      } catch (error) {
        log.warn({ err: error }, 'the worker waits for the database');
      }
      await pause(pauseMs);
    }
    return undefined;
  };
  const goOn = async (): Promise<void> => {
    for (;;) {
      await shift.ended;
      if (stopping.signal.aborted) return;
      log.warn('the worker lost the database');
      // queries under way fail first: a runner that is stopped meanwhile prints them to the terminal
      await pause(firstPauseMs);
      // not waited for: what still runs there fails at its next query, and its job comes back
      const ending = shift.stop();
      lost.add(ending);
      void ending.finally(() => lost.delete(ending));
      const next = await nextShift();
      if (!next) return;
      shift = next;
      log.info('the worker goes on');
      if (stopping.signal.aborted) await shift.stop();
    }
  };
  const working = goOn();
  return {
    async stop() {
      stopping.abort();
      clearInterval(reviver);
      await shift.stop();
      await working;
      await Promise.allSettled(atWork);
      // a lost shift may still be waiting to ask once more; the pool should not end under it
      await Promise.race([Promise.allSettled(lost), sleep(longestPauseMs / 2, undefined, { ref: false })]);
    },
  };
}

interface Shift {
  /** Resolves when no more jobs are taken, whoever wanted it so. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

async function startShift(
  { pool, handlers, log, surfaces = chatSurfaces, slots = usualSlots }: WorkerOptions,
  atWork: Set<Promise<void>>,
): Promise<Shift> {
  const presence = await holdPresence(pool, log);
  const without = chatSurfaces.filter((surface) => !surfaces.includes(surface));
  try {
    const events: WorkerEvents = new EventEmitter();
    // a job is locked in the name of its pool or of its worker, depending on how the queue fetches
    events.on('pool:create', ({ workerPool }) => presence.add(workerPool.id));
    events.on('worker:create', ({ worker }) => presence.add(worker.workerId));
    await reviveAbandoned(pool, log);
    const runners: Runner[] = [];
    const stop = async () => {
      await Promise.all(
        runners.map((runner) => runner.stop().catch((error) => log.debug({ err: error }, 'the worker had stopped already'))),
      );
      presence.release();
    };
    const all = taskList(handlers, atWork);
    for (const kind of ['work', 'talk'] as const) {
      const tasks = Object.fromEntries(Object.entries(all).filter(([name]) => kindOf(name) === kind));
      if (Object.keys(tasks).length === 0) continue;
      const runner = run({
        pgPool: pool,
        concurrency: slots[kind],
        pollInterval: 1000,
        noHandleSignals: true,
        events,
        logger: workerLogger(log),
        taskList: tasks,
        ...(without.length && { forbiddenFlags: without }),
        // An end that cannot be written would otherwise be a rejection nobody handles, and take the process along.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      });
      runners.push(
        await runner.catch(async (error) => {
          await stop();
          throw error;
        }),
      );
    }
    if ('chat' in all) serve(presence, surfaces);
    const finished = runners.map((runner) =>
      runner.promise.catch((error) => log.debug({ err: error }, 'the runner ended with an error')),
    );
    return { ended: Promise.race([presence.lost, ...finished]), stop };
  } catch (error) {
    presence.release();
    throw error;
  }
}

/** Our handlers as the queue calls them; each run is in `atWork` until it ends. */
const taskList = (handlers: Handlers, atWork: Set<Promise<void>>): TaskList =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (payload: unknown, { job }: { job: { attempts: number; max_attempts: number } }) => {
        const attempt = { number: job.attempts, last: job.attempts >= job.max_attempts };
        const work = (handle as (payload: unknown, attempt: Attempt) => Promise<void>)(payload, attempt);
        atWork.add(work);
        return work.finally(() => atWork.delete(work));
      },
    ]),
  );

export function queue(pool: Pool): Queue {
  const dead = 'attempts >= max_attempts AND locked_at IS NULL';
  return {
    async deadLetters() {
      const { rows } = await pool.query(
        `SELECT id::text, task_identifier AS name, key, attempts, last_error AS "lastError", created_at AS "createdAt" FROM graphile_worker.jobs WHERE ${dead} ORDER BY id DESC LIMIT 200`,
      );
      return rows;
    },
    async retry(id) {
      const { rows } = await pool.query(
        'SELECT id FROM graphile_worker.reschedule_jobs(ARRAY[$1::bigint], run_at => now(), attempts => 0)',
        [id],
      );
      return rows.length > 0;
    },
    async discard(id) {
      const { rows } = await pool.query('SELECT id FROM graphile_worker.complete_jobs(ARRAY[$1::bigint])', [id]);
      return rows.length > 0;
    },
    async depth() {
      const { rows } = await pool.query(
        `SELECT count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts)::int AS waiting, count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running,
          count(*) FILTER (WHERE ${dead})::int AS dead FROM graphile_worker.jobs`,
      );
      return rows[0];
    },
  };
}

/** The queue's own log lines: to our log, and quietly. */
const workerLogger = (log: Log): Logger =>
  new Logger(() => (level, message) => {
    if (level === 'error') log.warn({ queue: messageOf(message) }, 'queue');
    else log.debug({ queue: message }, 'queue');
  });
