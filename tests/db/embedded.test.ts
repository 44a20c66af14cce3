import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts';
import type { Report } from './embedded-child.ts';

const isRoot = process.getuid?.() === 0;
/** Whether any user may go to this file. */
const openToAll = (path: string): boolean =>
  path === '/' || ((statSync(dirname(path)).mode & 1) === 1 && openToAll(dirname(path)));
/** Ordinary users run this code from here: as root it has to lie where they may look. */
const withoutOthers = isRoot && !openToAll(import.meta.dirname);
if (withoutOthers)
  process.stderr.write('Tests of ordinary users are skipped: this folder lies in one that is closed to everybody but root.\n');

let nodeDir: string | undefined;
afterAll(() => nodeDir && rmSync(nodeDir, { recursive: true, force: true }));
/** Node may well lie in a folder of root's: then a copy of it that everybody can run. */
function nodeForAll(): string {
  if (openToAll(process.execPath)) return process.execPath;
  nodeDir ??= mkdtempSync(join(tmpdir(), 'node-'));
  const copy = join(nodeDir, 'node');
  if (!existsSync(copy)) copyFileSync(process.execPath, copy);
  chmodSync(nodeDir, 0o755);
  return copy;
}

const quick = { fsync: 'off', shared_buffers: '16MB' };

let dataDir: string;
let homes: Set<string>;
let children: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  // mkdtemp makes it 0700, which as root is a case of its own below.
  await chmod(dataDir, 0o755);
  homes = new Set([join(dataDir, 'postgres')]);
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const home of homes) {
    await killServer(home);
    await rm(home, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
});

describe('a first start', () => {
  test('makes a database that folds case for all of Unicode, and stops with its only user', async () => {
    const embedded = await open();
    expect(embedded).toMatchObject({ adopted: false, version: expect.stringMatching(/^18\./) });
    expect(embedded.url).toMatch(/^postgresql:\/\/postgres:[\w-]{32}@127\.0\.0\.1:\d+\/sales_agent$/);
    expect(await ask(embedded.url, `select lower('ÉCOLE') as low, 'Århus' ilike 'åRHUS' as alike`)).toEqual([
      { low: 'école', alike: true },
    ]);
    expect(await embedded.release()).toBe('stopped');
    expect(await embedded.release()).toBe('stopped');
    expect(await answers(embedded.url)).toBe(false);
  });

  test('listens on this computer only, and lets nobody in without the password', async () => {
    const embedded = await open();
    expect(
      await ask(
        embedded.url,
        `select current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets`,
      ),
    ).toEqual([{ listen: '127.0.0.1', sockets: '' }]);
    const rules = await ask(embedded.url, `select distinct auth_method from pg_hba_file_rules`);
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
    await expect(ask(embedded.url.replace(/:[\w-]{32}@/, ':guess@'), 'select 1')).rejects.toThrow(
      /password authentication failed/,
    );

    const passwordFile = join(embedded.dataDir, '../password');
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    expect((await stat(embedded.dataDir)).mode & 0o777).toBe(0o700);
    await embedded.release();
  });

  test('that is killed half-way leaves nothing a second start would take for a database', async () => {
    const child = startChild();
    const home = join(dataDir, 'postgres');
    await until(() => existsSync(home) && readdirSync(home).some((entry) => entry.startsWith('unfinished-')));
    await kill(child);

    const embedded = await open();
    expect(embedded.adopted).toBe(false);
    expect(readdirSync(home).filter((entry) => entry.startsWith('unfinished-'))).toEqual([]);
    await embedded.release();
  });

  test('does not hand our environment to the server, which outlives us', { skip: process.platform !== 'linux' }, async () => {
    process.env.SOME_API_KEY = 'secret';
    const embedded = await open();
    delete process.env.SOME_API_KEY;
    expect(await readFile(`/proc/${await serverPid()}/environ`, 'utf8')).not.toContain('secret');
    await embedded.release();
  });

  test('says what to do on a platform without a Postgres of ours', async () => {
    const real = process.arch;
    Object.defineProperty(process, 'arch', { value: 'riscv64' });
    const failed = open().finally(() => Object.defineProperty(process, 'arch', { value: real }));
    await expect(failed).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/-riscv64 .*Set DATABASE_URL/),
    });
  });

  test('that fails repeats the last words of Postgres', async () => {
    const failed = open({ shared_buffers: 'plenty' });
    await expect(failed).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/did not start: a setting is wrong.*invalid value for parameter "shared_buffers"/),
    });
  });
});

describe('several processes on one folder', () => {
  test('three that start at once on an empty folder share one server, and the last one out stops it', async () => {
    const trio = [startChild(), startChild(), startChild()];
    const opened = await Promise.all(trio.map((child) => next(child, 'opened')));
    expect(new Set(opened.map(({ url }) => url)).size).toBe(1);
    expect(opened.map(({ adopted }) => adopted).sort()).toEqual([false, true, true]);

    const outcomes: string[] = [];
    for (const child of trio) outcomes.push((await release(child)).outcome);
    expect(outcomes).toEqual(['left running', 'left running', 'stopped']);
    expect(await answers(opened[0]!.url)).toBe(false);
  });

  test('all three leaving at once stop it exactly once', async () => {
    const trio = [startChild(), startChild(), startChild()];
    await Promise.all(trio.map((child) => next(child, 'opened')));
    const outcomes = await Promise.all(trio.map(release));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['left running', 'left running', 'stopped']);
  });

  test('one that comes while another leaves gets a server that stays', async () => {
    for (let round = 0; round < 3; round += 1) {
      const first = await open();
      const [, second] = await Promise.all([first.release(), open()]);
      expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(await second.release()).toBe('stopped');
    }
  });

  test('a server somebody else is connected to is left running', async () => {
    const embedded = await open();
    const guest = new pg.Client(embedded.url);
    guest.on('error', () => {});
    await guest.connect();
    expect(await embedded.release()).toBe('left running');
    expect((await guest.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await guest.end();

    const again = await open();
    expect(again.adopted).toBe(true);
    expect(await again.release()).toBe('stopped');
  });
});

describe('after kill -9', () => {
  test('of its starter the server goes on, and the next start adopts it with every acknowledged row', async () => {
    const child = startChild();
    const { url } = await next(child, 'opened');
    const acknowledged = await insertUntilKilled(child, () => child.kill('SIGKILL'));

    const embedded = await open();
    expect(embedded).toMatchObject({ adopted: true, url });
    expect(await rowsOf(embedded)).toBeGreaterThanOrEqual(acknowledged);
    expect(await embedded.release()).toBe('stopped');
  });

  test('of the server itself the next start recovers every acknowledged row', async () => {
    const child = startChild();
    await next(child, 'opened');
    const pid = await serverPid();
    const acknowledged = await insertUntilKilled(child, () => process.kill(pid, 'SIGKILL'));

    const embedded = await open();
    expect(embedded.adopted).toBe(false);
    expect(await rowsOf(embedded)).toBeGreaterThanOrEqual(acknowledged);
    await kill(child);
    expect(await embedded.release()).toBe('stopped');
  });

  test('of a process that held the lock the next one goes ahead, even when the pid now belongs to somebody else', async () => {
    const home = join(dataDir, 'postgres');
    const child = startChild();
    await until(() => existsSync(join(home, 'claims')) && readdirSync(join(home, 'claims')).length > 0);
    await kill(child);

    const [left] = readdirSync(join(home, 'claims'));
    // This very process runs, but it did not start when the holder of the lock did.
    await rename(join(home, 'claims', left!), join(home, 'claims', left!.replace(/^\d+/, String(process.pid))));
    const embedded = await open();
    await embedded.release();
  });
});

describe('what a crash or a hand may leave behind', () => {
  test('a pid file whose pid now belongs to another program does not stand in the way', async () => {
    await (await open()).release();
    const owner = await stat(join(dataDir, 'postgres/cluster/data'));
    const stranger = spawn('sleep', ['60'], { uid: owner.uid, gid: owner.gid, stdio: 'ignore', cwd: '/' });
    children.push(stranger);
    await writePidFile(stranger.pid!, 1);

    const embedded = await open();
    expect(embedded.adopted).toBe(false);
    expect(await serverPid()).not.toBe(stranger.pid);
    expect(await embedded.release()).toBe('stopped');
    expect(stranger.exitCode).toBe(null);
  });

  test('a pid file that leads to the server of another folder does not make it ours', async () => {
    await (await open()).release();
    const otherDir = await mkdtemp(join(tmpdir(), 'embedded-'));
    await chmod(otherDir, 0o755);
    homes.add(join(otherDir, 'postgres'));
    const other = await openEmbedded({ dataDir: otherDir, settings: quick });
    await writePidFile(await serverPid(otherDir), Number(new URL(other.url).port));

    const embedded = await open();
    expect(embedded.adopted).toBe(false);
    expect(embedded.url).not.toBe(other.url);
    expect(await embedded.release()).toBe('stopped');
    expect(await answers(other.url)).toBe(true);
    expect(await other.release()).toBe('stopped');
    await rm(otherDir, { recursive: true });
  });

  test('a password file that does not belong to the data is named, and no server stays behind', async () => {
    await (await open()).release();
    const passwordFile = join(dataDir, 'postgres/cluster/password');
    const right = await readFile(passwordFile);
    await writeFile(passwordFile, 'not-the-password');
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(passwordFile) });
    expect(existsSync(join(dataDir, 'postgres/cluster/data/postmaster.pid'))).toBe(false);

    await writeFile(passwordFile, right);
    expect(await (await open()).release()).toBe('stopped');
  });

  test('a log that has grown long is put aside', async () => {
    await (await open()).release();
    const log = join(dataDir, 'postgres/pg.log');
    await writeFile(log, 'x'.repeat(6_000_000));
    await (await open()).release();
    expect((await stat(log)).size).toBeLessThan(10_000);
    expect((await stat(`${log}.1`)).size).toBe(6_000_000);
  });
});

describe.runIf(isRoot)('as root', () => {
  test('the server runs as an unprivileged user, with its data in DATA_DIR', async () => {
    const embedded = await open();
    const status = await readFile(`/proc/${await serverPid()}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
    expect(embedded.dataDir).toBe(join(dataDir, 'postgres/cluster/data'));
    await embedded.release();
  });

  test('a DATA_DIR nobody else may enter puts the data into a system folder, and says where', async () => {
    await chmod(dataDir, 0o700);
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const embedded = await openEmbedded({ dataDir: join(dataDir, 'deep/data'), log, settings: quick });
    const home = join(embedded.dataDir, '../..');
    homes.add(home);
    expect(home).toMatch(/^\/var\/lib\/sales-agent\/[0-9a-f]{16}$/);
    expect(lines.join('\n')).toContain(home);
    await ask(embedded.url, 'create table kept (n int)');
    await embedded.release();

    // The data decides from now on, even when the folder opens up.
    await chmod(dataDir, 0o755);
    const again = await openEmbedded({ dataDir: join(dataDir, 'deep/data'), settings: quick });
    expect(again.dataDir).toBe(embedded.dataDir);
    expect(await ask(again.url, 'select * from kept')).toEqual([]);
    await again.release();
  });

  test('data that an ordinary user began is opened as that user, who can go on afterwards', { skip: withoutOthers }, async () => {
    const { uid, gid } = await someUser();
    await chown(dataDir, uid, gid);
    const first = startChild({ uid, gid });
    await next(first, 'opened');
    await release(first);

    const asRoot = await open();
    expect((await stat(`/proc/${await serverPid()}`)).uid).toBe(uid);
    await asRoot.release();

    const second = startChild({ uid, gid });
    expect((await next(second, 'opened')).adopted).toBe(false);
    expect((await release(second)).outcome).toBe('stopped');
  });
});

test('an ordinary user keeps everything in DATA_DIR, closed to others', { skip: withoutOthers }, async () => {
  const user = isRoot ? await someUser() : undefined;
  if (user) await chown(dataDir, user.uid, user.gid);
  const child = startChild(user);
  const opened = await next(child, 'opened');
  expect(opened.dataDir).toBe(join(dataDir, 'postgres/cluster/data'));
  expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
  expect((await release(child)).outcome).toBe('stopped');
});

test('an ordinary user is told when the data belongs to somebody else', { skip: !isRoot || withoutOthers }, async () => {
  await (await open()).release();
  await mkdir(join(dataDir, 'unused'), { recursive: true });
  const child = startChild({ uid: 12_345, gid: 12_345 });
  expect(await next(child, 'failed')).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('made by another user'),
  });
});

function open(settings: Record<string, string> = {}): Promise<Embedded> {
  return openEmbedded({ dataDir, settings: { ...quick, ...settings } });
}

function startChild(user?: { uid: number; gid: number }): ChildProcess {
  const child = fork(join(import.meta.dirname, 'embedded-child.ts'), [dataDir], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { PATH: process.env.PATH },
    ...(user && { ...user, execPath: nodeForAll() }),
  });
  children.push(child);
  return child;
}

function next<Kind extends Report['kind']>(child: ChildProcess, kind: Kind): Promise<Extract<Report, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    child.on('message', (report: Report) => {
      if (report.kind === kind) resolve(report as Extract<Report, { kind: Kind }>);
      else if (report.kind === 'failed') reject(new Error(report.message));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the child ended (${code ?? signal}) before it had ${kind}`)));
  });
}

async function release(child: ChildProcess): Promise<{ outcome: string }> {
  const released = next(child, 'released');
  child.send('release');
  return released;
}

async function insertUntilKilled(child: ChildProcess, killSomething: () => void): Promise<number> {
  let acknowledged = 0;
  child.on('message', (report: Report) => {
    if (report.kind === 'committed') acknowledged = report.row;
  });
  child.send('insert');
  await until(() => acknowledged >= 50);
  killSomething();
  // What was acknowledged before the end may still be on its way to us.
  await sleep(200);
  return acknowledged;
}

async function rowsOf(embedded: Embedded): Promise<number> {
  const [row] = await ask(embedded.url, 'select count(*)::int as n from numbers');
  return row!['n'] as number;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

async function serverPid(dir = dataDir): Promise<number> {
  return Number((await readFile(join(dir, 'postgres/cluster/data/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function writePidFile(pid: number, port: number): Promise<void> {
  const data = join(dataDir, 'postgres/cluster/data');
  const owner = await stat(data);
  const file = join(data, 'postmaster.pid');
  await writeFile(file, [pid, data, 1_700_000_000, port, '', '127.0.0.1', '', 'ready', ''].join('\n'), { mode: 0o600 });
  await chown(file, owner.uid, owner.gid);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** For tests that failed before they could release. */
async function killServer(home: string): Promise<void> {
  const pid = Number((await readFile(join(home, 'cluster/data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes(home)) return;
  process.kill(pid, 'SIGQUIT');
  await until(() => !existsSync(`/proc/${pid}`)).catch(() => {});
}

async function someUser(): Promise<{ uid: number; gid: number }> {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 5) {
    if (waitedMs > 20_000) throw new Error('waited too long');
    await sleep(5);
  }
}
