import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import { delegate } from '../../../src/tools/delegate.ts';
import { scripted } from '../../agents/scripted-llm.ts';
import { dmOf, type Seen, TestSurface } from '../surface.ts';
import { cardsOf, openRoom, type Person, type Room, wordsOf } from './room.ts';

/** What everybody takes for the time; the database has its own. */
let now = new Date('2026-12-01T13:15:00Z');
const teams = new TestSurface('teams');
let room: Room;
let other: App;
let ann: Person;
let tina: Person;
beforeAll(async () => {
  // Slack in one process, Teams in another
  const build = { llm: scripted(() => [{ text: 'Hello.' }]), now: () => now };
  room = await openRoom(build);
  other = await room.second({ surfaces: [teams] });
  ann = await room.member('ann');
  await room.say(ann, 'hello');
  const actor = { ...(await room.person('tina', 'rep')), surface: 'teams' as const };
  await room.database.pool.query(`UPDATE users SET email = 'tina@example.test' WHERE id = $1`, [actor.userId]);
  const user = { surface: 'teams', externalTenant: 'contoso', externalUser: '29:tina' } as const;
  teams.people.set(user.externalUser, { name: 'Tina', email: 'tina@example.test', outsider: false });
  tina = { user, actor, dm: dmOf(user) };
  await room.say(tina, 'hello');
  await room.settled();
  await room.until(async () => (await room.database.chat.served()).length === 2, 'both processes');
});
afterAll(() => room.close());
beforeEach(() => {
  room.surface.messages.length = 0;
  teams.messages.length = 0;
  room.surface.homes.clear();
});

const tick = async (app: App) => {
  await app.chat.handlers.brief({ tenantId: room.database.tenantId, slot: now.toISOString() });
  await room.settled();
};
const proposed = async (person: Person) => {
  const name = `Parted Pipes ${Math.random().toString(36).slice(2, 8)}`;
  await room.gate.call('create_lead', { name }, { actor: person.actor, by: 'person' });
  return room.propose(person, 'update_lead', { lead: name, status: 'contacted' });
};

describe('surfaces that are on in different processes', () => {
  it('answer what is said on each, whichever process heard it first', async () => {
    await room.say(tina, 'are you there?', { app: room });
    await room.say(ann, 'are you there?', { app: other });
    await room.settled();
    expect([room.surface.in(ann.dm).length, teams.in(tina.dm).length]).toEqual([1, 1]);
  });

  it('get what is handed on to somebody there, whichever process takes it up', async () => {
    const proposal = await proposed(ann);
    await delegate(room.gate, proposal.id, { to: 'tina' }, { actor: ann.actor, by: 'person' });
    for (const app of [room, other]) await app.chat.handlers.cards({ tenantId: room.database.tenantId, proposalId: proposal.id });
    await room.settled();
    const [card, ...more] = cardsOf(teams, proposal.id);
    expect(more).toEqual([]);
    // a card that is drawn anew has no line above it
    expect(wordsOf([...card!.before, card!.said][0]!)).toContain('ann asks you to decide');
    expect(cardsOf(room.surface, proposal.id)).toEqual([]);
  });

  it('get the brief of everybody, once, whichever process it is the turn of', async () => {
    for (const [i, app] of [room, other].entries()) {
      now = new Date(Date.parse('2026-12-02T13:15:00Z') + i * 86_400_000);
      const task = `Call the plumber ${i}`;
      const told = (messages: Seen[]) => messages.filter(({ said }) => wordsOf(said).includes(task)).length;
      const all = () => [told(room.surface.in(ann.dm)), told(teams.in(tina.dm))];
      for (const { actor } of [ann, tina])
        await room.gate.call(
          'create_task',
          { title: task, dueAt: new Date(now.getTime() + 3_600_000).toISOString() },
          { actor, by: 'person' },
        );
      await tick(app);
      expect(all()).toEqual([1, 1]);
      await tick(app === room ? other : room);
      expect(all()).toEqual([1, 1]);
    }
  });

  it('have their homes drawn by whoever serves them', async () => {
    const proposal = await proposed(ann);
    await other.chat.handlers.cards({ tenantId: room.database.tenantId, proposalId: proposal.id });
    await room.settled();
    expect(JSON.stringify([...room.surface.homes])).toContain(proposal.title);
  });

  it('are not counted on once nobody serves them any more', async () => {
    await other.close();
    await room.until(async () => (await room.database.chat.served()).join() === 'slack', 'the end of the other process');
    now = new Date('2026-12-05T13:15:00Z');
    await tick(room);
    const { rows } = await room.database.pool.query(`SELECT FROM outbox WHERE surface = 'teams' AND state = 'waiting'`);
    expect(rows).toEqual([]);
  });
});
