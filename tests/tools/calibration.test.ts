import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calibrate } from '../../src/core/calibration.ts';
import type { CardBlock } from '../../src/core/card.ts';
import { addDecided, addTenant, split } from '../decided-leads.ts';
import { openWorld, utc, type World } from '../world.ts';

const tiers = { PLATINUM: 80, GOLD: 60, SILVER: 40 };
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.database.pool.query('DELETE FROM leads; DELETE FROM calibrations');
});

const read = async (input: Record<string, unknown> = {}, actor = world.owner) => {
  const outcome = await world.gate.call('get_calibration', input, world.as(actor));
  if (outcome.status !== 'done') throw new Error(`expected done, got ${outcome.status}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers the way a client without types does
  const { result } = outcome as { result: any };
  return { result, card: world.gate.catalog.get('get_calibration')!.card!(result, utc)! };
};
const calibrations = () => world.deps.db.records(world.owner).calibrations;
const texts = (blocks: CardBlock[]) => blocks.flatMap((block) => ('text' in block ? [block.text] : [])).join('\n');

describe('how well scores foretell wins', () => {
  it('is counted over all decided leads, bin by bin', async () => {
    await addDecided(world, [
      ...split,
      { score: 95, status: 'new', count: 5 },
      { score: 95, status: 'meeting', count: 5 },
      { score: 95, status: 'nurture', count: 5, met: true },
    ]);
    const { result } = await read({}, await world.person('vera', 'viewer'));
    expect(result).toMatchObject({
      outcome: 'won',
      profile: { id: 'dealer', version: 1 },
      leads: 240,
      positives: 81,
      enough: true,
    });
    const filled = result.bins.filter((bin: { leads: number }) => bin.leads);
    expect(filled).toMatchObject([
      { from: 10, to: 20, leads: 40, positives: 0, rate: 0, predicted: 0.1 },
      { from: 30, to: 40, leads: 40, positives: 2, rate: 0.05, predicted: 0.3 },
      { from: 40, to: 50, leads: 100, positives: 45, rate: 0.45, predicted: 0.45 },
      { from: 60, to: 70, leads: 40, positives: 20, rate: 0.5, predicted: 0.65 },
      { from: 80, to: 90, leads: 20, positives: 14, rate: 0.7, predicted: 0.85 },
    ]);
    // by hand: squares of the misses, lead by lead
    const squares =
      40 * 0.01 + 38 * 0.09 + 2 * 0.49 + 55 * 0.2025 + 45 * 0.3025 + 20 * 0.4225 + 20 * 0.1225 + 6 * 0.7225 + 14 * 0.0225;
    expect(result.brier).toBeCloseTo(squares / 240, 9);
    expect(result.suggestion).toEqual({
      tiers: { PLATINUM: 80, GOLD: 45, SILVER: 40 },
      because: 'GOLD from 45 instead of 60: of leads at 45 or more, 49 % were won, against 3 % below.',
    });
  });

  it('leaves out deleted leads and those of other workspaces', async () => {
    const elsewhere = await addTenant(world);
    await addDecided(world, [
      { score: 55, status: 'won', count: 3 },
      { score: 55, status: 'won', count: 10, deleted: true },
      { score: 55, status: 'won', count: 20, tenantId: elsewhere },
      { score: 55, status: 'lost', count: 20, tenantId: elsewhere, met: true },
    ]);
    const result = calibrate([{ score: 55, leads: 20, positives: 20 }], 'won', tiers);
    await world.deps.db
      .records({ tenantId: elsewhere, userId: '', surface: 'job' })
      .calibrations.save({ month: '2026-10', outcome: 'won', profile: { id: 'dealer', version: 1 }, result });
    expect((await read()).result).toMatchObject({ leads: 3, positives: 3, history: [] });
    expect((await read({ outcome: 'meeting' })).result).toMatchObject({ leads: 3 });
  });

  it('judges unrounded scores, as the tiers do', async () => {
    await addDecided(world, [
      { score: 79.96, status: 'won', count: 3 },
      { score: 79.94, status: 'lost', count: 1 },
      { score: 80, status: 'lost', count: 2 },
      { score: 100, status: 'won' },
    ]);
    const { bins, brier } = (await read()).result;
    expect(bins[7]).toMatchObject({ leads: 4, positives: 3 });
    expect(bins[7].predicted).toBeCloseTo((3 * 79.96 + 79.94) / 400, 9);
    expect(bins[8]).toMatchObject({ leads: 2, positives: 0 });
    expect(bins[9]).toMatchObject({ leads: 1, positives: 1, predicted: 1 });
    expect(brier).toBeCloseTo((3 * 0.2004 ** 2 + 0.7994 ** 2 + 2 * 0.64) / 7, 4);
  });

  it('shows the last kept months, newest last', async () => {
    for (const [month, leads] of [
      ['2026-09', 30],
      ['2026-11', 50],
      ['2026-10', 40],
    ] as const) {
      const result = calibrate([{ score: 50, leads, positives: 10 }], 'won', tiers);
      await calibrations().save({ month, outcome: 'won', profile: { id: 'dealer', version: 1 }, result });
    }
    const { result, card } = await read();
    expect(result.history).toEqual([
      { month: '2026-09', leads: 30, brier: 0.25 },
      { month: '2026-10', leads: 40, brier: 0.25 },
      { month: '2026-11', leads: 50, brier: 0.25 },
    ]);
    expect(card.blocks.at(-1)).toMatchObject({
      type: 'table',
      rows: [['2026-09', '30', '0.250'], expect.anything(), expect.anything()],
    });
    expect((await read({ months: 2 })).result.history.map(({ month }: { month: string }) => month)).toEqual([
      '2026-10',
      '2026-11',
    ]);
    expect((await read({ outcome: 'meeting' })).result.history).toEqual([]);
  });

  it('refuses an outcome or a number of months that are none', async () => {
    for (const input of [{ outcome: 'lost' }, { months: 0 }, { months: 1.5 }, { month: '2026-10' }])
      await expect(read(input)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('how well scores foretell meetings', () => {
  it('counts leads that came to one, closed or open, against closed ones that did not', async () => {
    await addDecided(world, [
      { score: 70, status: 'meeting', count: 2 },
      { score: 70, status: 'won', count: 3 },
      { score: 70, status: 'lost', count: 4, met: true },
      { score: 70, status: 'contacted', count: 5, met: true },
      { score: 30, status: 'lost', count: 6 },
      { score: 30, status: 'disqualified', count: 7 },
      { score: 30, status: 'contacted', count: 100 },
    ]);
    // a second meeting is no second lead, and one that was deleted is none
    await world.database.pool.query(`INSERT INTO activities (id, tenant_id, lead_id, kind, text, at)
      SELECT gen_random_uuid(), tenant_id, lead_id, kind, text, at FROM activities`);
    await world.database.pool.query(`INSERT INTO activities (id, tenant_id, lead_id, kind, text, at, deleted_at)
      SELECT gen_random_uuid(), tenant_id, id, 'meeting', 'Met', now(), now() FROM leads WHERE status = 'disqualified'`);
    await world.database.pool.query(`INSERT INTO activities (id, tenant_id, lead_id, kind, text, at)
      SELECT gen_random_uuid(), tenant_id, id, 'call', 'Rang', now() FROM leads WHERE status = 'disqualified'`);
    const { result } = await read({ outcome: 'meeting' });
    expect(result).toMatchObject({ outcome: 'meeting', leads: 27, positives: 14, auc: 1 });
    expect(result.bins[7]).toMatchObject({ leads: 14, positives: 14, rate: 1 });
    expect(result.bins[3]).toMatchObject({ leads: 13, positives: 0, rate: 0 });
    expect(result.caveats.join(' ')).toContain('Open leads that have not come to a meeting yet are not counted');
    expect((await read({ outcome: 'won' })).result).toMatchObject({ leads: 20, positives: 3 });
  });
});

describe('the card', () => {
  it('is a chart of what scores said and what came true, best first, and says what to make of it', async () => {
    await addDecided(world, [...split, { score: 92, status: 'won' }]);
    const { card } = await read();
    expect(card.title).toBe('How well scores foretell: wins');
    expect(card.blocks[0]).toEqual({ type: 'text', text: 'Of 241 decided leads 82 were won (34 %). By score, in percent:' });
    expect(card.blocks[1]).toEqual({
      type: 'bars',
      max: 100,
      bars: [
        { label: '90-100 (1 lead)', value: 100, note: 'score says 92 %' },
        { label: '80-90 (20 leads)', value: 70, note: 'score says 85 %' },
        { label: '60-70 (40 leads)', value: 50, note: 'score says 65 %' },
        { label: '40-50 (100 leads)', value: 45, note: 'score says 45 %' },
        { label: '30-40 (40 leads)', value: 5, note: 'score says 30 %' },
        { label: '10-20 (40 leads)', value: 0, note: 'score says 10 %' },
      ],
    });
    const said = texts(card.blocks);
    expect(said).toMatch(/higher score in \d\d of 100 cases; chance is 50/);
    expect(said).toMatch(/Brier score of 0\.\d\d \(0 is perfect\); saying 34 % of every lead has 0\.22\./);
    expect(said).toContain('So a score tells more about a lead than the average does.');
    expect(said).toContain('Suggested: PLATINUM from 80, GOLD from 45, SILVER from 40. GOLD from 45 instead of 60');
    expect(said).toContain('Scores are those of today');
    expect(said).toContain('disqualified because their score was low');
  });

  it('warns of reading scores as chances where the average is closer', async () => {
    await addDecided(world, [
      { score: 90, status: 'lost', count: 6 },
      { score: 90, status: 'won', count: 2 },
      { score: 70, status: 'lost', count: 9 },
    ]);
    const { result, card } = await read();
    expect(result.skill).toBeLessThan(0);
    expect(texts(card.blocks)).toContain('So take scores as an order of leads, not as their chances.');
    expect(texts(card.blocks)).toContain('Lacking: 33 of either kind, 8 that were won.');
  });

  it('of a workspace without outcomes says so, and draws no chart', async () => {
    const { result, card } = await read();
    expect(result).toMatchObject({ leads: 0, brier: null, skill: null, auc: null, enough: false });
    expect(card.blocks.map(({ type }) => type)).toEqual(['text', 'text']);
    expect(texts(card.blocks)).toMatch(/^No lead is decided yet/);
  });
});
