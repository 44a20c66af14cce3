import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const debian = '/usr/lib/postgresql';

/** A scratch server of the installed PostgreSQL packages, as distributions set it up; nothing when there are none. */
export async function startServer(): Promise<{ url: string; stop(): Promise<void> } | undefined> {
  const version = existsSync(debian) ? readdirSync(debian).sort().at(-1) : undefined;
  if (!version) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'sales-agent-bench-server-'));
  const asServer = async (program: string, ...args: string[]) => {
    const path = join(debian, version, 'bin', program);
    return process.getuid?.() === 0 ? run('runuser', ['-u', 'postgres', '--', path, ...args]) : run(path, args);
  };
  if (process.getuid?.() === 0) {
    const id = Number((await run('id', ['-u', 'postgres'])).stdout);
    await chmod(folder, 0o755);
    await chown(folder, id, id);
  }
  const data = join(folder, 'data');
  await asServer('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  const port = await freePort();
  const flags = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_wal_size=4GB`;
  await asServer('pg_ctl', '-D', data, '-w', '-l', join(data, 'log'), '-o', flags, 'start');
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await asServer('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
