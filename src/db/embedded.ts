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
import { watchServer } from './embedded/watch.ts';

export interface Embedded {
  /** `postgresql://postgres:<password>@127.0.0.1:<port>/sales_agent` */
  url: string;
  /** Where the data really lies, which is not DATA_DIR when root runs it from a folder nobody else may enter. */
  dataDir: string;
  /** True when the server was already running, for another process or since an earlier one was killed. */
  adopted: boolean;
  version: string;
  /**
   * From now until the release, a server that goes away is started again, by whichever process on the folder comes first.
   * `onMoved` hears of the new address when the old port was taken meanwhile.
   */
  keepRunning(options: { log: (line: string) => void; onMoved: (url: string) => void }): void;
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
    return handle({ place, server, adopted: running !== undefined, presence, settings, log });
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

interface Opened {
  place: Place;
  server: Running;
  adopted: boolean;
  presence: Presence;
  settings: Record<string, string>;
  log: (line: string) => void;
}

function handle({ place, server: first, adopted, presence, settings, log }: Opened): Embedded {
  let server = first;
  let watch: { stop(): void } | undefined;
  let released: Promise<'stopped' | 'left running'> | undefined;
  const locked = <T>(work: () => Promise<T>): Promise<T> => withLock(join(place.home, 'claims'), log, work);
  return {
    url: urlOf(server),
    dataDir: dataOf(place.home),
    adopted,
    version: server.version,
    keepRunning({ log: tell, onMoved }) {
      watch ??= watchServer(place.home, tell, () =>
        locked(async () => {
          // Asked to leave while it waited for the lock: what nobody needs is not started.
          if (released) return;
          const former = server.port;
          server = await revive(place, settings, tell);
          if (server.port !== former) onMoved(urlOf(server));
        }),
      );
    },
    release() {
      watch?.stop();
      released ??= locked(() => leave(place, server, presence));
      return released;
    },
  };
}

/** Under the lock: the server another process has started meanwhile, or one of our own. Never a new, empty database. */
async function revive(place: Place, settings: Record<string, string>, log: (line: string) => void): Promise<Running> {
  if (!(await hasCluster(place.home))) throw new AppError('unavailable', `The data is no longer in ${place.home}.`);
  return (await findServer(place.home, log)) ?? start(place, settings, log);
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

const urlOf = ({ password, port }: Running): string => `postgresql://postgres:${password}@127.0.0.1:${port}/${DATABASE}`;
const usersOf = (place: Place): string => join(place.home, 'users');
