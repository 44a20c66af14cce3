import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const add = (input: Record<string, unknown>) =>
  world.gate.call('create_lead', input, world.as(world.owner)).then(
    ({ status }) => status,
    (error: { code: string }) => error.code,
  );
const outcomes = async (inputs: Record<string, unknown>[]) => {
  const all = await Promise.all(inputs.map(add));
  return { done: all.filter((one) => one === 'done').length, conflict: all.filter((one) => one === 'conflict').length };
};
const thirty = <T>(make: (i: number) => T) => Array.from({ length: 30 }, (_, i) => make(i));

describe('adding a lead', () => {
  it('thirty times at once makes one, however the name is written', async () => {
    const spelled = ['Race Roofing LLC', 'race roofing', 'RACE ROOFING, L.L.C.'];
    const same = thirty((i) => ({ name: spelled[i % 3], city: 'Austin', state: 'TX' }));
    expect(await outcomes(same)).toEqual({ done: 1, conflict: 29 });
  });

  it('thirty times at once with one phone number makes one', async () => {
    const same = thirty((i) => ({ name: `Shared Line ${i}`, phone: i % 2 ? '512-555-0177' : '(512) 555 0177' }));
    expect(await outcomes(same)).toEqual({ done: 1, conflict: 29 });
  });

  it('thirty different ones at once makes thirty', async () => {
    expect(await outcomes(thirty((i) => ({ name: `Different Drywall ${i}`, city: 'Austin' })))).toEqual({
      done: 30,
      conflict: 0,
    });
  });
});
