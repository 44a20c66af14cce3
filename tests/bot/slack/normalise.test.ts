import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/bot/slack/markup.ts';
import { type Envelope, type Heard, normalise } from '../../../src/bot/slack/normalise.ts';

const us = { externalTenant: 'T1', botUserId: 'UBOT', botId: 'BBOT' };
let ids = 0;
const hear = (event: Record<string, unknown>, more: Partial<Envelope> = {}): Heard =>
  normalise(
    {
      type: 'event_callback',
      event_id: `Ev${ids++}`,
      event_time: 1700000000,
      team_id: 'T1',
      event: event as Envelope['event'],
      ...more,
    },
    us,
  );
const inbound = (heard: Heard) => {
  if (heard.kind !== 'inbound') throw new Error(`${heard.kind}: ${'why' in heard ? heard.why : ''}`);
  return heard.inbound;
};
const channel = (more: Record<string, unknown>) => ({
  type: 'message',
  channel: 'C1',
  channel_type: 'channel',
  user: 'U1',
  ts: '1700000001.000100',
  ...more,
});
const direct = (more: Record<string, unknown>) => ({ ...channel(more), channel: 'D1', channel_type: 'im' });

describe('what is said to us', () => {
  it('in private, every message', () => {
    expect(hear(direct({ text: 'hello' }))).toMatchObject({
      kind: 'inbound',
      follows: false,
      inbound: {
        key: 'slack|T1|D1|1700000001.000100',
        user: { surface: 'slack', externalTenant: 'T1', externalUser: 'U1' },
        place: { surface: 'slack', externalTenant: 'T1', channel: 'D1', thread: '1700000001.000100', audience: 'dm' },
        at: '2023-11-14T22:13:21.000Z',
        kind: 'message',
        messageId: '1700000001.000100',
        text: 'hello',
        files: [],
      },
    });
  });

  it('in a channel, by mention: app_mention and the message that comes with it are one happening', () => {
    const text = '<@UBOT> who should I call?';
    const mention = inbound(hear({ ...channel({ text }), type: 'app_mention', channel_type: undefined }));
    const message = inbound(hear(channel({ text })));
    expect(mention.key).toBe(message.key);
    expect(mention).toMatchObject({ kind: 'message', text: 'who should I call?' });
    expect(message).toMatchObject({ kind: 'message', text: 'who should I call?' });
  });

  it('in a thread without a mention, only where we follow it', () => {
    expect(hear(channel({ text: 'and the second?', thread_ts: '1700000000.000001' }))).toMatchObject({
      kind: 'inbound',
      follows: true,
      inbound: { place: { thread: '1700000000.000001' } },
    });
    expect(hear(channel({ text: 'not to you' })).kind).toBe('nothing');
  });

  it('a mention alone asks for help', () => {
    expect(inbound(hear(channel({ text: ' <@UBOT> ' })))).toMatchObject({ text: 'help' });
  });

  it('with files, however they are called', () => {
    const files = [
      { id: 'F1', name: 'leads.csv', size: 120, url_private: 'https://files.slack.com/x' },
      { id: 'F2', title: 'No name' },
      'nonsense',
    ];
    expect(inbound(hear(direct({ subtype: 'file_share', text: '', files })))).toMatchObject({
      text: '',
      files: [
        { id: 'F1', name: 'leads.csv', bytes: 120 },
        { id: 'F2', name: 'No name', bytes: 0 },
      ],
    });
  });

  it('with as many files as there are: the list may be the last', () => {
    const files = [...Array.from({ length: 49 }, (_, i) => ({ id: `P${i}`, name: `${i}.png` })), { id: 'F1', name: 'leads.csv' }];
    expect(inbound(hear(direct({ subtype: 'file_share', text: '', files })))).toMatchObject({
      files: [...files.map(({ id }) => ({ id }))],
    });
  });

  it('passed on from elsewhere: words of others are outside text', () => {
    const attachments = [
      { is_share: true, text: 'We need &lt;ten&gt; units', author_id: 'U9' },
      { text: 'a link that unfolded' },
    ];
    expect(inbound(hear(direct({ text: 'what about this?', attachments })))).toMatchObject({
      text: 'what about this?',
      outside: 'We need <ten> units',
    });
  });
});

describe('who reads along', () => {
  it.each([
    ['C1', 'channel', false, 'public_channel'],
    ['C1', 'group', false, 'private_channel'],
    ['G1', undefined, false, 'private_channel'],
    ['C1', 'mpim', false, 'private_channel'],
    ['D1', 'im', false, 'dm'],
    ['C1', 'im', false, 'public_channel'],
    ['C1', 'channel', true, 'shared_channel'],
    ['C1', undefined, false, 'public_channel'],
  ])('%s %s shared %s: %s', (id, channel_type, is_ext_shared_channel, audience) => {
    const heard = hear({ ...channel({ text: '<@UBOT> hi' }), channel: id, channel_type }, { is_ext_shared_channel });
    expect(inbound(heard).place.audience).toBe(audience);
  });
});

describe('what is not for us', () => {
  it.each([
    ['our own message', direct({ text: 'x', user: 'UBOT' })],
    ['our own message by its bot id', direct({ text: 'x', bot_id: 'BBOT' })],
    ['another bot', direct({ text: 'x', bot_id: 'B9' })],
    ['Slackbot', direct({ text: 'x', user: 'USLACKBOT' })],
    ['nobody', direct({ text: 'x', user: undefined })],
    ['a bot_message', direct({ text: 'x', subtype: 'bot_message' })],
    ['somebody who joined', channel({ subtype: 'channel_join', text: '<@U1> has joined' })],
    ['a new topic', direct({ subtype: 'channel_topic', text: 'x' })],
    ['nothing at all', direct({ text: '' })],
    ['a file that is gone', direct({ text: '', subtype: 'file_share', files: [{ id: 'F1', mode: 'tombstone' }] })],
    ['a text that is none', direct({ text: 7 })],
    ['a time that is none', direct({ text: 'x', ts: 'yesterday' })],
    ['a channel that is none', { ...direct({ text: 'x' }), channel: 'D1|T2' }],
    ['an event that we do not know', { type: 'reaction_added' }],
  ])('%s', (_what, event) => {
    expect(hear(event).kind).toBe('nothing');
  });
});

describe('what happens to messages later', () => {
  const message = { user: 'U1', text: 'who is first in Ohio?', ts: '1700000001.000100' };
  const changed = (now: Record<string, unknown>, before: Record<string, unknown> = {}, where: Record<string, unknown> = {}) => ({
    type: 'message',
    subtype: 'message_changed',
    channel: 'D1',
    channel_type: 'im',
    ts: '1700000009.000100',
    message: { ...message, ...now },
    previous_message: { ...message, ...before },
    ...where,
  });

  it('an edit says the new text of the same message', () => {
    const heard = hear(changed({ text: 'who is first in <https://x.test|Iowa>?' }));
    expect(heard).toMatchObject({
      follows: false,
      inbound: {
        kind: 'edited',
        messageId: message.ts,
        text: 'who is first in Iowa (https://x.test)?',
        place: { thread: message.ts },
      },
    });
    expect(inbound(heard).key).toMatch(/^slack\|T1\|Ev\d+$/);
  });

  it('a link that unfolds, our own updates and those of other bots are no edits', () => {
    expect(hear(changed({ attachments: [{}] })).kind).toBe('nothing');
    expect(hear(changed({ text: 'new', bot_id: 'BBOT', user: 'UBOT' })).kind).toBe('nothing');
    expect(hear(changed({ text: 'new', bot_id: 'B9' })).kind).toBe('nothing');
  });

  it('in a channel an edit counts where we follow the thread, or are named', () => {
    const where = { channel: 'C1', channel_type: 'channel' };
    expect(hear(changed({ text: 'new' }, {}, where))).toMatchObject({ follows: true });
    expect(hear(changed({ text: '<@UBOT> new' }, {}, where))).toMatchObject({ follows: false, inbound: { text: 'new' } });
  });

  it('a deletion is one, also where answers leave a tombstone', () => {
    const gone = {
      type: 'message',
      subtype: 'message_deleted',
      channel: 'D1',
      channel_type: 'im',
      deleted_ts: message.ts,
      previous_message: message,
    };
    expect(inbound(hear(gone))).toMatchObject({ kind: 'deleted', messageId: message.ts, user: { externalUser: 'U1' } });
    expect(inbound(hear(changed({ subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT' })))).toMatchObject({
      kind: 'deleted',
      messageId: message.ts,
      user: { externalUser: 'U1' },
    });
    expect(hear({ ...gone, previous_message: { ...message, bot_id: 'BBOT' } }).kind).toBe('nothing');
  });
});

it('hears the stop button, an opened conversation and an opened home', () => {
  expect(
    inbound(hear({ type: 'agent_session_stopped', channel: 'C1', user: 'U1', thread_ts: '1.2', streaming_message_ts: [] })),
  ).toMatchObject({
    kind: 'stop',
    place: { channel: 'C1', thread: '1.2' },
  });
  expect(hear({ type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'home' })).toMatchObject({
    kind: 'opened',
    tab: 'home',
  });
  expect(hear({ type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'messages' })).toMatchObject({
    kind: 'opened',
    tab: 'messages',
    channel: 'D1',
  });
});

it('hears that it was uninstalled, and not when only tokens of people were revoked', () => {
  expect(hear({ type: 'app_uninstalled' })).toEqual({ kind: 'uninstalled', at: 1700000000 });
  expect(hear({ type: 'tokens_revoked', tokens: { bot: ['UBOT'] } }).kind).toBe('uninstalled');
  expect(hear({ type: 'tokens_revoked', tokens: { oauth: ['U1'] } }).kind).toBe('nothing');
});

describe('Slack’s markup as plain text', () => {
  it.each([
    ['a &lt;b&gt; &amp; c', 'a <b> & c'],
    ['&amp;lt; stays what was typed', '&lt; stays what was typed'],
    ['&lt;@UBOT&gt; typed out is no mention', '<@UBOT> typed out is no mention'],
    ['<@UBOT> call <@U2|Ann> and <@U3>', 'call @Ann and @U3'],
    ['hello <@UBOT>, there', 'hello there'],
    ['in <#C1|sales> and <#C2>', 'in #sales and #C2'],
    ['<!here> <!channel|channel> <!subteam^S1|@team>', '@here channel @team'],
    ['<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
    ['<https://acme.com>', 'https://acme.com'],
    ['<http://acme.com|acme.com>', 'acme.com'],
    ['<https://acme.com/a?x=1&amp;y=2|offer>', 'offer (https://acme.com/a?x=1&y=2)'],
    ['<mailto:bob@acme.com|bob@acme.com> <tel:+1555|+1555>', 'bob@acme.com +1555'],
    ['a\u0000b \ud800 c', 'ab \ufffd c'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ])('%o', (text, plain) => {
    expect(plainText(text, 'UBOT')).toBe(plain);
  });
});
