import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LlmRequest } from '../../../src/core/llm.ts';
import type { Proposal } from '../../../src/core/proposal.ts';
import { decide } from '../../../src/tools/decide.ts';
import { delegate } from '../../../src/tools/delegate.ts';
import { type Move, scripted } from '../../agents/scripted-llm.ts';
import { buttonsOf, cardsOf, channel, openRoom, type Person, type Room, wordsOf } from './room.ts';

let moves: ((asked: string, request: LlmRequest) => Move[]) | undefined;
const llm = scripted((request) => {
  const asked = request.messages.findLast(({ role }) => role === 'user')?.text ?? '';
  return moves?.(asked, request) ?? [{ text: `You said: ${asked}` }];
});

let room: Room;
let ann: Person;
let bob: Person;
let count = 0;
beforeAll(async () => {
  room = await openRoom({ llm });
  ann = await room.member('ann');
  bob = await room.member('bob');
});
afterAll(() => room.close());
beforeEach(() => {
  moves = undefined;
  room.surface.messages.length = 0;
  room.surface.whispers.length = 0;
});

const newLead = async () => {
  const name = `Prudent Plumbing ${++count}`;
  await room.gate.call('create_lead', { name }, { actor: ann.actor, by: 'person' });
  return name;
};
const statusOf = async (name: string) => (await room.deps.db.records(room.owner).leads.find(name)).leads[0]?.status;

/** Asks the assistant, who proposes; gives the proposal and its card. */
async function askedFor(names: string[], place = ann.dm, person = ann) {
  let calls = 0;
  moves = () =>
    calls < names.length
      ? [{ call: 'update_lead', input: { lead: names[calls++]!, status: 'contacted' } }]
      : [{ text: 'I put it up for your decision.' }];
  await room.say(person, 'what would you do next?', { place });
  await room.settled();
  moves = undefined;
  const { items } = await room.deps.db.records(person.actor).proposals.list({ status: 'pending', limit: 50 });
  const proposals = names.map((name) => items.find(({ title }) => title.startsWith(`${name}:`))!);
  return { proposals, cards: proposals.map(({ id }) => cardsOf(room.surface, id)[0]!) };
}
const whispersOf = (answer: Awaited<ReturnType<Room['press']>>) => (answer.whisper ? wordsOf(answer.whisper) : '');

describe('a proposal on a chat surface', () => {
  it('is a message of its own with buttons, and its answer says that it waits', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name]);
    const answer = room.surface.in(ann.dm)[0]!;
    expect(answer.stream!.waits).toBe(true);
    expect(cardsOf(room.surface, proposals[0]!.id)).toHaveLength(1);
    expect(Object.keys(buttonsOf(cards[0]!.said))).toEqual(['Approve', 'Edit', 'Ask', 'Skip']);
    for (const token of Object.values(buttonsOf(cards[0]!.said))) expect(token).toMatch(/^[\w-]{22}$/);
    expect(await statusOf(name)).toBe('new');
  });

  it('approved takes effect, and its card says who did it and offers Undo; undone, that goes', async () => {
    const name = await newLead();
    const { cards } = await askedFor([name]);
    expect(await room.press(ann, buttonsOf(cards[0]!.said)['Approve']!, cards[0])).toEqual({});
    await room.settled();
    expect(await statusOf(name)).toBe('contacted');
    expect(wordsOf(cards[0]!.said)).toMatch(/Approved by ann .*carried out[\s\S]*status new → contacted/);
    const undo = buttonsOf(cards[0]!.said);
    expect(Object.keys(undo)).toEqual(['Undo']);
    expect(whispersOf(await room.press(ann, undo['Undo']!, cards[0]))).toMatch(/^Undone/);
    await room.settled();
    expect(await statusOf(name)).toBe('new');
    expect(buttonsOf(cards[0]!.said)).toEqual({});
    expect(whispersOf(await room.press(ann, undo['Undo']!, cards[0]))).toMatch(/Already undone/);
  });

  it('is pressed 200 times at once in two processes and by others, takes effect once, and everybody is answered', async () => {
    const other = await room.second();
    const name = await newLead();
    const { proposals, cards } = await askedFor([name], channel('C-storm', 'public_channel', '1.1'));
    const token = buttonsOf(cards[0]!.said)['Approve']!;
    const skip = buttonsOf(cards[0]!.said)['Skip']!;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        room.press(i % 10 === 3 ? bob : ann, i % 7 === 5 ? skip : token, cards[0], {}, i % 2 ? other : room),
      ),
    );
    await room.settled();
    const words = answers.map(whispersOf);
    expect(words.filter((one) => one === '')).toHaveLength(1);
    expect(words.filter((one) => /somebody else’s/.test(one)).length).toBe(20);
    expect(words.filter((one) => /Already decided by ann/.test(one)).length).toBe(179);
    const { rows } = await room.database.pool.query('SELECT 1 FROM receipts WHERE proposal_id = $1', [proposals[0]!.id]);
    const now = await room.proposal(proposals[0]!.id);
    expect(rows).toHaveLength(now.status === 'executed' ? 1 : 0);
    expect(await statusOf(name)).toBe(now.status === 'executed' ? 'contacted' : 'new');
    expect(wordsOf(cards[0]!.said)).toMatch(/(Approved|Skipped) by ann/);
  });

  it('is not somebody else’s, nor that of a person who was shut out since', async () => {
    const name = await newLead();
    const eve = await room.member('eve');
    const { cards } = await askedFor([name], eve.dm, eve);
    const { Approve, Edit, Ask } = buttonsOf(cards[0]!.said);
    for (const token of [Approve!, Edit!, Ask!])
      expect(whispersOf(await room.press(bob, token, cards[0]))).toMatch(/somebody else’s/);
    await room.database.pool.query('UPDATE users SET disabled_at = now() WHERE id = $1', [eve.actor.userId]);
    expect(whispersOf(await room.press(eve, Approve!, cards[0]))).toMatch(/switched off/);
    expect(await statusOf(name)).toBe('new');
  });

  it('that has expired, or never was, says so; its card goes to its end', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name]);
    const { Approve } = buttonsOf(cards[0]!.said);
    await room.database.pool.query("UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1", [
      proposals[0]!.id,
    ]);
    expect(whispersOf(await room.press(ann, Approve!, cards[0]))).toMatch(/expired; nothing was done/);
    await room.deps.db.tx(room.owner, (tx) => tx.proposals.expire());
    await room.settled();
    expect(wordsOf(cards[0]!.said)).toMatch(/Expired; nothing was done/);
    expect(buttonsOf(cards[0]!.said)).toEqual({});
    expect(whispersOf(await room.press(ann, 'A'.repeat(22), cards[0]))).toMatch(/too old/);
  });

  it('is edited in a form that comes from the tool, and decided as it was shown', async () => {
    const name = await newLead();
    const { cards } = await askedFor([name]);
    const { Edit, Approve } = buttonsOf(cards[0]!.said);
    const { modal } = await room.press(ann, Edit!, cards[0]);
    expect(modal).toMatchObject({ kind: 'edit', token: Edit, view: { confirmCount: null } });
    expect(modal!.fields.find((field) => field.name === 'status')).toMatchObject({
      value: 'contacted',
      kind: 'choice',
      options: expect.arrayContaining(['qualified']),
    });
    const filled = Object.fromEntries(modal!.fields.map((field) => [field.name, field.value]));
    const wrong = await room.press(ann, Edit!, cards[0], { ...filled, status: 'nonsense' });
    expect(wrong.problems).toHaveProperty('status');
    expect(await room.press(ann, Edit!, cards[0], { ...filled, status: 'qualified' })).toEqual({});
    await room.settled();
    expect(await statusOf(name)).toBe('qualified');
    expect(wordsOf(cards[0]!.said)).toMatch(/Approved with changes by ann/);
    expect(whispersOf(await room.press(ann, Edit!, cards[0], { ...filled, status: 'lost' }))).toMatch(/Already decided by ann/);
    expect(whispersOf(await room.press(ann, Approve!, cards[0]))).toMatch(/Already decided by ann/);
  });

  it('that changes many records takes the typed number of them and nothing else', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name]);
    await room.database.pool.query("UPDATE proposals SET risk = 'bulk', confirm_count = 1234 WHERE id = $1", [proposals[0]!.id]);
    const { Approve } = buttonsOf(cards[0]!.said);
    const { modal } = await room.press(ann, Approve!, cards[0]);
    expect(modal).toMatchObject({ kind: 'count', token: Approve, view: { confirmCount: 1234 } });
    for (const typed of ['', 'yes', '1235', '-1234'])
      expect((await room.press(ann, Approve!, cards[0], { confirmCount: typed })).problems).toEqual({
        confirmCount: expect.stringContaining('1234'),
      });
    expect(await statusOf(name)).toBe('new');
    expect(await room.press(ann, Approve!, cards[0], { confirmCount: '1,234' })).toEqual({});
    await room.settled();
    expect(await statusOf(name)).toBe('contacted');
  });

  it('with a due time is edited on the clock of whoever edits, refuses what is no time, and can lose it', async () => {
    const input = { title: 'Call Acme', dueAt: '2026-12-01T15:00:00Z' };
    const task = async () =>
      (await room.database.pool.query<{ dueAt: Date | null }>(`SELECT due_at AS "dueAt" FROM tasks WHERE title = 'Call Acme'`))
        .rows;
    for (const [dueAt, expected] of [
      ['2026-12-02T09:30', new Date('2026-12-02T14:30:00Z')],
      ['', null],
    ] as const) {
      const proposal = await room.propose(ann, 'create_task', input);
      const { id: proposalId, paramsHash } = proposal;
      const edit = await room.database.chat.tokens.make({ kind: 'edit', proposalId, paramsHash }, 1);
      const { modal } = await room.press(ann, edit);
      expect(modal!.fields).toContainEqual(
        expect.objectContaining({ name: 'dueAt', kind: 'moment', value: '2026-12-01T10:00:00-05:00', zone: 'America/New_York' }),
      );
      const { problems } = await room.press(ann, edit, undefined, { dueAt: 'tomorrow' });
      expect(problems).toEqual({ dueAt: expect.stringMatching(/^Pick a day and a time/) });
      expect(await room.press(ann, edit, undefined, { title: 'Call Acme', dueAt })).toEqual({});
      await room.settled();
      expect((await task()).map((one) => one.dueAt)).toContainEqual(expected);
    }
  });

  it('that was edited elsewhere refuses a button that shows the old one', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name]);
    const { Approve, Edit } = buttonsOf(cards[0]!.said);
    await room.database.pool.query("UPDATE proposals SET params_hash = 'another' WHERE id = $1", [proposals[0]!.id]);
    expect(whispersOf(await room.press(ann, Approve!, cards[0]))).toMatch(/edited since you saw it/);
    expect(whispersOf(await room.press(ann, Edit!, cards[0]))).toMatch(/edited since you saw it/);
    await room.settled();
  });

  it('is asked about: the note is a turn of its conversation, and a changed draft takes its place', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name], channel('C-ask', 'public_channel', '4.4'));
    const { Ask } = buttonsOf(cards[0]!.said);
    expect((await room.press(ann, Ask!, cards[0])).modal).toMatchObject({ kind: 'ask' });
    expect((await room.press(ann, Ask!, cards[0], { note: ' ' })).problems).toHaveProperty('note');
    let calls = 0;
    moves = (asked) =>
      asked.includes('qualified') && calls++ === 0
        ? [{ call: 'update_lead', input: { lead: name, status: 'nurture' } }]
        : [{ text: 'Changed.' }];
    const note = 'would qualified not be better?';
    expect(await room.press(ann, Ask!, cards[0], { note })).toEqual({});
    expect(wordsOf((await room.press(ann, Ask!, cards[0], { note })).whisper!)).toMatch(/asked exactly this already/);
    await room.settled();
    const old = await room.proposal(proposals[0]!.id);
    expect(old.status).toBe('superseded');
    expect(wordsOf(cards[0]!.said)).toMatch(/newer proposal/);
    const { rows } = await room.database.pool.query(
      "SELECT count(*)::int AS n FROM messages WHERE conversation_id = $1 AND role = 'user'",
      [old.conversationId],
    );
    expect(rows[0].n).toBe(2);
  });

  it('is decided in words by code, as it was shown, and never by the model', async () => {
    const names = [await newLead(), await newLead(), await newLead()];
    const { proposals } = await askedFor(names);
    expect(proposals.every(Boolean)).toBe(true);
    const asked = llm.requests.length;
    await room.say(ann, 'approve all except the second');
    await room.settled();
    expect(llm.requests).toHaveLength(asked);
    expect(await Promise.all(names.map(statusOf))).toEqual(['contacted', 'new', 'contacted']);
    // what was put up earlier in this conversation was not in view
    const answer = wordsOf(room.surface.in(ann.dm).at(-1)!.said);
    expect(answer).toMatch(/\d from before waits? still/);
    expect((await room.proposal(proposals[1]!.id)).status).toBe('pending');
    expect(wordsOf(room.surface.in(ann.dm).at(-1)!.said)).toContain(`Approved: ${names[0]}`);
    await room.say(ann, 'skip it');
    await room.settled();
    expect((await room.proposal(proposals[1]!.id)).status).toBe('ignored');
  });

  it('made at the terminal and decided there goes to its end wherever it is shown', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name], channel('C-both', 'public_channel', '2.2'));
    await decide(
      room.gate,
      proposals[0]!.id,
      { decision: 'ignore' },
      { actor: { ...ann.actor, surface: 'terminal' }, by: 'person' },
    );
    await room.settled();
    expect(wordsOf(cards[0]!.said)).toMatch(/Skipped by ann/);
    expect(whispersOf(await room.press(ann, buttonsOf(cards[0]!.before[0]!)['Approve']!, cards[0]))).toMatch(
      /Already decided by ann/,
    );
  });

  it('goes to its end after the surface was away, and after a restart', async () => {
    const name = await newLead();
    const { cards } = await askedFor([name]);
    room.surface.fail('update', 'unavailable', 1);
    room.surface.fail('update', 'rate_limited', 1, 300);
    await room.press(ann, buttonsOf(cards[0]!.said)['Skip']!, cards[0]);
    await room.settled();
    expect(wordsOf(cards[0]!.said)).toMatch(/Skipped by ann/);
  });

  it('is shown in the home of whoever decides, with its buttons, wherever it was made', async () => {
    const name = await newLead();
    const proposal: Proposal = await room.propose({ ...ann, actor: { ...ann.actor, surface: 'terminal' } }, 'update_lead', {
      lead: name,
      status: 'meeting',
    });
    const waiting = (await room.chat.homes.sections(ann.user)).find(({ title }) => title === 'Waiting for you')!;
    const card = waiting.cards.find(({ blocks }) =>
      blocks.some((block) => block.type === 'approval' && block.approval.id === proposal.id),
    )!;
    const { Approve } = buttonsOf({ cards: [card], fallback: '' });
    expect(await room.press(ann, Approve!)).toEqual({});
    await room.settled();
    expect(await statusOf(name)).toBe('meeting');
    const sections = await room.chat.homes.sections(ann.user);
    expect(JSON.stringify(sections.find(({ title }) => title === 'What I did'))).toContain(name);
    expect(JSON.stringify(await room.chat.homes.sections(bob.user))).not.toContain(name);
  });

  it('handed on to somebody else comes to them, and the old card knows', async () => {
    const name = await newLead();
    const { proposals, cards } = await askedFor([name]);
    await room.say(bob, 'hello');
    await room.settled();
    const before = buttonsOf(cards[0]!.said);
    await delegate(room.gate, proposals[0]!.id, { to: 'bob', note: 'you know them' }, { actor: ann.actor, by: 'person' });
    await room.settled();
    const theirs = cardsOf(room.surface, proposals[0]!.id).find(({ place }) => place.channel === bob.dm.channel)!;
    expect(wordsOf(theirs.said)).toContain('ann asks you to decide');
    expect(whispersOf(await room.press(ann, before['Approve']!, cards[0]))).toMatch(/handed this on to bob/);
    await room.press(bob, buttonsOf(theirs.said)['Approve']!, theirs);
    await room.settled();
    expect(wordsOf(cards[0]!.said)).toMatch(/Approved by bob/);
    expect(wordsOf(theirs.said)).toMatch(/Approved by bob/);
  });
});
