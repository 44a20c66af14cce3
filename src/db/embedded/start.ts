import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import { serverEnvironment } from './account.ts';
import { program } from './binaries.ts';
import { dataOf, type Place } from './place.ts';
import { isRunning } from './processes.ts';
import { findServer, type Running, readPidFile } from './server.ts';

const LOG_LIMIT_BYTES = 5_000_000;
/** Orphans of a killed server notice within moments, unless they are deep in a long query. */
const ORPHANS_MS = 30_000;

const ourSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  // Bulk imports would otherwise force a checkpoint every second gigabyte.
  max_wal_size: '4GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Failed statements quote customers' data, and reach their caller anyway; the log keeps the server's own troubles.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** Starts the server of a data folder that has none running, detached: it outlives us, whatever kills us. */
export async function startServer(
  place: Place,
  binaries: string,
  settings: Record<string, string>,
  log: (line: string) => void,
): Promise<Running> {
  const since = Date.now();
  // Whoever knows the address from before finds the server again: another process, a person with psql.
  let port = (await formerPort(place.home)) ?? (await freePort());
  for (let attempt = 1; ; attempt += 1) {
    const output = await openLog(place);
    const child = await launch(place, binaries, { ...ourSettings, ...settings, port: String(port) }, output.handle);
    await output.handle.close();
    const server = await untilReadyOrGone(place.home, child, log);
    if (server) return server;

    const lastWords = await readFrom(output.path, output.size);
    const portTaken = /could not bind|Address already in use/i.test(lastWords);
    const orphansLeft = /pre-existing shared memory block|lock file ".*" already exists/i.test(lastWords);
    const worthAnother = (portTaken && attempt < 5) || (orphansLeft && Date.now() - since < ORPHANS_MS);
    if (!worthAnother) throw new AppError('unavailable', explain(lastWords, output.path));
    if (portTaken) port = await freePort();
    if (orphansLeft) {
      await sleep(200);
      // It may be no orphan but a whole server whose starter was killed before its pid file was there.
      const other = await findServer(place.home, log);
      if (other) return other;
    }
  }
}

async function launch(
  place: Place,
  binaries: string,
  settings: Record<string, string>,
  output: FileHandle,
): Promise<ChildProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const env = serverEnvironment();
  // A pid file whose pid meanwhile belongs to somebody else would make Postgres refuse. With this it ignores that one pid
  // and keeps its other safeguards, which deleting the file would throw away.
  const stale = await readPidFile(place.home);
  if (stale && isRunning(stale.pid)) env.PG_GRANDPARENT_PID = String(stale.pid);

  const child = spawn(program(binaries, 'postgres'), ['-D', dataOf(place.home), ...flags], {
    cwd: dataOf(place.home),
    env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output.fd, output.fd],
    ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  return child;
}

async function untilReadyOrGone(home: string, child: ChildProcess, log: (line: string) => void): Promise<Running | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    // Until the pid file names the new process, nobody is found and we look again.
    const server =
      (await readPidFile(home))?.pid === child.pid ? await stoppingOnFailure(child, findServer(home, log)) : undefined;
    if (server) return server;
    await sleep(10);
  }
  return undefined;
}

/** A server that came up but is of no use to us (its password is not ours) must not stay behind. */
async function stoppingOnFailure<T>(child: ChildProcess, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    child.kill('SIGINT');
    await new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
      else child.once('exit', resolve);
    });
    throw error;
  }
}

async function openLog(place: Place): Promise<{ handle: FileHandle; path: string; size: number }> {
  const path = join(place.home, 'pg.log');
  const before = await stat(path).catch(() => undefined);
  if (before && before.size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
  const handle = await open(path, 'a', 0o600);
  const { size } = await handle.stat();
  // Root may run what an ordinary user began; that user must be able to go on writing.
  if (place.account) await handle.chown(place.account.uid, place.account.gid);
  return { handle, path, size };
}

async function readFrom(path: string, offset: number): Promise<string> {
  const bytes = await readFile(path);
  return bytes.subarray(offset).toString('utf8');
}

const knownTroubles: [RegExp, string][] = [
  [/No space left on device/i, 'the disk is full'],
  [/Cannot allocate memory|could not (map|create) .*shared memory/i, 'there is not enough (shared) memory'],
  [/has wrong ownership|invalid permissions|Permission denied/i, 'the data folder is not the property of the user that runs it'],
  [/could not locate a valid checkpoint|invalid checkpoint|PANIC/i, 'the data folder is damaged; restore it from a backup'],
  [/unrecognized configuration parameter|invalid value for parameter/i, 'a setting is wrong'],
  [/database files are incompatible/i, 'the data was made by another version of Postgres'],
];

function explain(lastWords: string, path: string): string {
  const reason = knownTroubles.find(([pattern]) => pattern.test(lastWords))?.[1];
  const lines = lastWords
    .trim()
    .split('\n')
    .slice(-5)
    // Without time and process id in front.
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] /, '').trim());
  const quoted = lines.join(' ') || '(nothing)';
  return `The embedded database did not start${reason ? `: ${reason}` : ''}. It last said: ${quoted} More in ${path}.`;
}

/** Postgres keeps the flags it was last started with beside its data, through every kind of end. */
async function formerPort(home: string): Promise<number | undefined> {
  const flags = await readFile(join(dataOf(home), 'postmaster.opts'), 'utf8').catch(() => '');
  const port = Number(/"port=(\d+)"/.exec(flags)?.[1]);
  return port > 0 ? port : undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
