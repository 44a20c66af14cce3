import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buttonsOf,
  cardOf,
  channel,
  inChannel,
  inGroup,
  mention,
  openTeams,
  type Person,
  type TeamsWorld,
  until,
  wordsOf,
} from './driver.ts';
import { botId, type Message, privateOf, tenant } from './microsoft.ts';

let teams: TeamsWorld;
let rita: Person;
beforeAll(async () => {
  teams = await openTeams({ demo: true });
  rita = await teams.member('rita', 'rep');
});
afterAll(() => teams.close());
beforeEach(() => {
  teams.microsoft.calls.length = 0;
  teams.microsoft.complaints.length = 0;
});

const said = (conversation: string): Message[] => teams.microsoft.messages(conversation);
const words = (message: Message | undefined): string => wordsOf(message?.activity);

describe('a question', () => {
  it('in private is answered once, with thumbs, and without the AI label where rules answer, however often and wherever it is delivered', async () => {
    const other = await teams.second();
    const ask = { id: '1767000000001', text: 'who are my top 3 leads?' };
    const all = await Promise.all([
      teams.say(rita, '', ask),
      teams.say(rita, '', ask, { url: other.url }),
      teams.say(rita, '', ask),
    ]);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    await teams.say(rita, '', ask, { url: other.url });
    await teams.settled();
    const answers = said(privateOf(rita.id));
    expect(answers).toHaveLength(1);
    const { activity } = answers[0]!;
    expect(activity.text).toContain('Call these 3 first');
    expect(JSON.stringify(activity.entities)).not.toContain('AIGeneratedContent');
    expect(activity.channelData.feedbackLoop).toEqual({ type: 'default' });
    expect(teams.microsoft.complaints).toEqual([]);
    await other.close();
  });

  it('in a channel is answered in its thread, and what follows there needs no mention', async () => {
    const root = '1767000000100';
    await teams.say(rita, '<at>Sales Agent</at> who are my top 3 leads?', { id: root, entities: [mention], ...inChannel(root) });
    await teams.settled();
    const thread = `${channel};messageid=${root}`;
    expect(said(thread)).toHaveLength(1);
    expect(teams.microsoft.of('typing')).not.toHaveLength(0);
    expect(teams.microsoft.of('stream', 'final')).toEqual([]);
    await teams.say(rita, 'why?', inChannel(root));
    await teams.settled();
    expect(said(thread)).toHaveLength(2);
    await teams.say(rita, 'lunch?', inChannel('1767000000999'));
    await teams.settled();
    expect(said(`${channel};messageid=1767000000999`)).toEqual([]);
    expect(teams.microsoft.complaints).toEqual([]);
  });

  it('of somebody who is nobody to us shows nothing of ours', async () => {
    const guest = { id: '29:guest', name: 'Guest' };
    const people = teams.microsoft.people;
    people.set(guest.id, {
      name: 'G',
      email: 'rita@example.test',
      userPrincipalName: 'g_home#EXT#@acme.onmicrosoft.com',
      tenantId: tenant,
      userRole: 'guest',
    });
    const foreign = { id: '29:foreign', name: 'Foreign' };
    people.set(foreign.id, {
      name: 'F',
      email: 'rita@example.test',
      userPrincipalName: 'rita@example.test',
      tenantId: 'another',
      userRole: 'user',
    });
    const unlinked = { id: '29:unlinked', name: 'New' };
    people.set(unlinked.id, {
      name: 'New',
      email: 'new@example.test',
      userPrincipalName: 'new@example.test',
      tenantId: tenant,
      userRole: 'user',
    });
    for (const who of [guest, foreign, unlinked]) await teams.say(who, 'who are my top 3 leads?');
    const away = { id: '29:away', name: 'Away' };
    const elsewhere = {
      conversation: { id: privateOf(away.id), conversationType: 'personal', tenantId: 'b'.repeat(36) },
      channelData: { tenant: { id: 'b'.repeat(36) } },
    };
    await teams.say(away, 'who are my top 3 leads?', elsewhere);
    await teams.settled();
    for (const who of [guest, foreign, away])
      expect(words(said(privateOf(who.id))[0])).toContain('guests and people of other organisations');
    expect(words(said(privateOf(unlinked.id))[0])).toContain('I do not know who you are');
    for (const who of [guest, foreign, unlinked, away]) expect(words(said(privateOf(who.id))[0])).not.toContain('Call these');
  });

  it('is answered in private where somebody else reads along and it is a refusal', async () => {
    const nobody = { id: '29:nobody', name: 'Nobody' };
    teams.microsoft.people.set(nobody.id, { name: 'N', userPrincipalName: 'n@example.test', tenantId: tenant, userRole: 'user' });
    await teams.say(nobody, '<at>Sales Agent</at> who are my top 3 leads?', { entities: [mention], ...inGroup });
    await teams.settled();
    expect(said('19:group@thread.v2')).toEqual([]);
    expect(words(said(privateOf(nobody.id))[0])).toContain('I do not know who you are');
  });

  it('that is changed has its answer changed, and one that is taken back is not answered', async () => {
    const kate = await teams.member('kate');
    await teams.say(kate, 'who are my top 3 leads?', { id: '1767000000200' });
    await teams.settled();
    const change = {
      type: 'messageUpdate',
      id: '1767000000200',
      channelData: { tenant: { id: tenant }, eventType: 'editMessage' },
    };
    await teams.say(kate, 'who are my top 2 leads?', change);
    await teams.settled();
    const [answer, ...more] = said(privateOf(kate.id));
    expect(more).toEqual([]);
    expect([answer!.edits > 0, answer!.activity.text.includes('these 2')]).toEqual([true, true]);
  });

  it('that is changed twice is answered as it was changed last, whichever change comes first', async () => {
    const mona = await teams.member('mona');
    const id = '1767000000250';
    const change = (ms: number) => ({
      type: 'messageUpdate',
      id,
      timestamp: new Date(Number(id) + ms).toISOString(),
      channelData: { tenant: { id: tenant }, eventType: 'editMessage' },
    });
    for (const [text, more] of [
      ['who are my top 3 leads?', { id, timestamp: new Date(Number(id)).toISOString() }],
      ['who are my top 4 leads?', change(9000)],
      ['who are my top 2 leads?', change(5000)],
    ] as const) {
      await teams.say(mona, text, more);
      await teams.settled();
    }
    const [answer, ...more] = said(privateOf(mona.id));
    expect(more).toEqual([]);
    expect(words(answer)).toContain('these 4');
  });

  it('that is taken back before it is answered is answered once it is back, and one that was answered is not answered again', async () => {
    const lars = await teams.member('lars');
    const at = privateOf(lars.id);
    const id = '1767000000300';
    const later = (ms: number) => ({ id, timestamp: new Date(Number(id) + ms).toISOString() });
    const event = (eventType: string) => ({ channelData: { tenant: { id: tenant }, eventType } });
    // the news may come before the message itself
    await teams.say(lars, '', { type: 'messageDelete', ...later(5000), ...event('softDeleteMessage') });
    await teams.say(lars, 'who are my top 3 leads?', later(0));
    await teams.settled();
    expect(said(at)).toEqual([]);
    const back = { type: 'messageUpdate', ...later(9000), ...event('undeleteMessage') };
    for (let i = 0; i < 2; i++) await teams.say(lars, 'who are my top 3 leads?', back);
    await teams.settled();
    expect(said(at).map((message) => words(message).includes('Call these'))).toEqual([true]);
    await teams.say(lars, '', { type: 'messageDelete', ...later(20_000), ...event('softDeleteMessage') });
    await teams.say(lars, 'who are my top 3 leads?', { type: 'messageUpdate', ...later(21_000), ...event('undeleteMessage') });
    await teams.settled();
    expect(said(at)).toHaveLength(1);
  });

  it('that shows a picture is told that pictures are not read, and its words are answered', async () => {
    const mia = await teams.member('mia');
    const at = privateOf(mia.id);
    const picture = { contentType: 'image/*', contentUrl: `${teams.microsoft.serviceUrl}v3/attachments/0-x/views/original` };
    const markup = (text: string) => ({
      contentType: 'text/html',
      content: `<p>${text}</p><p><img src="https://x/y" itemtype="http://schema.skype.com/AMSImage"></p>`,
    });
    await teams.say(mia, '', { attachments: [picture, markup('')] });
    await teams.settled();
    expect(words(said(at)[0])).toMatch(/cannot look at pictures.*CSV/);
    await teams.say(mia, 'who are my top 3 leads?', { attachments: [picture, markup('who are my top 3 leads?')] });
    await teams.settled();
    expect(said(at)).toHaveLength(3);
    expect(words(said(at)[1])).toContain('Call these');
    expect(words(said(at)[2])).toMatch(/cannot look at pictures/);
    expect(teams.microsoft.of('file').map(({ body }) => body)).not.toContainEqual({ authorization: expect.anything() });
  });
});

describe('a list', () => {
  it('that somebody sends is looked through, and imported when they say so, once', async () => {
    const ivo = await teams.member('ivo');
    const at = privateOf(ivo.id);
    teams.microsoft.files.set('/files/leads.csv', {
      body: 'Company,Phone,State\nZenith Rooftops,(303) 555-0190,CO\nQuartz Roofs,(303) 555-0191,CO\n',
    });
    const downloadUrl = `http://${teams.microsoft.host}/files/leads.csv?tempauth=secret`;
    const file = {
      contentType: 'application/vnd.microsoft.teams.file.download.info',
      name: 'leads.csv',
      content: { downloadUrl, uniqueId: 'u', fileType: 'csv' },
    };
    await teams.say(ivo, '', { attachments: [file] });
    await teams.settled();
    const report = said(at).at(-1)!;
    expect(words(report)).toMatch(/importing leads.csv would bring/);
    const [, button] = Object.entries(buttonsOf(cardOf(report.activity))).find(([label]) => /^Import/.test(label))!;
    const answers = await Promise.all([1, 2].map(() => teams.press(ivo, button, { replyToId: report.id })));
    expect(answers.map(({ body }) => body.value).sort()).toEqual(['On it.', expect.stringContaining('decided already')].sort());
    const leads = async () => (await teams.world.deps.db.records(teams.world.owner).leads.find('Zenith Rooftops')).leads.length;
    await until(async () => (await leads()) === 1);
    await teams.settled();
    expect(await leads()).toBe(1);
    expect(teams.microsoft.complaints).toEqual([]);
  });

  it('that does not lie with Microsoft is not fetched', async () => {
    const jan = await teams.member('jan');
    const content = { downloadUrl: 'http://169.254.169.254/latest', fileType: 'csv' };
    await teams.say(jan, '', {
      attachments: [{ contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'x.csv', content }],
    });
    await teams.settled();
    expect(words(said(privateOf(jan.id)).at(-1))).toContain('does not lie with Microsoft');
  });
});

describe('being added', () => {
  it('is answered once with a welcome and what one may say, and being removed ends it', async () => {
    const lea = await teams.member('lea');
    const at = privateOf(lea.id);
    await teams.say(lea, '', { type: 'conversationUpdate', membersAdded: [{ id: botId }, { id: lea.id }] });
    await teams.say(lea, '', { type: 'installationUpdate', action: 'add' });
    await teams.settled();
    expect(said(at)).toHaveLength(1);
    const { activity } = said(at)[0]!;
    expect(activity.text).toContain('I am Sales Agent');
    expect(activity.suggestedActions.actions).toEqual([
      { type: 'imBack', title: 'Who should I call first?', value: 'Who should I call first?' },
      expect.anything(),
      expect.anything(),
    ]);
    expect(activity.entities).toBeUndefined();
    await teams.say(lea, '', { type: 'installationUpdate', action: 'remove' });
    await expect(
      teams.surface.send(
        { surface: 'teams', externalTenant: tenant, channel: at, audience: 'dm' },
        { text: 'x', cards: [], fallback: 'x' },
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('to a team is said in its channel', async () => {
    await teams.say(rita, '', {
      ...inChannel('1'),
      type: 'conversationUpdate',
      conversation: { id: '19:new@thread.tacv2', conversationType: 'channel', isGroup: true, tenantId: tenant },
      membersAdded: [{ id: botId }],
    });
    await teams.settled();
    const [hello, ...more] = said('19:new@thread.tacv2');
    expect([more, hello!.activity.text.includes('Mention me'), hello!.activity.suggestedActions]).toEqual([[], true, undefined]);
  });
});

describe('speaking up', () => {
  it('reaches somebody in private who never wrote there, after a restart and from another process', async () => {
    const max = await teams.member('max');
    await teams.say(max, '<at>Sales Agent</at> who are my top 3 leads?', { entities: [mention], ...inGroup });
    await teams.settled();
    const other = await teams.world.second({ worker: false });
    const said1 = { text: 'Good morning.', cards: [], fallback: 'Good morning.' };
    await other.database.chat.outbox.put('hello max', { kind: 'direct', to: max.user, said: said1 });
    await teams.settled();
    expect(said(privateOf(max.id)).map(({ activity }) => activity.text)).toEqual(['Good morning.']);
    expect(teams.microsoft.of('create')).toHaveLength(1);
    await other.database.chat.outbox.put('hello again', { kind: 'direct', to: max.user, said: said1 });
    await teams.settled();
    expect([said(privateOf(max.id)).length, teams.microsoft.of('create').length]).toEqual([2, 1]);
  });

  it('still reaches whoever is known to us when the rosters of strangers are swept', async () => {
    const [nora, guest] = [await teams.member('nora'), { id: '29:passing', name: 'Passing' }];
    for (const who of [nora, guest]) await teams.say(who, '<at>Sales Agent</at> help', { entities: [mention], ...inGroup });
    await teams.settled();
    const { pool } = teams.world.database;
    const spots = async () =>
      (
        await pool.query(
          `SELECT channel FROM chat_references WHERE channel IN ('member:29:nora', 'member:29:passing') ORDER BY 1`,
        )
      ).rows;
    expect(await spots()).toHaveLength(2);
    await teams.world.database.sweep();
    expect(await spots()).toHaveLength(2);
    await pool.query(`UPDATE chat_references SET heard_at = heard_at - interval '91 days'`);
    await teams.world.database.sweep();
    expect(await spots()).toEqual([{ channel: 'member:29:nora' }]);
    const hello = { text: 'Good morning.', cards: [], fallback: 'Good morning.' };
    await teams.world.database.chat.outbox.put('hello nora', { kind: 'direct', to: nora.user, said: hello });
    await teams.settled();
    expect(said(privateOf(nora.id)).map(({ activity }) => activity.text)).toEqual(['Good morning.']);
    // that conversation reaches her from now on
    await teams.world.database.sweep();
    expect(await spots()).toEqual([]);
  });

  it('arrives once and in order after Teams was out of reach', async () => {
    const { outbox } = teams.world.database.chat;
    const ole = await teams.member('ole');
    await teams.say(ole, 'help');
    await teams.settled();
    const place = { surface: 'teams' as const, externalTenant: tenant, channel: privateOf(ole.id), audience: 'dm' as const };
    const before = said(place.channel).length;
    teams.microsoft.fail('send', { status: 503 });
    const lines = ['first', 'second', 'third', 'fourth'];
    for (const text of lines)
      await outbox.put(`to ole ${text}`, { kind: 'post', place, said: { text, cards: [], fallback: text } });
    await until(() => said(place.channel).length >= before + lines.length, 30_000);
    await teams.settled();
    expect(
      said(place.channel)
        .slice(before)
        .map(({ activity }) => activity.text),
    ).toEqual(lines);
  });

  it('is given up where somebody does not have us, and waits where Teams asks for it', async () => {
    const nils = await teams.member('nils');
    teams.microsoft.closed.add(nils.id);
    const { outbox } = teams.world.database.chat;
    await outbox.put('to nils', { kind: 'direct', to: nils.user, said: { text: 'x', cards: [], fallback: 'x' } });
    teams.microsoft.fail('send', { status: 429, retryAfter: 1 });
    const place = { surface: 'teams' as const, externalTenant: tenant, channel: privateOf(rita.id), audience: 'dm' as const };
    const before = said(place.channel).length;
    await outbox.put('to rita', { kind: 'post', place, said: { text: 'later', cards: [], fallback: 'later' } });
    await until(() => said(place.channel).length === before + 1);
    const sends = teams.microsoft.of('send').filter(({ conversation }) => conversation === place.channel);
    expect(sends).toHaveLength(2);
    expect(sends[1]!.at - sends[0]!.at).toBeGreaterThan(900);
    const { rows } = await teams.world.database.pool.query(
      `SELECT state, error->>'code' AS code FROM outbox WHERE key = 'to nils'`,
    );
    expect(rows).toEqual([{ state: 'failed', code: 'forbidden' }]);
  });
});
