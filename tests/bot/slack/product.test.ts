import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../api/client.ts';
import { openWorld, type World } from '../../world.ts';
import { encode, fresh, secret, signature, ts, until } from './driver.ts';
import { admin, bot, general, openSlackApi, type SlackApi, team } from './slack-api.ts';

/** Switched on by settings alone, as people do it. */
let api: SlackApi;
let world: World;
let url: string;
let stop: () => Promise<void>;
beforeAll(async () => {
  api = await openSlackApi();
  const env = { SLACK_BOT_TOKEN: bot.token, SLACK_SIGNING_SECRET: secret, SLACK_API_URL: api.url };
  world = await openWorld({ env, demo: true, worker: false });
  const served = await serve(world);
  url = served.url;
  for (const face of world.faces) face.start();
  stop = async () => {
    await served.server.close();
    await world.close();
    await api.close();
  };
});
afterAll(() => stop());

const send = async (body: Record<string, unknown>) => {
  const { text, type } = encode(body);
  const now = Math.floor(Date.now() / 1000);
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': type, 'x-slack-request-timestamp': String(now), 'x-slack-signature': signature(text, now) },
  });
  return { status: response.status, text: await response.text() };
};

it('has its door open beside everything else, and knows whose token it has', async () => {
  const event = { type: 'message', channel: 'D1', channel_type: 'im', user: admin, text: 'hello', ts: ts() };
  const hello = { type: 'event_callback', event_id: fresh('Ev'), event_time: 1, team_id: team, event };
  await until(async () => (await send(hello)).status === 200);
  const { rows } = await world.database.pool.query(`SELECT inbound->>'text' AS text FROM inbox`);
  expect(rows).toEqual([{ text: 'hello' }]);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

it('lists deals and accounts for people who are linked, to them alone', async () => {
  const command = (name: string, text = '') =>
    send({
      command: name,
      text,
      team_id: team,
      user_id: admin,
      channel_id: general,
      channel_name: 'general',
      trigger_id: fresh('t'),
    });
  const stranger = await command('/deals');
  expect(stranger.text).toContain('ephemeral');
  expect(stranger.text).toMatch(/do not know who you are/);

  const code = await world.database.chat.identities.makeCode((await world.access.local()).userId);
  await world.database.chat.identities.linkByCode({ surface: 'slack', externalTenant: team, externalUser: admin }, code);
  for (const [name, words] of [
    ['/deals', 'Together'],
    ['/accounts', 'DEMO|Together|a month'],
    ['/deals mine overdue Nowhere Inc', 'There are none that fit'],
  ] as const) {
    const [bare = '', ...rest] = name.split(' ');
    const answer = await command(bare, rest.join(' '));
    expect([name, answer.status]).toEqual([name, 200]);
    expect(JSON.parse(answer.text).response_type).toBe('ephemeral');
    expect(answer.text).toContain('comes later');
    expect(answer.text).toMatch(new RegExp(words, 'i'));
    expect(answer.text).not.toMatch(/went wrong|cannot/i);
  }
});
