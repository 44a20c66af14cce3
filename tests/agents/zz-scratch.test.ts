import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';
import { scripted } from './scripted-llm.ts';

let world: World;
beforeAll(async () => {
  const llm = scripted(() => [{ wait: 300 }, { call: 'record_answers', input: { answers: [] } }]);
  world = await openWorld({ llm });
  for (let n = 0; n < 30; n++)
    await world.gate.call('create_lead', { name: `Maple ${'abcdefghijklmnopqrstuvwxyzäöüß'[n]} ${n} Paper`, attributes: {notes: 'They mend and they sell'} }, world.as(world.owner));
});
afterAll(() => world.close());

it('many at once', async () => {
  const { items } = await world.deps.db.records(world.owner).leads.search({}, { sort: 'name', limit: 50 });
  const started = performance.now();
  const all = await Promise.allSettled(items.map(({ id }) => world.gate.call('qualify_lead', { lead: id }, world.as(world.owner))));
  console.log(items.length, performance.now() - started, all.filter((a) => a.status === 'rejected').map((a) => (a as PromiseRejectedResult).reason.message).slice(0, 3));
  console.log(JSON.stringify((all.find((a) => a.status === 'fulfilled') as any)?.value, null, 1));
  expect(1).toBe(1);
});
