import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../src/core/seeded.ts';
import type { Outcome } from '../../src/tools/gate.ts';
import { openWorld, utc, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await add('Alder Generators', { OEMs_Certified: 'Generac, Kohler', OM_Score: '60' });
  await add('Birch Home Services', { Resimercial_Score: '100', MEPR_Score: '75' });
  await add('Cedar Paper', {});
});
afterAll(() => world.close());

const add = (name: string, attributes: Record<string, string>) =>
  world.gate.call('create_lead', { name, attributes }, world.as(world.owner));
const call = (tool: string, input: Record<string, unknown>) => world.gate.call(tool, input, world.as(world.owner));
const read = async (tool: string, input: Record<string, unknown>) => {
  const outcome: Outcome = await call(tool, input);
  if (outcome.status !== 'done') throw new Error(`expected done, got ${outcome.status}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers the way a client without types does
  const { result } = outcome as { result: any };
  return { result, card: world.gate.catalog.get(tool)!.card!(result, utc)! };
};
const stands = async () =>
  (await world.database.pool.query('SELECT name, score, tier, attributes, version FROM leads ORDER BY name')).rows;

describe('what a score would be', () => {
  it('says criterion by criterion, and changes nothing', async () => {
    const before = await stands();
    const { result, card } = await read('score_what_if', {
      lead: 'Alder Generators',
      attributes: { 'oems certified': 'Generac, Kohler, Cummins' },
    });
    const multiOem = { label: 'Multi-OEM', before: 50, after: 100, gain: 12.5, evidence: expect.stringContaining('Cummins') };
    expect(result.factors).toEqual([multiOem]);
    expect(result.after.score - result.before.score).toBeCloseTo(12.5, 6);
    expect(result.unread).toEqual([]);
    expect(card.title).toMatch(/^Alder Generators: \w+ [\d.]+ -> \w+ [\d.]+, if that were so$/);
    expect(await stands()).toEqual(before);
  });

  it('may empty a column, assume points by name of the criterion, and says which columns nobody looks at', async () => {
    const emptied = (await read('score_what_if', { lead: 'Alder Generators', attributes: { OM_Score: null, Fleet: '12' } }))
      .result;
    expect(emptied.factors).toMatchObject([{ label: 'Operations & maintenance', before: 60, after: null }]);
    expect(emptied.unread).toEqual(['Fleet']);
    const assumed = (
      await read('score_what_if', {
        lead: 'Cedar Paper',
        points: { resimercial: 100, 'Multi-OEM': 100, 'MEP+R trades': 100, 'operations & maintenance': 100, 'Multi-state': 100 },
      })
    ).result;
    expect(assumed.before.tier).toBe('BRONZE');
    // the bonus cannot lift it above the top
    expect(assumed.after).toEqual({ score: 100, tier: 'PLATINUM', grade: 'A' });
  });

  it('refuses what it cannot try', async () => {
    await expect(call('score_what_if', { lead: 'Cedar Paper' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(call('score_what_if', { lead: 'Cedar Paper', points: { charm: 100 } })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/no criterion "charm".*Resimercial/),
    });
    await expect(call('score_what_if', { lead: 'Cedar Paper', points: { resimercial: 101 } })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('never falls when a criterion rises, and equals the weighted sum, whatever the points', async () => {
    const random = seeded(7);
    const weights = { resimercial: 0.35, 'multi-oem': 0.25, 'mep-r': 0.25, 'operations-maintenance': 0.15 };
    for (let round = 0; round < 40; round++) {
      const points = Object.fromEntries(Object.keys(weights).map((id) => [id, Math.round(random.next() * 100)]));
      const at = async (more: Record<string, number>) =>
        (await read('score_what_if', { lead: 'Cedar Paper', points: { ...points, ...more } })).result.after.score as number;
      const score = await at({});
      const sum = Object.entries(weights).reduce((total, [id, weight]) => total + weight * points[id]!, 0);
      expect(Math.abs(score - sum)).toBeLessThanOrEqual(0.05 + 1e-9);
      const id = random.pick(Object.keys(weights));
      expect(await at({ [id]: Math.min(100, points[id]! + 10) })).toBeGreaterThanOrEqual(score);
    }
  });
});

describe('leads side by side', () => {
  it('are ordered by score, with points per criterion and what makes the difference', async () => {
    const { result, card } = await read('compare_leads', { leads: ['Cedar Paper', 'Alder Generators', 'Birch Home Services'] });
    expect(result.leads.map(({ name }: { name: string }) => name)).toEqual([
      'Birch Home Services',
      'Alder Generators',
      'Cedar Paper',
    ]);
    const resimercial = result.criteria.find(({ label }: { label: string }) => label === 'Resimercial');
    expect(resimercial).toMatchObject({ weight: 0.35, points: [100, expect.anything(), null] });
    const gap = (result.leads[0].score - result.leads[1].score).toFixed(1);
    expect(result.verdict).toMatch(new RegExp(`^Birch Home Services is ${gap} ahead of Alder Generators: Resimercial \\+`));
    expect(card.title).toBe(result.verdict);
    expect(result.leads[2].missing).toContain('Resimercial');
  });

  it('are named once each', async () => {
    await expect(call('compare_leads', { leads: ['Cedar Paper', 'cedar paper'] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(call('compare_leads', { leads: ['Cedar Paper', 'Nobody'] })).rejects.toMatchObject({ code: 'not_found' });
  });
});
