import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderSlack } from '../../../src/bot/cards/slack.ts';
import { renderTeams } from '../../../src/bot/cards/teams.ts';
import { scripted } from '../../agents/scripted-llm.ts';
import { wordsOf } from '../surface.ts';
import { openPlayground, type Playground, stateOf } from './driver.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground({ demo: true });
});
afterAll(() => playground.close());

it('answers a question, drawn as Slack and as Teams get it', async () => {
  const page = await playground.page('ann').listen();
  const said = await page.say('Who are my top 3 leads today?');
  expect(said).toMatchObject({ status: 200, body: { outcome: 'new' } });
  const answer = await page.answered(/PLATINUM|GOLD/);
  expect(page.messages[0]).toMatchObject({ from: 'you', text: 'Who are my top 3 leads today?' });
  expect(answer).toMatchObject({
    writing: false,
    whisper: false,
    made: { agent: 'sr-bdr', costUsd: expect.stringMatching(/^0/) },
  });
  expect(answer.slack).toEqual(JSON.parse(JSON.stringify(renderSlack(answer.said!))));
  expect(answer.teams).toEqual(JSON.parse(JSON.stringify(renderTeams(answer.said!))));
});

it('hears a message that is sent again once, and shows it once', async () => {
  const page = await playground.page('marcus').listen();
  const key = randomUUID();
  const outcomes = (await Promise.all([1, 2, 3].map(() => page.say('who am I?', key)))).map(({ body }) => body.outcome);
  expect(outcomes.sort()).toEqual(['new', 'seen', 'seen']);
  await page.answered(/Marcus Bell/);
  expect((await page.say('who am I?', key)).body).toEqual({ outcome: 'seen' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(page.messages.map(({ from }) => from)).toEqual(['you', 'assistant']);
});

it('remembers what was said before', async () => {
  const page = await playground.page('dana').listen();
  await page.say('show the best lead');
  await page.answered();
  await page.say('why is it scored like that?');
  await page.answered(/score|criteria|PLATINUM|GOLD/i);
});

it('answers a question that is changed anew, in the place of its old answer', async () => {
  await playground.world.person('pia', 'rep');
  const page = await playground.page('pia').listen();
  await page.say('how many gold leads in Texas?');
  const before = await page.answered(/gold leads in Texas/);
  const [question] = page.messages;
  const key = randomUUID();
  const change = (text: string) => page.ask('POST', '/playground/edit', { key, messageId: question!.id, text });
  expect(await change('who am I?')).toMatchObject({ status: 200, body: { outcome: 'new' } });
  await page.until(() => /pia/i.test(page.words[1] ?? '') && !page.messages[1]!.writing, 'the new answer');
  expect(page.messages.map(({ id }) => id)).toEqual([question!.id, before.id]);
  expect(page.messages[0]).toMatchObject({ text: 'who am I?', edited: true });
  expect(page.heard.some(({ id, writing, seq }) => id === before.id && writing && seq > before.seq)).toBe(true);
  // sent again, it is kept once
  expect((await change('who am I?')).body).toEqual({ outcome: 'seen' });
});

it('keeps what was done for a question that is changed, and answers below it', async () => {
  await playground.world.person('quentin', 'rep');
  const page = await playground.page('quentin').listen();
  await page.say('add a task: call the printer tomorrow');
  const before = await page.answered(/task/i);
  const question = page.messages[0]!;
  await page.ask('POST', '/playground/edit', { key: randomUUID(), messageId: question.id, text: 'who am I?' });
  await page.until(
    () => page.answers.find(({ id, said }) => id !== before.id && /quentin/i.test(wordsOf(said!))),
    'the new answer',
  );
  expect(page.shown.get(before.id)?.said).toEqual(before.said);
  expect(page.messages).toHaveLength(3);
});

it('changes nothing of others, nothing of the assistant, and nothing that came with a list', async () => {
  for (const handle of ['rosa', 'sam']) await playground.world.person(handle, 'rep');
  const [mine, other] = [await playground.page('rosa').listen(), await playground.page('sam').listen()];
  await mine.say('who am I?');
  const answer = await mine.answered();
  const edit = (page: typeof mine, messageId: string, text = 'who is it?') =>
    page.ask('POST', '/playground/edit', { key: randomUUID(), messageId, text });
  expect((await edit(other, mine.messages[0]!.id)).status).toBe(404);
  expect((await edit(mine, answer.id)).status).toBe(404);
  expect((await edit(mine, mine.messages[0]!.id, ' ')).status).toBe(400);
  expect((await edit(mine, 'm1')).status).toBe(400);
  expect(mine.messages[0]).toMatchObject({ text: 'who am I?' });
});

it('puts up a card for what waits, decides by a button on any face, and rewrites the card to its end', async () => {
  const page = await playground.page().listen();
  const other = await playground.page().listen();
  await page.say('who are my top 3 leads?');
  await page.answered();
  await page.say('mark the first and second one as contacted');
  const card = await page.card();
  expect(stateOf(card)).toBe('pending');
  expect(JSON.stringify(card.slack)).toContain('Approve');
  expect(JSON.stringify(card.teams)).toContain('Approve');
  await page.until(() => page.changes.some(({ queue }) => queue), 'word of the queue');
  const queue = await page.ask('GET', '/playground/queue');
  expect(queue.body.approvals).toMatchObject([{ proposalId: card.proposalId, state: 'pending', mine: true }]);

  const form = await page.press('Edit', card);
  expect(form.body.modal).toMatchObject({
    kind: 'edit',
    fields: expect.arrayContaining([expect.objectContaining({ name: 'status' })]),
  });
  expect((await page.press('Approve', card)).body).toEqual({});
  const ended = await page.until(() => {
    const now = page.shown.get(card.id);
    return now && stateOf(now) === 'executed' && now;
  }, 'the end of the card');
  expect(JSON.stringify(ended.slack)).toContain('Undo');
  await other.until(() => stateOf(other.shown.get(card.id)!) === 'executed', 'the same in the other window');
  await page.until(() => page.changes.some(({ receipts }) => receipts), 'word of the receipt');
  expect((await page.ask('GET', '/playground/queue')).body.approvals).toEqual([]);

  const late = await page.press('Approve', card);
  expect(wordsOf(late.body.whisper.said)).toMatch(/already decided/i);
  expect(late.body.whisper.slack).toHaveLength(1);

  const { body } = await page.ask('GET', '/api/v1/receipts');
  expect(body.receipts[0]).toMatchObject({ surface: 'playground' });
  expect((await page.ask('POST', `/api/v1/receipts/${body.receipts[0].id}/undo`)).status).toBe(200);
  await page.until(() => JSON.stringify(page.shown.get(card.id)!.said).includes('undone'), 'the card of what was taken back');
});

it('shows what was only asked for without buttons', async () => {
  const page = await playground.page('ann').listen();
  const { world } = playground;
  const ann = await world.access.byHandle('ann');
  if (!ann || ann === 'disabled') throw new Error('there is no Ann');
  const lead = (await world.deps.db.records({ ...ann, surface: 'rest' }).leads.search({}, { sort: 'score', limit: 1 })).items[0]!;
  const made = await world.gate.call(
    'update_lead',
    { lead: lead.id, status: 'nurture' },
    { actor: { ...ann, surface: 'rest' }, by: 'person' },
    { propose: true },
  );
  if (made.status !== 'pending_approval') throw new Error(made.status);
  const find = async (as: string) =>
    (await playground.page(as).ask('GET', '/playground/queue')).body.approvals.find(
      ({ proposalId }: { proposalId: string }) => proposalId === made.proposal.id,
    );
  expect(await find('ann')).toMatchObject({ mine: true });
  expect(await find('dana')).toBeUndefined();
  await page.until(() => page.changes.some(({ queue }) => queue), 'word of what another door proposed');
});

it('begins anew when it is cleared: in every window, and in memory', async () => {
  const page = await playground.page('dana').listen();
  const other = await playground.page('dana').listen();
  await page.say('show the best lead');
  await page.answered();
  expect((await page.ask('POST', '/playground/clear', {})).status).toBe(200);
  await page.until(() => page.messages.length === 0 && other.messages.length === 0, 'an empty page');
  expect((await playground.page('dana').listen()).messages).toEqual([]);
  await page.say('why is it scored like that?');
  expect(wordsOf((await page.answered()).said!)).not.toMatch(/PLATINUM \d/);
});

it('refuses what makes no sense, in our words', async () => {
  const page = playground.page();
  for (const [path, body] of [
    ['/playground/messages', { key: 'no uuid', text: 'hello' }],
    ['/playground/messages', { key: randomUUID(), text: '  ' }],
    ['/playground/messages', { key: randomUUID(), text: 'x', channel: 'somebody else' }],
    ['/playground/deliver', { text: 'hello', how: 'sideways' }],
    ['/playground/deliver', { text: ' ', how: 'late' }],
    ['/playground/press', { token: '' }],
    ['/playground/stop', { all: true }],
  ] as const) {
    const answer = await page.ask('POST', path, body);
    expect([path, answer.status, answer.body.error?.code]).toEqual([path, 400, 'invalid_input']);
  }
  const unknown = await page.ask('POST', '/playground/press', { token: 'A'.repeat(22) });
  expect(wordsOf(unknown.body.whisper.said)).toMatch(/too old/);
});

it('shows an answer and its steps while it is written, and says who gave it and what it cost', async () => {
  let calls = 0;
  const llm = scripted(() =>
    calls++ === 0
      ? [{ call: 'whoami', input: {} }]
      : [{ text: 'You are here. ' }, { wait: 400 }, { text: 'It is yours. ' }, { wait: 400 }, { text: 'All of it.' }],
  );
  const own = await openPlayground({ llm });
  try {
    const page = await own.page().listen();
    await page.say('who am I?');
    const answer = await page.answered(/All of it/);
    const whileWriting = page.heard.filter(({ id, writing }) => id === answer.id && writing);
    const texts = whileWriting.map(({ said }) => said!.text?.trim());
    expect(texts).toEqual(expect.arrayContaining(['You are here.', 'You are here. It is yours.']));
    expect(whileWriting.some(({ steps }) => steps[0]?.title === 'Who am I' && steps[0].status === 'done')).toBe(true);
    expect(answer.steps).toMatchObject([{ title: 'Who am I', status: 'done' }]);
    expect(answer.made).toMatchObject({
      agent: 'sr-bdr',
      model: expect.stringMatching(/./),
      costUsd: expect.stringMatching(/^\d/),
    });
  } finally {
    await own.close();
  }
});
