import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '../src/config.ts';
import { messageOf } from '../src/errors.ts';
import { print } from './figures.ts';
import { freePort } from './server.ts';

const version = '1.15.2';
/** Kept for the next run; nothing of it is a dependency of ours. */
const folder = join(projectRoot, 'bench/out/portkey');
const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
/** With newer ones this gateway answers every streamed request with an error 500 on Node 20. */
const overrides = { '@hono/node-server': '1.13.8' };

export interface Gateway {
  name: string;
  url: string;
  stop(): Promise<void>;
}

/** The Portkey gateway from npm on a free port of this machine; nothing when it cannot be had. */
export async function startPortkey(): Promise<Gateway | undefined> {
  try {
    if (!existsSync(program)) await install();
  } catch (error) {
    print(
      `  Portkey: not measured, it could not be installed (${messageOf(error).split('\n')[0]}). With a network: npm run bench -- router`,
    );
    return undefined;
  }
  const port = await freePort();
  const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  if (await answers(url, child)) return { name: `Portkey ${version}`, url: `${url}/v1`, stop: () => stop(child) };
  await stop(child);
  print('  Portkey: not measured, it did not start');
  return undefined;
}

async function install(): Promise<void> {
  print(`  installing @portkey-ai/gateway@${version} into bench/out/portkey, once`);
  await mkdir(folder, { recursive: true });
  const dependencies = { '@portkey-ai/gateway': version };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', ['install', ...flags], { cwd: folder, timeout: 120_000 });
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  for (let left = 100; left > 0 && child.exitCode === null; left--) {
    const here = await fetch(url).then(
      (answer) => answer.body?.cancel().then(() => true) ?? true,
      () => false,
    );
    if (here) return true;
    await sleep(100);
  }
  return false;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
