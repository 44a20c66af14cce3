import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LlmRequest } from '../../../src/core/llm.ts';
import { type Move, scripted } from '../../agents/scripted-llm.ts';
import { buttonsOf, channel, nextMoment, openRoom, type Person, type Room, wordsOf } from './room.ts';

/** Says what it was asked last, unless a test wants something else. */
let moves: ((asked: string) => Move[]) | undefined;
const lastAsked = ({ messages }: LlmRequest): string => messages.findLast(({ role }) => role === 'user')?.text ?? '';
const llm = scripted((request) => {
  const asked = lastAsked(request);
  return moves?.(asked) ?? [{ text: `You said: ${asked}` }];
});

let room: Room;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  room = await openRoom({ llm });
  ann = await room.member('ann');
  bob = await room.member('bob');
});
afterAll(() => room.close());
beforeEach(() => {
  room.surface.messages.length = 0;
  room.surface.whispers.length = 0;
});
afterEach(async () => {
  moves = undefined;
  await room.settled();
});

const said = (place = ann.dm) => room.surface.in(place).map((message) => wordsOf(message.said));

describe('a question on a chat surface', () => {
  it('is kept before anything is answered, and answered while it is written', async () => {
    moves = () => [{ wait: 300 }, { text: 'A slow answer.' }];
    await room.say(ann, 'Hello there');
    const { rows } = await room.database.pool.query("SELECT 1 FROM inbox WHERE inbound::text LIKE '%Hello there%'");
    expect(rows).toHaveLength(1);
    await room.settled();
    const [answer, ...more] = room.surface.in(ann.dm);
    expect(more).toEqual([]);
    expect(answer!.stream!.deltas.join('')).toBe('A slow answer.');
    expect(wordsOf(answer!.said)).toContain('A slow answer.');
    expect(room.surface.openStreams).toBe(0);
  });

  it('delivered five times, at once and later, is answered once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => room.say(ann, 'Only once', { messageId: 'same' })));
    expect(all.filter(({ kept }) => kept === 'new')).toHaveLength(1);
    await room.settled();
    expect((await room.say(ann, 'Only once', { messageId: 'same' })).kept).toBe('seen');
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('You said: Only once')]);
  });

  it('told of in two ways is answered once', async () => {
    moves = (asked) => [{ wait: 200 }, { text: `You said: ${asked}` }];
    await room.say(ann, 'first');
    await room.until(() => room.surface.openStreams === 1, 'the first answer');
    await room.say(ann, 'twice', { messageId: 'two-ways', key: 'mention' });
    await room.say(ann, 'twice', { messageId: 'two-ways', key: 'message' });
    await room.settled();
    await room.say(ann, 'twice', { messageId: 'two-ways', key: 'a third way' });
    await room.settled();
    expect(said().filter((words) => words.includes('twice'))).toEqual([expect.stringMatching(/You said: twice(?!\s*twice)/)]);
  });

  it('in three messages within a second is one question, in the order in which it was said', async () => {
    const [first, second, third] = [nextMoment(), nextMoment(), nextMoment()];
    moves = (asked) => [{ wait: asked.includes('zero') ? 300 : 0 }, { text: `You said: ${asked}` }];
    await room.say(ann, 'zero');
    await room.until(() => room.surface.openStreams === 1, 'the first answer');
    await room.say(ann, 'three', { at: third });
    await room.say(ann, 'one', { at: first });
    await room.say(ann, 'two', { at: second });
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('zero'), expect.stringMatching(/one\s*two\s*three/)]);
  });

  it('of one person is not mixed with that of another, and each is answered in turn', async () => {
    const place = channel('C-sales', 'public_channel', '100.1');
    moves = (asked) => [{ wait: 150 }, { text: `You said: ${asked}` }];
    await room.say(ann, 'a1', { place });
    await room.until(() => room.surface.openStreams === 1);
    await room.say(ann, 'a2', { place });
    await room.say(bob, 'b1', { place });
    await room.say(ann, 'a3', { place });
    await room.settled();
    expect(said(place).map((words) => words.match(/[ab]\d/g)?.join(' '))).toEqual(['a1', 'a2', 'b1', 'a3']);
    const { rows } = await room.database.pool.query('SELECT user_id FROM chat_threads WHERE thread LIKE $1', ['%C-sales%']);
    expect(rows).toHaveLength(2);
  });

  it('that is stopped ends, and what waited behind it is not begun', async () => {
    moves = () => [{ text: 'Beginning ' }, { wait: 3_600_000 }, { text: 'the end' }];
    await room.say(ann, 'something long');
    await room.until(() => room.surface.openStreams === 1);
    await sleep(100);
    await room.say(ann, 'and something more');
    await room.stop(ann);
    await room.settled();
    expect(said()).toEqual([expect.stringMatching(/Stopped/)]);
  });

  it('is stopped by the word alone, and by nobody else', async () => {
    const place = channel('C-stop', 'public_channel', '5.1');
    moves = () => [{ text: 'Beginning ' }, { wait: 20_000 }, { text: 'the end' }];
    await room.say(ann, 'something long', { place });
    await room.until(() => room.surface.openStreams === 1);
    await room.stop(bob, place);
    await sleep(1300);
    expect(room.surface.openStreams).toBe(1);
    await room.say(ann, 'Stop!', { place });
    await room.settled();
    expect(said(place)).toEqual([expect.stringMatching(/Stopped/)]);
  });

  it('with nothing running, "stop" says so to whoever said it', async () => {
    await room.say(ann, 'stop');
    await room.settled();
    expect(said()).toEqual([]);
    expect(room.surface.whispers.map((one) => wordsOf(one.said))).toEqual(['Nothing is running here.']);
  });

  it('that fails on our side ends with words and a short id', async () => {
    moves = () => {
      throw new Error('secret internals');
    };
    await room.say(ann, 'break please');
    await room.settled();
    expect(said()).toEqual([expect.stringMatching(/\(error [0-9a-f]{8}\)/)]);
    expect(said()[0]).not.toContain('secret');
    expect(room.surface.openStreams).toBe(0);
  });

  it('is answered beside many others that take long, and holds up no decision', async () => {
    moves = (asked) => [{ wait: asked.includes('long') ? 3_600_000 : 0 }, { text: `You said: ${asked}` }];
    const places = Array.from({ length: 14 }, (_, i) => channel(`C-many-${i}`, 'public_channel', '1.1'));
    for (const [i, place] of places.entries()) await room.say(ann, `long ${i}`, { place });
    await room.until(() => room.surface.openStreams === 14, 'fourteen at once');
    await room.gate.call('create_lead', { name: 'Unhurried Heating' }, { actor: ann.actor, by: 'person' });
    const { id, paramsHash } = await room.propose(ann, 'update_lead', { lead: 'Unhurried Heating', status: 'contacted' });
    const { decide } = await import('../../../src/tools/decide.ts');
    const { proposal } = await decide(room.gate, id, { decision: 'accept', paramsHash }, { actor: ann.actor, by: 'person' });
    expect(proposal.status).toBe('executed');
    expect(room.surface.openStreams).toBe(14);
    for (const place of places) await room.stop(ann, place);
  });

  it('of several that are meant can be picked with a button, once, by whoever was asked', async () => {
    for (const name of ['Twin Electric North', 'Twin Electric South'])
      await room.gate.call('create_lead', { name }, { actor: ann.actor, by: 'person' });
    let calls = 0;
    moves = (asked) =>
      asked.startsWith('tell') && calls++ === 0
        ? [{ call: 'get_lead', input: { lead: 'Twin Electric' } }]
        : [{ text: `You said: ${asked}` }];
    await room.say(ann, 'tell me about Twin Electric');
    await room.settled();
    const asked = room.surface.in(ann.dm)[0]!;
    const buttons = Object.entries(buttonsOf(asked.said)).filter(([label]) => label.startsWith('Twin'));
    expect(buttons).toHaveLength(2);
    const [label, token] = buttons[0]!;
    expect(wordsOf((await room.press(bob, token, asked)).whisper!)).toMatch(/Somebody else/);
    await room.press(ann, token, asked);
    expect(wordsOf((await room.press(ann, token, asked)).whisper!)).toMatch(/already/);
    await room.settled();
    expect(said().at(-1)).toContain(`You said: ${label}`);
  });

  it('gets an answer that can be voted on, by whoever asked', async () => {
    await room.say(ann, 'vote on this');
    await room.settled();
    const answer = room.surface.in(ann.dm)[0]!;
    const { feedback } = buttonsOf(answer.said);
    expect(wordsOf((await room.press(bob, feedback!, answer, { vote: 'down' })).whisper!)).toMatch(/Whoever asked/);
    for (const vote of ['down', 'up']) await room.press(ann, feedback!, answer, { vote });
    const { rows } = await room.database.pool.query('SELECT vote FROM feedback');
    expect(rows).toHaveLength(1);
  });

  it('that has no words gets a friendly hint and no turn', async () => {
    const asked = llm.requests.length;
    await room.say(ann, '   ');
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('who should I call first')]);
    expect(llm.requests).toHaveLength(asked);
  });

  it('is answered when the surface cannot show it while it is written, is too busy, or is away for a moment', async () => {
    room.surface.fail('open', 'unavailable');
    await room.say(ann, 'no stream');
    await room.settled();
    room.surface.fail('finish', 'rate_limited', 1, 200);
    await room.say(ann, 'too busy');
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('no stream'), expect.stringContaining('too busy')]);
  });

  it('in a channel that we were thrown out of is given up, and the thread goes on', async () => {
    const place = channel('C-closed', 'private_channel', '9.9');
    room.surface.closedTo.add('C-closed');
    await room.say(ann, 'anybody there?', { place });
    await room.settled();
    room.surface.closedTo.delete('C-closed');
    await room.say(ann, 'and now?', { place });
    await room.settled();
    expect(said(place)).toEqual([expect.stringContaining('and now?')]);
  });
});

describe('a question that changes', () => {
  it('while it waits is answered as it is now', async () => {
    moves = (asked) => [{ wait: asked.includes('first') ? 400 : 0 }, { text: `You said: ${asked}` }];
    await room.say(ann, 'first');
    await room.until(() => room.surface.openStreams === 1);
    const { messageId } = await room.say(ann, 'wrnog words');
    await room.edit(ann, messageId, 'right words');
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('first'), expect.stringContaining('right words')]);
    expect(said().join()).not.toContain('wrnog');
  });

  it('and is taken back while it waits is not answered at all', async () => {
    moves = (asked) => [{ wait: asked.includes('first') ? 400 : 0 }, { text: `You said: ${asked}` }];
    await room.say(ann, 'first');
    await room.until(() => room.surface.openStreams === 1);
    const { messageId } = await room.say(ann, 'never mind');
    await room.remove(ann, messageId);
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('first')]);
  });

  it('is heard of in the wrong order: the change or the end before the question', async () => {
    await room.edit(ann, 'late-1', 'as it is now');
    await room.settled();
    await room.say(ann, 'as it was', { messageId: 'late-1' });
    await room.settled();
    await room.remove(ann, 'late-2');
    await room.settled();
    await room.say(ann, 'taken back', { messageId: 'late-2' });
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('as it is now')]);
  });

  it('after it was answered is answered anew in the same message', async () => {
    const { messageId } = await room.say(ann, 'question one');
    await room.settled();
    await room.edit(ann, messageId, 'question two');
    await room.settled();
    const [answer, ...more] = room.surface.in(ann.dm);
    expect(more).toEqual([]);
    expect(wordsOf(answer!.said)).toContain('question two');
    expect(answer!.before).toHaveLength(1);
    // and once more, as surfaces tell of unfurled links
    await room.edit(ann, messageId, 'question two');
    await room.settled();
    expect(answer!.before).toHaveLength(1);
  });

  it('one of several in a turn: the whole turn is answered anew', async () => {
    moves = (asked) => [{ wait: asked.includes('zero') ? 300 : 0 }, { text: `You said: ${asked}` }];
    await room.say(ann, 'zero');
    await room.until(() => room.surface.openStreams === 1);
    await room.say(ann, 'alpha');
    const { messageId } = await room.say(ann, 'beta');
    await room.settled();
    await room.edit(ann, messageId, 'gamma');
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('zero'), expect.stringMatching(/alpha\s*gamma/)]);
  });

  it('after something was done for it gets a new answer, and what was done stays', async () => {
    await room.gate.call('create_lead', { name: 'Edited Electric' }, { actor: ann.actor, by: 'person' });
    moves = (asked) =>
      asked.includes('Edited Electric')
        ? [{ call: 'update_lead', input: { lead: 'Edited Electric', status: 'qualified' } }]
        : [{ text: 'Well.' }];
    let calls = 0;
    const once = moves;
    moves = (asked) => (calls++ === 0 ? once(asked) : [{ text: `Answer ${calls}.` }]);
    const { messageId } = await room.say(ann, 'set Edited Electric to qualified');
    await room.settled();
    expect(said()[0]).toContain('✓ Edited Electric');
    await room.edit(ann, messageId, 'set Edited Electric to lost');
    await room.settled();
    const all = room.surface.in(ann.dm);
    expect(all).toHaveLength(2);
    expect(all[0]!.before).toEqual([]);
  });

  it('after it was answered and is then deleted: nothing happens', async () => {
    const { messageId } = await room.say(ann, 'short lived');
    await room.settled();
    await room.remove(ann, messageId);
    await room.settled();
    expect(said()).toEqual([expect.stringContaining('short lived')]);
  });

  it('and is deleted while it is answered stops its turn', async () => {
    moves = () => [{ text: 'Beginning ' }, { wait: 20_000 }, { text: 'the end' }];
    const { messageId } = await room.say(ann, 'something long');
    await room.until(() => room.surface.openStreams === 1);
    await room.remove(ann, messageId);
    await room.settled();
    expect(said()).toEqual([expect.stringMatching(/Stopped/)]);
  });

  it('in private is stopped by the word, also where that begins a thread of its own', async () => {
    moves = () => [{ wait: 20_000 }, { text: 'Never said.' }];
    await room.say(ann, 'a long one', { place: { ...ann.dm, thread: '200.1' } });
    await room.until(() => room.surface.openStreams === 1, 'the answer');
    await room.say(ann, 'stop', { place: { ...ann.dm, thread: '200.2' } });
    await room.settled();
    expect(said().join(' ')).toContain('Stopped');
    expect(said().join(' ')).not.toContain('Never said');
  });

  it('elsewhere than in private, before we were asked, is no question', async () => {
    const place = channel('C-edits', 'public_channel', '7.7');
    await room.edit(ann, 'unknown', 'just some talk', place);
    await room.settled();
    expect(said(place)).toEqual([]);
  });
});
