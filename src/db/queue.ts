import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import type { Pool, PoolClient } from 'pg';
import type { JobName, JobPayloads, Queue } from '../core/job.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Handle } from './handle.ts';

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
      max_attempts => ${options.maxAttempts ?? defaultAttempts}::int, job_key => ${options.key ?? null}::text, job_key_mode => 'preserve_run_at')`;
}

export interface Attempt {
  number: number;
  /** After this one the job is a dead letter. */
  last: boolean;
}

export type Handlers = { [N in JobName]: (payload: JobPayloads[N], attempt: Attempt) => Promise<void> };

export const prepareQueue = (pool: Pool, log: Log): Promise<void> => runMigrations({ pgPool: pool, logger: workerLogger(log) });

export interface Worker {
  stop(): Promise<void>;
}

export async function startWorker({
  pool,
  handlers,
  log,
  concurrency = 8,
}: {
  pool: Pool;
  handlers: Handlers;
  log: Log;
  concurrency?: number;
}): Promise<Worker> {
  const presence = await holdPresence(pool, log);
  const events: WorkerEvents = new EventEmitter();
  // a job is locked in the name of its pool or of its worker, depending on how the queue fetches
  events.on('pool:create', ({ workerPool }) => presence.add(workerPool.id));
  events.on('worker:create', ({ worker }) => presence.add(worker.workerId));
  await reviveAbandoned(pool, log);
  const runner: Runner = await run({
    pgPool: pool,
    concurrency,
    pollInterval: 1000,
    noHandleSignals: true,
    events,
    logger: workerLogger(log),
    taskList: Object.fromEntries(
      Object.entries(handlers).map(([name, handle]) => [
        name,
        (payload: unknown, { job }: { job: { attempts: number; max_attempts: number } }) =>
          (handle as (payload: unknown, attempt: Attempt) => Promise<void>)(payload, {
            number: job.attempts,
            last: job.attempts >= job.max_attempts,
          }),
      ]),
    ),
  });
  const reviver = setInterval(
    () => void reviveAbandoned(pool, log).catch((error) => log.warn({ err: error }, 'could not look for abandoned jobs')),
    2000,
  );
  return {
    async stop() {
      clearInterval(reviver);
      await runner.stop().catch((error) => log.debug({ err: error }, 'the worker had stopped already'));
      presence.release();
    },
  };
}

/** Namespace of our advisory locks, so that no other use of them meets ours. */
const lockClass = 0x5a1e;

/** Says "this worker lives" by session locks: they end with the process, however it ends. */
async function holdPresence(pool: Pool, log: Log): Promise<{ add(workerId: string): void; release(): void }> {
  const workers = new Set<string>();
  let client: PoolClient | undefined;
  let released = false;
  let turn: Promise<unknown> = Promise.resolve();
  // one after the other: a connection runs one query at a time
  const hold = (id: string) => {
    turn = turn
      .then(() => client?.query('SELECT pg_advisory_lock_shared($1, hashtext($2))', [lockClass, id]))
      .catch((error) => log.warn({ err: error }, 'could not hold presence'));
    return turn;
  };
  const connect = async () => {
    client = await pool.connect();
    client.on('error', () => {
      client?.release(true);
      client = undefined;
      if (!released)
        setTimeout(
          () => void connect().catch((error) => log.warn({ err: error }, 'lost the database; trying again')),
          500,
        ).unref();
    });
    for (const id of workers) await hold(id);
  };
  await connect();
  return {
    add(id) {
      workers.add(id);
      void hold(id);
    },
    release() {
      released = true;
      client?.release(true);
      client = undefined;
    },
  };
}

/** Gives back jobs whose worker is gone: its presence lock is free. The queue alone would wait four hours. */
async function reviveAbandoned(pool: Pool, log: Log): Promise<void> {
  const { rows } = await pool.query<{ worker: string; dead: boolean }>(
    `SELECT worker, pg_try_advisory_xact_lock($1, hashtext(worker)) AS dead
     FROM (SELECT DISTINCT locked_by AS worker FROM graphile_worker.jobs WHERE locked_by IS NOT NULL AND locked_at < now() - interval '2 seconds') held`,
    [lockClass],
  );
  const dead = rows.filter((row) => row.dead).map((row) => row.worker);
  if (!dead.length) return;
  await pool.query('SELECT graphile_worker.force_unlock_workers($1)', [dead]);
  log.info({ workers: dead.length }, 'took up jobs of a process that is gone');
}

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
