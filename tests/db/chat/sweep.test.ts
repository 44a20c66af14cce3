import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openWorld, type World } from '../../world.ts';
import { channel, forgetAll, keyOf, said } from './messages.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(() => forgetAll(world.database));
afterAll(() => world.close());

const sql = async (text: string) => (await world.database.pool.query(text)).rows;
const saying = (text: string) => ({ kind: 'post' as const, place: channel, said: { text, cards: [], fallback: text } });

it('what was dealt with is gone after thirty days, and what waits stays', async () => {
  const { inbox, outbox } = world.database.chat;
  for (const [key, second] of [
    ['old', 1],
    ['recent', 2],
    ['waits', 3],
  ] as const)
    await inbox.put(said(key, 't1', second));
  const [old, recent] = (await inbox.waiting(keyOf('t1'))).map(({ id }) => id);
  await inbox.done([old!, recent!], 'answered');
  for (const key of ['old', 'waits']) await outbox.put(key, saying(key));
  await outbox.sent((await outbox.claim(1))[0]!.id);
  await inbox.noteAnswer('0193a000-0000-7000-8000-000000000001', 'm1');

  await world.database.sweep();
  expect(await sql('SELECT key FROM inbox ORDER BY id')).toHaveLength(3);
  await sql(
    `UPDATE inbox SET received_at = received_at - interval '31 days', done_at = done_at - interval '31 days' WHERE key <> 'recent'`,
  );
  await sql(`UPDATE outbox SET created_at = created_at - interval '31 days', finished_at = finished_at - interval '31 days'`);
  await sql(`UPDATE chat_answers SET created_at = created_at - interval '31 days'`);
  await world.database.sweep();
  expect(await sql('SELECT key FROM inbox ORDER BY id')).toEqual([{ key: 'recent' }, { key: 'waits' }]);
  expect(await sql('SELECT key FROM outbox')).toEqual([{ key: 'waits' }]);
  expect(await sql('SELECT FROM chat_answers')).toEqual([]);
});

it('the job that sends is queued again when it is missing, and only then', async () => {
  await world.database.chat.outbox.put('a', saying('a'));
  await sql('SELECT graphile_worker.complete_jobs(ARRAY(SELECT id FROM graphile_worker.jobs))');
  await world.database.sweep();
  expect(await sql('SELECT key FROM graphile_worker.jobs')).toEqual([]);
  await sql(`UPDATE outbox SET due_at = due_at - interval '3 minutes'`);
  await world.database.sweep();
  await world.database.sweep();
  expect(await sql('SELECT key, revision FROM graphile_worker.jobs')).toEqual([
    { key: `outbox:${world.database.tenantId}:slack`, revision: 0 },
  ]);
});

it('a job that made way for a newer one of its key is no dead letter', async () => {
  const { inbox } = world.database.chat;
  await inbox.put(said('a', 't1', 1));
  await sql(`UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody'`);
  await inbox.put(said('b', 't1', 2));
  await sql(`SELECT graphile_worker.force_unlock_workers(ARRAY['somebody'])`);
  expect(await world.queue.deadLetters()).toHaveLength(1);
  await world.database.sweep();
  expect(await world.queue.deadLetters()).toEqual([]);
  expect(await sql('SELECT key FROM graphile_worker.jobs')).toEqual([{ key: `chat:${keyOf('t1')}` }]);
});
