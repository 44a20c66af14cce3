import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mention, openTeams, type Sending, spoken, type TeamsWorld } from './driver.ts';
import { appId, type Json, openMicrosoft, tenant } from './microsoft.ts';

let teams: TeamsWorld;
beforeAll(async () => {
  teams = await openTeams({ worker: false });
});
afterAll(() => teams.close());
afterEach(() => teams.world.database.pool.query('TRUNCATE inbox'));

const who = { id: '29:ann', name: 'Ann' };
const hello = (more: Json = {}) => spoken(teams.microsoft, who, { text: 'hello', ...more });
const seconds = () => Math.floor(Date.now() / 1000);

describe('what is not signed by Teams for us', () => {
  const cases: [string, Sending][] = [
    ['no token', { authorization: '' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['no token at all', { authorization: 'Bearer not.a.token' }],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['two tokens', { authorization: 'Bearer a.b.c d.e.f' }],
    ['another audience', { claims: { aud: '99999999-2222-3333-4444-555555555555' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    [
      'a token of the emulator',
      { claims: { iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', appid: appId, ver: '1.0' } },
    ],
    ['an expired token', { claims: { exp: seconds() - 3600 } }],
    ['a token without an end', { claims: { exp: undefined } }],
    ['a token for later', { claims: { nbf: seconds() + 3600 } }],
    ['an unknown key', { signing: { key: 'unknown' } }],
    ['a signature of somebody else', { signing: { key: 'forged' } }],
    ['a key endorsed for another channel', { signing: { key: 'webchat' } }],
    ['a key that nobody endorsed', { signing: { key: 'bare' } }],
    ['no signature', { signing: { alg: 'none' } }],
    ['a signature of another kind', { signing: { alg: 'HS256' } }],
    ['another service address', { claims: { serviceurl: 'https://smba.trafficmanager.net/emea/' } }],
    ['no service address', { claims: { serviceurl: undefined } }],
  ];
  it.each(cases)('is refused in our words, and nothing is kept or called: %s', async (_name, options) => {
    teams.microsoft.calls.length = 0;
    const { status, body } = await teams.deliver(hello(), options);
    expect([status, body.error?.code, body.error?.message]).toEqual([
      401,
      'unauthorized',
      'This request is not signed by Teams for this bot.',
    ]);
    expect(Object.keys(body.error)).toEqual(['code', 'message', 'requestId']);
    expect(await teams.inbox()).toEqual([]);
    expect(teams.microsoft.of('send', 'stream', 'login', 'member', 'create')).toEqual([]);
  });

  it.each(['webchat', 'emulator', 'directline', 'AseChannel', '', undefined])(
    'is refused from the channel %s',
    async (channelId) => {
      expect((await teams.deliver(hello({ channelId }))).status).toBe(401);
    },
  );

  it('is let in where its clock is a little off', async () => {
    expect((await teams.deliver(hello(), { claims: { exp: seconds() - 60 } })).status).toBe(200);
  });
});

describe('the address of the answer', () => {
  it.each([
    'https://evil.example/',
    'http://169.254.169.254/latest/meta-data/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net',
    'https://smba.trafficmanager.net@evil.example/',
    'https://user:pass@smba.trafficmanager.net/',
    'https://smba.trafficmanager.net:8443/',
    'http://smba.trafficmanager.net/',
    'https://evilbotframework.com/',
    'file:///etc/passwd',
    'http://127.0.0.1:1/',
    'no address',
    'https://smba.trafficmanager.net\\@evil.example/',
    'https://smba.trafficmanager.net/\t/',
    'https://smba.trafficmanager.net/?',
    'https://smba.trafficmanager.net/teams/#',
    'https://smba.trafficmanager.net./',
    'https://smba.trafficmanager.net%2eevil.example/',
    '//smba.trafficmanager.net/',
  ])('is one of Teams, or nothing is kept: %s', async (serviceUrl) => {
    const { status, body } = await teams.deliver(hello({ serviceUrl }), { claims: { serviceurl: serviceUrl } });
    expect([status, body.error.code]).toEqual([403, 'forbidden']);
    expect(await teams.inbox()).toEqual([]);
    const { rows } = await teams.world.database.pool.query(
      "SELECT count(*)::int AS n FROM chat_references WHERE reach->>'serviceUrl' = $1",
      [serviceUrl],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it.each([
    'https://smba.trafficmanager.net/teams/',
    'https://smba.infra.gcc.teams.microsoft.com/teams',
    'https://smba.infra.gov.teams.microsoft.us/teams',
    'https://europe.botframework.com/',
  ])('may be any of Microsoft: %s', async (serviceUrl) => {
    expect((await teams.deliver(hello({ serviceUrl }), { claims: { serviceurl: serviceUrl } })).status).toBe(200);
  });
});

describe('what cannot be read', () => {
  it.each(['', '{', '[]', 'null', '"text"', '<xml/>', '[{"type":"message"}]'])('gets 400 in our words: %s', async (body) => {
    const answer = await teams.deliver(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_input']);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|at .*\.js/);
  });

  const shapes: Json[] = [
    { type: undefined },
    { type: 7 },
    { serviceUrl: '' },
    { from: null },
    { from: { id: 'with space' } },
    { from: { id: '29:a|b' } },
    { conversation: { id: { $ne: 1 } } },
    { conversation: null },
    { conversation: { id: '..' } },
    { from: { id: '.' } },
    { recipient: undefined },
    { attachments: 'many' },
    { entities: Array.from({ length: 501 }, () => ({})) },
    { channelData: 'none' },
    { id: 'x'.repeat(500) },
  ];
  it.each(shapes.map((shape) => [JSON.stringify(shape).slice(0, 60), shape]))(
    'gets 400 with a good token: %s',
    async (_name, shape) => {
      const claims = (shape as Json).serviceUrl === '' ? { serviceurl: '' } : {};
      const answer = await teams.deliver(hello(shape), { claims });
      expect([answer.status, answer.body.error?.code]).toEqual([400, 'invalid_input']);
      expect(await teams.inbox()).toEqual([]);
    },
  );

  it('gets 413 where it is far too large', async () => {
    const { status, body } = await teams.deliver(hello({ text: 'x'.repeat(300_000) }));
    expect([status, body.error.code]).toEqual([413, 'too_large']);
  });

  it('is harmless where it is odd', async () => {
    for (const more of [
      { type: 'message', text: null, attachments: [null, 7, { contentType: 'text/html' }] },
      { type: 'conversationUpdate', membersAdded: [null, { id: 7 }] },
      { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
      { type: 'somethingNew' },
      { type: 'messageUpdate', channelData: { tenant: { id: tenant }, eventType: 'undeleteMessage' } },
      { conversation: { id: 'a:1' }, channelData: {} },
      {
        entities: [mention, null, { type: 'mention', mentioned: {} }],
        text: '',
        conversation: { id: '19:x@thread.v2', conversationType: 'groupChat', tenantId: tenant },
        timestamp: 'yesterday',
      },
    ])
      expect([JSON.stringify(more), (await teams.deliver(hello(more))).status]).toEqual([JSON.stringify(more), 200]);
  });

  it('is answered with 501 where Teams asks for something that we do not do', async () => {
    for (const name of ['composeExtension/query', 'task/fetch', 'fileConsent/invoke', undefined]) {
      const { status, body } = await teams.deliver(hello({ type: 'invoke', name, value: {} }));
      expect([status, body.error.message]).toEqual([501, 'Sales Agent does not answer this kind of request.']);
    }
  });
});

it('says that it cannot be found out who signed, so that it is sent again, while the keys of Microsoft are out of reach', async () => {
  const microsoft = await openMicrosoft();
  const other = await openTeams({ worker: false, env: { TEAMS_OPENID_URL: `${microsoft.openIdUrl}` } });
  try {
    microsoft.fail('keys', { status: 503 });
    const { status, body } = await other.say(who, 'hello');
    expect([status, body.error.code]).toEqual([503, 'unavailable']);
    expect((await other.say(who, 'hello')).status).toBe(200);
  } finally {
    await other.close();
    await microsoft.close();
  }
});
