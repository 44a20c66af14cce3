import { setTimeout as sleep } from 'node:timers/promises';
import { gemini } from '../../../src/llm/providers/gemini.ts';
import { modelServer, type Reply } from '../../contracts/model-server.ts';
import { geminiWire } from '../../contracts/wires.ts';

/** Breaks streams in every way, and waits: a rejection that nobody hears ends the process a moment later. */
const [first, second] = geminiWire.events({ text: 'A long answer', unfinished: true }) as [string, string];
const replies: Reply[] = [
  { chunks: [first, second], end: 'cut' },
  { chunks: [], end: 'cut' },
  { chunks: [first, 'data: {"broken\n\n'] },
  { chunks: ['<html></html>'] },
  { chunks: [] },
  { chunks: [first, second.slice(0, 20)] },
];
const asked = { model: 'm', messages: [{ role: 'user' as const, text: 'Hi' }], tools: [], maxTokens: 9 };
const kinds: string[] = [];

async function ask(reply: Reply, use: (deltas: AsyncIterable<unknown>, stop: AbortController) => Promise<void>): Promise<void> {
  const server = await modelServer(() => reply);
  const provider = gemini.create({ GOOGLE_API_KEY: 'k', GOOGLE_BASE_URL: server.url });
  const stop = new AbortController();
  await use(provider.stream({ ...asked, signal: stop.signal }), stop).catch((error) => kinds.push(error.kind ?? error.message));
  await sleep(50);
  await server.close();
}

for (const reply of replies)
  await ask(reply, async (deltas) => {
    for await (const _ of deltas);
  });
await ask({ chunks: [first, second], end: 'open' }, async (deltas) => {
  for await (const _ of deltas) break;
  kinds.push('left');
});
await ask({ chunks: [first, second], end: 'open' }, async (deltas, stop) => {
  for await (const _ of deltas) stop.abort(new Error('stopped'));
});
process.stdout.write(`${kinds.join(' ')}\n`);
