import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';
import { scripted } from './scripted-llm.ts';

let world: World;
const llm = scripted(() => [{ call: 'record_answers', input: { answers: [] } }]);
beforeAll(async () => {
  world = await openWorld({ llm });
});
afterAll(() => world.close());

it('listeners', async () => {
  const stop = new AbortController();
  for (let n = 0; n < 8; n++) {
    await world.gate.call('create_lead', { name: `Maple ${n} Paper`, attributes: {notes: 'They mend and they sell', n: String(n)} }, world.as(world.owner));
    await world.gate.call('qualify_lead', { lead: `Maple ${n} Paper` }, world.as(world.owner, { signal: stop.signal }));
    console.log(n, getEventListeners(stop.signal, 'abort').length);
  }
  const [r] = llm.requests;
  console.log(r!.messages.map((m) => m.text).join('\n----\n'));
  console.log(JSON.stringify(r!.tools), JSON.stringify(r!.tools).length, r!.maxTokens);
  expect(1).toBe(1);
});
