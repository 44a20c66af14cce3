import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUsage } from '../../src/core/llm.ts';
import type { NewPrice } from '../../src/core/price.ts';
import { overridesAtHand } from '../../src/llm/costs/overrides.ts';
import { priceOf } from '../../src/llm/costs/prices.ts';
import { createLog } from '../../src/log.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const prices = () => world.deps.db.records(world.owner).prices;
const sonnet = { provider: 'anthropic', model: 'claude-sonnet-5-5', input: '1.8', output: '9' };

describe('a price of a workspace’s own', () => {
  it('is kept, counts at once where it is read anew, and is gone when it is removed', async () => {
    const atHand = await overridesAtHand(() => world.database.priceOverrides(), createLog('silent'));
    const { tenantId } = world.owner;
    const cost = () => {
      const overrides = atHand.of(tenantId);
      const call = { ...sonnet, usage: { ...noUsage, input: 1_000_000 }, at: new Date('2026-11-21') };
      const priced = priceOf({ ...call, ...(overrides && { overrides }) });
      return priced.status === 'priced' ? priced.costUsd : priced.because;
    };
    expect(cost()).toBe('2.000000000000');
    const kept = await prices().add({ ...sonnet, source: 'our contract' });
    expect(kept).toMatchObject({ ...sonnet, source: 'our contract', checked: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    await atHand.refresh();
    expect(cost()).toBe('1.800000000000');
    expect(await prices().list()).toEqual([kept]);
    expect(await prices().remove(kept.id)).toBe(true);
    expect(await prices().remove(kept.id)).toBe(false);
    await atHand.refresh();
    expect(cost()).toBe('2.000000000000');
    atHand.stop();
  });

  it.each<[string, Partial<NewPrice>, RegExp]>([
    ['per token', { input: '0.0000018' }, /per token.*did you mean 1\.8\?/],
    ['per thousand tokens', { input: '0.0018', output: '0.009' }, /per thousand tokens/],
    ['in another notation', { input: '1,8' }, /decimal text/],
    ['without any', { input: undefined, output: undefined }, /has no price/],
    ['that ends before it begins', { from: '2026-11-02', to: '2026-11-01' }, /ends before it begins/],
  ])('is refused with advice: %s', async (_what, wrong, advice) => {
    await expect(prices().add({ ...sonnet, ...wrong })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(advice),
    });
    expect(await prices().list()).toEqual([]);
  });

  it('is refused where it would hold for the same calls as another, and not beside it', async () => {
    await prices().add({ ...sonnet, to: '2026-12-01' });
    await expect(prices().add({ ...sonnet, from: '2026-11-30' })).rejects.toMatchObject({ code: 'conflict' });
    await prices().add({ ...sonnet, from: '2026-12-01', input: '1.7' });
    await prices().add({ provider: 'ollama', model: 'qwen3:8b', input: '0', output: '0' });
    expect(await prices().list()).toHaveLength(3);
  });
});
