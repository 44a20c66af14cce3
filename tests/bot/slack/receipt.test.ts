import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../api/client.ts';
import { encode, fresh, install, openSlack, type SlackWorld, secret, signature, ts } from './driver.ts';
import { admin, general, team } from './slack-api.ts';

let slack: SlackWorld;
beforeAll(async () => {
  slack = await openSlack();
});
afterAll(() => slack.close());

const direct = (text: string, more: Record<string, unknown> = {}) => ({
  type: 'message',
  channel: 'D1',
  channel_type: 'im',
  user: admin,
  text,
  ts: ts(),
  ...more,
});
const said = async (text: string) => (await slack.inbox()).filter((one) => one.kind === 'message' && one.text === text);

describe('who may knock', () => {
  it('takes what Slack signed', async () => {
    expect((await slack.event(direct('signed'))).status).toBe(200);
    expect(await said('signed')).toHaveLength(1);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }],
    ['another body than was signed', { tampered: '{"type":"event_callback"}' }],
    ['a request of six minutes ago', { ageSeconds: 360 }],
    ['a request of the future', { ageSeconds: -360 }],
    ['no time', { headers: { 'x-slack-request-timestamp': '' } }],
    ['a time that is none', { headers: { 'x-slack-request-timestamp': '1e9' } }],
    ['no signature', { headers: { 'x-slack-signature': '' } }],
    ['half a signature', { headers: { 'x-slack-signature': 'v0=' } }],
  ])('refuses %s', async (what, options) => {
    const answer = await slack.event(direct(what), {}, options);
    expect([what, answer.status, answer.body.error?.code]).toEqual([what, 401, 'unauthorized']);
    expect(await said(what)).toHaveLength(0);
  });

  it.each([
    ['JSON with a charset', 'Application/JSON; Charset=UTF-8', (text: string) => text],
    [
      'a form in capitals',
      'APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-8',
      (text: string) => `payload=${encodeURIComponent(text)}`,
    ],
    ['JSON that ends with a line end', 'application/json', (text: string) => `${text}\r\n`],
  ])('takes %s', async (what, type, written) => {
    const text = written(JSON.stringify({ type: 'event_callback', event_id: fresh('Ev'), team_id: team, event: direct(what) }));
    const now = Math.floor(Date.now() / 1000);
    const headers = { 'content-type': type, 'x-slack-request-timestamp': String(now), 'x-slack-signature': signature(text, now) };
    expect((await rawRequest(slack.url, 'POST', '/slack/events', headers, text)).status).toBe(200);
    expect(await said(what)).toHaveLength(1);
  });

  it('takes clocks that differ by four minutes, either way', async () => {
    for (const ageSeconds of [240, -240]) expect((await slack.event(direct('clock'), {}, { ageSeconds })).status).toBe(200);
  });

  it('keeps a replay, a retry and a race once', async () => {
    const event = direct('again');
    const event_id = fresh('Ev');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        slack.event(
          event,
          { event_id },
          i % 2 ? { headers: { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' } } : {},
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(await said('again')).toHaveLength(1);
  });

  it('answers the host that people reach us by, no other, and asks no browser’s origin', async () => {
    const { text, type } = encode({ type: 'url_verification', challenge: 'c' }, false);
    const now = Math.floor(Date.now() / 1000);
    const headers = { 'content-type': type, 'x-slack-request-timestamp': String(now), 'x-slack-signature': signature(text, now) };
    const from = (more: Record<string, string>) => rawRequest(slack.url, 'POST', '/slack/events', { ...headers, ...more }, text);
    expect((await from({ host: 'sales.example.com' })).status).toBe(200);
    expect((await from({ host: 'evil.example' })).status).toBe(403);
    expect((await from({ host: 'sales.example.com', origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('what is not an event', () => {
  it('answers url_verification with its challenge, only when signed', async () => {
    const body = { type: 'url_verification', challenge: 'abc', token: 't' };
    expect((await slack.post(body, { form: false })).body).toEqual({ challenge: 'abc' });
    expect((await slack.post(body, { form: false, secret: 'wrong' })).status).toBe(401);
  });

  it('answers ssl_check with nothing', async () => {
    const answer = await slack.post({ ssl_check: '1', token: 't' }, { secret: 'unsigned' });
    expect([answer.status, answer.body]).toEqual([200, '']);
  });

  it('answers app_rate_limited', async () => {
    const body = { type: 'app_rate_limited', team_id: team, minute_rate_limited: 1, api_app_id: 'A' };
    expect((await slack.post(body, { form: false })).status).toBe(200);
  });

  it.each([
    ['JSON that breaks off', '{"type":', false],
    ['JSON that is no object', '"event_callback"', false],
    ['JSON that is a list', '[]', false],
    ['nothing', '', false],
    ['a payload that breaks off', 'payload=%7B', true],
    ['a form of nothing known', 'a=b', true],
  ])('refuses %s', async (what, body, form) => {
    const answer = await slack.post(body, { form });
    expect([what, answer.status, answer.body.error?.code]).toEqual([what, 400, 'invalid_input']);
  });

  it.each<Record<string, unknown>>([
    { type: 'nonsense' },
    { type: 'event_callback' },
    { type: 'event_callback', event_id: 'E', team_id: team, event: 'text' },
    { type: 'event_callback', event_id: 7, event: { type: 'message' } },
    { command: { a: 1 } },
    { actions: [] },
    { type: 'block_actions', user: 'x' },
    { type: 'block_actions', team: { id: team }, actions: [{ action_id: 'press.0' }] },
    { type: 'view_submission', team: { id: team }, user: { id: admin } },
    { type: 'view_closed', team: { id: team }, user: { id: admin }, view: {} },
    { __proto__: null, constructor: 'x' },
  ])('refuses %j in our words', async (body) => {
    const answer = await slack.post(body, { form: false });
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'invalid_input']);
  });

  it('refuses a body beyond 256 kB and takes one below', async () => {
    expect((await slack.event(direct('x'.repeat(300_000)))).status).toBe(413);
    expect((await slack.event(direct('y'.repeat(200_000)))).status).toBe(200);
  });

  it('acknowledges events that it does not handle', async () => {
    const before = (await slack.inbox()).length;
    for (const event of [
      { type: 'reaction_added' },
      { type: 'message', subtype: 'channel_join', channel: general, ts: ts() },
      { type: 'message' },
    ])
      expect((await slack.event(event)).status).toBe(200);
    expect(await slack.inbox()).toHaveLength(before);
  });
});

describe('where we are not', () => {
  it('does not matter where the same is seen by a workspace that installed us, or by its organisation', async () => {
    const elsewhere = { team_id: 'T9', enterprise_id: null, is_enterprise_install: false };
    const seenBy = (...authorizations: object[]) => ({ team_id: 'T9', authorizations: [elsewhere, ...authorizations] });
    expect((await slack.event(direct('seen by us, too'), seenBy({ team_id: team }))).status).toBe(200);
    expect(await said('seen by us, too')).toHaveLength(1);
    await install(slack.out, 'E1');
    const whole = { team_id: null, enterprise_id: 'E1', is_enterprise_install: true };
    expect((await slack.event(direct('of the organisation'), { ...seenBy(whole), team_id: null })).status).toBe(200);
    expect((await said('of the organisation')).map(({ place }) => place.externalTenant)).toEqual(['E1']);
  });

  it('refuses events of a workspace that did not install us', async () => {
    const answer = await slack.event(direct('stranger'), { team_id: 'T9', authorizations: [{ team_id: 'T9' }] });
    expect(answer.status).toBe(401);
    expect(await said('stranger')).toHaveLength(0);
  });
});

describe('a database that is away', () => {
  it('is no acknowledgement, and the delivery that follows is kept', async () => {
    const { pool } = slack.world.database;
    await pool.query('ALTER TABLE inbox RENAME TO inbox_away');
    const [event, event_id] = [direct('kept later'), fresh('Ev')];
    try {
      const answer = await slack.event(event, { event_id });
      expect([answer.status, answer.body.error.code]).toEqual([500, 'internal']);
    } finally {
      await pool.query('ALTER TABLE inbox_away RENAME TO inbox');
    }
    expect((await slack.event(event, { event_id }, { headers: { 'x-slack-retry-num': '1' } })).status).toBe(200);
    expect(await said('kept later')).toHaveLength(1);
  });

  it('is told to whoever used a command, because Slack does not send those again', async () => {
    const { pool } = slack.world.database;
    await pool.query('ALTER TABLE inbox RENAME TO inbox_away');
    try {
      const answer = await slack.post({
        command: '/sales',
        text: 'hello',
        team_id: team,
        user_id: admin,
        channel_id: general,
        trigger_id: fresh('t'),
        response_url: 'https://hooks.slack.com/commands/1',
      });
      expect(answer.status).toBe(200);
      expect(answer.body.text).toMatch(/went wrong|does not answer/);
    } finally {
      await pool.query('ALTER TABLE inbox_away RENAME TO inbox');
    }
  });
});

describe('under load', () => {
  it('acknowledges fifty at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => slack.event(direct(`load ${i}`))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

it('signs as Slack documents', () => {
  // the example of Slack's own page on verifying requests
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  expect(signature(body, 1531420618, '8f742231b10e8888abcd99yyyzzz85a5')).toBe(
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  );
  expect(secret).not.toBe('');
});
