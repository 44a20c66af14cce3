import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function done(tool: string, input: Record<string, unknown>, who = world.owner) {
  const outcome = await world.gate.call(tool, input, world.as(who));
  if (outcome.status !== 'done') throw new Error(`expected done, got ${outcome.status}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers the way a client without types does
  return outcome as { result: any; receipt?: { id: string; title: string } };
}
const own = { provider: 'vllm', model: 'qwen3-32b', input: '0', output: '0' };
const ids = async () => (await done('list_prices', {})).result.own.map(({ id }: { id: string }) => id);

describe('prices of a workspace of its own', () => {
  it('are set with a receipt that says them, and undone', async () => {
    const { result, receipt } = await done('set_price', own);
    expect(receipt?.title).toContain('Set the price of qwen3-32b (vllm): input 0, output 0 USD per million tokens');
    expect(await ids()).toEqual([result.price.id]);
    await done('undo', { receiptId: receipt!.id });
    expect(await ids()).toEqual([]);
  });

  it('are removed, and come back with undo unless another holds by then', async () => {
    const { result } = await done('set_price', own);
    const removed = await done('remove_price', { id: result.price.id });
    expect(await ids()).toEqual([]);
    await done('undo', { receiptId: removed.receipt!.id });
    expect(await ids()).toEqual([result.price.id]);
    const again = await done('remove_price', { id: result.price.id });
    await done('set_price', { ...own, input: '0.1' });
    await expect(done('undo', { receiptId: again.receipt!.id })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('This price cannot come back'),
    });
    expect(await ids()).toHaveLength(1);
  });

  it('that can be no price per million tokens are refused, and so is a second one for the same calls', async () => {
    await expect(
      done('set_price', { provider: 'anthropic', model: 'claude-haiku-5-5', input: '0.0000001' }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('did you mean 0.1'),
    });
    await expect(done('set_price', { provider: 'anthropic', model: 'x', input: 'cheap' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(done('set_price', { provider: 'anthropic', model: 'x' })).rejects.toThrow('has no price');
    await expect(done('set_price', { ...own, output: '2' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(done('remove_price', { id: crypto.randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('stand beside those that come with the product, for managers; setting them is for admins', async () => {
    const { known } = (await done('list_prices', { provider: 'deepseek', model: 'deepseek-flash' })).result;
    expect(known.map(({ id }: { id: string }) => id)).toContain('deepseek-flash-peak-01-04');
    const manager = await world.person('mona', 'manager');
    expect((await done('list_prices', {}, manager)).result.own).toHaveLength(1);
    await expect(done('set_price', { ...own, model: 'other' }, manager)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(done('list_prices', {}, await world.person('rob', 'rep'))).rejects.toMatchObject({ code: 'forbidden' });
  });
});
