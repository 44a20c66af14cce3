import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../../world.ts';
import { forgetAll, keyOf, said } from './messages.ts';
import { otherProcess } from './processes.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(() => forgetAll(world.database));
afterAll(() => world.close());

const inbox = () => world.database.chat.inbox;
const keys = async (thread: string) => (await inbox().waiting(keyOf(thread))).map(({ inbound }) => inbound.key);
const jobs = async () =>
  (await world.database.pool.query<{ key: string }>('SELECT key FROM graphile_worker.jobs ORDER BY id')).rows.map(
    ({ key }) => key,
  );
const turn = '0193a000-0000-7000-8000-000000000001';
const conversation = '0193a000-0000-7000-8000-00000000000a';

describe('what is said on a chat surface', () => {
  it('is kept once with one job for its thread, and told as seen the second time, also when it is done', async () => {
    expect(await inbox().put(said('a', 't1', 1))).toBe('new');
    expect(await inbox().put(said('a', 't1', 1))).toBe('seen');
    expect(await inbox().put(said('b', 't1', 2))).toBe('new');
    expect(await inbox().put(said('c', 't2', 3))).toBe('new');
    expect(await jobs()).toEqual([`chat:${keyOf('t1')}`, `chat:${keyOf('t2')}`]);
    const rows = await inbox().waiting(keyOf('t1'));
    expect(rows[0]).toEqual({ id: expect.any(String), inbound: said('a', 't1', 1), turnId: null, conversationId: null });
    await inbox().done(
      rows.map(({ id }) => id),
      'answered',
    );
    expect(await keys('t1')).toEqual([]);
    expect(await keys('t2')).toEqual(['c']);
    expect(await inbox().put(said('a', 't1', 1))).toBe('seen');
  });

  it('is kept once when two processes get it a hundred times at the same time', async () => {
    const others = await Promise.all([otherProcess(world, 'put'), otherProcess(world, 'put')]);
    for (const other of others) other.go();
    const news = await Promise.all(others.map((other) => other.line()));
    expect(news.map(Number).reduce((a, b) => a + b)).toBe(1);
    expect(await keys('t1')).toEqual(['same']);
    expect(await jobs()).toEqual([`chat:${keyOf('t1')}`]);
    await Promise.all(others.map((other) => other.kill()));
  });

  it('is dealt with in the order it was said, whatever the order it came in', async () => {
    for (const second of [3, 1, 2]) await inbox().put(said(`at ${second}`, 't1', second));
    expect(await keys('t1')).toEqual(['at 1', 'at 2', 'at 3']);
  });

  it('may be of any letters, and in channels with names of any length', async () => {
    const hostile = said('x\0\ud800', 'x'.repeat(600), 1, 'NUL \0, half a pair \udc00, and '.concat('"; DROP TABLE inbox; --'));
    expect(await inbox().put(hostile)).toBe('new');
    expect(await inbox().put(hostile)).toBe('seen');
    const [row] = await inbox().waiting(keyOf('x'.repeat(600)));
    expect(row!.inbound).toMatchObject({ text: 'NUL , half a pair \ufffd, and "; DROP TABLE inbox; --' });
    expect((await jobs())[0]!.length).toBeLessThan(100);
  });
});

describe('a turn that answers', () => {
  it('takes all of its rows or none, and never one that another turn has', async () => {
    for (const second of [1, 2, 3]) await inbox().put(said(`at ${second}`, 't1', second));
    const [a, b, c] = (await inbox().waiting(keyOf('t1'))).map(({ id }) => id);
    expect(await inbox().answeredBy([a!, b!], { turnId: turn, conversationId: conversation })).toBe(true);
    const other = { turnId: turn.replace(/1$/, '2'), conversationId: conversation };
    expect(await inbox().answeredBy([b!, c!], other)).toBe(false);
    expect((await inbox().waiting(keyOf('t1'))).map(({ turnId }) => turnId)).toEqual([turn, turn, null]);
    await inbox().done([c!], 'ignored');
    expect(await inbox().answeredBy([c!], other)).toBe(false);
  });

  it('is one when two try to take the same row', async () => {
    await inbox().put(said('a', 't1', 1));
    const id = (await inbox().waiting(keyOf('t1')))[0]!.id;
    const tries = Array.from({ length: 8 }, (_, i) =>
      inbox().answeredBy([id], { turnId: turn.replace(/1$/, String(i)), conversationId: conversation }),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  it('is found again by each of its questions, with what was asked and the message that answered', async () => {
    await inbox().put(said('a', 't1', 1, 'who'));
    await inbox().put(said('b', 't1', 2, 'is Acme'));
    const ids = (await inbox().waiting(keyOf('t1'))).map(({ id }) => id);
    expect(await inbox().answerTo(keyOf('t1'), 'm-a')).toBeUndefined();
    await inbox().answeredBy(ids, { turnId: turn, conversationId: conversation });
    const found = {
      turnId: turn,
      conversationId: conversation,
      saidAt: expect.any(Date),
      answerId: null,
      asked: [
        { messageId: 'm-a', text: 'who' },
        { messageId: 'm-b', text: 'is Acme' },
      ],
    };
    expect(await inbox().answerTo(keyOf('t1'), 'm-b')).toEqual(found);
    await inbox().noteAnswer(turn, 'reply-1');
    await inbox().noteAnswer(turn, 'reply-2');
    expect(await inbox().answerTo(keyOf('t1'), 'm-a')).toEqual({ ...found, answerId: 'reply-2' });
    expect(await inbox().answerTo(keyOf('t2'), 'm-a')).toBeUndefined();

    const later = turn.replace(/1$/, '2');
    await inbox().put({ ...said('edit', 't1', 3), kind: 'edited', messageId: 'm-a', text: 'what' });
    await inbox().answeredBy([(await inbox().waiting(keyOf('t1'))).at(-1)!.id], { turnId: later, conversationId: conversation });
    expect(await inbox().answerTo(keyOf('t1'), 'm-a')).toMatchObject({
      turnId: later,
      asked: [{ messageId: 'm-a', text: 'what' }],
    });
  });

  it('knows of a message that was taken back, also before the message itself came', async () => {
    expect(await inbox().wasDeleted(keyOf('t1'), 'm-a')).toBe(false);
    const { user, place, at } = said('gone', 't1', 2);
    await inbox().put({ key: 'gone', user, place, at, kind: 'deleted', messageId: 'm-a' });
    expect(await inbox().wasDeleted(keyOf('t1'), 'm-a')).toBe(true);
    expect(await inbox().wasDeleted(keyOf('t2'), 'm-a')).toBe(false);
  });
});

describe('a thread', () => {
  it('has one conversation for each person, made once however many ask for it at a time', async () => {
    const eve = await world.person('eve', 'rep');
    const mine = await Promise.all(
      Array.from({ length: 10 }, () =>
        inbox().conversationOf(keyOf('t1'), world.owner.userId, { agent: 'sr-bdr', surface: 'slack' }),
      ),
    );
    expect(new Set(mine.map(({ id }) => id)).size).toBe(1);
    expect(mine.filter(({ isNew }) => isNew)).toHaveLength(1);
    const hers = await inbox().conversationOf(keyOf('t1'), eve.userId, { agent: 'sr-bdr', surface: 'slack' });
    expect(hers).toMatchObject({ isNew: true, agent: 'sr-bdr' });
    expect(hers.id).not.toBe(mine[0]!.id);
    expect((await inbox().conversationOf(keyOf('t2'), eve.userId, { agent: 'sr-bdr', surface: 'slack' })).id).not.toBe(hers.id);
    expect(await inbox().conversationOf(keyOf('t1'), eve.userId, { agent: 'another', surface: 'slack' })).toEqual({
      ...hers,
      isNew: false,
    });
    expect(await world.deps.db.records(eve).conversations.get(hers.id)).toMatchObject({ surface: 'slack', userId: eve.userId });
    expect(await world.deps.db.records(world.owner).conversations.get(hers.id)).toBeUndefined();
    const { rows } = await world.database.pool.query('SELECT count(*)::int AS n FROM conversations');
    expect(rows[0].n).toBe(3);
  });

  it('is followed from the first thing that was said to us in it, and not for what we ignored', async () => {
    expect(await inbox().follows(keyOf('t1'))).toBe(false);
    await inbox().put(said('a', 't1', 1));
    expect(await inbox().follows(keyOf('t1'))).toBe(true);
    await inbox().done([(await inbox().waiting(keyOf('t1')))[0]!.id], 'ignored');
    expect(await inbox().follows(keyOf('t1'))).toBe(false);
    await inbox().conversationOf(keyOf('t1'), world.owner.userId, { agent: 'sr-bdr', surface: 'slack' });
    expect(await inbox().follows(keyOf('t1'))).toBe(true);
    expect(await inbox().follows(keyOf('t2'))).toBe(false);
  });

  it('forgets a conversation that is deleted, and makes another', async () => {
    const first = await inbox().conversationOf(keyOf('t1'), world.owner.userId, { agent: 'sr-bdr', surface: 'slack' });
    await world.database.pool.query('DELETE FROM conversations WHERE id = $1', [first.id]);
    expect(await inbox().conversationOf(keyOf('t1'), world.owner.userId, { agent: 'sr-bdr', surface: 'slack' })).toMatchObject({
      isNew: true,
    });
  });
});

describe('a storm of messages', () => {
  it('is kept to the last, with one job for each thread', async () => {
    const people = Array.from({ length: 20 }, async (_, person) => {
      for (let i = 0; i < 25; i += 1) await inbox().put(said(`${person}-${i}`, `t${person}`, i));
    });
    await Promise.all(people);
    expect(await jobs()).toHaveLength(20);
    expect((await world.database.pool.query('SELECT FROM inbox')).rowCount).toBe(500);
    for (const person of [0, 19])
      expect(await keys(`t${person}`)).toEqual(Array.from({ length: 25 }, (_, i) => `${person}-${i}`));
  });

  it('is kept but for the one that cannot be, each told its own', async () => {
    const storm = ['a', 'b', 'a', 'broken', 'c', 'b'].map((key) =>
      inbox().put({ ...said(key, 't1', 1), ...(key === 'broken' && { at: 'never' }) }),
    );
    const outcomes = await Promise.allSettled(storm);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
      'new',
      'new',
      'seen',
      'failed',
      'new',
      'seen',
    ]);
    expect(await inbox().put(said('d', 't1', 2))).toBe('new');
    expect((await keys('t1')).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('may come to two processes in any order, all of it at the same time', async () => {
    const second = await world.second();
    const all = Array.from({ length: 200 }, (_, i) => said(String(i), `t${i % 7}`, i % 60));
    const both = await Promise.all([
      ...all.map((one) => inbox().put(one)),
      ...all.toReversed().map((one) => second.database.chat.inbox.put(one)),
    ]);
    expect(both.filter((outcome) => outcome === 'new')).toHaveLength(200);
    expect(await jobs()).toHaveLength(7);
  });
});
