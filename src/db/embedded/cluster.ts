import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../errors.ts';
import { type Account, serverEnvironment } from './account.ts';
import { program } from './binaries.ts';
import { exists, syncFolder } from './folders.ts';
import { clusterOf, dataOf, type Place, passwordFileOf } from './place.ts';

const run = promisify(execFile);
const UNFINISHED = 'unfinished-';

export const hasCluster = (home: string): Promise<boolean> => exists(dataOf(home));

/**
 * Makes data folder and password in a sibling folder and publishes both with one rename. Whoever is killed on the way
 * leaves something nobody will take for a database.
 */
export async function createCluster(place: Place, binaries: string, options: { noSync: boolean }): Promise<void> {
  await sweepUnfinished(place.home);
  const staging = join(place.home, UNFINISHED + randomUUID().slice(0, 8));
  const data = join(staging, 'data');
  const handedOver = join(staging, 'password-for-initdb');
  const password = randomBytes(24).toString('base64url');

  await mkdir(staging);
  if (place.account) await chmod(staging, 0o755);
  await mkdir(data, { mode: 0o700 });
  await writeFile(join(staging, 'password'), `${password}\n`, { mode: 0o600 });
  await writeFile(handedOver, `${password}\n`, { mode: 0o600 });
  if (place.account) await giveTo(place.account, data, handedOver);

  await runInitdb(binaries, data, handedOver, place.account, options.noSync);
  await rm(handedOver);
  await syncFolder(staging);
  await rename(staging, clusterOf(place.home));
  await syncFolder(place.home);
}

export async function readPassword(home: string): Promise<string> {
  const file = passwordFileOf(home);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The password of the embedded database cannot be read from ${file}. Put the file back, or make it readable.`,
      { cause },
    );
  }
}

/** A newer major version of Postgres does not open older data, and says so less kindly. */
export async function checkMajorVersion(home: string, binaries: string): Promise<void> {
  const made = (await readFile(join(dataOf(home), 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(program(binaries, 'initdb'), ['--version'], { env: serverEnvironment() });
  const carried = /(\d+)\./.exec(stdout)?.[1];
  if (carried === undefined || made === carried) return;
  throw new AppError(
    'unavailable',
    `The data in ${dataOf(home)} was made by Postgres ${made}, and this version of Sales Agent carries Postgres ${carried}. Move the data with pg_dump and pg_restore, or choose another DATA_DIR.`,
  );
}

async function runInitdb(
  binaries: string,
  data: string,
  passwordFile: string,
  account: Account | undefined,
  noSync: boolean,
): Promise<void> {
  const args = [
    ...['-D', data, '-U', 'postgres', '-E', 'UTF8'],
    ...['-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    // The provider inside Postgres folds case for all of Unicode and sorts alike on every system, unlike the C library's.
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...(noSync ? ['--no-sync'] : []),
  ];
  try {
    await run(program(binaries, 'initdb'), args, {
      cwd: data,
      env: serverEnvironment(),
      ...(account && { uid: account.uid, gid: account.gid }),
    });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').slice(-5).join(' ') ?? '';
    throw new AppError('unavailable', `The embedded database could not be created in ${data}. ${said}`.trim(), { cause });
  }
}

async function sweepUnfinished(home: string): Promise<void> {
  for (const entry of await readdir(home)) {
    if (!entry.startsWith(UNFINISHED)) continue;
    // An initdb whose parent was killed may still be writing; then the next start sweeps.
    await rm(join(home, entry), { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

async function giveTo(account: Account, ...paths: string[]): Promise<void> {
  for (const path of paths) await chown(path, account.uid, account.gid);
}
