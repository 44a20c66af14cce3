import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../../world.ts';
import { forgetAll, keyOf, said } from './messages.ts';
import { type Other, otherProcess } from './processes.ts';
import { workThreads } from './thread-worker.ts';

let world: World;
let other: Other | undefined;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(() => forgetAll(world.database));
afterEach(async () => {
  await other?.kill();
  other = undefined;
});
afterAll(() => world.close());

const chat = () => world.database.chat;
const job = (thread = 't1') => ({ tenantId: world.database.tenantId, thread: keyOf(thread) });
const waits = async () =>
  (
    await world.database.pool.query<{ key: string; soon: boolean }>(
      // later than it was asked for, however long ago that is
      `SELECT key, run_at > updated_at + interval '200 milliseconds' AS soon FROM graphile_worker.jobs WHERE key IS NOT NULL ORDER BY id`,
    )
  ).rows;

/** Locks on threads of this database: the server's other databases belong to tests that run beside this one. */
const locks = `pg_locks WHERE locktype = 'advisory' AND classid = 23071
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 40_000; !(await condition()); await sleep(25))
    if (performance.now() > end) throw new Error('never came true');
}

describe('a thread', () => {
  it('is worked on by one process at a time, and nothing said in it is lost or out of order', async () => {
    other = await otherProcess(world, 'work');
    const worker = await workThreads(world.database);
    other.go();
    expect(await other.line()).toBe('working');
    const threads = ['t1', 't2', 't3'];
    const second = await world.second();
    for (let i = 0; i < 40; i += 1) {
      const { inbox } = i % 2 ? chat() : second.database.chat;
      await Promise.all(threads.map((thread) => inbox.put(said(`${thread}-${i}`, thread, i))));
      await sleep(5);
    }
    const { pool } = world.database;
    await until(async () => (await pool.query('SELECT FROM inbox WHERE done_at IS NULL')).rowCount === 0);
    await worker.stop();

    const { rows } = await pool.query<{ process: number; thread: string; what: string }>(
      'SELECT process, thread, what FROM worked ORDER BY n',
    );
    // who of the two gets how much of it is chance
    for (const thread of threads) {
      const mine = rows.filter((row) => row.thread === keyOf(thread));
      let holder: number | undefined;
      const order: string[] = [];
      for (const { what, process } of mine) {
        if (what === 'begin') expect(holder).toBeUndefined();
        else expect(process).toBe(holder);
        holder = what === 'end' ? undefined : process;
        if (what !== 'begin' && what !== 'end') order.push(what);
      }
      expect(order).toEqual(Array.from({ length: 40 }, (_, i) => `${thread}-${i}`));
    }
  });

  it('is free at once when the process that worked on it is killed', async () => {
    other = await otherProcess(world, 'hold');
    other.go();
    expect(await other.line()).toBe('holding');
    let worked = 0;
    const work = async () => {
      worked += 1;
    };
    expect(await chat().alone('chat', job(), work)).toBe(false);
    expect(await chat().alone('chat', job('t2'), work)).toBe(true);
    expect(worked).toBe(1);
    // whoever was turned away looks again by itself
    expect(await waits()).toEqual([{ key: `chat:${keyOf('t1')}`, soon: true }]);
    await other.kill();
    await until(() => chat().alone('chat', job(), work));
    expect(worked).toBe(2);
  });

  it('is worked on again at once for news that came meanwhile, while what the work put off keeps its time', async () => {
    const inside = async (then: () => Promise<unknown>) => {
      await chat().alone('chat', job(), async () => void (await then()));
    };
    await inside(async () => {
      await chat().inbox.put(said('news', 't1', 1));
      expect(await chat().alone('chat', job(), async () => undefined)).toBe(false);
    });
    expect(await waits()).toEqual([{ key: `chat:${keyOf('t1')}`, soon: false }]);
    await world.database.pool.query('SELECT graphile_worker.remove_job($1)', [`chat:${keyOf('t1')}`]);

    const records = world.deps.db.records(world.owner);
    await inside(() => records.enqueue('chat', job(), { key: `chat:${keyOf('t1')}`, runAt: new Date(Date.now() + 60_000) }));
    expect(await waits()).toEqual([{ key: `chat:${keyOf('t1')}`, soon: true }]);
  });

  it('is let go when the work fails, and the failure is told', async () => {
    await expect(chat().alone('chat', job(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await chat().alone('chat', job(), async () => undefined)).toBe(true);
  });

  it('says so when the database was lost and others can no longer be kept away', async () => {
    let told = false;
    await chat().alone('chat', job(), async (signal) => {
      const { rowCount } = await world.database.pool.query(`SELECT pg_terminate_backend(pid) FROM ${locks}`);
      expect(rowCount).toBe(1);
      await until(async () => signal.aborted);
      told = signal.aborted;
    });
    expect(told).toBe(true);
    expect(await chat().alone('chat', job(), async () => undefined)).toBe(true);
  });

  it('keeps no connection while nobody works on one', async () => {
    const { pool } = world.database;
    const taken = () => pool.totalCount - pool.idleCount;
    const before = taken();
    let most = 0;
    const work = async () => {
      most = Math.max(most, taken());
      await sleep(20);
    };
    await Promise.all(Array.from({ length: 30 }, (_, i) => chat().alone('chat', job(`t${i}`), work)));
    expect(most).toBeGreaterThan(before);
    await until(async () => taken() === before);
    expect((await pool.query(`SELECT FROM ${locks}`)).rowCount).toBe(0);
  });
});
