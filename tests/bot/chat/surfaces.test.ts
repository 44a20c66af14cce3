import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LlmRequest } from '../../../src/core/llm.ts';
import { type Move, scripted } from '../../agents/scripted-llm.ts';
import { dmOf, TestSurface } from '../surface.ts';
import { buttonsOf, cardsOf, openRoom, type Person, type Room, wordsOf } from './room.ts';

/** What the model hears, and what it does. */
const heard: string[][] = [];
let moves: ((request: LlmRequest) => Move[]) | undefined;
const llm = scripted((request) => {
  const words = request.messages.filter(({ role }) => role !== 'system').map(({ text }) => text);
  heard.push(words);
  return moves?.(request) ?? [{ text: `You said: ${request.messages.findLast(({ role }) => role === 'user')?.text}` }];
});

const teams = new TestSurface('teams');
let room: Room;
/** The same person on both. */
let inSlack: Person;
let inTeams: Person;
let count = 0;
beforeAll(async () => {
  room = await openRoom({ llm, others: [teams] });
  inSlack = await room.member('ann');
  const user = { surface: 'teams', externalTenant: 'contoso', externalUser: '29:ann' } as const;
  teams.people.set(user.externalUser, { name: 'Ann', email: 'ann@example.test', outsider: false });
  inTeams = { user, actor: { ...inSlack.actor, surface: 'teams' }, dm: dmOf(user) };
});
afterAll(() => room.close());
beforeEach(() => {
  heard.length = 0;
  room.surface.messages.length = 0;
  teams.messages.length = 0;
});
afterEach(async () => {
  moves = undefined;
  await room.settled();
});

const newLead = async () => {
  const name = `Crossing Cooling ${++count}`;
  await room.gate.call('create_lead', { name }, { actor: inSlack.actor, by: 'person' });
  return name;
};
const statusOf = async (name: string) => (await room.deps.db.records(room.owner).leads.find(name)).leads[0]?.status;

/** Asked for by the assistant in somebody's private conversation; gives the proposal's id. */
async function proposedFor(person: Person, lead: string): Promise<string> {
  let called = false;
  moves = () => {
    if (called) return [{ text: 'It waits for you.' }];
    called = true;
    return [{ call: 'update_lead', input: { lead, status: 'contacted' } }];
  };
  await room.say(person, 'what would you do next?');
  await room.settled();
  moves = undefined;
  const { items } = await room.deps.db.records(person.actor).proposals.list({ status: 'pending', limit: 50 });
  return items.find(({ title }) => title.startsWith(`${lead}:`))!.id;
}

describe('a person on two surfaces', () => {
  it('continues the same conversation', async () => {
    await room.say(inSlack, 'My favourite company is Zebra Zinc.');
    await room.settled();
    await room.say(inTeams, 'Which one did I name?');
    await room.settled();
    expect(heard.at(-1)!.join('\n')).toContain('Zebra Zinc');
    expect(wordsOf(teams.in(inTeams.dm).at(-1)!.said)).toContain('You said: Which one did I name?');
    // each answer stands where it was asked for
    expect(room.surface.in(inSlack.dm)).toHaveLength(1);
    expect(teams.in(inTeams.dm)).toHaveLength(1);
  });

  it('is answered one question after the other, wherever they are asked', async () => {
    moves = () => [{ wait: 300 }, { text: 'A slow answer.' }];
    await Promise.all([room.say(inSlack, 'one'), room.say(inTeams, 'two')]);
    await room.settled();
    expect(room.surface.in(inSlack.dm)).toHaveLength(1);
    expect(teams.in(inTeams.dm)).toHaveLength(1);
    // whichever came second heard of the first
    expect(heard.at(-1)!.join('\n')).toMatch(/one[\s\S]*two|two[\s\S]*one/);
  });

  it('stops from the one what was asked on the other', async () => {
    moves = () => [{ text: 'It begins ' }, { wait: 3_600_000 }, { text: 'and never ends' }];
    await room.say(inSlack, 'tell me a long story');
    await room.until(() => room.surface.openStreams > 0 && heard.length > 0, 'the answer');
    await room.stop(inTeams);
    await room.settled();
    expect(wordsOf(room.surface.in(inSlack.dm).at(-1)!.said)).not.toContain('never ends');
  });
});

describe('a proposal', () => {
  it('asked for on one surface is decided in words on the other, and its card reaches its end', async () => {
    const lead = await newLead();
    const id = await proposedFor(inTeams, lead);
    const [card] = cardsOf(teams, id);
    expect(cardsOf(room.surface, id)).toEqual([]);
    await room.say(inSlack, 'approve it');
    await room.settled();
    expect(await statusOf(lead)).toBe('contacted');
    expect(wordsOf(card!.said)).toMatch(/Approved by ann/);
    expect(wordsOf(card!.said)).toMatch(/in Teams/);
    expect(Object.keys(buttonsOf(card!.said))).toEqual(['Undo']);
  });

  it('pressed from both at once takes effect once, and everybody is told so', async () => {
    const lead = await newLead();
    const id = await proposedFor(inTeams, lead);
    const [teamsCard] = cardsOf(teams, id);
    const { Approve } = buttonsOf(teamsCard!.said);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? room.press(inTeams, Approve!, teamsCard) : room.press(inSlack, Approve!))),
    );
    await room.settled();
    const refused = answers.filter(({ whisper }) => whisper && /Already decided/.test(wordsOf(whisper)));
    expect(refused.length).toBe(19);
    expect(await statusOf(lead)).toBe('contacted');
    const { rows } = await room.database.pool.query(
      'SELECT FROM receipts r JOIN proposals p ON p.receipt_id = r.id WHERE p.id = $1',
      [id],
    );
    expect(rows).toHaveLength(1);
    expect(wordsOf(teamsCard!.said)).toMatch(/Approved by ann/);
  });
});
