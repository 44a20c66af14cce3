import { setTimeout as sleep } from 'node:timers/promises';
import type { JobPayloads } from '../../../src/core/job.ts';
import type { Database } from '../../../src/db/open.ts';

/** Deals with threads as a server does, slowly, and writes down who did what when. */
export async function workThreads(database: Database) {
  const { chat, pool } = database;
  // two that make it at the same moment: one of them is told that it is there
  await pool.query('CREATE TABLE IF NOT EXISTS worked (n serial, process int, thread text, what text)').catch(() => undefined);
  const note = (thread: string, what: string) =>
    pool.query('INSERT INTO worked (process, thread, what) VALUES ($1, $2, $3)', [process.pid, thread, what]);
  return database.work({
    async chat(payload: JobPayloads['chat']) {
      await chat.alone('chat', payload, async () => {
        for (;;) {
          const rows = await chat.inbox.waiting(payload.thread);
          if (rows.length === 0) return;
          await note(payload.thread, 'begin');
          await sleep(20);
          for (const { inbound } of rows) await note(payload.thread, inbound.key);
          await chat.inbox.done(
            rows.map(({ id }) => id),
            'answered',
          );
          await note(payload.thread, 'end');
        }
      });
    },
  });
}
