import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { AppError, messageOf } from '../errors.ts';

/** A pool to borrow one connection from, or where to connect. */
export type Target = pg.Pool | string;

/** The advisory lock Prisma's own engine takes, so that ours and `prisma migrate deploy` wait for each other. */
const PRISMA_LOCK = 72_707_369;

interface Migration {
  name: string;
  sql: string;
}

/**
 * Brings a database to the present schema and answers with the names of the migrations it applied.
 * Any number of processes may call this at once: one works, the others find nothing left to do.
 */
export async function migrate(target: Target, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  return withConnection(target, (client) =>
    underLock(client, async () => {
      await createHistory(client);
      const pending = pendingOf(migrations, await readHistory(client));
      for (const migration of pending) await apply(client, migration);
      return pending.map(({ name }) => name);
    }),
  );
}

/** What `migrate` would apply. Changes nothing and takes no lock, so that a readiness check may ask it often. */
export async function pendingMigrations(target: Target, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  return withConnection(target, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(`select to_regclass('_prisma_migrations') is not null as there`);
    const history = rows[0]?.there ? await readHistory(client) : [];
    return pendingOf(migrations, history).map(({ name }) => name);
  });
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  // Names begin with a timestamp: the order of names is the order of making.
  const names = folders.map(({ name }) => name).sort();
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(join(dir, name, 'migration.sql'), 'utf8') })));
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

/** Column for column as Prisma makes it, which keeps its command line usable on our databases. */
async function createHistory(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create table if not exists _prisma_migrations (
      id varchar(36) primary key not null,
      checksum varchar(64) not null,
      finished_at timestamptz,
      migration_name varchar(255) not null,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz not null default now(),
      applied_steps_count integer not null default 0
    )`);
}

async function readHistory(client: pg.ClientBase): Promise<HistoryRow[]> {
  const { rows } = await client.query<HistoryRow>(
    `select migration_name, checksum, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null order by migration_name`,
  );
  return rows;
}

/** Refuses every history that is not the beginning of ours: going on would guess. */
function pendingOf(migrations: Migration[], history: HistoryRow[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));

  const unknown = history.filter((row) => !known.has(row.migration_name)).map((row) => row.migration_name);
  if (unknown.length > 0) {
    throw new AppError(
      'conflict',
      `This database was made by a newer version of Sales Agent: it has ${list(unknown)}, which this version does not know. Update Sales Agent, or use another database.`,
    );
  }
  for (const { migration_name: name, checksum, finished } of history) {
    if (!finished) {
      throw new AppError(
        'conflict',
        `The migration ${name} failed half-way, applied by another tool. Repair it with "npx prisma migrate resolve", or restore the database from a backup.`,
      );
    }
    if (!checksumsOf(known.get(name)!.sql).includes(checksum)) {
      throw new AppError(
        'conflict',
        `The migration ${name} was changed after it was applied to this database. Put the file back as it was and write a new migration for the change.`,
      );
    }
  }
  const done = new Set(history.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** The statements and the row that records them share one transaction: a migration is there entirely or not at all. */
async function apply(client: pg.ClientBase, { name, sql }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksumsOf(sql)[0], name],
    );
    await client.query('commit');
  } catch (cause) {
    // When the connection is gone there is nothing to roll back, and the first error is the one to tell.
    await client.query('rollback').catch(() => {});
    throw new AppError(
      'internal',
      `The migration ${name} failed${lineOf(sql, cause)} and was rolled back; the database is as it was before it. Postgres said: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** Git may change line ends on the way to another system; Prisma too accepts a file with either. */
function checksumsOf(sql: string): [string, ...string[]] {
  const unix = sql.replaceAll('\r\n', '\n');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  return [sha256(unix), sha256(unix.replaceAll('\n', '\r\n')), sha256(sql)];
}

function lineOf(sql: string, error: unknown): string {
  const position = Number((error as { position?: string }).position);
  // Positions count characters from 1.
  return position > 0 ? ` at line ${[...sql].slice(0, position - 1).filter((char) => char === '\n').length + 1}` : '';
}

async function underLock<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
  try {
    return await work();
  } finally {
    // A lost connection gave the lock back by itself.
    await client.query('select pg_advisory_unlock($1)', [PRISMA_LOCK]).catch(() => {});
  }
}

async function withConnection<T>(target: Target, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  if (typeof target !== 'string') {
    const client = await target.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }
  const client = new pg.Client({ connectionString: target });
  // Losing the connection rejects the query under way; without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function list(names: string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
