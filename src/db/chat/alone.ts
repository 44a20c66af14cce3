import type { Pool, PoolClient } from 'pg';
import { type Alone, jobKeys, surfaceOfJob } from '../../core/job.ts';
import type { Log } from '../../log.ts';

/** Namespace of these advisory locks. */
const lockClass = 23071;
/** Whoever finds a key taken looks again after this long, in case its holder dies. */
const lookAgain = '1 second';

/**
 * Holds on keys over all processes: session locks of one connection, which end with the process or its connection, however it ends.
 * The queue's own named queues would do for a few names; for a name per thread, taking any job would mean locking them all.
 */
class Holds {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #held = new Map<string, AbortController>();
  #client: Promise<PoolClient> | undefined;
  /** Takes back what we listen to on it; its next borrower is somebody else. */
  #deaf: () => void = () => undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(pool: Pool, log: Log) {
    this.#pool = pool;
    this.#log = log;
  }

  /** Nothing when somebody holds it. The signal says that the hold is lost. */
  async take(key: string): Promise<AbortSignal | undefined> {
    // a session may take its own lock again: of ourselves we keep count here
    if (this.#held.has(key)) return undefined;
    const hold = new AbortController();
    this.#held.set(key, hold);
    try {
      const rows = await this.#query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1::int, hashtext($2)) AS taken', key);
      if (rows[0]?.taken) return hold.signal;
      this.#forget(key);
      return undefined;
    } catch (error) {
      this.#forget(key);
      throw error;
    }
  }

  async release(key: string): Promise<void> {
    const hold = this.#held.get(key);
    if (!hold) return;
    try {
      if (!hold.signal.aborted) await this.#query('SELECT pg_advisory_unlock($1::int, hashtext($2))', key);
    } catch (error) {
      this.#log.warn({ err: error }, 'could not let go of a lock; its connection goes');
      this.#drop();
    }
    this.#forget(key);
  }

  /** One query after the other: that is what a connection can do. */
  async #query<Row>(sql: string, key: string): Promise<Row[]> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    const answer = this.#turn.then(() => client.query(sql, [lockClass, key]));
    this.#turn = answer.catch(() => undefined);
    return (await answer).rows as Row[];
  }

  async #connect(): Promise<PoolClient> {
    try {
      const client = await this.#pool.connect();
      const lost = () => this.#drop();
      client.once('error', lost);
      this.#deaf = () => client.off('error', lost);
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  #forget(key: string): void {
    this.#held.delete(key);
    if (this.#held.size > 0 || !this.#client) return;
    const client = this.#client;
    this.#client = undefined;
    this.#deaf();
    void client.then((free) => free.release()).catch(() => undefined);
  }

  /** With the connection all holds go. */
  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#deaf();
    for (const hold of this.#held.values()) hold.abort();
    void client?.then((gone) => gone.release(true)).catch(() => undefined);
  }
}

export function alone(pool: Pool, log: Log): Alone {
  const holds = new Holds(pool, log);
  return async (name, payload, work) => {
    // the names and their payloads belong together
    const key = (jobKeys[name] as (of: typeof payload) => string)(payload);
    // whose job it is does not change by being put off
    const flags = [surfaceOfJob(name, payload)].filter((flag) => flag !== undefined);
    const signal = await holds.take(key);
    if (!signal) {
      await pool.query(
        `SELECT graphile_worker.add_job($1, $2::json, run_at => now() + $4::interval, job_key => $3, max_attempts => 5, job_key_mode => 'preserve_run_at',
           flags => $5::text[])`,
        [name, JSON.stringify(payload), key, lookAgain, ['news', ...flags]],
      );
      return false;
    }
    try {
      await work(signal);
    } finally {
      await holds.release(key);
    }
    // news that came meanwhile waits to look again: now is the time; what the work itself put off keeps its time
    await pool.query(
      `SELECT graphile_worker.add_job($1, $2::json, job_key => $3, max_attempts => 5, flags => $4::text[])
       WHERE EXISTS (SELECT FROM graphile_worker.jobs WHERE key = $3 AND locked_at IS NULL AND run_at > now() AND flags ? 'news')`,
      [name, JSON.stringify(payload), key, flags],
    );
    return true;
  };
}
