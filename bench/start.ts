import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, print, ratio, row } from './figures.ts';

const port = 39_417;

/** From `npm start` as the shell sees it to the first good answer of /readyz. Baseline: Node starting and printing nothing. */
export async function benchStart(): Promise<void> {
  print('start (process start to first ready answer)');
  const bare = figures(await times(5, bareNode));
  const colds: number[] = [];
  const warms: number[] = [];
  for (let i = 0; i < 3; i++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'sales-agent-bench-'));
    colds.push(await startOnce(dataDir));
    warms.push(await startOnce(dataDir), await startOnce(dataDir));
    await rm(dataDir, { recursive: true, force: true });
  }
  row('node -e 0 (baseline)', bare);
  row('cold: empty data folder, demo made', figures(colds), ratio(figures(colds), bare));
  row('warm: the same folder again', figures(warms), ratio(figures(warms), bare));
}

async function times(n: number, work: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < n; i++) all.push(await work());
  return all;
}

async function bareNode(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return performance.now() - started;
}

async function startOnce(dataDir: string): Promise<number> {
  const started = performance.now();
  const server = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'start'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'silent' },
    stdio: 'ignore',
  });
  try {
    await ready(server);
    return performance.now() - started;
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

async function ready(server: ChildProcess): Promise<void> {
  for (let i = 0; i < 6000; i++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(5);
  }
  throw new Error('the server did not become ready');
}
