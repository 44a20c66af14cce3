import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LlmRequest } from '../../../src/core/llm.ts';
import { type Move, scripted } from '../../agents/scripted-llm.ts';
import {
  buttonsOf,
  cardOf,
  channel,
  fresh,
  inChannel,
  mention,
  openTeams,
  type Person,
  type TeamsWorld,
  until,
  wordsOf,
} from './driver.ts';
import { type Json, type Message, privateOf, tenant } from './microsoft.ts';

let moves: ((asked: string, request: LlmRequest) => Move[]) | undefined;
const llm = scripted((request) => moves?.('', request) ?? [{ text: 'Well.' }]);

let teams: TeamsWorld;
let rita: Person;
let bob: Person;
let count = 0;
beforeAll(async () => {
  teams = await openTeams({ llm });
  rita = await teams.member('rita');
  bob = await teams.member('bob');
  // both are known before they press
  for (const one of [rita, bob]) await teams.say(one, 'hello');
  await teams.settled();
});
afterAll(() => teams.close());
beforeEach(() => {
  moves = undefined;
  teams.microsoft.calls.length = 0;
  teams.microsoft.complaints.length = 0;
});

const statusOf = async (name: string) => (await teams.world.deps.db.records(teams.world.owner).leads.find(name)).leads[0]?.status;

/** Somebody asks, and something waits for their decision; the message that shows it. */
async function asked(who: Person, more: Json = {}): Promise<{ name: string; at: string; card: Message }> {
  const name = `Patient Plumbing ${++count}`;
  await teams.world.gate.call('create_lead', { name }, { actor: who.actor, by: 'person' });
  let done = false;
  moves = () => {
    if (done) return [{ text: 'I put it up for your decision.' }];
    done = true;
    return [{ call: 'update_lead', input: { lead: name, status: 'contacted' } }];
  };
  await teams.say(who, '<at>Sales Agent</at> what would you do next?', { entities: [mention], ...more });
  await teams.settled();
  const at = more.conversation?.id ?? privateOf(who.id);
  const card = teams.microsoft.messages(at).findLast(({ activity }) => wordsOf(activity).includes(name) && cardOf(activity))!;
  return { name, at, card };
}

const press = (who: Person, action: Json, message: Message, at: string, more: Json = {}, url?: string) =>
  teams.press(
    who,
    action,
    { replyToId: message.id, ...(at.startsWith('a:') ? {} : inChannel(at.split(';messageid=')[1]!)), ...more },
    url ? { url } : {},
  );

describe('an approval in private', () => {
  it('is decided by its button: the answer is the card as it is then, and the message follows', async () => {
    const { name, at, card } = await asked(rita);
    const { Approve, Skip, Edit, Ask } = buttonsOf(cardOf(card.activity));
    for (const one of [Approve, Skip, Edit, Ask])
      expect(one).toEqual({ verb: 'press', data: { token: expect.stringMatching(/^[\w-]{22}$/) } });
    const { status, body } = await press(rita, Approve, card, at);
    expect([status, body.statusCode, body.type]).toEqual([200, 200, 'application/vnd.microsoft.card.adaptive']);
    expect(buttonsOf(body.value)['Approve']).toBeUndefined();
    await teams.settled();
    expect(await statusOf(name)).toBe('contacted');
    expect(wordsOf(card.activity)).toMatch(/Approved by rita/);
    expect(Object.keys(buttonsOf(cardOf(card.activity)))).toEqual(['Undo']);
    const undone = await press(rita, buttonsOf(cardOf(card.activity))['Undo'], card, at);
    expect([undone.body.type, undone.body.value]).toEqual([
      'application/vnd.microsoft.activity.message',
      expect.stringMatching(/^Undone/),
    ]);
    await teams.settled();
    expect(await statusOf(name)).toBe('new');
    expect(teams.microsoft.complaints).toEqual([]);
  });

  it('pressed once is one press, however often Teams asks', async () => {
    const { name, at, card } = await asked(rita);
    const { Approve } = buttonsOf(cardOf(card.activity));
    const id = `f:${fresh()}`;
    const answers = await Promise.all([1, 2, 3].map(() => press(rita, Approve, card, at, { id })));
    const again = await press(rita, Approve, card, at, { id });
    for (const { body } of [...answers, again]) expect(body).toEqual(answers[0]!.body);
    expect(answers[0]!.body.type).toBe('application/vnd.microsoft.card.adaptive');
    const twice = await press(rita, Approve, card, at);
    expect(twice.body).toMatchObject({
      type: 'application/vnd.microsoft.activity.message',
      value: expect.stringMatching(/Already decided by rita/),
    });
    await teams.settled();
    expect(await statusOf(name)).toBe('contacted');
  });

  it('is edited in a form that takes the place of the card, stays open while something is wrong, and goes back', async () => {
    const { name, at, card } = await asked(rita);
    const { Edit } = buttonsOf(cardOf(card.activity));
    const form = (await press(rita, Edit, card, at)).body;
    expect(wordsOf(form.value)).toMatch(/Input\./);
    const { Approve, Back } = buttonsOf(form.value);
    const back = (await press(rita, Back, card, at)).body;
    expect(Object.keys(buttonsOf(back.value))).toContain('Approve');
    const wrong = (await press(rita, { ...Approve, data: { ...Approve.data, status: 'nonsense' } }, card, at)).body;
    expect(wrong.type).toBe('application/vnd.microsoft.card.adaptive');
    expect(wordsOf(wrong.value)).toMatch(/Input\./);
    expect(wordsOf(wrong.value)).toMatch(/status|option/i);
    const right = (await press(rita, { ...Approve, data: { ...Approve.data, status: 'qualified' } }, card, at)).body;
    expect(wordsOf(right.value)).not.toMatch(/Input\./);
    await teams.settled();
    expect(await statusOf(name)).toBe('qualified');
  });

  it('can be asked about', async () => {
    const { at, card } = await asked(rita);
    const { Ask } = buttonsOf(cardOf(card.activity));
    const { Send } = buttonsOf((await press(rita, Ask, card, at)).body.value);
    const empty = (await press(rita, { ...Send, data: { ...Send.data, note: ' ' } }, card, at)).body;
    expect(wordsOf(empty.value)).toContain('Say what you want to ask');
    moves = () => [{ text: 'Because nobody called them.' }];
    const sent = (await press(rita, { ...Send, data: { ...Send.data, note: 'Why them?' } }, card, at)).body;
    expect(Object.keys(buttonsOf(sent.value))).toContain('Approve');
    await until(() =>
      teams.microsoft.messages(at).some(({ activity }) => wordsOf(activity).includes('Because nobody called them.')),
    );
  });
});

describe('an approval in a channel', () => {
  it('shows buttons to whoever may decide, and to nobody else', async () => {
    const root = fresh();
    const { name, at, card } = await asked(rita, inChannel(root));
    expect(at).toBe(`${channel};messageid=${root}`);
    const base = cardOf(card.activity);
    expect(Object.keys(buttonsOf(base))).toEqual(['Decide']);
    expect(base.refresh).toEqual({
      userIds: [rita.id],
      action: expect.objectContaining({ type: 'Action.Execute', verb: 'look' }),
    });
    const { verb, data } = base.refresh.action;
    const mine = (
      await press(rita, { verb, data }, card, at, {
        value: { action: { type: 'Action.Execute', verb, data }, trigger: 'automatic' },
      })
    ).body;
    expect(Object.keys(buttonsOf(mine.value))).toEqual(['Approve', 'Edit', 'Ask', 'Skip']);
    const theirs = (await press(bob, { verb, data }, card, at)).body;
    expect(Object.keys(buttonsOf(theirs.value))).toEqual(['Decide']);
    const stolen = (await press(bob, buttonsOf(mine.value)['Approve'], card, at)).body;
    expect(stolen).toEqual({
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'This is somebody else’s to decide.',
    });
    const outsider = (await press({ ...bob, id: '29:stranger' }, { verb, data }, card, at)).body;
    expect(outsider.value).toContain('I do not know who you are');
    expect(await statusOf(name)).toBe('new');

    const done = (await press(rita, buttonsOf(mine.value)['Approve'], card, at)).body;
    expect(buttonsOf(done.value)['Approve']).toBeUndefined();
    await teams.settled();
    expect(wordsOf(card.activity)).toMatch(/Approved by rita/);
    expect(cardOf(card.activity).refresh).toBeUndefined();
    const late = (await press(rita, { verb, data }, card, at)).body;
    expect(buttonsOf(late.value)['Approve']).toBeUndefined();
    expect(teams.microsoft.complaints).toEqual([]);
  });

  it('is decided once by any number of presses in two processes', async () => {
    const root = fresh();
    const { name, at, card } = await asked(rita, inChannel(root));
    const { verb, data } = cardOf(card.activity).refresh.action;
    const { Approve, Skip } = buttonsOf((await press(rita, { verb, data }, card, at)).body.value);
    const other = await teams.second();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        press(i % 5 === 3 ? bob : rita, i % 4 === 2 ? Skip : Approve, card, at, {}, i % 2 ? other.url : undefined),
      ),
    );
    await teams.settled();
    expect(answers.map(({ status, body }) => [status, body.statusCode])).toEqual(answers.map(() => [200, 200]));
    expect(answers.filter(({ body }) => body.type === 'application/vnd.microsoft.card.adaptive')).toHaveLength(1);
    expect(answers.filter(({ body }) => /somebody else’s/.test(body.value))).toHaveLength(8);
    expect(wordsOf(card.activity)).toMatch(/(Approved|Skipped) by rita/);
    expect(await statusOf(name)).toMatch(/new|contacted/);
    await other.close();
  });
});

describe('what is no button of ours', () => {
  it.each([
    { verb: 'press', data: { token: 'x' } },
    { verb: 'press', data: {} },
    { verb: 'press' },
    { verb: 'look', data: { proposal: { $gt: '' } } },
    { verb: 'nonsense', data: { token: 'A'.repeat(22) } },
    { verb: 7 },
    null,
  ])('is refused: %j', async (action) => {
    const { status, body } = await teams.press(rita, {}, { value: action && { action } });
    expect([status, body.statusCode, body.type]).toEqual([200, 400, 'application/vnd.microsoft.error']);
  });

  it('is too old where nobody knows it any more', async () => {
    const { body } = await teams.press(rita, { verb: 'press', data: { token: 'A'.repeat(22) } });
    expect(body.value).toMatch(/too old/);
    const looked = await teams.press(rita, { verb: 'look', data: { proposal: 'A'.repeat(22) } });
    expect(looked.body.value).toMatch(/too old/);
  });
});

describe('thumbs', () => {
  const vote = (who: Person, message: Message, actionValue: Json) =>
    teams.press(
      who,
      {},
      {
        name: 'message/submitAction',
        replyToId: message.id,
        conversation: { id: privateOf(rita.id), conversationType: 'personal', tenantId: tenant },
        value: { actionName: 'feedback', actionValue },
      },
    );
  const kept = async () =>
    (await teams.world.database.pool.query('SELECT vote, comment FROM feedback ORDER BY at')).rows as Json[];

  it('are kept with their words, and count once', async () => {
    moves = () => [{ text: 'An answer to judge.' }];
    await teams.say(rita, 'say something');
    await teams.settled();
    const message = teams.microsoft.messages(privateOf(rita.id)).at(-1)!;
    expect(message.activity.channelData.feedbackLoop).toEqual({ type: 'default' });
    expect((await vote(rita, message, { reaction: 'like', feedback: '{"feedbackText":""}' })).status).toBe(200);
    expect((await vote(rita, message, { reaction: 'dislike', feedback: '{"feedbackText":"Too short"}' })).status).toBe(200);
    expect((await vote(bob, message, { reaction: 'like', feedback: '{"feedbackText":"mine"}' })).status).toBe(200);
    expect(await kept()).toEqual([{ vote: 'down', comment: 'Too short' }]);
    expect((await vote(rita, { ...message, id: '1' }, { reaction: 'like' })).status).toBe(200);
    expect((await vote(rita, message, { reaction: 'love' })).status).toBe(400);
    expect(await kept()).toHaveLength(1);
  });
});
