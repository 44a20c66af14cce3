import { it } from 'vitest';
import { openWorld } from '../world.ts';
it('try', async () => {
  const w = await openWorld({ demo: true });
  const actor = { ...w.owner, surface: 'terminal' as const };
  const c = await w.converser.open(actor);
  for (const text of ['who are my top 3 leads?', 'mark the first one as contacted', 'undo that', 'hello', 'find leads in Texas', 'why is the first one ranked first?','delete all leads in texas', 'mark all of them as contacted', 'show electric']) {
    const { events } = await w.converser.say({ actor, conversationId: c.id, text });
    console.log('>>> ' + text);
    for await (const e of events) console.log(JSON.stringify(e).slice(0, 900));
  }
  await w.close();
});
