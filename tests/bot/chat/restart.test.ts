import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { scripted } from '../../agents/scripted-llm.ts';
import { buttonsOf, channel, openRoom, type Room, wordsOf } from './room.ts';

let room: Room;
afterEach(() => room.close());

describe('a process killed in the middle of an answer', () => {
  it('leaves one honest answer with what was done, given by another process', async () => {
    room = await openRoom({ worker: false, llm: scripted(() => [{ text: 'Hello.' }]) });
    const ann = await room.member('ann');
    const child = spawn(process.execPath, ['--import', 'tsx', 'tests/bot/chat/restart-child.ts'], {
      env: { ...process.env, APP_ENV: 'test', DATABASE_URL: room.databaseUrl, DATA_DIR: room.config.DATA_DIR },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const heard: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      heard.push(line);
      if (line.startsWith('ready')) await room.say(ann, 'create a lead called Halfway Heating and tell me a long story');
      if (line === 'streaming') break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(heard.filter((line) => line.startsWith('said'))).toEqual([]);
    // what waits behind it is answered, too
    await room.say(ann, 'are you still there?');

    await room.second({ worker: true, surfaces: [room.surface] });
    await room.until(() => room.surface.in(ann.dm).length === 2, 'two answers');
    await room.settled();
    const [first, second] = room.surface.in(ann.dm);
    expect(wordsOf(first!.said)).toMatch(/I was interrupted[\s\S]*Halfway Heating/);
    expect(buttonsOf(first!.said)).toHaveProperty('Undo');
    expect(wordsOf(second!.said)).toContain('Hello.');
    const { rows } = await room.database.pool.query("SELECT 1 FROM leads WHERE name = 'Halfway Heating'");
    expect(rows).toHaveLength(1);
  });
});

describe('a reply that was kept and not said', () => {
  it('is said by whoever comes next, once', async () => {
    room = await openRoom({ llm: scripted(() => [{ text: 'Kept and said.' }]) });
    const ann = await room.member('ann');
    // the surface goes away when the answer is there
    room.surface.fail('finish', 'rate_limited', 1, 100);
    room.surface.fail('send', 'rate_limited', 2, 100);
    await room.say(ann, 'hello');
    await room.settled();
    expect(room.surface.in(ann.dm).map(({ said }) => wordsOf(said))).toEqual([expect.stringContaining('Kept and said.')]);
    const { rows } = await room.database.pool.query("SELECT 1 FROM messages WHERE role = 'assistant'");
    expect(rows).toHaveLength(1);
  });
});

describe('two processes on one database', () => {
  it('answer many threads at once, each message once and each thread in order', async () => {
    const llm = scripted(({ messages }) => [
      { wait: 20 },
      { text: `You said: ${messages.findLast(({ role }) => role === 'user')?.text}` },
    ]);
    room = await openRoom({ llm });
    const other = await room.second();
    const people = await Promise.all(['p1', 'p2', 'p3'].map((handle) => room.member(handle)));
    const threads = Array.from({ length: 12 }, (_, i) => channel(`C${i}`, 'public_channel', `${i}.1`));
    const sent = threads.flatMap((place, t) =>
      Array.from({ length: 4 }, (_, n) => ({
        place,
        text: `t${t}m${n}`,
        person: people[(t + n) % 3]!,
        messageId: `t${t}m${n}`,
        at: new Date(Date.now() + n * 1000 + t),
      })),
    );
    // every message twice, in both processes, in any order
    const deliveries = [...sent, ...sent].map((one, i) => ({ ...one, order: (i * 7919) % 97, app: i % 2 ? other : room }));
    deliveries.sort((a, b) => a.order - b.order);
    await Promise.all(deliveries.map(({ person, text, ...options }) => room.say(person, text, options)));
    await room.settled();
    const words = threads.map((place) => room.surface.in(place).flatMap(({ said }) => wordsOf(said).match(/t\d+m\d/g) ?? []));
    for (const [t, said] of words.entries()) expect([...said].sort()).toEqual([0, 1, 2, 3].map((n) => `t${t}m${n}`));
  });
});
