import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf } from '../../src/tools/catalog.ts';
import { decide } from '../../src/tools/decide.ts';
import { defineTool } from '../../src/tools/define.ts';
import { tools } from '../../src/tools/index.ts';
import { openWorld, type World } from '../world.ts';

const nobody = '00000000-0000-7000-8000-000000000000';
let runs = 0;
/** What goes wrong in the run of this number. */
let fails: Record<number, (() => Promise<unknown>) | undefined> = {};

const shape = { input: z.strictObject({}), output: z.object({ runs: z.number() }), risk: 'write' as const };
const attempt = async (records: World['deps']['db'] extends { records(scope: never): infer R } ? R : never) => {
  await fails[++runs]?.();
  await records.leads.create({ name: `Worked ${runs}`, source: 'manual', attributes: {} });
  return { runs };
};
const longWork = defineTool({
  ...shape,
  name: 'long_work',
  title: 'Work long',
  description: 'Works.',
  long: true,
  run: (_input, { records }) => attempt(records),
});
const shortWork = defineTool({
  ...shape,
  name: 'short_work',
  title: 'Work',
  description: 'Works.',
  run: (_input, { records }) => attempt(records),
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ catalog: catalogOf([...tools.values(), longWork, shortWork]) });
});
afterAll(() => world.close());
beforeEach(() => {
  runs = 0;
});

/** What a database refuses however often it is asked, as it comes from a query of our own and as the library wraps it. */
const refused: [string, () => Promise<unknown>][] = [
  ['a value that is none', () => world.database.pool.query(`SELECT 'x'::int`)],
  [
    'a record that belongs to nothing',
    () => world.deps.db.tx(world.owner, (tx) => tx.activities.log({ leadId: nobody, kind: 'note', text: 'Hi', at: new Date() })),
  ],
  ['a text with a NUL', () => world.deps.db.records(world.owner).uploads.named('a\u0000')],
];
const work = () =>
  world.gate.call('long_work', {}, world.as(world.owner), { waitMs: 30_000 }).then(
    ({ status }) => status,
    (error: { code: string }) => error.code,
  );

describe('long work', () => {
  it.each(refused)('that stumbles over %s has failed at once', async (_what, query) => {
    fails = { 1: query, 2: query };
    expect(await work()).toBe('internal');
    expect(runs).toBe(1);
    const [job] = await world.deps.db.records(world.owner).jobs.list({ limit: 1 });
    expect(job).toMatchObject({ tool: 'long_work', state: 'failed' });
    // the tidying of every minute may be waiting just now; it is gone in a moment
    await expect.poll(() => world.queue.depth()).toMatchObject({ waiting: 0, dead: 0 });
  });

  it('that stumbles over something else is tried again', async () => {
    fails = { 1: () => Promise.reject(new Error('the line is down')) };
    expect(await work()).toBe('done');
    expect(runs).toBe(2);
  });

  it('that loses a race for a row is tried again', async () => {
    fails = { 1: () => world.database.pool.query(`DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$`) };
    expect(await work()).toBe('done');
  });
});

describe('an accepted proposal', () => {
  it('that stumbles over what the database always refuses has failed at once', async () => {
    const [, query] = refused[1]!;
    // the first run is the preview that the proposal shows
    fails = { 2: query, 3: query };
    const outcome = await world.gate.call('short_work', {}, world.as(world.owner), { propose: true });
    if (outcome.status !== 'pending_approval') throw new Error(`it is ${outcome.status}`);
    const { id } = outcome.proposal;
    await decide(world.gate, id, { decision: 'accept' }, world.as(world.owner)).catch(() => undefined);
    const { proposals } = world.deps.db.records(world.owner);
    while ((await proposals.get(id))?.status === 'accepted') await sleep(20);
    expect((await proposals.get(id))?.status).toBe('failed');
    expect(runs).toBe(2);
  });
});

describe('what somebody began before their access was switched off', () => {
  it('is not done, and says why', async () => {
    const catalog = catalogOf([...tools.values(), longWork, shortWork]);
    const idle = await openWorld({ catalog, worker: false });
    try {
      fails = {};
      const kim = await idle.person('kim', 'rep');
      const outcome = await idle.gate.call('short_work', {}, idle.as(kim), { propose: true });
      if (outcome.status !== 'pending_approval') throw new Error(`it is ${outcome.status}`);
      await decide(idle.gate, outcome.proposal.id, { decision: 'accept' }, idle.as(kim), 0);
      const begun = await idle.gate.call('long_work', {}, idle.as(kim), { waitMs: 0 });
      if (begun.status !== 'running') throw new Error(`it is ${begun.status}`);
      await idle.access.setDisabled('kim', true);
      const [before, leads] = [runs, idle.database.pool.query('SELECT count(*)::int AS n FROM leads')];
      const { n } = (await leads).rows[0];

      await idle.second({ worker: true });
      const { proposals, jobs } = idle.deps.db.records(kim);
      await expect.poll(async () => (await proposals.get(outcome.proposal.id))?.status).toBe('failed');
      await expect.poll(async () => (await jobs.get(begun.job.id))?.state).toBe('failed');
      const told = /^Nothing was changed: the access of whoever (approved|started) this was switched off meanwhile\.$/;
      expect((await proposals.get(outcome.proposal.id))?.error?.message).toMatch(told);
      expect((await jobs.get(begun.job.id))?.error?.message).toMatch(told);
      expect(runs).toBe(before);
      expect((await idle.database.pool.query('SELECT count(*)::int AS n FROM leads')).rows[0].n).toBe(n);
    } finally {
      await idle.close();
    }
  });
});
