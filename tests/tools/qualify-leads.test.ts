import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { type Tier, tiers } from '../../src/core/scoring.ts';
import { openReader, type Reader } from '../agents/reader.ts';
import { utc } from '../world.ts';

interface Qualified {
  filters: string;
  leads: number;
  qualified: number;
  cached: number;
  withModel: number;
  failed: number;
  tiers: Record<Tier, number>;
  averageConfidence: number | null;
  costUsd: string | null;
  stopped?: string;
  profile: { id: string; version: number };
}

let world: Reader;
beforeAll(async () => {
  world = await openReader({ connected: false });
});
afterAll(() => world.close());

const some = 3000;
/** Leads straight into the table, one in four with columns of points, one in three from Texas. */
async function addMany(count: number, named: string): Promise<void> {
  await world.rows(
    `INSERT INTO leads (id, tenant_id, name, name_key, state, score, tier, attributes)
     SELECT gen_random_uuid(), $1, $3 || ' ' || n, lower($3) || ' ' || n, CASE WHEN n % 3 = 0 THEN 'TX' ELSE 'OH' END,
       CASE WHEN n % 4 = 0 THEN 64 ELSE 0 END, CASE WHEN n % 4 = 0 THEN 'GOLD' ELSE 'BRONZE' END,
       CASE WHEN n % 4 = 0 THEN '{"Resimercial_Score":"100","MultiOEM_Score":"80","OM_Score":"60"}'::jsonb ELSE '{}'::jsonb END
     FROM generate_series(1, $2::int) n`,
    world.owner.tenantId,
    count,
    named,
  );
}
const qualify = (input: Record<string, unknown> = {}) => world.result<Qualified>('qualify_leads', input);
const idOf = async (name: string) => (await world.rows<{ id: string }>('SELECT id FROM leads WHERE name = $1', name))[0]!.id;
const runs = async () => (await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM agent_executions'))[0]!.n;
const sum = (counts: Record<Tier, number>) => tiers.reduce((total, tier) => total + counts[tier], 0);

describe('qualifying many leads by the rules alone', () => {
  it('of an empty selection has nothing to say', async () => {
    const nobody = await qualify({ query: 'nobody at all' });
    expect(nobody).toMatchObject({
      leads: 0,
      qualified: 0,
      cached: 0,
      failed: 0,
      averageConfidence: null,
      costUsd: '0.000000000000',
    });
    const card = world.gate.catalog.get('qualify_leads')!.card!(nobody, utc)!;
    expect(card).toEqual({ title: 'No lead fits: "nobody at all"', blocks: [] });
  });

  it('gives each a verdict and keeps it, free of charge', async () => {
    await addMany(some, 'Maple');
    const all = await qualify();
    expect(all).toMatchObject({ filters: 'all', leads: some, qualified: some, cached: 0, failed: 0, withModel: 0 });
    expect(all).toMatchObject({ costUsd: '0.000000000000', profile: { id: 'dealer', version: 1 } });
    // 35 + 20 + 9 of a quarter of them, nothing of the others
    expect(all.tiers).toEqual({ PLATINUM: 0, GOLD: some / 4, SILVER: 0, BRONZE: (some * 3) / 4 });
    expect(all.averageConfidence).toBe(0.19);
    expect(all).not.toHaveProperty('stopped');
    expect(await runs()).toBe(some);
  });

  it('keeps the same verdict that one lead by itself gets', async () => {
    const before = await runs();
    const verdict = await world.qualify(await idOf('Maple 8'), { model: false });
    expect(verdict).toMatchObject({ cached: true, score: 64, tier: 'GOLD', confidence: 0.75 });
    expect(await runs()).toBe(before);
    const fresh = await world.add('Oak 1', { Resimercial_Score: '100', MultiOEM_Score: '80', OM_Score: '60' });
    const { reasoning, reasons, missing, wouldRaise, evidence } = await world.qualify(fresh);
    expect(verdict).toMatchObject({ reasoning: reasoning.replace('Oak 1', 'Maple 8'), reasons, missing, wouldRaise, evidence });
    expect((await qualify({ query: 'Oak' })).cached).toBe(1);
  });

  it('writes nothing twice, and anew only what has changed', async () => {
    const before = await runs();
    expect(await qualify()).toMatchObject({ leads: some + 1, qualified: some + 1, cached: some + 1 });
    expect(await runs()).toBe(before);
    await world.change(await idOf('Maple 8'), { MEPR_Score: '100' });
    await world.change(await idOf('Maple 9'), {}, { status: 'contacted' });
    const again = await qualify();
    expect(again).toMatchObject({ qualified: some + 1, cached: some });
    expect(again.tiers.PLATINUM).toBe(1);
    expect(await runs()).toBe(before + 1);
  });

  it.each([
    [{ state: 'Texas' }, 'in Texas', some / 3],
    [{ tier: ['GOLD'], state: 'TX' }, 'GOLD, in Texas', some / 12],
    [{ minScore: 60, status: ['new'] }, 'new, score from 60', some / 4 + 1],
    [{ owner: 'nobody', limit: 2100 }, 'owned by nobody, at most 2,100', 2100],
    [{ maxScore: 10, limit: 1 }, 'score up to 10, at most 1', 1],
  ])('may be for some only: %j', async (filter, words, leads) => {
    const told = await qualify(filter);
    expect(told).toMatchObject({ filters: words, leads, qualified: leads });
    expect(sum(told.tiers)).toBe(leads);
  });

  it('may be for the leads of one import', async () => {
    async function* bytes() {
      yield Buffer.from('Company,City,OEMs_Certified\nPiper Pumps,Reno,Generac\nPlover Power,Reno,Kohler / Generac\n');
    }
    const { uploads } = world.deps.db.records({ ...world.owner });
    const upload = await uploads.create({ ...(await world.deps.files.save(bytes(), 1e6)), fileName: 'list.csv' });
    const { importId } = await world.result<{ importId: string }>('import_leads', { uploadId: upload.id });
    expect(await qualify({ importId })).toMatchObject({ filters: 'of one import', leads: 2, qualified: 2, cached: 0 });
    expect(await qualify({ importId: crypto.randomUUID() })).toMatchObject({ leads: 0 });
  });

  it('is refused to whom it is not for, and what cannot be asked', async () => {
    const viewer = await world.person('vera', 'viewer');
    await expect(world.gate.call('qualify_leads', {}, world.as(viewer))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(qualify({ model: true })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('No model is connected'),
    });
    for (const input of [{ limit: 0 }, { maxCostUsd: -1 }, { importId: 'mine' }, { profile: 'dealer' }, { tier: ['BEST'] }])
      await expect(qualify(input)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('asks only for leads of its own tenant', async () => {
    const before = await runs();
    await world.rows(`INSERT INTO tenants (id, slug, name) VALUES (gen_random_uuid(), 'next', 'Next door')`);
    await world.rows(
      `INSERT INTO leads (id, tenant_id, name, name_key) SELECT gen_random_uuid(), id, 'Maple Theirs', 'maple theirs' FROM tenants WHERE slug = 'next'`,
    );
    expect((await qualify()).leads).toBe(some + 3);
    expect(await runs()).toBe(before);
  });
});

describe('qualifying many leads as a job', () => {
  const many = 15_000;
  const jobs = () => world.deps.db.records({ ...world.owner }).jobs;
  const start = async (input: Record<string, unknown>) => {
    const outcome = await world.gate.call('qualify_leads', input, world.as(world.owner), { waitMs: 0 });
    if (outcome.status !== 'running') throw new Error(`expected a job, got ${outcome.status}`);
    return outcome.job.id;
  };
  const until = async (id: string, when: (job: Job) => unknown): Promise<Job> => {
    await expect.poll(async () => Boolean(when((await jobs().get(id))!)), { timeout: 60_000, interval: 20 }).toBe(true);
    return (await jobs().get(id))!;
  };

  it('tells how far it is, stops when it is told to, and goes on from there', async () => {
    await addMany(many, 'Birch');
    const before = await runs();
    const id = await start({});
    const seen = await until(id, (job) => job.progress);
    expect(seen.progress).toMatchObject({
      total: expect.any(Number),
      message: expect.stringMatching(/^[\d,]+ leads qualified$/),
    });
    expect(seen.progress!.done).toBeLessThanOrEqual(seen.progress!.total!);
    await jobs().cancel(id);
    const ended = await until(id, (job) => job.finishedAt);
    expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    const kept = (await runs()) - before;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(many);

    const rest = await until(await start({ limit: 1_000_000 }), (job) => job.finishedAt);
    const told = rest.result as Qualified;
    expect(rest.state).toBe('succeeded');
    expect(told.qualified).toBe(told.leads);
    expect((await runs()) - before).toBe(many);
    const doubles = await world.rows('SELECT cache_key FROM agent_executions GROUP BY cache_key HAVING count(*) > 1');
    expect(doubles).toEqual([]);
  });
});
