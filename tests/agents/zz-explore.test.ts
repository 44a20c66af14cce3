import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';

it('explores', async () => {
  const world = await openWorld({ demo: true });
  const { id } = await world.converser.open(world.owner);
  const out: string[] = [];
  const say = async (text: string) => {
    const { events } = await world.converser.say({ actor: world.owner, conversationId: id, text });
    for await (const event of events)
      if (event.type === 'done')
        out.push(
          `> ${text}\n${event.reply.text}\n   [${event.reply.sources.join(', ')}] receipts ${event.reply.receipts.map((r) => r.title).join(' | ')} proposals ${event.reply.proposals.map((p) => p.title).join(' | ')} cards ${event.reply.cards.map((c) => c.title).join(' | ')}`,
        );
      else if (event.type === 'error') out.push(`> ${text}\nERROR ${event.message}`);
    return id;
  };
  for (const line of (process.env['LINES'] ?? '').split('\n').filter(Boolean)) {
    if (line.startsWith('!approve')) {
      const records = world.deps.db.records({ ...world.owner });
      const { proposals } = (await records.proposals.list({ status: 'pending', limit: 5 })) as unknown as {
        proposals: { id: string }[];
      };
      out.push(JSON.stringify(proposals?.[0]?.id));
      continue;
    }
    await say(line);
  }
  process.stdout.write(out.join('\n\n') + '\n');
  expect(1).toBe(1);
  await world.close();
}, 120_000);
