import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildServer } from '../../src/api/server.ts';
import { type App, buildApp } from '../../src/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { Actor } from '../../src/core/actor.ts';
import { publicError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { decide } from '../../src/tools/decide.ts';
import { catalogWithSlowTool } from '../flows/slow-tool.ts';
import { openWorld } from '../world.ts';

const log = createLog(process.env['LOG_LEVEL'] ?? 'silent');
/** The promise: back within this, without anybody's help. */
const patienceMs = 15_000;

let dataDir: string;
let config: Config;
let app: App;
let owner: Actor;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'outage-'));
  await chmod(dataDir, 0o755);
  config = loadConfig({ APP_ENV: 'test', DATA_DIR: dataDir, TIME_ZONE: 'America/New_York', PORT: '0' });
  app = await buildApp(config, { log, demo: false, catalog: catalogWithSlowTool(0) });
  owner = { ...(await app.access.local()), surface: 'rest' };
});

afterEach(async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('kill -9 of the embedded server under a running process', () => {
  test('requests are answered 503 with our sentence meanwhile, and then work again at the same address', async () => {
    const server = await buildServer({ ...app, files: app.deps.files, log, version: '0', idempotency: app.database.idempotency });
    const before = await serverOf(dataDir);
    process.kill(before.pid, 'SIGKILL');

    const statuses: number[] = [];
    let outage: unknown;
    await eventually(async () => {
      const answer = await server.inject({ method: 'GET', url: '/api/v1/leads' });
      statuses.push(answer.statusCode);
      if (answer.statusCode !== 200) outage ??= answer.json();
      return outage !== undefined && answer.statusCode === 200;
    });
    expect(new Set(statuses)).toEqual(new Set([503, 200]));
    expect(outage).toMatchObject({
      error: {
        code: 'unavailable',
        message: 'The database does not answer. It is being started again; try in a moment.',
      },
    });
    const after = await serverOf(dataDir);
    expect(after.port).toBe(before.port);
    expect(after.pid).not.toBe(before.pid);
    await server.close();
  });

  test('what was acknowledged stays, and a decision is carried out by the same process, once', async () => {
    const proposalId = await proposeFor('Outage Ovens');
    process.kill((await serverOf(dataDir)).pid, 'SIGKILL');
    await expect(decideOn(proposalId)).rejects.toSatisfy((error) => publicError(error).code === 'unavailable');
    await eventually(() => decideOn(proposalId).then(Boolean, () => false));
    await executed(proposalId);
  });

  test('a decision that was taken just before is carried out after it', async () => {
    const ids = await Promise.all(['Ash', 'Birch', 'Cedar', 'Elm'].map((name) => proposeFor(`${name} Looms`)));
    // the kill meets jobs that wait, that run and that are being written off
    await Promise.all(ids.map(decideOn));
    process.kill((await serverOf(dataDir)).pid, 'SIGKILL');
    for (const id of ids) await executed(id);
  });

  test('a job that was at work is done again, once', async () => {
    await app.close();
    let atWork: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      atWork = resolve;
    });
    app = await buildApp(config, { log, demo: false, catalog: catalogWithSlowTool(2_000, () => atWork()) });
    const proposalId = await proposeFor('Busy Bakers');
    // the effect runs as the surface that asked; only that one is slow
    await app.database.pool.query(`UPDATE proposals SET surface = 'terminal' WHERE id = $1`, [proposalId]);
    await decideOn(proposalId);
    await begun;
    process.kill((await serverOf(dataDir)).pid, 'SIGKILL');
    await executed(proposalId, 25_000);
  });

  test('waiting for a signal works again', async () => {
    const { pid } = await serverOf(dataDir);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await serverOf(dataDir)).pid !== pid);
    await eventually(listens);
    let checks = 0;
    const woken = app.deps.signals.waitFor('outage', async () => (++checks > 1 ? true : undefined), { timeoutMs: 900 });
    await records().signal('outage');
    // sooner than anybody looks unasked
    expect(await woken).toBe(true);
  });

  test('another process on the folder recovers too, and both share one server', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'tests/db/outage-child.ts'], {
      env: { ...process.env, APP_ENV: 'test', DATABASE_URL: '', DATA_DIR: dataDir },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ask = asker(child);
    expect(await ask.next()).toBe('ready');
    for (let round = 0; round < 2; round += 1) {
      const { pid } = await serverOf(dataDir);
      process.kill(pid, 'SIGKILL');
      const told: string[] = [];
      await eventually(async () => {
        told.push(await ask.question());
        return told.includes('unavailable') && /^\d+$/.test(told.at(-1)!) && (await answers());
      });
      const { port, pid: now } = await serverOf(dataDir);
      expect(now).not.toBe(pid);
      expect(told.at(-1)).toBe(String(port));
      expect(await portOf(app)).toBe(port);
    }
    child.stdin!.end();
    await once(child, 'exit');
    expect(await answers()).toBe(true);
  });

  test('a port that was taken meanwhile is replaced, and the process follows', async () => {
    const before = await serverOf(dataDir);
    process.kill(before.pid, 'SIGKILL');
    const squatter = await takePort(before.port);
    // a connection of the server that was killed may answer for a moment still
    await eventually(async () => (await portOf(app).catch(() => before.port)) !== before.port);
    const proposalId = await proposeFor('Moved Mills');
    await decideOn(proposalId);
    await executed(proposalId);
    squatter.close();
  });

  test('a process that has been closed starts nothing', async () => {
    const { pid } = await serverOf(dataDir);
    const other = await buildApp(config, { log, demo: false, worker: false });
    await app.close();
    const database = new pg.Client({ connectionString: other.database.pool.options.connectionString! });
    database.on('error', () => undefined);
    await database.connect();
    // left running for the guest, and nobody's any more
    await other.close();
    process.kill(pid, 'SIGKILL');
    await sleep(2_000);
    expect((await serverOf(dataDir)).pid).toBe(pid);
    app = await buildApp(config, { log, demo: false });
    expect((await serverOf(dataDir)).pid).not.toBe(pid);
  });
});

test('a server of DATABASE_URL that drops everybody is followed by worker, listener and pool', async () => {
  const world = await openWorld({ catalog: catalogWithSlowTool(0) });
  const admin = new pg.Client(world.databaseUrl);
  await admin.connect();
  const dropped = await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  expect(dropped.rowCount).toBeGreaterThan(2);
  await admin.end();
  const [mine, its] = [
    { app, owner },
    { app: world, owner: world.owner },
  ];
  ({ app, owner } = its);
  try {
    await eventually(listens);
    const proposalId = await proposeFor('Dropped Drums');
    await decideOn(proposalId);
    await executed(proposalId);
  } finally {
    ({ app, owner } = mine);
    await world.close();
  }
});

const records = () => app.deps.db.records({ tenantId: owner.tenantId, userId: owner.userId, surface: 'rest' });
const decideOn = (id: string) => decide(app.gate, id, { decision: 'accept' }, { actor: owner, by: 'person' });
const answers = () => app.database.pool.query('SELECT 1').then(Boolean, () => false);

async function proposeFor(name: string): Promise<string> {
  const ctx = { actor: owner, by: 'person' as const };
  await app.gate.call('create_lead', { name }, ctx);
  const outcome = await app.gate.call('slow_status', { lead: name }, ctx, { propose: true });
  if (outcome.status !== 'pending_approval') throw new Error(`expected a proposal, got ${outcome.status}`);
  return outcome.proposal.id;
}

async function executed(proposalId: string, withinMs = patienceMs): Promise<void> {
  await eventually(async () => (await records().proposals.get(proposalId))?.status === 'executed', withinMs);
  let receipts: number | null = null;
  await eventually(async () => {
    const { pool } = app.database;
    receipts = (await pool.query('SELECT 1 FROM receipts WHERE proposal_id = $1', [proposalId])).rowCount;
    return true;
  });
  expect(receipts).toBe(1);
}

async function listens(): Promise<boolean> {
  const asked = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN sales_agent'`;
  return app.database.pool.query(asked).then(
    ({ rowCount }) => rowCount === 1,
    () => false,
  );
}

async function portOf({ database }: App): Promise<number> {
  return (await database.pool.query('SELECT inet_server_port() AS port')).rows[0].port as number;
}

/** Until it is true; a database that does not answer yet is no failure, nor is a server that has not written its file yet. */
async function eventually(condition: () => Promise<boolean>, withinMs = patienceMs): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const met = await condition().catch((error: unknown) => {
      const starting = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!starting && publicError(error).code !== 'unavailable') throw error;
      return false;
    });
    if (met) return;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await sleep(50);
  }
}

async function serverOf(dir: string): Promise<{ pid: number; port: number }> {
  const lines = (await readFile(join(dir, 'postgres/cluster/data/postmaster.pid'), 'utf8')).split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

async function takePort(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  for (;;) {
    const taken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (taken) return server;
    await sleep(5);
  }
}

function asker(child: ChildProcess): { next(): Promise<string>; question(): Promise<string> } {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string;
  return {
    next,
    question() {
      child.stdin!.write('?\n');
      return next();
    },
  };
}
