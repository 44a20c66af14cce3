import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkSlack } from '../../../src/bot/slack/check.ts';
import { slackOut } from '../../../src/bot/slack/index.ts';
import { createLog } from '../../../src/log.ts';
import { fresh, install, openSlack, type SlackWorld, ts, until } from './driver.ts';
import { admin, bot, general, redirectUri, team } from './slack-api.ts';

let slack: SlackWorld;
beforeAll(async () => {
  slack = await openSlack({ installed: false });
});
afterAll(() => slack.close());

const around = { log: createLog('silent'), now: () => new Date() };
const stores = () => slack.world.database.chat;
const hello = (event_time?: number) =>
  slack.event(
    { type: 'message', channel: 'D1', channel_type: 'im', user: admin, text: 'hello', ts: ts() },
    event_time ? { event_time } : {},
  );

/** A browser: goes to the door, on to Slack, and back. */
async function leave(): Promise<{ cookie: string; page: string; authorize: URL }> {
  const door = await fetch(`${slack.url}/slack/install`);
  const page = await door.text();
  const cookie = door.headers.get('set-cookie')!.split(';')[0]!;
  const authorize = new URL(/href="([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&'));
  return { cookie, page, authorize };
}
async function consent(authorize: URL): Promise<URL> {
  const fields = Object.fromEntries(authorize.searchParams);
  const back = await fetch(new URL('/oauth/v2/authorize/callback', authorize), {
    method: 'POST',
    body: new URLSearchParams({ ...fields, user_id: admin }),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    redirect: 'manual',
  });
  return new URL(back.headers.get('location')!);
}
const comeBack = (to: URL, cookie?: string) =>
  // a link on a page of Slack's brings people here
  fetch(`${slack.url}${to.pathname}${to.search}`, { headers: { ...(cookie && { cookie }), 'sec-fetch-site': 'cross-site' } });

describe('installing from a browser', () => {
  it('goes there and back, and keeps the token sealed', async () => {
    const { cookie, page, authorize } = await leave();
    expect(page).toContain('Add Sales Agent');
    expect(authorize.searchParams.get('redirect_uri')).toBe(redirectUri);
    expect(authorize.searchParams.get('scope')).toContain('chat:write');
    const done = await comeBack(await consent(authorize), cookie);
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('Installed')]);
    expect(done.headers.get('content-security-policy')).toBeTruthy();

    const kept = await stores().installs.find('slack', team);
    const token = (kept!.secrets['bot'] as { token: string }).token;
    expect(token).toMatch(/^xoxb-/);
    const { rows } = await slack.world.database.pool.query('SELECT * FROM chat_installs');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows.map((row) => ({ ...row, sealed: String(row.sealed) })))).not.toContain(token);
    expect((await hello()).status).toBe(200);
    expect(await checkSlack(slack.config, stores(), around)).toBe(
      'HTTP at https://sales.example.com/slack/events; many workspaces by /slack/install; in Acme',
    );
  });

  it('without the cookie, with another state, twice with one code, cancelled: installs nothing', async () => {
    await slack.out.installs.revoke(team);
    const { cookie, authorize } = await leave();
    const back = await consent(authorize);
    expect((await comeBack(back)).status).toBe(400);
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged');
    expect((await comeBack(forged, cookie)).status).toBe(400);
    expect((await comeBack(forged, 'slack-app-oauth-state=forged')).status).toBe(400);
    const cancelled = await comeBack(new URL(`${redirectUri}?error=access_denied&state=x`), cookie);
    expect([cancelled.status, await cancelled.text()]).toEqual([400, expect.stringContaining('cancelled')]);
    expect(await stores().installs.find('slack', team)).toBeUndefined();
    expect((await comeBack(back, cookie)).status).toBe(200);
    expect((await comeBack(back, cookie)).status).not.toBe(200);
  });
});

describe('being thrown out', () => {
  beforeEach(() => install(slack.out));

  it.each([
    ['app_uninstalled', { type: 'app_uninstalled' }],
    ['tokens_revoked', { type: 'tokens_revoked', tokens: { bot: [bot.userId], oauth: [] } }],
  ])('%s: the token is gone, and so are we', async (_what, event) => {
    expect((await slack.event(event, { event_time: Math.floor(Date.now() / 1000) + 1 })).status).toBe(200);
    expect(await stores().installs.find('slack', team)).toBeUndefined();
    const { rows } = await slack.world.database.pool.query('SELECT sealed FROM chat_installs WHERE sealed IS NOT NULL');
    expect(rows).toEqual([]);
    expect((await hello()).status).toBe(401);
    const place = { surface: 'slack' as const, externalTenant: team, channel: general, audience: 'public_channel' as const };
    slack.api.calls.length = 0;
    await expect(slack.out.surface.send(place, { text: 'x', cards: [], fallback: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(slack.api.calls).toEqual([]);
    // Slack sends both, and each again when it likes
    expect((await slack.event(event)).status).toBe(200);
  });

  it('is heard by another process at once', async () => {
    const other = slackOut(slack.config, (await slack.world.second({ worker: false })).database.chat, around);
    expect(await other.installs.find(team)).toBeDefined();
    await slack.event({ type: 'app_uninstalled' }, { event_time: Math.floor(Date.now() / 1000) + 1 });
    expect(await other.installs.find(team)).toBeUndefined();
  });

  it('without saying when is a report of now', async () => {
    expect((await slack.event({ type: 'app_uninstalled' }, { event_time: undefined })).status).toBe(200);
    expect(await stores().installs.find('slack', team)).toBeUndefined();
  });

  it('tokens of people are no matter of ours', async () => {
    await slack.event({ type: 'tokens_revoked', tokens: { oauth: [admin] } });
    expect((await hello()).status).toBe(200);
  });

  it('an old report does not end a newer installation', async () => {
    await slack.event({ type: 'app_uninstalled' }, { event_time: Math.floor(Date.now() / 1000) - 60 });
    expect((await hello()).status).toBe(200);
  });

  it('whoever uses a command then is refused', async () => {
    await slack.out.installs.revoke(team);
    const answer = await slack.post({
      command: '/sales',
      text: 'x',
      team_id: team,
      user_id: admin,
      channel_id: general,
      trigger_id: fresh('t'),
    });
    expect(answer.status).toBe(401);
  });
});

describe('tokens that rotate', () => {
  const rotating = (secondsLeft: number) =>
    slack.out.installs.save(team, 'Acme', {
      bot: { ...bot, scopes: [], refreshToken: 'xoxe-1-old', expiresAt: Math.floor(Date.now() / 1000) + secondsLeft },
      authVersion: 'v2',
    });
  const place = { surface: 'slack' as const, externalTenant: team, channel: general, audience: 'public_channel' as const };
  const say = () => slack.out.surface.send(place, { text: 'x', cards: [], fallback: 'x' });
  const refreshes = () => slack.api.of('oauth.v2.access').filter(({ args }) => args['grant_type'] === 'refresh_token');
  beforeEach(() => {
    slack.api.calls.length = 0;
    slack.api.refreshed = { access_token: bot.token, refresh_token: 'xoxe-1-new', expires_in: 43_200, token_type: 'bot' };
  });

  it('are renewed before they end, once however many need one', async () => {
    await rotating(600);
    await Promise.all([say(), say(), say()]);
    expect(refreshes()).toHaveLength(1);
    expect(refreshes()[0]!.args['refresh_token']).toBe('xoxe-1-old');
    const { bot: kept } = (await slack.out.installs.find(team))!.slack;
    expect(kept).toMatchObject({ refreshToken: 'xoxe-1-new', userId: bot.userId });
    expect(kept.expiresAt! - Date.now() / 1000).toBeGreaterThan(40_000);
    await say();
    expect(refreshes()).toHaveLength(1);
  });

  it('are left alone while they last, and renewed where Slack says that one ran out', async () => {
    await rotating(40_000);
    await say();
    expect(refreshes()).toHaveLength(0);
    slack.api.fail('chat.postMessage', { error: 'token_expired' });
    await say();
    expect(refreshes()).toHaveLength(1);
  });

  it('a renewal that fails is no reason to fall silent while the token lasts', async () => {
    slack.api.refreshed = undefined;
    await rotating(600);
    await say();
    await rotating(-10);
    await expect(say()).rejects.toThrow();
  });
});

describe('the token in the settings', () => {
  it('installs its workspace at the start, asked again until Slack answers, and events wait meanwhile', async () => {
    const single = await openSlack({ installed: false, settings: { botToken: bot.token, client: undefined } });
    try {
      await until(async () => (await single.out.installs.find(team)) !== undefined);
      expect(await checkSlack(single.config, single.world.database.chat, around)).toMatch(/^HTTP at .*; in Acme$/);
      expect((await fetch(`${single.url}/slack/install`)).status).toBe(404);
    } finally {
      await single.close();
    }
  });

  it('that Slack does not accept is said by the doctor', async () => {
    slack.api.fail('auth.test', { error: 'invalid_auth' });
    await expect(checkSlack({ ...slack.config, botToken: 'xoxb-wrong' }, stores(), around)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('SLACK_BOT_TOKEN'),
    });
  });
});
