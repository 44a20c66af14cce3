import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../../errors.ts';

const run = promisify(execFile);

/** The user the server runs as, when that is not us: Postgres refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

/**
 * What a Postgres program finds in its environment. Ours is not handed on: the server outlives us, and its environment,
 * with every API key in it, would be readable from /proc for as long. Messages in English because we read them.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP, TMP } = process.env;
  return { PATH, SystemRoot, TEMP, TMP, LC_ALL: 'C', TZ: 'UTC' };
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** An unprivileged user every system has; `postgres` where a packaged Postgres already made one for this purpose. */
export async function unprivilegedAccount(): Promise<Account> {
  for (const name of ['postgres', 'nobody']) {
    const account = await lookUp(name);
    if (account) return account;
  }
  throw new AppError(
    'unavailable',
    'The embedded database does not run as root, and this system has neither a user "postgres" nor a user "nobody". Start as an ordinary user, or set DATABASE_URL to a Postgres server.',
  );
}

/** Asks by trying: permissions, access lists and mounts all have their say. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  const attempt = run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', uid: account.uid, gid: account.gid });
  return attempt.then(
    () => true,
    () => false,
  );
}

async function lookUp(name: string): Promise<Account | undefined> {
  const id = async (flag: string) => Number((await run('id', [flag, name])).stdout);
  try {
    const [uid, gid] = [await id('-u'), await id('-g')];
    return uid > 0 ? { uid, gid, name } : undefined;
  } catch {
    // `id` fails for a user that does not exist; the next name is tried.
    return undefined;
  }
}
