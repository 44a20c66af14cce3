import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inbound, playgroundUser } from '../../../src/core/chat.ts';
import { ask } from '../../api/client.ts';
import { cardsOf } from '../chat/room.ts';
import { buttonsOf, dmOf, TestSurface, wordsOf } from '../surface.ts';
import { openPlayground, type Page, type Playground, stateOf } from './driver.ts';

const slackUser = { surface: 'slack', externalTenant: 'T1', externalUser: 'U-ann' } as const;
let count = 0;
const slackMessage = (text: string): Inbound => ({
  kind: 'message',
  key: `slack:${++count}`,
  messageId: `s${count}`,
  user: slackUser,
  place: dmOf(slackUser),
  at: new Date().toISOString(),
  text,
  files: [],
});

describe('beside another surface', () => {
  const slack = new TestSurface();
  let playground: Playground;
  let page: Page;
  beforeAll(async () => {
    slack.people.set(slackUser.externalUser, { name: 'Ann', email: 'ann@example.test', outsider: false });
    playground = await openPlayground({ demo: true, surfaces: [slack] });
    await playground.world.access.createKey({ user: 'annie', role: 'admin', email: 'ann@example.test' });
    page = await playground.page('annie').listen();
  });
  afterAll(() => playground.close());

  it('says what is connected', async () => {
    expect((await page.ask('GET', '/playground/me')).body.connected).toEqual(['slack']);
  });

  it('shows what was said there, and goes on with the same conversation', async () => {
    await playground.world.chat.hear(slackMessage('show the best lead'));
    const answer = await page.until(() => page.answers.find(({ via }) => via === 'slack'), 'what was said in Slack');
    expect(page.messages.slice(0, 2)).toMatchObject([
      { from: 'you', text: 'show the best lead', via: 'slack' },
      { via: 'slack' },
    ]);
    expect(wordsOf(answer.said!)).toBe(wordsOf(slack.messages[0]!.said));
    await page.say('why is it scored like that?');
    expect(wordsOf((await page.answered(/score|PLATINUM|GOLD/)).said!)).not.toMatch(/which lead/i);
    expect(slack.messages).toHaveLength(1);
  });

  it('lets be decided there what was asked here, and the other way round; every card reaches its end', async () => {
    const { world } = playground;
    await page.say('who are my top 3 leads?');
    await page.answered(/Call these/);
    await page.say('mark the first and second one as contacted');
    const here = await page.card();
    // handed on to oneself in Slack: a second copy of the card
    const proposal = (await world.deps.db.records(world.owner).proposals.get(here.proposalId!))!;
    await world.chat.hear(slackMessage('what is waiting for my decision?'));
    await page.until(() => slack.messages.length >= 2, 'the answer in Slack');
    await world.database.chat.outbox.put(`copy:${proposal.id}`, {
      kind: 'direct',
      to: slackUser,
      said: here.said!,
      proposals: [proposal.id],
    });
    const there = await page.until(() => cardsOf(slack, proposal.id)[0], 'the card in Slack');
    const pressed = await world.chat.presses.press(
      buttonsOf(there.said)['Approve']!,
      slackUser,
      { place: there.place, messageId: there.id },
      {},
    );
    expect(pressed).toEqual({});
    await page.until(() => stateOf(page.shown.get(here.id)!) === 'executed', 'the end of the card here');
    await page.until(() => JSON.stringify(there.said).includes('"executed"'), 'the end of the card there');
    expect((await page.ask('GET', '/api/v1/receipts')).body.receipts[0]).toMatchObject({ userName: 'annie' });
  });

  it('tells somebody at once of what is handed on to them', async () => {
    const { world } = playground;
    await world.access.createKey({ user: 'mia', role: 'manager' });
    const mia = await playground.page('mia').listen();
    await page.say('who are my top 3 leads?');
    await page.answered(/Call these/);
    await page.say('mark the second and third one as qualified');
    const { proposalId } = await page.until(
      () => page.answers.find((one) => one.proposalId && stateOf(one) === 'pending'),
      'a card to hand on',
    );
    const handed = await page.ask('POST', `/api/v1/proposals/${proposalId}/delegate`, { to: 'mia' });
    expect(handed.status).toBe(200);
    const card = await mia.card();
    expect(wordsOf(card.said!)).toMatch(/asks you to decide/);
    const { approvals } = (await page.ask('GET', '/playground/queue')).body;
    const mine = approvals.find((one: { proposalId: string }) => one.proposalId === proposalId);
    expect(mine).toMatchObject({ mine: false });
    expect(buttonsOf(mine.said)).toEqual({});
    expect((await mia.press('Approve', card)).body).toEqual({});
    await mia.until(() => stateOf(mia.shown.get(card.id)!) === 'executed', 'its end');
  });
});

describe('lists', () => {
  let playground: Playground;
  let page: Page;
  beforeAll(async () => {
    playground = await openPlayground();
    page = await playground.page().listen();
  });
  afterAll(() => playground.close());

  const upload = async (as: string | undefined, content: string) => {
    const headers = { 'content-type': 'text/csv', 'x-file-name': 'leads.csv', ...(as && { 'x-act-as': as }) };
    const { body } = await ask(playground.url, 'POST', '/api/v1/uploads', { body: content, headers });
    return { uploadId: body.uploadId as string, name: 'leads.csv', bytes: content.length };
  };

  it('are looked at when they are dropped, and imported by a button, in the message that said what they would bring', async () => {
    const file = await upload(
      undefined,
      'name,city,phone\nAcme Boilers,Austin,(512) 555-0142\nBeta Heating,Dallas,(214) 555-0143\n',
    );
    await page.say('', undefined, [file]);
    const report = await page.answered(/would bring/);
    expect(page.messages[0]).toMatchObject({ from: 'you', files: [{ name: 'leads.csv', bytes: file.bytes }] });
    expect((await page.press('Import', report)).body).toEqual({});
    const done = await page.until(() => {
      const now = page.shown.get(report.id);
      return now?.said && 'Undo' in buttonsOf(now.said) && now;
    }, 'the end of the import');
    expect(wordsOf(done.said!)).toMatch(/2/);
    const leads = await page.ask('GET', '/api/v1/leads?limit=10');
    expect(JSON.stringify(leads.body)).toContain('Acme Boilers');
    expect(wordsOf((await page.press('Import', report)).body.whisper.said)).toMatch(/decided already/);
  });

  it('of somebody else are not read', async () => {
    await playground.world.access.createKey({ user: 'rob', role: 'rep' });
    const file = await upload('rob', 'name\nStolen Steel\n');
    await page.say('import this', undefined, [file]);
    await page.answered(/was not read: .*not here any more/);
  });
});

it('says much at once without the pace that vendors ask for', async () => {
  const playground = await openPlayground();
  try {
    const page = await playground.page().listen();
    const { database, owner } = playground.world;
    // at one a second the last would come after all patience has ended
    for (let i = 1; i <= 60; i++)
      await database.chat.outbox.put(`note ${i}`, {
        kind: 'direct',
        to: playgroundUser(owner.userId),
        said: { text: `note ${i}`, cards: [], fallback: '' },
      });
    await page.until(() => page.answers.length === 60, 'all of it');
    expect(page.words).toEqual(Array.from({ length: 60 }, (_, i) => `note ${i + 1}`));
  } finally {
    await playground.close();
  }
});

describe('processes', () => {
  it('without a server of their own work for the playground, too', async () => {
    const playground = await openPlayground({ worker: false });
    try {
      const page = await playground.page().listen();
      await page.say('who am I?');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(page.answers).toEqual([]);
      await playground.world.second({ worker: true });
      await page.answered(/admin/);
    } finally {
      await playground.close();
    }
  });

  it('leave what is said on other surfaces to those who can speak there', async () => {
    const playground = await openPlayground();
    try {
      const { world } = playground;
      const { pool, chat } = world.database;
      await chat.inbox.put(slackMessage('who am I?'));
      await chat.outbox.put('greeting', {
        kind: 'post',
        place: dmOf(slackUser),
        said: { text: 'hello', cards: [], fallback: '' },
      });
      const page = await playground.page().listen();
      await page.say('who am I?');
      await page.answered(/admin/);
      await expect
        .poll(async () => (await pool.query('SELECT outcome, turn_id FROM inbox WHERE done_at IS NULL')).rows)
        .toEqual([{ outcome: null, turn_id: null }]);
      expect((await pool.query('SELECT state, attempts FROM outbox')).rows).toEqual([{ state: 'waiting', attempts: 0 }]);
      const slack = new TestSurface();
      await world.second({ surfaces: [slack] });
      await page.until(() => slack.messages.length + slack.whispers.length === 2, 'what waited for Slack');
    } finally {
      await playground.close();
    }
  });
});

it('tells people of their day where they can be reached nowhere else, once', async () => {
  let now = new Date('2026-11-20T12:00:00Z');
  const playground = await openPlayground({ now: () => now, env: { TIME_ZONE: 'UTC' } });
  try {
    const page = await playground.page().listen();
    const due = { title: 'Call Acme back', dueAt: '2026-11-23T15:00:00Z' };
    expect((await page.ask('POST', '/api/v1/tools/create_task', due)).status).toBeLessThan(300);
    const { chat, database } = playground.world;
    now = new Date('2026-11-23T08:10:00Z');
    for (const _ of [1, 2]) await chat.handlers.brief({ tenantId: database.tenantId, slot: 'x' });
    const brief = await page.until(() => page.answers.find(({ said }) => /Call Acme back/.test(wordsOf(said!))), 'the brief');
    expect(brief.said!.cards[0]!.title).toBe('Your day');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(page.answers).toHaveLength(1);
    expect(wordsOf((await page.press('Less like this', brief)).body.whisper.said)).toMatch(/do not get the morning brief/);
  } finally {
    await playground.close();
  }
});
