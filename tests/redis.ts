import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';

const program = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']
  .map((folder) => join(folder, 'redis-server'))
  .find((path) => existsSync(path));
const given = process.env['REDIS_URL_TEST'];

/** For describe.skipIf: why tests of Redis cannot run here, said once for each file. */
export const withoutRedis = !given && !program;
/** The same for tests that stop their server. */
export const withoutOwnRedis = !program;
if (withoutOwnRedis)
  process.stderr.write(
    `Tests of Redis are skipped: there is no redis-server here${given ? ' to stop and start' : ' and REDIS_URL_TEST names none'}.\n`,
  );

export interface TestRedis {
  url: string;
  /** Of the test, to look into it. */
  client: Redis;
  /** As after a restart of a server that keeps nothing. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** An empty database: of a server of its own, or of the one that REDIS_URL_TEST names. */
export async function freshRedis(): Promise<TestRedis> {
  const server = given ? undefined : await startRedis();
  const url = server?.url ?? given!.replace(/(\/\d+)?$/, `/${randomInt(1, 16)}`);
  const client = new Redis(url);
  const empty = async () => void (await client.flushdb());
  await empty();
  return {
    ...{ url, client, empty },
    async stop() {
      await empty();
      client.disconnect();
      await server?.stop();
    },
  };
}

export interface RedisProcess {
  url: string;
  port: number;
  process: ChildProcess;
  stop(): Promise<void>;
}

/** A server on loopback that keeps nothing on disk. */
export async function startRedis({ port = 0, args = [] }: { port?: number; args?: string[] } = {}): Promise<RedisProcess> {
  const own = port || (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'sales-agent-redis-'));
  const settings = ['--port', String(own), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...args];
  const child = spawn(program!, settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.includes('Ready to accept connections')) break;
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error(`redis-server does not start:\n${said.join('\n')}`);
  return {
    url: `redis://127.0.0.1:${own}`,
    port: own,
    process: child,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
