import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playgroundUser } from '../../../src/core/chat.ts';
import { wordsOf } from '../surface.ts';
import { openPlayground, type Playground, stateOf } from './driver.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground({ demo: true });
});
afterAll(() => playground.close());

it('answers once what is delivered twice at once and again later', async () => {
  const page = await playground.page('ann').listen();
  const { body } = await page.ask('POST', '/playground/deliver', { text: 'who am I?', how: 'twice' });
  expect(body.deliveries.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual(['new', 'seen', 'seen']);
  expect(new Set(body.deliveries.map(({ key }: { key: string }) => key)).size).toBe(1);
  const [first, , last] = body.deliveries;
  expect(Date.parse(last.deliveredAt) - Date.parse(first.deliveredAt)).toBeGreaterThanOrEqual(900);
  await page.answered(/Ann Reyes/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(page.messages.map(({ from }) => from)).toEqual(['you', 'assistant']);
});

it('answers what comes late, after a newer one was answered', async () => {
  const page = await playground.page('marcus').listen();
  const text = 'who am I?\nwhat is waiting for my decision?';
  const { body } = await page.ask('POST', '/playground/deliver', { text, how: 'late' });
  const [newer, late] = body.deliveries;
  expect(late).toMatchObject({ text: 'who am I?', outcome: 'new' });
  expect(Date.parse(newer.saidAt) - Date.parse(late.saidAt)).toBeGreaterThan(55_000);
  await page.until(() => page.answers.some(({ said }) => /Marcus Bell/.test(wordsOf(said!))), 'the late answer');
  expect(page.answers.some(({ said }) => /Nothing is waiting/.test(wordsOf(said!)))).toBe(true);
});

it('keeps what is delivered in another order than it was said, and answers all of it', async () => {
  const page = await playground.page('dana').listen();
  const text = 'who am I?\nand what is waiting for my decision?';
  const { body } = await page.ask('POST', '/playground/deliver', { text, how: 'out_of_order' });
  const [first, second] = body.deliveries;
  expect([first.text, second.text]).toEqual(['and what is waiting for my decision?', 'who am I?']);
  expect(first.saidAt > second.saidAt).toBe(true);
  await page.until(() => {
    const all = page.answers.map(({ said }) => wordsOf(said!)).join('\n');
    return /Dana Okafor/.test(all) && /Nothing is waiting/.test(all);
  }, 'both answers');
});

it('goes on behind the last event after a cut connection, and shows a reload the same', async () => {
  const page = await playground.page().listen();
  await page.say('who am I?');
  await page.answered();
  page.leave();
  const { lastEventId } = page;
  const away = playground.page();
  await away.say('what is waiting for my decision?');
  const reload = await playground.page().listen();
  await reload.answered(/Nothing is waiting/);
  const back = await playground.page(undefined, { lastEventId: lastEventId! }).listen();
  await back.answered(/Nothing is waiting/);
  expect(back.ready).toBe(0);
  expect(back.messages.map(({ id }) => id)).toEqual(reload.messages.slice(-2).map(({ id }) => id));
  // a position of somebody else's, or of another database
  const stranger = await playground.page('ann', { lastEventId: '999999' }).listen();
  await stranger.until(() => stranger.ready === 1, 'a beginning');
});

it('is the same in two processes: said in one, answered by the other, shown in both', async () => {
  const url = await playground.elsewhere();
  const [here, there] = [await playground.page().listen(), await playground.page(undefined, { url }).listen()];
  const before = here.messages.length;
  expect(there.messages.length).toBe(before);
  const key = randomUUID();
  const outcomes = await Promise.all([
    here.say('mark the best lead as nurture', key),
    there.say('mark the best lead as nurture', key),
  ]);
  expect(outcomes.map(({ body }) => body.outcome).sort()).toEqual(['new', 'seen']);
  await here.answered();
  await there.answered();
  await there.say('who are my top 3 leads?');
  await there.answered(/Call these/);
  await there.say('mark the first and second one as contacted');
  const card = await here.card();
  const presses = await Promise.all([here, there].map((page) => page.press('Approve', card)));
  expect(presses.filter(({ body }) => !body.whisper)).toHaveLength(1);
  for (const page of [here, there])
    await page.until(() => stateOf(page.shown.get(card.id)!) === 'executed', 'the end of the card');
  expect(here.messages.map(({ id }) => id)).toEqual(there.messages.map(({ id }) => id));
});

it('says anew what a process that went away had begun, and takes back what it left', async () => {
  const { playground: messages } = playground.world.database.chat;
  const page = await playground.page('marcus').listen();
  const marcus = await playground.world.access.byHandle('marcus');
  if (!marcus || marcus === 'disabled') throw new Error('there is no Marcus');
  const begun = await messages.add(marcus.userId, {
    speaker: 'assistant',
    content: { said: { text: 'Half an ans', cards: [], fallback: '' } },
    writing: true,
  });
  await page.until(() => page.shown.get(begun!.id)?.writing, 'what is being written');
  await playground.world.database.pool.query(
    `UPDATE playground_messages SET writing_until = now() - interval '1 second' WHERE channel = $1 AND id = $2`,
    [marcus.userId, begun!.id],
  );
  await page.until(() => page.shown.get(begun!.id)?.writing === false, 'word that nobody writes it any more');
  await page.say('who am I?');
  await page.answered(/Marcus/);
  await page.until(() => !page.shown.has(begun!.id), 'its end');
});

it('stops what runs, and what waits to', async () => {
  const page = await playground.page('ann').listen();
  expect((await page.ask('POST', '/playground/stop', {})).body).toEqual({ stopping: false });
  const user = playgroundUser(((await playground.world.access.byHandle('ann')) as { userId: string }).userId);
  const { pool } = playground.world.database;
  const client = await pool.connect();
  try {
    // nobody can take the thread up meanwhile
    const place = `playground|local|${user.externalUser}|`;
    await client.query('SELECT pg_advisory_lock(23071, hashtext($1))', [`chat:${place}`]);
    await page.say('who am I?');
    expect((await page.ask('POST', '/playground/stop', {})).body).toEqual({ stopping: true });
    const asked = page.answers.length;
    await client.query('SELECT pg_advisory_unlock_all()');
    await page.until(
      async () => (await pool.query('SELECT FROM inbox WHERE done_at IS NULL')).rowCount === 0,
      'the end of what waited',
    );
    expect(page.answers.length).toBe(asked);
  } finally {
    client.release(true);
  }
});
