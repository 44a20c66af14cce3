import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../../world.ts';

export interface Other {
  process: ChildProcess;
  go(): void;
  /** What it says next. */
  line(): Promise<string>;
  kill(): Promise<void>;
}

/** Its connections bear this name, so that a test can tell when the server is through with what they had asked. */
const itsName = 'other process';

/** Another process of ours on the database of this world, ready to begin. */
export async function otherProcess(world: World, order: 'put' | 'work' | 'hold' | 'send'): Promise<Other> {
  const url = new URL(world.databaseUrl);
  url.searchParams.set('application_name', itsName);
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/db/chat/chat-child.ts', order], {
    env: { ...process.env, APP_ENV: 'test', DATABASE_URL: url.href, DATA_DIR: world.config.DATA_DIR },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value as string;
  if ((await line()) !== 'ready') throw new Error('the other process did not start');
  const lives = () =>
    world.database.pool.query('SELECT FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()', [
      itsName,
    ]);
  if (!(await lives()).rowCount) throw new Error('none of its connections bears its name');
  return {
    process: child,
    line,
    go: () => void child.stdin!.write('go\n'),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
      // what a killed process asked is still done, and its locks held until then
      while ((await lives()).rowCount) await sleep(10);
    },
  };
}
