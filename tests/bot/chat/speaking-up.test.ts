import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { briefAt, dayAt } from '../../../src/core/briefs.ts';
import { scripted } from '../../agents/scripted-llm.ts';
import { buttonsOf, cardsOf, openRoom, type Person, type Room, wordsOf } from './room.ts';

/** What everybody takes for the time; the database has its own. */
let now = new Date();
let room: Room;
let ann: Person;
beforeAll(async () => {
  room = await openRoom({ llm: scripted(() => [{ text: 'Hello.' }]), now: () => now });
  ann = await room.member('ann');
  await room.say(ann, 'hello');
  await room.settled();
});
afterAll(() => room.close());
beforeEach(async () => {
  room.surface.messages.length = 0;
  await room.database.pool.query('DELETE FROM proactive_messages');
  await room.database.chat.preferences.change(ann.actor.userId, {
    muted: [],
    timeZone: null,
  });
});

const tick = async () => {
  await room.chat.handlers.brief({ tenantId: room.database.tenantId, slot: now.toISOString() });
  await room.settled();
};
/** A day later each time: a brief comes once a day. */
let day = 0;
const at = (time: string) => {
  now = new Date(Date.parse(`2026-12-01T${time}:00-05:00`) + day * 86_400_000);
};
const nextDay = () => {
  day++;
};
const said = () => room.surface.in(ann.dm).map((message) => wordsOf(message.said));

describe('a brief', () => {
  it('comes in the morning and in the evening of the person, wherever they are', () => {
    expect(briefAt(new Date('2026-12-01T13:00:00Z'), 'America/New_York')).toBe('morning');
    expect(briefAt(new Date('2026-12-01T13:00:00Z'), 'Europe/Berlin')).toBeUndefined();
    expect(briefAt(new Date('2026-12-01T16:45:00Z'), 'Europe/Berlin')).toBe('evening');
    expect(briefAt(new Date('2026-12-01T03:30:00Z'), 'Asia/Tokyo')).toBeUndefined();
  });

  it('is about a day of the person’s, also where clocks change at midnight', () => {
    const hours = (now: string, zone: string) => {
      const { from, until } = dayAt(new Date(now), zone);
      return [from.toISOString(), until.toISOString()];
    };
    // in Chile the sixth of September 2026 begins at one
    expect(hours('2026-09-06T12:00:00Z', 'America/Santiago')).toEqual(['2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z']);
    expect(hours('2026-03-08T12:00:00Z', 'America/New_York')).toEqual(['2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z']);
  });

  it('is silent when there is nothing', async () => {
    at('08:00');
    await tick();
    at('17:30');
    await tick();
    expect(said()).toEqual([]);
  });

  it('tells in the morning what is due and what waits, once a day, in one process or two', async () => {
    nextDay();
    at('08:15');
    await room.gate.call(
      'create_task',
      { title: 'Call the plumber', dueAt: new Date(now.getTime() + 3_600_000).toISOString() },
      { actor: ann.actor, by: 'person' },
    );
    const other = await room.second();
    await Promise.all([tick(), other.chat.handlers.brief({ tenantId: room.database.tenantId, slot: 'x' })]);
    await tick();
    at('08:30');
    await tick();
    expect(said()).toEqual([expect.stringContaining('Call the plumber')]);
    const { 'Less like this': less } = buttonsOf(room.surface.in(ann.dm)[0]!.said);
    expect(wordsOf((await room.press(ann, less!)).whisper!)).toMatch(/not get the morning brief any more/);
    nextDay();
    at('08:15');
    await tick();
    expect(said()).toHaveLength(1);
  });

  it('tells in the evening what was done, with the way back', async () => {
    nextDay();
    at('17:30');
    await room.gate.call('create_lead', { name: 'Evening Electric' }, { actor: ann.actor, by: 'person' });
    await room.database.pool.query('UPDATE receipts SET created_at = $1 WHERE title LIKE $2', [now, '%Evening Electric%']);
    await tick();
    expect(said()).toEqual([expect.stringMatching(/What I did[\s\S]*Evening Electric/)]);
    expect(buttonsOf(room.surface.in(ann.dm)[0]!.said)).toHaveProperty('Undo');
  });

  it('comes in the morning of where the surface says that the person is, also once they went elsewhere', async () => {
    nextDay();
    const mia = await room.member('mia');
    const there = (timeZone: string) =>
      room.surface.people.set(mia.user.externalUser, { ...room.surface.people.get(mia.user.externalUser)!, timeZone });
    there('America/Los_Angeles');
    await room.say(mia, 'hello');
    await room.settled();
    at('12:00');
    const dueAt = new Date(now.getTime() + 5 * 86_400_000).toISOString();
    await room.gate.call('create_task', { title: 'Early', dueAt: now.toISOString() }, { actor: mia.actor, by: 'person' });
    await room.gate.call('create_task', { title: 'Later', dueAt }, { actor: mia.actor, by: 'person' });
    room.surface.messages.length = 0;
    const told = () => room.surface.in(mia.dm).map(({ said }) => wordsOf(said));
    at('08:15');
    await tick();
    expect(told()).toEqual([]);
    at('11:15');
    await tick();
    expect(told()).toEqual([expect.stringMatching(/Your day[\s\S]*Early/)]);
    nextDay();
    there('Europe/Berlin');
    for (const time of ['11:15', '11:30']) {
      at(time);
      await tick();
    }
    expect(told()).toHaveLength(1);
    nextDay();
    at('02:15');
    await tick();
    expect(told()).toHaveLength(2);
    there('Mars/Base');
    nextDay();
    at('02:15');
    await tick();
    expect(told()).toHaveLength(3);
  });

  it('goes to nobody in their quiet hours, nor a fourth time a day', async () => {
    nextDay();
    at('08:00');
    await room.gate.call(
      'create_task',
      { title: 'Another thing', dueAt: new Date(now.getTime() + 3_600_000).toISOString() },
      { actor: ann.actor, by: 'person' },
    );
    await room.database.chat.preferences.change(ann.actor.userId, { quiet: { from: 18, until: 9 } });
    await tick();
    expect(said()).toEqual([]);
    at('09:00');
    for (const key of ['one', 'two', 'three'])
      expect(await room.database.chat.preferences.maySpeak(ann.actor.userId, now, { kind: 'approval', key })).toEqual({
        may: true,
      });
    await tick();
    expect(said()).toEqual([]);
    await room.database.pool.query('DELETE FROM proactive_messages');
    await tick();
    expect(said()).toEqual([expect.stringContaining('Another thing')]);
    await room.database.chat.preferences.change(ann.actor.userId, { quiet: { from: 18, until: 8 } });
  });
});

describe('quiet hours', () => {
  const pick = async (label: string) => {
    const sections = await room.chat.homes.sections(ann.user);
    const buttons = buttonsOf({ cards: sections.flatMap(({ cards }) => cards), fallback: '' });
    expect(Object.keys(buttons)).toContain(label);
    return wordsOf((await room.press(ann, buttons[label]!)).whisper!);
  };

  it('are picked in the home', async () => {
    expect(await pick('Quiet from 20:00 to 7:00')).toBe('I keep quiet from 20:00 to 7:00.');
    expect((await room.database.chat.preferences.of(ann.actor.userId)).quiet).toEqual({ from: 20, until: 7 });
    expect(await pick('No quiet hours')).toBe('You set no quiet hours.');
    expect(await pick('Quiet from 18:00 to 8:00')).toBe('I keep quiet from 18:00 to 8:00.');
  });

  it('that begin before a brief could be said leave it unsaid', async () => {
    nextDay();
    at('17:45');
    await room.gate.call('create_lead', { name: 'Dusk Drywall' }, { actor: ann.actor, by: 'person' });
    await room.database.pool.query('UPDATE receipts SET created_at = $1 WHERE title LIKE $2', [now, '%Dusk Drywall%']);
    room.surface.fail('send', 'unavailable');
    room.surface.onAct.push((act) => act === 'send' && at('18:05'));
    await tick();
    room.surface.onAct.pop();
    expect(said()).toEqual([]);
    const { rows } = await room.database.pool.query("SELECT error->>'message' AS why FROM outbox WHERE state = 'failed'");
    expect(rows).toEqual([{ why: expect.stringContaining('quiet hours') }]);
  });
});

describe('a proposal that was made elsewhere', () => {
  it('comes to whoever decides once it waits for ten minutes, once, and not at night', async () => {
    // no brief at this hour
    nextDay();
    at('12:00');
    await room.gate.call('create_lead', { name: 'Patient Pumps' }, { actor: ann.actor, by: 'person' });
    const proposal = await room.propose({ ...ann, actor: { ...ann.actor, surface: 'terminal' } }, 'update_lead', {
      lead: 'Patient Pumps',
      status: 'qualified',
    });
    const set = (createdAt: Date, expiresAt: Date) =>
      room.database.pool.query('UPDATE proposals SET created_at = $2, expires_at = $3 WHERE id = $1', [
        proposal.id,
        createdAt,
        expiresAt,
      ]);
    const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
    await set(now, hours(24));
    await tick();
    expect(said()).toEqual([]);
    await set(hours(-0.2), hours(24));
    const noon = now;
    at('23:00');
    await tick();
    expect(said()).toEqual([]);
    now = noon;
    await tick();
    const buttons = async () => (await room.database.pool.query('SELECT hash FROM action_tokens')).rowCount;
    const made = await buttons();
    await tick();
    expect(said()).toEqual([expect.stringContaining('waits for your decision')]);
    // it is looked at every quarter of an hour, and drawn once
    expect(await buttons()).toBe(made);
    const [card] = cardsOf(room.surface, proposal.id);
    await room.press(ann, buttonsOf(card!.said)['Approve']!, card);
    await room.settled();
    expect(wordsOf(card!.said)).toMatch(/Approved by ann/);
  });

  it('comes once more when it is about to expire', async () => {
    nextDay();
    at('12:00');
    await room.gate.call('create_lead', { name: 'Hasty Heating' }, { actor: ann.actor, by: 'person' });
    const { id } = await room.propose({ ...ann, actor: { ...ann.actor, surface: 'terminal' } }, 'update_lead', {
      lead: 'Hasty Heating',
      status: 'qualified',
    });
    const expiresIn = (minutes: number) =>
      room.database.pool.query('UPDATE proposals SET created_at = $2, expires_at = $3 WHERE id = $1', [
        id,
        now,
        new Date(now.getTime() + minutes * 60_000),
      ]);
    await expiresIn(61);
    await tick();
    expect(said()).toEqual([]);
    await expiresIn(59);
    await tick();
    await tick();
    expect(said()).toEqual([expect.stringContaining('This expires within the hour')]);
    expect(cardsOf(room.surface, id)).toHaveLength(1);
  });
});
