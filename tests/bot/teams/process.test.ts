import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { fresh, spoken, teamsEnv, until } from './driver.ts';
import { type Microsoft, openMicrosoft, privateOf } from './microsoft.ts';

/** The program itself, which is killed where it hurts. */
let microsoft: Microsoft;
let database: TestDatabase;
let folder: string;
const running: ChildProcess[] = [];
beforeAll(async () => {
  [microsoft, database] = await Promise.all([openMicrosoft(), freshDatabase()]);
  folder = await mkdtemp(join(tmpdir(), 'sales-agent-teams-'));
});
afterAll(async () => {
  for (const child of running) await killed(child);
  await microsoft.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<{ child: ChildProcess; url: string; out: () => string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'start'], {
    env: {
      ...process.env,
      npm_lifecycle_event: undefined,
      ...teamsEnv(microsoft),
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      PORT: '0',
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let out = '';
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const url = await until(() => /on {3}HTTP +(\S+)/.exec(out)?.[1], 60_000).catch(() => {
    throw new Error(out);
  });
  return { child, url, out: () => out };
}

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('close', () => resolve());
    child.kill('SIGKILL');
  });

const deliver = (url: string, activity: unknown) =>
  fetch(`${url}/api/messages`, {
    method: 'POST',
    body: JSON.stringify(activity),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${microsoft.sign()}` },
  });

it('answers what it was told before it was killed, once, and its banner says that Teams is on', async () => {
  const who = { id: '29:survivor', name: 'Survivor' };
  microsoft.people.set(who.id, { name: 'Survivor', userPrincipalName: 's@example.test', userRole: 'user' });
  const first = await start();
  await until(() => first.out().includes('on   Teams'));
  const activity = spoken(microsoft, who, { text: 'hello', id: fresh() });
  expect((await deliver(first.url, activity)).status).toBe(200);
  await killed(first.child);

  const second = await start();
  expect((await deliver(second.url, activity)).status).toBe(200);
  const said = () => microsoft.messages(privateOf(who.id));
  await until(() => said().length > 0);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(
    said().map(({ activity: { attachments } }) => JSON.stringify(attachments).includes('I do not know who you are')),
  ).toEqual([true]);
  expect(microsoft.complaints).toEqual([]);

  const ended = new Promise((resolve) => second.child.once('close', resolve));
  second.child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
