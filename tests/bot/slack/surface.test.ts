import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChatUser, Place, Said } from '../../../src/core/chat.ts';
import { install, openSlack, type SlackWorld, until } from './driver.ts';
import { admin, bot, general, team } from './slack-api.ts';

let slack: SlackWorld;
let root: string;
beforeAll(async () => {
  slack = await openSlack();
});
afterAll(() => slack.close());
beforeEach(async () => {
  slack.api.calls.length = 0;
  root = String((await slack.api.call('chat.postMessage', { channel: general, text: 'a question' }))['ts']);
});

const who: ChatUser = { surface: 'slack', externalTenant: team, externalUser: admin };
const place = (more: Partial<Place> = {}): Place => ({
  surface: 'slack',
  externalTenant: team,
  channel: general,
  thread: root,
  audience: 'public_channel',
  ...more,
});
const said = (text: string, cards: Said['cards'] = []): Said => ({ text, cards, fallback: text.slice(0, 80) });
const card = { title: 'Acme', blocks: [{ type: 'fields' as const, fields: [{ label: 'Score', value: '81' }] }] };
const standing = async (ts: string) => (await slack.api.thread(general, root)).find((message) => message.ts === ts);
const answersBelow = async (thread: string) =>
  (await slack.api.thread(general, thread)).filter((message) => message.ts !== thread);
const surface = () => slack.out.surface;
const open = (at: Partial<Place> = {}) => surface().open(place(at), who, randomUUID());
const statuses = () =>
  slack.api
    .of('agents.sessions.setStatus')
    .filter(({ args }) => args['thread_ts'] === root)
    .map(({ args }) => args['status']);

describe('an answer', () => {
  it('is streamed with its steps, ends with its cards, and says what the session is doing', async () => {
    const sink = await open();
    sink.step({ id: 's1', title: 'Looking for leads', status: 'running' });
    await until(() => slack.api.of('chat.startStream').length === 1);
    sink.step({ id: 's1', title: 'Looking for leads', status: 'done' });
    sink.text('**Acme** comes first, ');
    sink.text('then Beta.\n');
    await until(() => slack.api.of('chat.appendStream').length > 0);
    const sent = await sink.finish(said('**Acme** comes first, then Beta.\n', [card]), { waits: false });
    const started = slack.api.of('chat.startStream')[0]!.args;
    expect(started).toMatchObject({ channel: general, thread_ts: root, recipient_team_id: team, recipient_user_id: admin });
    expect(JSON.stringify(started['chunks'])).toContain('in_progress');
    const stop = slack.api.of('chat.stopStream')[0]!.args;
    expect(stop['session_status']).toBe('active');
    expect(JSON.stringify(stop['blocks'])).toContain('Score');
    expect((await standing(sent.messageId))!.text).toContain('**Acme** comes first, then Beta.');
    expect(slack.api.of('chat.postMessage')).toHaveLength(0);
    await until(() => statuses().length === 2);
    expect(statuses()).toEqual(['processing', 'active']);
  });

  it('that waits for a person leaves the session suspended', async () => {
    const sink = await open();
    await sink.finish(said('This needs your decision.'), { waits: true });
    await until(() => statuses().length === 2);
    expect(statuses()).toEqual(['processing', 'suspended']);
  });

  it('is posted where a stream cannot begin', async () => {
    for (const failure of [{ error: 'unknown_method' }, { error: 'missing_scope' }, { status: 500 }]) {
      slack.api.fail('chat.startStream', failure);
      const sink = await open();
      sink.text('Half of\n');
      await until(() => slack.api.of('chat.startStream').length > 0);
      slack.api.calls.length = 0;
      const sent = await sink.finish(said('Half of\nan answer.'), { waits: false });
      expect(JSON.stringify(await standing(sent.messageId))).toContain('an answer.');
    }
  });

  it('is written anew where a stream breaks off in the middle', async () => {
    const sink = await open();
    sink.text('One\n');
    await until(() => slack.api.of('chat.startStream').length === 1);
    await slack.api.call('chat.stopStream', { ts: (await answersBelow(root))[0]!.ts });
    sink.text('Two\n');
    await until(() => slack.api.of('chat.appendStream').length === 1);
    sink.text('Three\n');
    const sent = await sink.finish(said('One\nTwo\nThree\n'), { waits: false });
    expect(JSON.stringify(await standing(sent.messageId))).toContain('Three');
    expect(await answersBelow(root)).toHaveLength(1);
  });

  it('is said in a message of its own where even that fails', async () => {
    const sink = await open();
    sink.text('One\n');
    await until(() => slack.api.of('chat.startStream').length === 1);
    slack.api.fail('chat.stopStream', { error: 'internal_error' });
    slack.api.fail('chat.update', { error: 'message_not_found' });
    const sent = await sink.finish(said('One\nand all.'), { waits: false });
    expect(JSON.stringify(await standing(sent.messageId))).toContain('and all.');
    expect(slack.api.of('chat.postMessage')).toHaveLength(1);
  });

  it('that ends otherwise than it began replaces what was streamed', async () => {
    const sink = await open();
    sink.text('I have sent the mail.\n');
    await until(() => slack.api.of('chat.startStream').length === 1);
    const sent = await sink.finish(said('Nothing was sent.'), { waits: false });
    const message = JSON.stringify(await standing(sent.messageId));
    expect(message).toContain('Nothing was sent.');
    expect(message).not.toContain('I have sent the mail.');
  });

  it('waits where Slack asks for it, and says everything once', async () => {
    const sink = await open();
    slack.api.fail('chat.startStream', { status: 429, retryAfter: 1 });
    sink.text('One\n');
    await until(() => slack.api.of('chat.startStream').length === 2, 4000);
    slack.api.fail('chat.stopStream', { status: 429, retryAfter: 1 });
    const sent = await sink.finish(said('One\nTwo'), { waits: false });
    expect((await standing(sent.messageId))!.text).toMatch(/One\s+Two/);
    expect(await answersBelow(root)).toHaveLength(1);
  });

  it('of many pages is said in as many messages, and none of it is missing', async () => {
    const long = Array.from({ length: 3000 }, (_, i) => `line ${i} of a long answer`).join('\n');
    const sink = await open();
    sink.text(long);
    await sink.finish(said(long), { waits: false });
    const all = JSON.stringify(await answersBelow(root));
    for (const i of [0, 1234, 2999]) expect(all).toContain(`line ${i} of a long answer`);
  });

  it('says nothing more after its end', async () => {
    const sink = await open();
    await sink.finish(said('Done.'), { waits: false });
    const before = slack.api.calls.length;
    sink.text('late');
    sink.step({ id: 'x', title: 'late', status: 'running' });
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(slack.api.calls.slice(before).filter(({ method }) => method !== 'agents.sessions.setStatus')).toEqual([]);
  });

  it('to a command is given in private where the conversation was between two people', async () => {
    const sink = await open({ channel: 'D0TWO', thread: undefined, audience: 'dm' });
    const sent = await sink.finish(said('Only you.'), { waits: false });
    expect(sent.place).toMatchObject({ audience: 'dm' });
    expect(sent.place.channel).not.toBe('D0TWO');
  });

  it('never moves out of a channel that is closed to us', async () => {
    const sink = await open({ channel: 'C0CLOSED', thread: '1.2' });
    await expect(sink.finish(said('For the channel.'), { waits: false })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('shows what waits for a decision in messages of their own, and says which', async () => {
    const approval = { blocks: [{ type: 'approval' as const, approval: pending }] };
    const sink = await open();
    sink.text('I propose this.\n');
    await until(() => slack.api.of('chat.startStream').length === 1);
    const sent = await sink.finish(said('I propose this.\n', [approval]), { waits: true });
    const id = sent.proposals?.[pending.id];
    expect(id).toBeDefined();
    expect(id).not.toBe(sent.messageId);
    await surface().update(
      { place: place(), messageId: id! },
      {
        cards: [
          { blocks: [{ type: 'approval', approval: { ...pending, state: 'ignored', outcome: 'Skipped by Ann', buttons: [] } }] },
        ],
        fallback: 'Skipped',
      },
    );
    expect(JSON.stringify(await standing(id!))).toContain('Skipped by Ann');
  });
});

const pending = {
  id: '0190a0a0-0000-7000-8000-000000000001',
  title: 'Change the status of Acme',
  asked: 'The assistant, for Ann',
  decider: null,
  why: null,
  note: null,
  changes: [],
  moreChanges: 0,
  affected: '1 lead: Acme',
  risk: 'write' as const,
  riskWords: 'changes our records; can be undone',
  confirmCount: null,
  expires: 'tomorrow',
  state: 'pending' as const,
  outcome: null,
  receipt: null,
  problem: null,
  buttons: [{ label: 'Approve', token: 'a'.repeat(22), style: 'primary' as const }],
};

describe('a message', () => {
  it('has no live mention, link or name in it, and unfolds nothing', async () => {
    await surface().send(place(), said('<!channel> <@U1> [x](javascript:alert(1)) &amp;'));
    const { args } = slack.api.of('chat.postMessage')[0]!;
    expect(args).toMatchObject({ parse: 'none', unfurl_links: false, unfurl_media: false, mrkdwn: false });
    expect(JSON.stringify(args)).not.toMatch(/<!channel>|<@U1>/);
    expect(JSON.stringify(args['blocks'])).not.toContain('javascript:');
  });

  it('is drawn in older blocks where Slack does not take the newer ones, and said once', async () => {
    slack.api.fail('chat.postMessage', { error: 'invalid_blocks' });
    await surface().send(place(), said('Look', [{ blocks: [{ type: 'table', columns: ['a'], rows: [['1']] }] }]));
    const [first, second] = slack.api.of('chat.postMessage').map(({ args }) => args['blocks'] as { type: string }[]);
    expect(second!.map(({ type }) => type)).not.toEqual(first!.map(({ type }) => type));
    expect(await answersBelow(root)).toHaveLength(1);
  });

  it('with a chart that Slack has no block for holds its picture, or its figures where that does not arrive', async () => {
    const categories = Array.from({ length: 30 }, (_, i) => `Week ${i}`);
    const chart = {
      type: 'chart' as const,
      title: 'Calls',
      kind: 'line' as const,
      categories,
      series: [{ name: 'Calls', values: categories.map((_, i) => i) }],
      alt: 'Calls rise',
    };
    await surface().send(place(), said('Look', [{ blocks: [chart] }]));
    expect(slack.api.of('files.completeUploadExternal')).toHaveLength(1);
    expect(JSON.stringify(slack.api.of('chat.postMessage').at(-1)!.args['blocks'])).toMatch(/"slack_file":{"id":"F/);
    slack.api.fail('files.getUploadURLExternal', { error: 'missing_scope' });
    await surface().send(place(), said('Look', [{ blocks: [chart] }]));
    const drawn = JSON.stringify(slack.api.of('chat.postMessage').at(-1)!.args['blocks']);
    expect(drawn).not.toContain('slack_file');
    expect(drawn).toContain('Week 29');
  });

  it('whispered is seen by one person; in private it is an ordinary one; where that cannot be, it comes in private', async () => {
    await surface().whisper(place(), who, said('psst'));
    expect(slack.api.of('chat.postEphemeral')[0]!.args).toMatchObject({ user: admin, channel: general, thread_ts: root });
    slack.api.fail('chat.postEphemeral', { error: 'user_not_in_channel' });
    await surface().whisper(place(), who, said('psst'));
    expect(slack.api.of('conversations.open')).toHaveLength(1);
    const channel = slack.api.of('chat.postMessage').at(-1)!.args['channel'] as string;
    expect(channel).toMatch(/^D/);
    slack.api.calls.length = 0;
    await surface().whisper({ ...place(), channel, thread: undefined, audience: 'dm' }, who, said('psst'));
    expect(slack.api.of('chat.postEphemeral')).toHaveLength(0);
  });
});

describe('somebody', () => {
  const person = (more: Record<string, unknown>) => {
    slack.api.people.set(admin, more);
    return surface().profile(who);
  };

  it('has the e-mail address that Slack confirmed, and no other', async () => {
    expect(await person({ is_email_confirmed: true, tz: 'Europe/Berlin' })).toEqual({
      name: 'Admin User',
      email: 'admin@emulate.dev',
      timeZone: 'Europe/Berlin',
      outsider: false,
    });
    expect(await person({ is_email_confirmed: false })).not.toHaveProperty('email');
  });

  it('of a workspace that is not ours has none that we go by: who runs it could name anybody', async () => {
    const others = await openSlack({ settings: { workspaces: [] } });
    try {
      expect(await others.out.surface.profile(who)).not.toHaveProperty('email');
    } finally {
      await others.close();
    }
  });

  it.each([
    { is_restricted: true },
    { is_ultra_restricted: true },
    { is_bot: true },
    { is_stranger: true },
    { deleted: true },
    { team_id: 'T9' },
    { team_id: undefined },
  ])('is an outsider: %j', async (more) => {
    expect((await person(more))!.outsider).toBe(true);
  });

  it('of another workspace of the same organisation is none', async () => {
    expect((await person({ team_id: 'T8', enterprise_user: { teams: ['T8', team] } }))!.outsider).toBe(false);
  });

  it('whom Slack does not know is nobody', async () => {
    expect(await surface().profile({ ...who, externalUser: 'U0NOBODY' })).toBeUndefined();
  });
});

describe('a file', () => {
  const read = async (url: string | undefined, more: Record<string, unknown> = {}) => {
    slack.api.files.set('F1', { id: 'F1', url_private_download: url, ...more });
    let text = '';
    for await (const part of await surface().file(who, { id: 'F1', name: 'leads.csv', bytes: 9 }))
      text += Buffer.from(part).toString();
    return text;
  };
  const here = () => slack.api.url.replace('/api/', '');

  it('is read with the bot’s token', async () => {
    slack.api.bytes.set('/files-test/leads.csv', { type: 'text/csv', body: 'name\nAcme\n' });
    expect(await read(`${here()}/files-test/leads.csv`)).toBe('name\nAcme\n');
    expect(slack.api.of('file')[0]!.token).toBe(bot.token);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1/x',
    'https://files.slack.com.evil.example/x',
    'https://evil.example/files.slack.com',
    'http://files.slack.com/x',
    'https://files.slack.com:8443/x',
    'https://user@files.slack.com/x',
    'file:///etc/passwd',
    'nonsense',
    undefined,
  ])('is not read from %s', async (url) => {
    await expect(read(url)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each(['file_not_found', 'file_deleted'])('that was taken back meanwhile is said to be gone: %s', async (error) => {
    slack.api.fail('files.info', { error });
    await expect(read(undefined)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('not in Slack any more'),
    });
  });

  it('is not followed to somewhere else, and the token goes nowhere', async () => {
    slack.api.bytes.set('/files-test/away', { type: 'text/plain', body: '', location: 'http://127.0.0.1:1/steal' });
    await expect(read(`${here()}/files-test/away`)).rejects.toMatchObject({ code: 'forbidden' });
    slack.api.bytes.set('/files-test/round', { type: 'text/plain', body: '', location: '/files-test/round' });
    await expect(read(`${here()}/files-test/round`)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is not the login page that Slack shows without permission', async () => {
    slack.api.bytes.set('/files-test/login', { type: 'text/html; charset=utf-8', body: '<html>Sign in</html>' });
    await expect(read(`${here()}/files-test/login`)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('failures', () => {
  it('say how long to wait', async () => {
    slack.api.fail('chat.postMessage', { status: 429, retryAfter: 7 });
    await expect(surface().send(place(), said('x'))).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfterMs: 7000 },
    });
  });

  it.each(['channel_not_found', 'is_archived', 'not_in_channel'])('%s: we may not speak there', async (error) => {
    slack.api.fail('chat.postMessage', { error });
    await expect(surface().send(place(), said('x'))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('may pass', async () => {
    for (const failure of [{ error: 'internal_error' }, { status: 503 }]) {
      slack.api.fail('chat.postMessage', failure);
      await expect(surface().send(place(), said('x'))).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it.each(['token_revoked', 'account_inactive'])('%s ends the installation: no more calls, no more events', async (error) => {
    slack.api.fail('chat.postMessage', { error });
    await expect(surface().send(place(), said('x'))).rejects.toMatchObject({ code: 'forbidden' });
    const before = slack.api.calls.length;
    await expect(surface().send(place(), said('x'))).rejects.toMatchObject({ code: 'forbidden' });
    expect(slack.api.calls).toHaveLength(before);
    expect(
      (await slack.event({ type: 'message', channel: 'D1', channel_type: 'im', user: admin, text: 'hi', ts: root })).status,
    ).toBe(401);
    await install(slack.out);
    await surface().send(place(), said('back again'));
  });

  it('a token revoked in the middle of an answer ends it in our words', async () => {
    const sink = await open();
    sink.text('One\n');
    await until(() => slack.api.of('chat.startStream').length === 1);
    slack.api.fail('chat.appendStream', { error: 'token_revoked' });
    sink.text('Two\n');
    await until(() => slack.api.of('chat.appendStream').length === 1);
    await expect(sink.finish(said('One\nTwo\n'), { waits: false })).rejects.toMatchObject({ code: 'forbidden' });
    await install(slack.out);
  });
});
