import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scripted } from '../../agents/scripted-llm.ts';
import { channel, openRoom, type Room, stranger, wordsOf } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom({ llm: scripted(() => [{ text: 'Hello.' }]) });
});
afterAll(() => room.close());
beforeEach(() => {
  room.surface.messages.length = 0;
});

const said = (text: string) => ({ text, cards: [], fallback: text });
const put = (key: string, channelName: string, text: string) =>
  room.database.chat.outbox.put(key, { kind: 'post', place: channel(channelName), said: said(text) });
const heard = (name: string) => room.surface.in({ channel: name }).map((message) => wordsOf(message.said));
const stateOf = async (key: string) =>
  (await room.database.pool.query('SELECT state, error FROM outbox WHERE key = $1', [key])).rows[0] as {
    state: string;
    error: { code: string } | null;
  };

describe('what is said without being asked', () => {
  it('is said once for each key, in order', async () => {
    await put('a1', 'C-a', 'one');
    await put('a2', 'C-a', 'two');
    await put('a1', 'C-a', 'one again');
    await room.settled();
    expect(heard('C-a')).toEqual(['one', 'two']);
  });

  it('keeps the pace of each channel, in two processes, and no channel waits for another', async () => {
    await room.second();
    for (let i = 0; i < 7; i++) await put(`b${i}`, 'C-b', `b${i}`);
    await put('c', 'C-c', 'elsewhere');
    await room.settled();
    expect(heard('C-b')).toEqual(['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6']);
    const times = room.surface.in({ channel: 'C-b' }).map(({ at }) => at);
    // a burst is tolerated, then about one a second
    expect(times[6]! - times[0]!).toBeGreaterThan(1800);
    expect(room.surface.in({ channel: 'C-c' })[0]!.at).toBeLessThan(times[6]!);
  });

  it('waits as long as the surface asks for, and is not lost', async () => {
    room.surface.fail('send', 'rate_limited', 2, 700);
    const before = performance.now();
    await put('d', 'C-d', 'patient');
    await room.settled();
    expect(heard('C-d')).toEqual(['patient']);
    expect(performance.now() - before).toBeGreaterThan(1300);
  });

  it('is tried again when the surface is away, and given up where we may not speak', async () => {
    room.surface.fail('send', 'unavailable', 1);
    await put('e', 'C-e', 'came back');
    await room.settled();
    expect(heard('C-e')).toEqual(['came back']);
    room.surface.closedTo.add('C-f');
    await put('f', 'C-f', 'thrown out');
    await put('f2', 'C-f', 'thrown out again');
    await room.settled();
    expect(await stateOf('f')).toMatchObject({ state: 'failed', error: { code: 'forbidden' } });
    expect(await stateOf('f2')).toMatchObject({ state: 'failed' });
  });

  it('of which nobody knows whether it arrived is never said again, and doctor tells of it', async () => {
    await put('g', 'C-g', 'lost in between');
    await room.settled();
    await put('h', 'C-h', 'never known');
    await room.settled();
    room.surface.messages.length = 0;
    await room.database.pool.query(
      `UPDATE outbox SET state = 'started', finished_at = NULL, started_at = now() - interval '1 hour', sent = NULL, content = (SELECT content FROM outbox WHERE key = 'x') WHERE key = 'h'`,
    );
    await put('i', 'C-h', 'what comes after');
    await room.settled();
    expect(heard('C-h')).toEqual(['what comes after']);
    expect(await stateOf('h')).toMatchObject({ state: 'uncertain' });
    expect(await room.database.chat.outbox.uncertain()).toBe(1);
  });

  it('to one person is said in private', async () => {
    const eve = stranger('eve');
    await room.database.chat.outbox.put('j', { kind: 'direct', to: eve, said: said('for you') });
    await room.settled();
    expect(heard('D-U-eve')).toEqual(['for you']);
  });
});
