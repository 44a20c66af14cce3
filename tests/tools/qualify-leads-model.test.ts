import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { addUsd, compareUsd } from '../../src/core/money.ts';
import { seeded } from '../../src/core/seeded.ts';
import { type Answer, openReader, type Reader, type Verdict } from '../agents/reader.ts';
import type { Move } from '../agents/scripted-llm.ts';
import { utc } from '../world.ts';

interface Told {
  leads: number;
  qualified: number;
  cached: number;
  withModel: number;
  failed: number;
  costUsd: string | null;
  stopped?: string;
  estimate?: { leads: number; open: number; expectedUsd: string | null; atMostUsd: string | null; model: string };
}

let world: Reader;
afterEach(() => world.close());

const about = 'We look after commercial and residential customers.';
const both: Answer = { criterion: 'resimercial', answer: 'Both', source: 'about', quote: 'commercial and residential customers' };
const answered = (answers: Answer[] = [both]): Move => ({ call: 'record_answers', input: { answers } });

/** A world of leads that all leave something open. */
async function open(leads: number, options: Parameters<typeof openReader>[0] = {}): Promise<void> {
  world = await openReader({ ...options, env: { QUALIFY_PER_MINUTE: '10000', ...options.env } });
  await addLeads(leads);
  world.says([both]);
}
const addLeads = (count: number) =>
  world.rows(
    `INSERT INTO leads (id, tenant_id, name, name_key, attributes)
     SELECT gen_random_uuid(), $1, 'Quill ' || n, 'quill ' || n, jsonb_build_object('about', $3::text) FROM generate_series(1, $2::int) n`,
    world.owner.tenantId,
    count,
    about,
  );
const qualify = (input: Record<string, unknown> = {}) => world.result<Told>('qualify_leads', { model: true, ...input });
const paid = async () =>
  (await world.rows<{ sum: string | null; n: number }>('SELECT sum(cost_usd), count(*)::int AS n FROM ai_cost_tracking'))[0]!;
const runs = async () =>
  (await world.rows<{ n: number }>(`SELECT count(*)::int AS n FROM agent_executions WHERE status = 'succeeded'`))[0]!.n;

describe('qualifying many leads with a model', () => {
  it('first says what it would cost, and asks nothing', async () => {
    await open(12, {
      estimate: (input, output, tier) => (tier === 'cheap' ? `0.${String(input + output).padStart(12, '0')}` : '1'),
    });
    await world.add('Nothing open', { Resimercial_Score: '1', MultiOEM_Score: '1', MEPR_Score: '1', OM_Score: '1' });
    const { estimate, ...told } = await qualify();
    expect(told).toMatchObject({ leads: 13, qualified: 0, withModel: 0, costUsd: '0.000000000000' });
    expect(estimate).toMatchObject({ leads: 13, open: 12 });
    expect(Number(estimate!.expectedUsd)).toBeGreaterThan(0);
    expect(compareUsd(estimate!.atMostUsd!, estimate!.expectedUsd!)).toBe(1);
    expect(world.asked).toEqual([]);
    expect(await runs()).toBe(0);
    const card = world.gate.catalog.get('qualify_leads')!.card!({ ...told, estimate }, utc)!;
    expect(card.title).toBe('12 of 13 leads leave something open');
    expect(JSON.stringify(card.blocks)).toMatch(
      /would cost about 0\.0+[1-9]\d? USD, at most 0\.0+[1-9]\d? USD\. Nothing was asked yet/,
    );

    await qualify({ maxCostUsd: 1, limit: 5 });
    expect((await qualify()).estimate).toMatchObject({ leads: 13, open: 8 });
  });

  it('asks about what is open, keeps each verdict, and asks nothing twice', async () => {
    await open(20);
    await world.add('Nothing open', { Resimercial_Score: '1', MultiOEM_Score: '1', MEPR_Score: '1', OM_Score: '1' });
    const told = await qualify({ maxCostUsd: 1 });
    expect(told).toMatchObject({ leads: 21, qualified: 21, withModel: 20, cached: 0, failed: 0, costUsd: '0.006000000000' });
    expect(told).not.toHaveProperty('stopped');
    expect(await paid()).toEqual({ sum: '0.006000000000', n: 20 });
    expect(await runs()).toBe(21);
    expect(await world.rows('SELECT DISTINCT score FROM leads ORDER BY score')).toEqual([{ score: 1 }, { score: 35 }]);

    const again = await qualify({ maxCostUsd: 1 });
    expect(again).toMatchObject({ qualified: 21, withModel: 0, cached: 21, costUsd: '0.000000000000' });
    const [one] = await world.rows<{ id: string }>(`SELECT id FROM leads WHERE name = 'Quill 7'`);
    await world.change(one!.id, { fleet: '12' });
    world.says([]);
    expect(await qualify({ maxCostUsd: 1 })).toMatchObject({ qualified: 21, withModel: 1, cached: 20 });
    expect(world.asked).toHaveLength(21);
    expect((await world.qualify(one!.id)).cached).toBe(true);
  });

  it('of an empty selection asks nothing', async () => {
    await open(0);
    expect(await qualify()).toMatchObject({ leads: 0, estimate: { open: 0, expectedUsd: '0', atMostUsd: '0' } });
    expect(await qualify({ maxCostUsd: 1 })).toMatchObject({ leads: 0, qualified: 0, costUsd: '0.000000000000' });
  });

  it('counts what was deleted meanwhile as failed, and goes on', async () => {
    await open(10, { env: { QUALIFY_CONCURRENCY: '1' } });
    let gone: Promise<unknown> | undefined;
    world.says(() => {
      gone ??= world.rows(`UPDATE leads SET deleted_at = now() WHERE id = (SELECT max(id::text)::uuid FROM leads)`);
      return [{ wait: 100 }, answered()];
    });
    expect(await qualify({ maxCostUsd: 1 })).toMatchObject({ leads: 10, qualified: 9, failed: 1, withModel: 9 });
    await gone;
  });
});

describe('the money of a run', () => {
  const random = seeded(11);
  it.each([0.002, 0.0051, 0.01, 0.03])('of %d USD is never passed, however many are asked at once', async (maxCostUsd) => {
    const env = { QUALIFY_CONCURRENCY: '16', QUALIFY_LEAD_MAX_COST_USD: '0.004' };
    await open(60, { env, estimate: () => '0.000500000000' });
    const prices: string[] = [];
    world.says(() => {
      prices.push('0.000300000000');
      return [
        { wait: Math.floor(random.next() * 20) },
        answered(random.next() < 0.3 ? [{ ...both, quote: 'made up of nothing' }] : [both]),
      ];
    });
    const told = await qualify({ maxCostUsd });
    const total = addUsd('0', ...prices);
    expect(await paid()).toEqual({ sum: total, n: world.asked.length });
    expect(told.costUsd).toBe(total);
    expect(compareUsd(total, String(maxCostUsd))).toBeLessThanOrEqual(0);
    if (told.qualified === 60) expect(told).not.toHaveProperty('stopped');
    else {
      expect(told.stopped).toBe(
        `Stopped at the limit of ${maxCostUsd} USD: the next lead might have passed it. Verdicts so far are kept.`,
      );
      // it is used up to what one more lead may cost, although many had set more aside at the same time
      expect(maxCostUsd - Number(total)).toBeLessThan(0.001);
    }
    expect(await runs()).toBe(told.qualified);
  });

  it('is not above that of the settings', async () => {
    await open(10, { env: { QUALIFY_RUN_MAX_COST_USD: '0.0014' } });
    const told = await qualify({ maxCostUsd: 50 });
    expect(told).toMatchObject({ qualified: 2, withModel: 2, stopped: expect.stringContaining('limit of 0.0014 USD') });
    expect(world.asked).toHaveLength(2);
  });

  it('of nothing asks nothing', async () => {
    await open(3);
    expect(await qualify({ maxCostUsd: 0 })).toMatchObject({ qualified: 0, stopped: expect.stringContaining('limit of 0 USD') });
    expect(world.asked).toEqual([]);
  });

  it('counts an answer that broke off as the most it may have cost', async () => {
    await open(40, { env: { QUALIFY_CONCURRENCY: '1', QUALIFY_LEAD_MAX_COST_USD: '0.002' } });
    world.says(() => (world.asked.length % 2 ? [{ breakOff: true }] : [answered()]));
    const told = await qualify({ maxCostUsd: 0.01 });
    // 0.002 for each that broke off, 0.0003 for each that did not
    expect(world.asked).toHaveLength(8);
    expect(told).toMatchObject({
      qualified: 8,
      withModel: 4,
      costUsd: '0.001200000000',
      stopped: expect.stringContaining('limit of 0.01 USD'),
    });
  });

  it('cannot be kept where the price is not known: nothing is asked', async () => {
    await open(3, { estimate: () => null });
    expect((await qualify()).estimate).toMatchObject({ open: 3, expectedUsd: null, atMostUsd: null });
    await expect(qualify({ maxCostUsd: 1 })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('price of this model is not known'),
    });
    expect(world.asked).toEqual([]);
    expect(await runs()).toBe(0);
  });
});

describe('a run with a model', () => {
  it('asks so many a minute', async () => {
    await open(12, { env: { QUALIFY_PER_MINUTE: '1200', QUALIFY_CONCURRENCY: '3' } });
    let last = 0;
    world.says(() => {
      last = performance.now();
      return [answered()];
    });
    const started = performance.now();
    await qualify({ maxCostUsd: 1 });
    expect(last - started).toBeGreaterThanOrEqual(11 * 50);
  });

  it('does not wait its turn for what is known', async () => {
    await open(12, { env: { QUALIFY_PER_MINUTE: '1' } });
    for (const { id } of await world.rows<{ id: string }>('SELECT id FROM leads')) await world.qualify(id);
    expect(await qualify({ maxCostUsd: 1 })).toMatchObject({ cached: 12 });
  });

  it('has no more questions open than it may', async () => {
    await open(12, { env: { QUALIFY_CONCURRENCY: '4' } });
    let now = 0;
    let most = 0;
    world.says(() => {
      most = Math.max(most, ++now);
      void sleep(290).then(() => now--);
      return [{ wait: 300 }, answered()];
    });
    await qualify({ maxCostUsd: 1 });
    expect(most).toBe(4);
  });

  it('ends when nobody answers, and says why', async () => {
    await open(30, { env: { QUALIFY_CONCURRENCY: '1' } });
    world.says([{ breakOff: true }] as never);
    const told = await qualify({ maxCostUsd: 1 });
    expect(told.stopped).toMatch(
      /^Stopped: 5 times in a row no model could be asked\. The model could not be asked: The model broke off/,
    );
    expect(told).toMatchObject({ qualified: 5, withModel: 0, costUsd: '0.000000000000' });
    expect(world.asked).toHaveLength(5);
  });

  it('goes on when only what is said cannot be used', async () => {
    await open(12, { env: { QUALIFY_CONCURRENCY: '1' } });
    world.says([{ ...both, quote: 'made up of nothing' }]);
    const told = await qualify({ maxCostUsd: 1 });
    expect(told).toMatchObject({ qualified: 12, withModel: 12, costUsd: '0.007200000000' });
    expect(told).not.toHaveProperty('stopped');
  });

  it('that is cancelled keeps its verdicts', async () => {
    await open(50, { env: { QUALIFY_CONCURRENCY: '2' } });
    world.says(() => [{ wait: 60 }, answered()]);
    const outcome = await world.gate.call('qualify_leads', { model: true, maxCostUsd: 1 }, world.as(world.owner), { waitMs: 0 });
    if (outcome.status !== 'running') throw new Error(`expected a job, got ${outcome.status}`);
    const { jobs } = world.deps.db.records({ ...world.owner });
    await expect.poll(() => world.asked.length).toBeGreaterThan(6);
    await jobs.cancel(outcome.job.id);
    await expect.poll(async () => (await jobs.get(outcome.job.id))!.state).toBe('cancelled');
    const job = (await jobs.get(outcome.job.id))!;
    expect(job.error!.message).toMatch(/^Stopped after \d+ of 50 leads; their verdicts are kept\.$/);
    const kept = await runs();
    expect(kept).toBeGreaterThan(3);
    expect(kept).toBeLessThan(50);
    const asked = world.asked.length;
    await sleep(200);
    expect(world.asked).toHaveLength(asked);

    const rest = await qualify({ maxCostUsd: 1 });
    expect(rest).toMatchObject({ qualified: 50, cached: kept, withModel: 50 - kept });
  });

  it('ends when another profile takes over, with what it has', async () => {
    await open(30, { env: { QUALIFY_CONCURRENCY: '1' } });
    let switched: Promise<unknown> | undefined;
    world.says(() => {
      switched ??= world.result('update_profile', { profile: 'dealer', changes: { tiers: { GOLD: 61 } }, activate: true });
      return [{ wait: 150 }, answered()];
    });
    const told = await qualify({ maxCostUsd: 1 });
    expect(told.stopped).toBe('Stopped: another profile scores since. Verdicts so far are kept; begin again for the others.');
    expect(told.qualified).toBeLessThan(30);
    await switched;
  });

  it('leaves the same verdict as asking about one lead', async () => {
    await open(2, { env: { QUALIFY_CONCURRENCY: '2' } });
    await qualify({ maxCostUsd: 1, limit: 1 });
    const ids = await world.rows<{ id: string }>('SELECT id FROM leads ORDER BY name');
    const verdicts: Verdict[] = [];
    for (const { id } of ids) verdicts.push(await world.qualify(id));
    const alike = ({ reasons, missing, evidence, wouldRaise, score, confidence }: Verdict) => ({
      reasons,
      missing,
      evidence,
      wouldRaise,
      score,
      confidence,
    });
    expect(verdicts.map(({ cached }) => cached).sort()).toEqual([false, true]);
    expect(alike(verdicts[0]!)).toEqual(alike(verdicts[1]!));
  });
});
