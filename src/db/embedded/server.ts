import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { AppError } from '../../errors.ts';
import { serverEnvironment } from './account.ts';
import { program } from './binaries.ts';
import { readPassword } from './cluster.ts';
import { dataOf, type Place, passwordFileOf } from './place.ts';
import { commandLineOf, isRunning, startOf } from './processes.ts';

const run = promisify(execFile);

export const DATABASE = 'sales_agent';
/** Replaying what a crash left can take this long when a bulk load was under way. */
const RECOVERY_MS = 5 * 60_000;
const EXPLAIN_AFTER_MS = 5_000;

export interface Running {
  port: number;
  password: string;
  version: string;
}

export interface PidFile {
  pid: number;
  port: number;
}

/** The running server of this data folder once it takes connections, or undefined when none runs. */
export async function findServer(home: string, log: (line: string) => void): Promise<Running | undefined> {
  const since = Date.now();
  let explained = false;
  for (;;) {
    const file = await readPidFile(home);
    if (!file || !(await isPostmasterOf(home, file.pid))) return undefined;
    // Only now: the password goes to a process that we know to be our server, not to whoever took over its port.
    const password = await readPassword(home);
    const version = await greet(home, { port: file.port, password });
    if (version) return { port: file.port, password, version };

    const waitedMs = Date.now() - since;
    if (waitedMs > RECOVERY_MS) {
      throw new AppError(
        'unavailable',
        `The embedded database (process ${file.pid}) runs but does not answer. Look into pg.log in ${home}, or end that process.`,
      );
    }
    if (waitedMs > EXPLAIN_AFTER_MS && !explained) {
      explained = true;
      log('The embedded database is busy starting, recovering or stopping; waiting for it.');
    }
    await sleep(50);
  }
}

/** First lines of Postgres' own lock file. Undefined when there is none, or when it is still being written. */
export async function readPidFile(home: string): Promise<PidFile | undefined> {
  const text = await readFile(join(dataOf(home), 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : undefined;
}

/** After a crash or a reboot the pid in the file may be anybody's. */
export async function isPostmasterOf(home: string, pid: number): Promise<boolean> {
  if (!isRunning(pid) || (await startOf(pid)) === undefined) return false;
  if (process.platform === 'linux' && !(await belongsToOwnerOf(dataOf(home), pid))) return false;
  const command = await commandLineOf(pid);
  // Where nobody tells, the greeting decides.
  return command === undefined || (/postgres(\.exe)?"? "?-D/.test(command) && command.includes(dataOf(home)));
}

/** Fast shutdown: open transactions are rolled back, everything committed stays. Resolves when the server is gone. */
export async function stopServer(place: Place, binaries: string, pid: number): Promise<void> {
  const data = dataOf(place.home);
  const { account } = place;
  try {
    await run(program(binaries, 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w', '-t', '60'], {
      cwd: data,
      env: serverEnvironment(),
      ...(account && { uid: account.uid, gid: account.gid }),
    });
  } catch (cause) {
    if (!(await isPostmasterOf(place.home, pid))) return;
    throw new AppError(
      'unavailable',
      `The embedded database (process ${pid}) did not stop within a minute and is left running.`,
      { cause },
    );
  }
}

/** Whether anybody but us is connected. Somebody is, when the server does not say: all its connections may be taken. */
export async function hasConnections(server: { port: number; password: string }): Promise<boolean> {
  const question = `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
  const others = await ask(server, (client) => client.query(question)).catch(() => undefined);
  return others === undefined || others.rowCount !== 0;
}

/**
 * The version of the server, when it is ours and ready. Also makes our database: at the first start,
 * or when the start before was killed between the cluster and the database.
 */
async function greet(home: string, server: { port: number; password: string }): Promise<string | undefined> {
  try {
    return await ask(server, async (client) => {
      const { rows } = await client.query<{ folder: string; version: string; present: boolean }>(
        `select current_setting('data_directory') as folder, current_setting('server_version') as version,
                exists (select from pg_database where datname = $1) as present`,
        [DATABASE],
      );
      const found = rows[0]!;
      if (!(await isSameFolder(found.folder, dataOf(home)))) return undefined;
      if (!found.present) await client.query(`create database ${DATABASE}`);
      return found.version;
    });
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new AppError(
        'unavailable',
        `The embedded database does not accept the password in ${passwordFileOf(home)}. Put back the password file that was made together with this data.`,
        { cause: error },
      );
    }
    // Not yet ready (or no longer): refused, starting up, shutting down, all connections taken.
    return undefined;
  }
}

async function ask<T>(server: { port: number; password: string }, question: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    password: server.password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 5_000,
  });
  // A server that goes away while we talk rejects the query; without a listener it would also end this process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await question(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const [a, b] = await Promise.all([stat(one).catch(() => undefined), stat(other).catch(() => undefined)]);
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

async function belongsToOwnerOf(data: string, pid: number): Promise<boolean> {
  const [folder, process] = await Promise.all([stat(data).catch(() => undefined), stat(`/proc/${pid}`).catch(() => undefined)]);
  return folder === undefined || process === undefined || folder.uid === process.uid;
}
