/*
 * Another server process on the same database. Says "ready", waits for a line, does what its argument says, and says how that went:
 * `put` keeps one message many times at once, `work` deals with threads, `hold` and `send` begin something and never end it.
 */
import { createInterface } from 'node:readline';
import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { keyOf, said } from './messages.ts';
import { workThreads } from './thread-worker.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const app = await buildApp(loadConfig(), { log: createLog('silent'), demo: false, worker: false });
const { chat } = app.database;

const orders: Record<string, () => Promise<void>> = {
  async put() {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => chat.inbox.put(said('same', 't1', 1))));
    say(String(outcomes.filter((outcome) => outcome === 'new').length));
  },
  async work() {
    await workThreads(app.database);
    say('working');
    await new Promise(() => setInterval(() => undefined, 1000));
  },
  async hold() {
    await chat.alone('chat', { tenantId: app.database.tenantId, thread: keyOf('t1') }, async () => {
      say('holding');
      await new Promise(() => setInterval(() => undefined, 1000));
    });
  },
  async send() {
    say(String((await chat.outbox.claim(10)).length));
    await new Promise(() => setInterval(() => undefined, 1000));
  },
};

say('ready');
for await (const _go of createInterface({ input: process.stdin })) break;
await orders[process.argv[2]!]!();
await app.close();
process.exit(0);
