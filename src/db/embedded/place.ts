import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';
import { type Account, canEnter, isRoot, unprivilegedAccount } from './account.ts';

/** Where things go that a system keeps between boots; a tmp folder is emptied by cleaners, data and all. */
export const SYSTEM_FOLDER = '/var/lib/sales-agent';

/** The folder that holds everything of one embedded server, and the user it runs as when that is not us. */
export interface Place {
  home: string;
  account?: Account;
  /** True when the data could not stay in DATA_DIR. */
  aside: boolean;
}

export const clusterOf = (home: string): string => join(home, 'cluster');
export const dataOf = (home: string): string => join(clusterOf(home), 'data');
export const passwordFileOf = (home: string): string => join(clusterOf(home), 'password');

/** An ordinary user keeps all in DATA_DIR. Root does too, as long as the user that will run the server can get there. */
export async function choosePlace(dataDir: string): Promise<Place> {
  await mkdir(dataDir, { recursive: true });
  const inside = join(await realpath(dataDir), 'postgres');
  return isRoot() ? placeForRoot(inside) : placeForUser(inside);
}

async function placeForUser(home: string): Promise<Place> {
  const owner = await ownerOf(dataOf(home));
  if (owner && process.getuid && owner.uid !== process.getuid()) {
    throw new AppError(
      'unavailable',
      `The database in ${home} was made by another user (uid ${owner.uid}). Start as that user or as root, or choose another DATA_DIR.`,
    );
  }
  await mkdir(home, { recursive: true, mode: 0o700 });
  return { home, aside: false };
}

async function placeForRoot(inside: string): Promise<Place> {
  const asideHome = join(SYSTEM_FOLDER, createHash('sha256').update(inside).digest('hex').slice(0, 16));

  // Data that exists decides, and so does its owner: an ordinary user may have begun what root now opens.
  for (const home of [inside, asideHome]) {
    const owner = await ownerOf(dataOf(home));
    if (!owner || owner.uid === 0) continue;
    const account = { ...owner, name: `uid ${owner.uid}` };
    if (await canEnter(account, home)) return { home, account, aside: home === asideHome };
    throw new AppError(
      'unavailable',
      `The database in ${home} belongs to uid ${owner.uid}, who can no longer reach that folder. Give the folders above it the x permission again (chmod a+x).`,
    );
  }

  const account = await unprivilegedAccount();
  for (const home of [inside, asideHome]) {
    await makeReachable(home);
    if (await canEnter(account, home)) return { home, account, aside: home === asideHome };
    // Ours and still empty, or another process is just using it: either way nothing is lost.
    await rmdir(home).catch(() => {});
  }
  throw new AppError(
    'unavailable',
    `The embedded database runs as user "${account.name}", who can reach neither ${inside} nor ${asideHome}. Choose a DATA_DIR that user can reach, or set DATABASE_URL to a Postgres server.`,
  );
}

async function makeReachable(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  // A strict umask would shut out the user that runs the server. Data and password inside have modes of their own.
  await chmod(home, 0o755);
  if (home.startsWith(SYSTEM_FOLDER)) await chmod(SYSTEM_FOLDER, 0o755);
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  return stat(path).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => undefined,
  );
}
