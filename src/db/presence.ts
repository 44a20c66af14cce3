import type { Pool } from 'pg';
import type { Log } from '../log.ts';

/** Namespace of our advisory locks, so that no other use of them meets ours. */
const lockClass = 0x5a1e;

/** Says "these workers live", and "these chat surfaces are served", by session locks: they end with the process or its connection, however it ends. */
export interface Presence {
  /** Resolves when nothing is held any more: others may take our jobs from now on. */
  lost: Promise<void>;
  add(name: string): void;
  release(): void;
}

export async function holdPresence(pool: Pool, log: Log): Promise<Presence> {
  const client = await pool.connect();
  let held = true;
  let announce: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const release = () => {
    if (!held) return;
    held = false;
    client.release(true);
    announce();
  };
  client.once('error', release);
  let turn: Promise<unknown> = Promise.resolve();
  return {
    lost,
    add(name) {
      // one after the other: a connection runs one query at a time
      turn = turn
        .then(() => (held ? client.query('SELECT pg_advisory_lock_shared($1, hashtext($2))', [lockClass, name]) : undefined))
        .catch((error) => {
          // let go while it was still asking: nothing is wrong
          if (held) log.warn({ err: error }, 'could not hold presence');
          release();
        });
    },
    release,
  };
}

const surfaceName = (surface: string): string => `surface:${surface}`;

/** Says so for as long as it is held. */
export const serve = (presence: Presence, surfaces: readonly string[]): void => {
  for (const surface of surfaces) presence.add(surfaceName(surface));
};

/** Those of these chat surfaces that some process works for right now. */
export async function served<Id extends string>(pool: Pool, surfaces: readonly Id[]): Promise<Id[]> {
  const { rows } = await pool.query<{ surface: Id }>(
    `SELECT surface FROM unnest($2::text[], $3::text[]) AS wanted (surface, name)
     WHERE EXISTS (
       SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND classid = $1::bigint::oid AND objid = (hashtext(name)::bigint & 4294967295)::oid)`,
    [lockClass, surfaces, surfaces.map(surfaceName)],
  );
  return rows.map(({ surface }) => surface);
}

/** Gives back jobs whose worker is gone: its presence lock is free. The queue alone would wait four hours. */
export async function reviveAbandoned(pool: Pool, log: Log): Promise<void> {
  const { rows } = await pool.query<{ worker: string; dead: boolean }>(
    `SELECT worker, pg_try_advisory_xact_lock($1, hashtext(worker)) AS dead
     FROM (SELECT DISTINCT locked_by AS worker FROM graphile_worker.jobs WHERE locked_by IS NOT NULL AND locked_at < now() - interval '2 seconds') held`,
    [lockClass],
  );
  const dead = rows.filter((row) => row.dead).map((row) => row.worker);
  if (!dead.length) return;
  await pool.query('SELECT graphile_worker.force_unlock_workers($1)', [dead]);
  log.info({ workers: dead.length }, 'took up jobs of a worker that is gone');
}
