import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { World } from '../../world.ts';

export interface Other {
  process: ChildProcess;
  go(): void;
  /** What it says next. */
  line(): Promise<string>;
  kill(): Promise<void>;
}

/** Another process of ours on the database of this world, ready to begin. */
export async function otherProcess(world: World, order: 'put' | 'work' | 'hold' | 'send'): Promise<Other> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/db/chat/chat-child.ts', order], {
    env: { ...process.env, APP_ENV: 'test', DATABASE_URL: world.databaseUrl, DATA_DIR: world.config.DATA_DIR },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value as string;
  if ((await line()) !== 'ready') throw new Error('the other process did not start');
  return {
    process: child,
    line,
    go: () => void child.stdin!.write('go\n'),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
