import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activity } from '../../../src/bot/teams/activity.ts';
import { plainText, quoted, showsPicture } from '../../../src/bot/teams/markup.ts';
import { type Heard, normalise } from '../../../src/bot/teams/normalise.ts';
import { inChannel, inGroup, mention, spoken } from './driver.ts';
import { botId, type Json, tenant } from './microsoft.ts';

const who = { id: '29:ann', name: 'Ann' };
const heard = (more: Json = {}): Heard =>
  normalise(activity.parse(spoken({ serviceUrl: 'https://smba.trafficmanager.net/teams/' }, who, more)));
const text = (more: Json): string | undefined => {
  const one = heard(more);
  return one.kind === 'inbound' && 'text' in one.inbound ? one.inbound.text : undefined;
};

describe('what somebody types', () => {
  it.each([
    ['<at>Sales Agent</at> hello', 'hello'],
    ['<at>Sales Agent</at>, who is next?', 'who is next?'],
    ['hello <at>Sales Agent</at>', 'hello'],
    ['<at>Sales Agent</at>&nbsp;a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#39;', `a <b> &amp; "c" 'd'`],
    ['ask <at>Bob Smith</at> too', 'ask @Bob Smith too'],
    ['one\r\ntwo\u00a0three', 'one\ntwo three'],
    ['&#0;&#x110000;x&#xd800;', 'x\ufffd'],
    ['&lt;at&gt;Sales Agent&lt;/at&gt; hi', '<at>Sales Agent</at> hi'],
  ])('is read as it was meant: %s', (raw, meant) => expect(text({ text: raw, entities: [mention] })).toBe(meant));

  it('asks for help when it is only our name', () => {
    expect(text({ text: '<at>Sales Agent</at>', entities: [mention], ...inGroup })).toBe('help');
    expect(
      text({ text: '<at>Sales Agent</at> <at>Agent</at>', entities: [mention, { ...mention, text: '<at>Agent</at>' }] }),
    ).toBe('help');
  });

  it('is not mixed with what others said, where it quotes them', () => {
    const html =
      '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply"><strong>Bob</strong><p>mark Acme as lost &amp; done</p></blockquote>' +
      '<p><span itemtype="http://schema.skype.com/Mention" itemid="0">Sales Agent</span>&nbsp;what does he mean?</p>';
    const one = heard({
      text: 'Bob mark Acme as lost what does he mean?',
      entities: [mention],
      attachments: [{ contentType: 'text/html', content: html }],
    });
    expect(one).toMatchObject({
      kind: 'inbound',
      inbound: { text: 'what does he mean?', outside: expect.stringContaining('mark Acme as lost & done') },
    });
    expect(quoted('<p>nothing</p>')).toBeUndefined();
    expect(quoted('a<blockquote>b')).toEqual({ own: 'a\n', others: 'b' });
  });

  it.each([
    ['a picture', `<img ${'schema.skype.com/Emoji'.repeat(100_000)}`],
    ['a mention', `<blockquote>x</blockquote><span ${'schema.skype.com/Mention'.repeat(100_000)}`],
    ['a quotation', '<blockquote>'.repeat(100_000)],
    ['a name', '<at '.repeat(500_000)],
  ])('holds nobody up where it does not end: %s', (_what, html) => {
    expect([showsPicture(html), typeof quoted(html), plainText(html, []).length > 0]).toContain(true);
  });

  it('is text whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (raw) => {
        const plain = plainText(raw, ['Sales Agent']);
        expect(plain).toBe(plain.toWellFormed());
        expect(plain).not.toContain('\0');
      }),
    );
  });
});

describe('where it is said', () => {
  it.each([
    [{}, { audience: 'dm', channel: 'a:Mjk6YW5u' }, 'inbound'],
    [{ ...inGroup, entities: [mention], text: 'hi' }, { audience: 'private_channel', channel: '19:group@thread.v2' }, 'inbound'],
    [
      { ...inChannel('1'), entities: [mention] },
      { audience: 'public_channel', channel: '19:general@thread.tacv2', thread: '1' },
      'inbound',
    ],
  ])('decides who reads along: %j', (more, place, kind) => {
    const one = heard({ text: 'hi', ...more });
    expect(one.kind).toBe(kind);
    expect(one).toMatchObject({ inbound: { place: { surface: 'teams', externalTenant: tenant, ...place } } });
  });

  it('is open to others unless Teams says otherwise', () => {
    const at = (conversation: Json, type?: string) => {
      const one = heard({
        text: 'hi',
        entities: [mention],
        conversation,
        channelData: { tenant: { id: tenant }, channel: { id: 'c', type } },
      });
      return one.kind === 'inbound' ? one.inbound.place.audience : one;
    };
    expect(at({ id: '19:c@thread.tacv2', conversationType: 'channel' }, 'shared')).toBe('shared_channel');
    expect(at({ id: '19:c@thread.tacv2', conversationType: 'channel' }, 'private')).toBe('private_channel');
    expect(at({ id: '19:c@thread.tacv2' })).toBe('public_channel');
    expect(at({ id: '19:c@thread.tacv2;messageid=1', isGroup: true })).toBe('public_channel');
    expect(at({ id: '19:c@thread.v2' })).toBe('private_channel');
    expect(at({ id: '19:c@thread.v2', conversationType: 'groupChat', tenantId: tenant })).toBe('private_channel');
    // a chat of another organisation, with one of us in it
    expect(at({ id: '19:c@thread.v2', conversationType: 'groupChat', tenantId: 'another' })).toBe('shared_channel');
    expect(at({ id: 'a:1', conversationType: 'meeting' })).toBe('public_channel');
    expect(at({ id: 'a:1', isGroup: true })).not.toBe('dm');
    expect(at({ id: 'a:1' })).toBe('dm');
  });

  it('is only for us where somebody names us, or where we take part in the thread', () => {
    expect(heard({ text: 'hi', ...inGroup }).kind).toBe('nothing');
    expect(heard({ text: 'hi', ...inChannel('1') })).toMatchObject({ kind: 'inbound', follows: true });
    expect(heard({ text: 'hi', ...inChannel('1'), entities: [mention] })).toMatchObject({ kind: 'inbound', follows: false });
    const other = { ...mention, mentioned: { id: '28:another', name: 'Sales Agent' } };
    expect(heard({ text: '<at>Sales Agent</at> hi', ...inGroup, entities: [other] }).kind).toBe('nothing');
  });

  it('is nothing without a tenant, or said by a program', () => {
    expect(heard({ conversation: { id: 'a:1' }, channelData: null, text: 'hi' }).kind).toBe('nothing');
    expect(heard({ from: { id: botId }, text: 'hi' }).kind).toBe('nothing');
    expect(heard({ from: { id: '28:another' }, text: 'hi' }).kind).toBe('nothing');
  });
});

describe('what happens to a message later on', () => {
  it('is a change of it, each with a key of its own', () => {
    const change = (more: Json) =>
      heard({
        type: 'messageUpdate',
        id: '17',
        text: 'new',
        channelData: { tenant: { id: tenant }, eventType: 'editMessage' },
        ...more,
      });
    const first = change({ timestamp: '2026-01-01T00:00:00Z' });
    const second = change({ timestamp: '2026-01-01T00:00:05Z' });
    expect(first).toMatchObject({ inbound: { kind: 'edited', messageId: '17', text: 'new' } });
    expect(first.kind === 'inbound' && first.inbound.key).not.toBe(second.kind === 'inbound' && second.inbound.key);
    expect(change({ timestamp: '2026-01-01T00:00:00Z' })).toEqual(first);
  });

  it('may be its coming back, which is the message again', () => {
    const back = {
      type: 'messageUpdate',
      id: '17',
      text: 'new',
      channelData: { tenant: { id: tenant }, eventType: 'undeleteMessage' },
    };
    expect(heard(back)).toMatchObject({ inbound: { kind: 'message', messageId: '17', text: 'new', back: true } });
    expect(heard({ ...back, channelData: { tenant: { id: tenant }, eventType: 'somethingNew' } }).kind).toBe('nothing');
  });

  it('may be its end', () => {
    const gone = { type: 'messageDelete', id: '17', channelData: { tenant: { id: tenant }, eventType: 'softDeleteMessage' } };
    expect(heard(gone)).toMatchObject({ inbound: { kind: 'deleted', messageId: '17' } });
  });
});

describe('a file', () => {
  it('is known by where it lies', () => {
    const content = { downloadUrl: 'https://acme.sharepoint.com/x?tempauth=1', uniqueId: 'u1', fileType: 'csv' };
    const attachments = [
      { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'leads.csv', content },
      { contentType: 'text/html', content: '<div>list</div>' },
    ];
    expect(heard({ text: '', attachments })).toMatchObject({
      inbound: { text: '', files: [{ id: content.downloadUrl, name: 'leads.csv' }] },
    });
  });
});

describe('a picture', () => {
  const attachments = [
    { contentType: 'image/png', contentUrl: 'https://smba.trafficmanager.net/amer/v3/attachments/1', name: null },
  ];

  it('is a file that nobody reads where it was sent to us, and nothing where people show it to one another', () => {
    expect(heard({ text: '', attachments })).toMatchObject({ inbound: { files: [{ name: 'picture.png' }] } });
    expect(heard({ text: '', attachments, ...inChannel('1') }).kind).toBe('nothing');
    expect(heard({ text: 'look', attachments, ...inChannel('1') })).toMatchObject({ inbound: { text: 'look', files: [] } });
  });
});

describe('anything else that is sent', () => {
  const gif = {
    contentType: 'text/html',
    content: '<p><img alt="cat" src="https://x/y.gif" itemtype="http://schema.skype.com/Giphy"></p>',
  };
  it.each([
    ['a moving picture', gif, 'picture.gif'],
    ['a recording', { contentType: 'audio/mp4', contentUrl: 'https://x/y' }, 'attachment'],
    ['a card', { contentType: 'application/vnd.microsoft.card.adaptive', content: {} }, 'attachment'],
  ])('is nothing that we read, and not nothing: %s', (_what, attachment, name) =>
    expect(heard({ text: '', attachments: [attachment] })).toMatchObject({ inbound: { text: '', files: [{ name }] } }),
  );

  it('is no picture where it is an emoji, or what an answer points at', () => {
    const smile = '<img itemtype="http://schema.skype.com/Emoji" alt="😄">';
    const html = { contentType: 'text/html', content: `<p>${smile}</p>` };
    expect(heard({ text: 'hi', attachments: [html, { contentType: 'messageReference', content: '{}' }] })).toMatchObject({
      inbound: { files: [] },
    });
    const reply = {
      contentType: 'text/html',
      content: `<blockquote><strong>Bob</strong><p>call them</p></blockquote><p>${smile} why?</p>`,
    };
    expect(heard({ text: 'x', attachments: [reply] })).toMatchObject({ inbound: { text: '😄 why?', outside: 'Bob\ncall them' } });
  });
});

describe('coming and going', () => {
  it.each([
    [{ type: 'installationUpdate', action: 'add' }, 'added'],
    [{ type: 'installationUpdate', action: 'add-upgrade' }, 'added'],
    [{ type: 'installationUpdate', action: 'remove' }, 'removed'],
    [{ type: 'conversationUpdate', membersAdded: [{ id: '29:x' }, { id: botId }] }, 'added'],
    [{ type: 'conversationUpdate', membersAdded: [{ id: '29:x' }] }, 'nothing'],
    [{ type: 'conversationUpdate', membersRemoved: [{ id: botId }] }, 'removed'],
    [{ type: 'messageReaction', reactionsAdded: [{ type: 'like' }] }, 'nothing'],
  ])('is heard where it is ours: %j', (more, kind) => expect(heard(more).kind).toBe(kind));

  it('is heard among as many people as a team may have', () => {
    const everybody = [...Array(900).keys()].map((i) => ({ id: `29:${i}` }));
    expect(heard({ type: 'conversationUpdate', membersAdded: [...everybody, { id: botId }] }).kind).toBe('added');
  });
});

it('means the same however often it comes, and what is not of a shape we know means nothing', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 2 }), (more) => {
      const parsed = activity.safeParse(
        spoken({ serviceUrl: 'https://x/' }, who, { id: '7', timestamp: '2026-01-01T00:00:00Z', ...more }),
      );
      if (!parsed.success) return;
      expect(normalise(parsed.data)).toEqual(normalise(parsed.data));
    }),
  );
});
