import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, messageOf } from '../errors.ts';
import { findBinaries } from './embedded/binaries.ts';
import { checkMajorVersion, createCluster, hasCluster } from './embedded/cluster.ts';
import { withLock } from './embedded/lock.ts';
import { choosePlace, dataOf, type Place } from './embedded/place.ts';
import { announce, neighbours, type Presence } from './embedded/presence.ts';
import {
  DATABASE,
  findServer,
  hasConnections,
  isPostmasterOf,
  type Running,
  readPidFile,
  stopServer,
} from './embedded/server.ts';
import { startServer } from './embedded/start.ts';

export interface Embedded {
  /** `postgresql://postgres:<password>@127.0.0.1:<port>/sales_agent` */
  url: string;
  /** Where the data really lies, which is not DATA_DIR when root runs it from a folder nobody else may enter. */
  dataDir: string;
  /** True when the server was already running, for another process or since an earlier one was killed. */
  adopted: boolean;
  version: string;
  /** Close your connections first. The last one out stops the server; calling twice does nothing. */
  release(): Promise<'stopped' | 'left running'>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log?: (line: string) => void;
  /** Postgres settings on top of ours; they count for the process that starts the server. */
  settings?: Record<string, string>;
}

/** How long connections that are just being closed may take before they count as somebody's. */
const CLOSING_MS = 500;

/**
 * A real Postgres for one data folder: made at the first start, shared by every process on that folder,
 * found again when whoever started it was killed.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, log = () => {}, settings = {} } = options;
  try {
    const place = await choosePlace(dataDir);
    return await withLock(join(place.home, 'claims'), log, () => open(place, settings, log));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'unavailable',
      `The embedded database could not be opened in ${dataDir}: ${messageOf(error)}. Choose another DATA_DIR, or set DATABASE_URL to a Postgres server.`,
      { cause: error },
    );
  }
}

async function open(place: Place, settings: Record<string, string>, log: (line: string) => void): Promise<Embedded> {
  // Announced under the lock and before the server is used: who stops it looks at this list under the same lock.
  const presence = await announce(usersOf(place));
  try {
    const running = (await hasCluster(place.home)) ? await findServer(place.home, log) : undefined;
    const server = running ?? (await start(place, settings, log));
    if (place.aside) log(`The user that runs the embedded database cannot reach DATA_DIR, so its data lies in ${place.home}.`);
    return handle(place, server, running !== undefined, presence, log);
  } catch (error) {
    await presence.withdraw();
    throw error;
  }
}

async function start(place: Place, settings: Record<string, string>, log: (line: string) => void): Promise<Running> {
  await refuseSecondComputer(place);
  const binaries = await findBinaries(place);
  if (await hasCluster(place.home)) {
    await checkMajorVersion(place.home, binaries);
  } else {
    log(`Making a new database in ${place.home}.`);
    await createCluster(place, binaries, { noSync: settings.fsync === 'off' });
  }
  return startServer(place, binaries, settings, log);
}

/** Two servers on one data folder destroy it, and neither sees the other from another container or computer. */
async function refuseSecondComputer(place: Place): Promise<void> {
  const users = await neighbours(usersOf(place));
  if (!users.some((user) => user.elsewhere)) return;
  throw new AppError(
    'unavailable',
    `The database in ${place.home} is in use from another computer or container. Stop that one first, or run a Postgres server for both and set DATABASE_URL.`,
  );
}

function handle(place: Place, server: Running, adopted: boolean, presence: Presence, log: (line: string) => void): Embedded {
  let released: Promise<'stopped' | 'left running'> | undefined;
  return {
    url: `postgresql://postgres:${server.password}@127.0.0.1:${server.port}/${DATABASE}`,
    dataDir: dataOf(place.home),
    adopted,
    version: server.version,
    release() {
      released ??= withLock(join(place.home, 'claims'), log, () => leave(place, server, presence));
      return released;
    },
  };
}

async function leave(place: Place, server: Running, presence: Presence): Promise<'stopped' | 'left running'> {
  await presence.withdraw();
  if ((await neighbours(usersOf(place))).length > 0) return 'left running';

  const file = await readPidFile(place.home);
  if (!file || !(await isPostmasterOf(place.home, file.pid))) return 'stopped';
  // Somebody may have been given the URL: a person with psql, a process started with DATABASE_URL.
  if (await hasGuests({ ...server, port: file.port })) return 'left running';
  await stopServer(place, await findBinaries(place), file.pid);
  return 'stopped';
}

async function hasGuests(server: Running): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < CLOSING_MS; waitedMs += 50) {
    if (!(await hasConnections(server))) return false;
    await sleep(50);
  }
  return true;
}

const usersOf = (place: Place): string => join(place.home, 'users');
