import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../api/client.ts';
import { wordsOf } from '../surface.ts';
import { openPlayground, type Playground } from './driver.ts';

describe('at the machine itself', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await openPlayground({ demo: true });
  });
  afterAll(() => playground.close());

  it('is the owner without a key, and lists everybody one may act as', async () => {
    const { body } = await playground.page().ask('GET', '/playground/me');
    expect(body).toMatchObject({
      canSwitch: true,
      demo: true,
      connected: [],
      reasons: false,
      version: '1.2.3',
      uploadMaxMb: 1024,
    });
    expect(body.who).toMatchObject({ handle: 'owner', role: 'admin' });
    expect(body.people.map(({ handle }: { handle: string }) => handle)).toEqual(['owner', 'dana', 'ann', 'marcus']);
  });

  it('suggests what works for whoever asks, and names no record of ours to an outsider', async () => {
    const suggestionsOf = async (as: string) =>
      (await playground.page(as).ask('GET', '/playground/me')).body.suggestions as string[];
    expect(await suggestionsOf('dana')).toContain('Use the software buyers profile');
    const anns = await suggestionsOf('ann');
    expect(anns).not.toContain('Use the software buyers profile');
    expect(await suggestionsOf('outsider')).toEqual(['Who are my top 3 leads today?', 'What can you do?']);
    const page = await playground.page('ann').listen();
    for (const text of anns) {
      await page.say(text);
      expect(wordsOf((await page.answered()).said!)).not.toMatch(/did not understand|No lead fits|do not know/i);
    }
    await page.ask('POST', '/playground/clear', {});
    // the one of managers is a change of everybody's scores: it waits
    const managers = await playground.page('dana').listen();
    await managers.say('Use the software buyers profile');
    const card = await managers.card();
    await managers.press('Skip', card);
    await managers.ask('POST', '/playground/clear', {});
  });

  it('acts as anybody, in the playground and over the API alike', async () => {
    const ann = playground.page('ann');
    expect((await ann.ask('GET', '/playground/me')).body.who).toEqual({ handle: 'ann', name: 'Ann Reyes', role: 'rep' });
    const made = await ann.ask('POST', '/api/v1/tools/create_lead', { name: 'Acme Boilers' });
    expect(made.body.receipt).toMatchObject({ userName: 'Ann Reyes', surface: 'playground' });
    expect((await ann.ask('GET', '/api/v1/receipts')).body.receipts[0]).toMatchObject({ tool: 'create_lead' });
    expect((await playground.page().ask('GET', '/api/v1/receipts')).body.receipts).toEqual([]);
  });

  it('knows nobody of another name', async () => {
    for (const path of ['/playground/me', '/playground/events', '/playground/queue', '/api/v1/receipts']) {
      const answer = await playground.page('nobody').ask('GET', path);
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 404, 'not_found']);
    }
  });

  it('shuts out whoever is disabled, also where they listen already', async () => {
    await playground.world.access.createKey({ user: 'carl', role: 'rep' });
    const page = await playground.page('carl').listen();
    await playground.world.access.setDisabled('carl', true);
    expect((await page.ask('GET', '/playground/me')).status).toBe(403);
    expect((await page.say('who am I?')).status).toBe(403);
    await page.until(() => page.ended, 'the end of the stream');
  });

  it('tells an outsider that they are one, every time, and nothing else', async () => {
    const page = await playground.page('outsider').listen();
    expect((await page.ask('GET', '/playground/me')).body).toMatchObject({ who: null, canSwitch: true });
    expect((await page.ask('GET', '/playground/queue')).body).toEqual({ approvals: [] });
    for (const round of [1, 2]) {
      await page.say('who are my top 3 leads?');
      await page.until(() => page.answers.length === round, 'a refusal');
      expect(wordsOf(page.answers.at(-1)!.said!)).toMatch(/members of the workspace only/);
    }
    await page.say('link ABCD-EFGH');
    await page.until(() => page.answers.length === 3, 'an answer');
    expect(wordsOf(page.answers.at(-1)!.said!)).toMatch(/does not open anything/);
    expect((await page.ask('GET', '/api/v1/receipts')).status).toBe(404);
  });

  it('does not let an outsider press what was put before somebody else', async () => {
    const owner = await playground.page().listen();
    await owner.say('who are my top 3 leads?');
    await owner.answered();
    await owner.say('mark the first and second one as contacted');
    const card = await owner.card();
    const refused = await playground.page('outsider').press('Approve', card);
    expect(wordsOf(refused.body.whisper.said)).toMatch(/members of the workspace only/);
    const notTheirs = await playground.page('ann').press('Approve', card);
    expect(wordsOf(notTheirs.body.whisper.said)).not.toBe('');
    expect((await owner.ask('GET', '/playground/queue')).body.approvals).toHaveLength(1);
  });

  it('keeps apart what is said to each of them', async () => {
    const ann = await playground.page('ann').listen();
    await ann.say('who am I?');
    await ann.answered(/Ann Reyes/);
    const marcus = await playground.page('marcus').listen();
    expect(marcus.messages).toEqual([]);
  });

  it('is the owner of a key with one, and refuses to act as anybody else', async () => {
    const { key } = await playground.world.access.createKey({ user: 'kim', role: 'manager' });
    const me = await playground.page(undefined, { key }).ask('GET', '/playground/me');
    expect(me.body).toMatchObject({ who: { handle: 'kim', role: 'manager' }, canSwitch: false, people: [] });
    for (const [as, path] of [
      ['ann', '/playground/me'],
      ['ann', '/api/v1/receipts'],
      ['outsider', '/playground/me'],
    ] as const) {
      const refused = await playground.page(as, { key }).ask('GET', path);
      expect([as, path, refused.status]).toEqual([as, path, 403]);
    }
    expect((await playground.page('ann', { key: 'sk_wrong' }).ask('GET', '/playground/me')).status).toBeGreaterThanOrEqual(401);
  });

  it('lets nobody who comes through a proxy act as somebody, or in at all', async () => {
    const headers = { host: '127.0.0.1', 'x-forwarded-for': '203.0.113.7' };
    for (const as of ['ann', 'outsider', 'owner'])
      for (const path of ['/playground/me', '/playground/queue', '/api/v1/receipts'])
        expect((await rawRequest(playground.url, 'GET', path, { ...headers, 'x-act-as': as })).status).toBe(401);
    expect((await rawRequest(playground.url, 'GET', '/playground/events', headers)).status).toBe(401);
  });

  it('refuses other web pages', async () => {
    const headers = { host: '127.0.0.1', origin: 'https://evil.example', 'content-type': 'application/json' };
    const body = JSON.stringify({ key: randomUUID(), text: 'hello' });
    expect((await rawRequest(playground.url, 'POST', '/playground/messages', headers, body)).status).toBe(403);
  });
});

describe('in production', () => {
  it('is off, and the root shows what runs', async () => {
    const playground = await openPlayground({ env: { APP_ENV: 'production', PLAYGROUND: '' } });
    try {
      const page = playground.page();
      expect((await page.ask('GET', '/')).body).toContain('The server runs');
      for (const path of ['/playground/me', '/playground/events', '/playground/app.js'])
        expect((await page.ask('GET', path)).status).toBe(404);
      const { key } = await playground.world.access.createKey({ user: 'kim', role: 'rep' });
      expect((await playground.page('owner', { key }).ask('GET', '/api/v1/receipts')).status).toBe(403);
      expect((await playground.page('owner').ask('GET', '/api/v1/receipts')).status).toBe(401);
    } finally {
      await playground.close();
    }
  });

  it('asks for a key where it is switched on', async () => {
    const playground = await openPlayground({ env: { APP_ENV: 'production', PLAYGROUND: 'on' } });
    try {
      expect((await playground.page().ask('GET', '/')).status).toBe(200);
      for (const as of [undefined, 'owner', 'outsider'])
        expect((await playground.page(as).ask('GET', '/playground/me')).status).toBe(401);
      const { key } = await playground.world.access.createKey({ user: 'kim', role: 'rep' });
      const page = await playground.page(undefined, { key }).listen();
      await page.say('who am I?');
      await page.answered(/kim/);
    } finally {
      await playground.close();
    }
  });
});

it('ends the stream of a key that is revoked, and no other of the same person', async () => {
  const playground = await openPlayground({ env: { APP_ENV: 'production', PLAYGROUND: 'on' } });
  try {
    const make = () => playground.world.access.createKey({ user: 'kim', role: 'rep' });
    const [lost, kept] = [await make(), await make()];
    const [first, second] = [
      await playground.page(undefined, { key: lost.key }).listen(),
      await playground.page(undefined, { key: kept.key }).listen(),
    ];
    await playground.world.access.revokeKey(lost.info.id);
    await first.until(() => first.ended, 'the end of the stream');
    await second.say('who am I?');
    await second.answered(/kim/);
    expect(second.ended).toBe(false);
    expect(wordsOf(second.answers.at(-1)!.said!)).toContain('kim');
    expect(first.answers).toEqual([]);
  } finally {
    await playground.close();
  }
});

it('leaves X-Act-As alone where the playground is off', async () => {
  const playground = await openPlayground({ env: { PLAYGROUND: 'off' } });
  try {
    expect((await playground.page('owner').ask('GET', '/api/v1/receipts')).status).toBe(403);
    expect((await playground.page().ask('GET', '/api/v1/receipts')).status).toBe(200);
  } finally {
    await playground.close();
  }
});
