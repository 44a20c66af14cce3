import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { figures, print, ratio, row } from './figures.ts';
import { freePort } from './server.ts';

const program = '/usr/bin/chromium';
const times = 9;
const questions = 25;

/**
 * From the navigation until somebody can type, in a browser that has never seen the page. Baseline: the API documentation of the same server
 * (Swagger UI), until its operations are there.
 */
export async function benchPlayground(): Promise<void> {
  if (!existsSync(program)) return print(`playground: skipped, ${program} is not installed\n`);
  const dataDir = await mkdtemp(join(tmpdir(), 'sales-agent-bench-page-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'start'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'silent' },
    stdio: 'ignore',
  });
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) await sleep(100);
    print('playground: from the navigation until somebody can type, a new browser profile each time');
    const canType = 'textarea:enabled';
    await opened(browser, url, canType);
    const docs = figures(await many(browser, `${url}/api/v1/docs`, '.opblock'));
    row('API documentation: Swagger UI (baseline)', docs);
    const empty = figures(await many(browser, url, `.welcome, ${canType}`));
    row('the page, nothing said yet', empty, ratio(empty, docs));
    await converse(url);
    const full = figures(await many(browser, url, canType));
    row(`the page, ${questions} questions and their answers`, full, ratio(full, docs));
  } finally {
    await browser.close();
    server.kill('SIGINT');
    await once(server, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
  print('');
}

async function many(browser: Browser, url: string, ready: string): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await opened(browser, url, ready));
  return all;
}

/** By the page's own clock, which begins with the navigation. */
async function opened(browser: Browser, url: string, ready: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(`
    const look = () => document.querySelector(${JSON.stringify(ready)}) ? (window.readyAt = performance.now()) : requestAnimationFrame(look);
    requestAnimationFrame(look);`);
  await page.goto(url);
  // asked from outside: the page's own policy lets nobody evaluate anything inside
  const readyAt = async () => (await page.evaluate('window.readyAt')) as number | undefined;
  let ms = await readyAt();
  for (; ms === undefined; ms = await readyAt()) await sleep(20);
  await context.close();
  return ms;
}

const asked = ['who are my top 3 leads today?', 'what is due today?', 'show my pipeline', 'leads in Texas', 'what waits for me?'];

async function converse(url: string): Promise<void> {
  for (let i = 0; i < questions; i++) {
    const body = JSON.stringify({ key: randomUUID(), text: asked[i % asked.length] });
    await fetch(`${url}/playground/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await sleep(400);
  }
  await sleep(3000);
}
