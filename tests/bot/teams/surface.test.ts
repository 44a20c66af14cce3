import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Place, Said } from '../../../src/core/chat.ts';
import {
  buttonsOf,
  cardOf,
  channel,
  fresh,
  inChannel,
  mention,
  openTeams,
  type Person,
  type TeamsWorld,
  until,
} from './driver.ts';
import { type Json, type Message, privateOf, tenant } from './microsoft.ts';

/** What the surface does on the wire, where the rules of Teams are kept by the other side. */
let teams: TeamsWorld;
let ann: Person;
let dm: Place;
let thread: Place;
beforeAll(async () => {
  teams = await openTeams({ worker: false });
  ann = await teams.member('ann');
  await teams.say(ann, 'hello');
  await teams.say(ann, '<at>Sales Agent</at> hello', { entities: [mention], ...inChannel('17') });
  dm = { surface: 'teams', externalTenant: tenant, channel: privateOf(ann.id), audience: 'dm' };
  thread = { surface: 'teams', externalTenant: tenant, channel, thread: '17', audience: 'public_channel' };
});
afterAll(() => teams.close());
beforeEach(() => {
  expect(teams.microsoft.complaints).toEqual([]);
  teams.microsoft.calls.length = 0;
  teams.microsoft.messages(dm.channel).length = 0;
  teams.microsoft.messages(`${channel};messageid=17`).length = 0;
  teams.microsoft.strictFinal = false;
});

const made = { agent: 'SR/BDR', model: 'rules', costUsd: '0', degraded: false };
const said = (text: string, more: Partial<Said> = {}): Said => ({ text, cards: [], fallback: text.slice(0, 80), ...more });
const fields = { title: 'Acme', blocks: [{ type: 'fields' as const, fields: [{ label: 'Score', value: '81' }] }] };
const standing = (): Message[] => teams.microsoft.messages(dm.channel);
const updates = (): Json[] => teams.microsoft.of('stream').map(({ body }) => body);
const info = (body: Json): Json => body.entities.find((one: Json) => one.type === 'streaminfo');

describe('an answer in private', () => {
  it('is streamed: what is being done, then all of the text so far, then the whole with its card', async () => {
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.step({ id: '1', title: 'Looking for leads', status: 'running' });
    await until(() => updates().length === 1);
    sink.text('**Acme** comes first.\n');
    await until(() => updates().length === 2);
    sink.text('Then Beta.\n');
    await until(() => updates().length === 3);
    const sent = await sink.finish(said('**Acme** comes first.\nThen Beta.\nThat is all.', { cards: [fields], made }), {
      waits: false,
    });
    expect(updates().map((body) => [info(body).streamType, info(body).streamSequence, body.text])).toEqual([
      ['informative', 1, 'Looking for leads…'],
      ['streaming', 2, '**Acme** comes first.  \n'],
      ['streaming', 3, '**Acme** comes first.  \nThen Beta.  \n'],
    ]);
    const stream = info(updates()[1]).streamId;
    expect([info(updates()[2]).streamId, sent.messageId]).toEqual([stream, stream]);
    const [{ body: last }] = teams.microsoft.of('final') as [Json];
    expect(info(last)).toEqual({ type: 'streaminfo', streamId: stream, streamType: 'final' });
    expect(last.text).toContain('That is all.');
    expect(JSON.stringify(cardOf(last))).toContain('Score');
    expect(standing()).toHaveLength(1);
  });

  it('that comes at once needs no stream', async () => {
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    await sink.finish(said('At once.'), { waits: false });
    expect(updates()).toEqual([]);
    expect(standing().map(({ activity }) => activity.text)).toEqual(['At once.']);
  });

  it.each([
    ['is not allowed', { status: 403, code: 'ContentStreamNotAllowed' }],
    ['breaks', { status: 500 }],
    ['is not known', { status: 400, code: 'BadArgument' }],
  ])('is said in a message of its own where a stream %s', async (_how, failure) => {
    teams.microsoft.fail('stream', failure);
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.text('Half of it.\n');
    await until(() => teams.microsoft.of('stream').length === 1);
    sink.text('The rest.\n');
    await sink.finish(said('Half of it.\nThe rest.'), { waits: false });
    expect(teams.microsoft.of('stream', 'final')).toHaveLength(1);
    expect(standing().map(({ activity }) => activity.text)).toEqual(['Half of it.  \nThe rest.']);
  });

  it('is ended where its stream breaks off in the middle, so that nothing half stands there', async () => {
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.text('One.\n');
    await until(() => updates().length === 1);
    teams.microsoft.fail('stream', { status: 500 });
    sink.text('Two.\n');
    await until(() => updates().length === 2);
    sink.text('Three.\n');
    const { messageId } = await sink.finish(said('One.\nTwo.\nThree.'), { waits: false });
    expect(updates()).toHaveLength(2);
    expect(standing().map(({ id, activity }) => [id, activity.text])).toEqual([[messageId, 'One.  \nTwo.  \nThree.']]);
    expect(info(teams.microsoft.of('final')[0]!.body).streamId).toBe(messageId);
  });

  it('waits where Teams asks for it, and says everything once', async () => {
    teams.microsoft.fail('stream', { status: 429, retryAfter: 1 });
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.text('One.\n');
    await until(() => updates().length === 2);
    expect(updates().map((body) => info(body).streamSequence)).toEqual([1, 1]);
    teams.microsoft.fail('final', { status: 429, retryAfter: 1 });
    await sink.finish(said('One.\nTwo.'), { waits: false });
    expect(standing().map(({ activity }) => activity.text)).toEqual(['One.  \nTwo.']);
  });

  it('that ends otherwise than it began takes the place of what was streamed', async () => {
    teams.microsoft.strictFinal = true;
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.text('I have sent the mail.\n');
    await until(() => updates().length === 1);
    await sink.finish(said('Nothing was sent.'), { waits: false });
    expect(standing().map(({ activity }) => activity.text)).toEqual(['Nothing was sent.']);
  });

  describe('that a process left half written', () => {
    /** Streams a little, and is never heard of again; gives the stream. */
    const leave = async (turnId: string): Promise<string> => {
      const gone = await teams.surface.open(dm, ann.user, turnId);
      gone.text('Half of it.\n');
      await until(() => updates().some(({ text }) => text.includes('Half of it.')));
      await until(async () => (await teams.world.database.chat.streams.left(turnId))?.shown);
      return teams.microsoft.of('stream')[0]!.id!;
    };
    const finish = async (turnId: string) =>
      (await teams.surface.reopen!(dm, ann.user, turnId))!.finish(said('I was interrupted.'), { waits: false });

    it('is ended with what there is to say, once', async () => {
      const turnId = randomUUID();
      const stream = await leave(turnId);
      expect((await finish(turnId)).messageId).toBe(stream);
      expect(standing().map(({ id, activity }) => [id, activity.text])).toEqual([[stream, 'I was interrupted.']]);
      expect(await teams.surface.reopen!(dm, ann.user, turnId)).toBeUndefined();
    });

    it('is ended as it is where Teams takes nothing else, and then changed', async () => {
      teams.microsoft.strictFinal = true;
      const turnId = randomUUID();
      const stream = await leave(turnId);
      await finish(turnId);
      expect(standing().map(({ id, activity, edits }) => [id, activity.text, edits])).toEqual([
        [stream, 'I was interrupted.', 1],
      ]);
    });

    it('and said to its end, with nobody left to note it, is changed and not said again', async () => {
      const turnId = randomUUID();
      const stream = await leave(turnId);
      const ended = { status: 403, code: 'ContentStreamNotAllowed', message: 'Content stream finished' };
      teams.microsoft.fail('final', { ...ended, done: true });
      teams.microsoft.fail('final', ended);
      await finish(turnId);
      expect(standing().map(({ id, activity }) => [id, activity.text])).toEqual([[stream, 'I was interrupted.']]);
    });

    it('and that is gone at Teams is said anew', async () => {
      const turnId = randomUUID();
      const stream = await leave(turnId);
      teams.microsoft.fail('final', { status: 403, code: 'ContentStreamNotAllowed', message: 'Content stream finished' }, 2);
      const { messageId } = await finish(turnId);
      expect(standing().map(({ id, activity }) => [id, activity.text])).toEqual([[messageId, 'I was interrupted.']]);
      expect(messageId).not.toBe(stream);
    });
  });

  it('that somebody stops in Teams is stopped here', async () => {
    teams.microsoft.fail('stream', {
      status: 403,
      code: 'ContentStreamNotAllowed',
      message: 'Content stream was canceled by user.',
    });
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.text('A long story.\n');
    await until(async () => (await teams.inbox()).some(({ kind, user }) => kind === 'stop' && user.externalUser === ann.id));
    await sink.finish(said('Stopped.'), { waits: false });
    expect(standing().map(({ activity }) => activity.text)).toEqual(['Stopped.']);
  });

  it('of any length arrives whole, in messages that Teams takes', async () => {
    const text = Array.from({ length: 900 }, (_, i) => `Line ${i} of a long answer with quite some words in it.`).join('\n');
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    sink.text(text);
    await sink.finish(said(text), { waits: false });
    const all = standing()
      .map(({ activity }) => activity.text)
      .join('\n');
    expect(standing().length).toBeGreaterThan(1);
    for (const i of [0, 450, 899]) expect(all).toContain(`Line ${i} of`);
  });

  it('fails in our words where Teams is gone, and is not said twice by us', async () => {
    teams.microsoft.fail('send', { status: 503, done: true });
    const sink = await teams.surface.open(dm, ann.user, randomUUID());
    await expect(sink.finish(said('Once.'), { waits: false })).rejects.toMatchObject({ code: 'unavailable' });
    expect(teams.microsoft.of('send')).toHaveLength(1);
  });
});

describe('an answer where others read along', () => {
  it('is one message in the thread, after we seemed to type', async () => {
    const sink = await teams.surface.open(thread, ann.user, randomUUID());
    sink.text('Well, ');
    await until(() => teams.microsoft.of('typing').length === 1);
    const sent = await sink.finish(said('Well, yes.'), { waits: false });
    expect(teams.microsoft.of('stream', 'final')).toEqual([]);
    expect(teams.microsoft.messages(`${channel};messageid=17`).map(({ id, activity }) => [id, activity.text])).toEqual([
      [sent.messageId, 'Well, yes.'],
    ]);
  });

  it('survives a typing sign that is refused', async () => {
    teams.microsoft.fail('typing', { status: 403 });
    const sink = await teams.surface.open(thread, ann.user, randomUUID());
    await sink.finish(said('Well.'), { waits: false });
    expect(teams.microsoft.messages(`${channel};messageid=17`)).toHaveLength(1);
  });
});

describe('on the wire', () => {
  it('an answer of a model carries its label and what it rests on, with every field', async () => {
    const items = [{ title: 'Acme, Inc.', url: 'https://acme.example/about' }];
    const cards = [{ blocks: [{ type: 'sources' as const, items }] }];
    await teams.surface.send(dm, said('Acme sells pumps.', { cards, made: { ...made, model: 'gpt' } }));
    const [{ activity }] = standing() as [Message];
    expect(activity.entities).toEqual([
      {
        type: 'https://schema.org/Message',
        '@type': 'Message',
        '@context': 'https://schema.org',
        additionalType: ['AIGeneratedContent'],
        citation: [
          {
            '@type': 'Claim',
            position: 1,
            appearance: {
              '@type': 'DigitalDocument',
              name: 'Acme, Inc.',
              url: 'https://acme.example/about',
              abstract: 'Acme, Inc.',
            },
          },
        ],
      },
    ]);
    expect(activity.text).toMatch(/\[1\]$/);
  });

  it('what code says by itself carries none', async () => {
    await teams.surface.send(dm, said('Imported.'));
    expect(standing()[0]!.activity.entities).toBeUndefined();
  });

  it('words of others stay words', async () => {
    await teams.surface.send(
      dm,
      said('Ask <at>Everyone</at> at [our site](https://evil.example) ![x](https://evil.example/p.png)'),
    );
    const { text, entities } = standing()[0]!.activity;
    expect(text).not.toMatch(/<at>|\]\(/);
    expect(entities).toBeUndefined();
  });

  it('what is too large goes in pieces, and without its card at the worst', async () => {
    teams.microsoft.fail('send', { status: 413, code: 'MessageSizeTooBig' }, 2);
    const text = Array.from({ length: 200 }, (_, i) => `Line ${i} of something.`).join('\n');
    await teams.surface.send(dm, said(text, { cards: [fields] }));
    const all = standing()
      .map(({ activity }) => activity.text)
      .join('\n');
    expect([all.includes('Line 0 of'), all.includes('Line 199 of')]).toEqual([true, true]);
  });
});

describe('a message that stands there', () => {
  it('is changed, and what does not fit any more is said below', async () => {
    const sent = await teams.surface.send(dm, said('Before.'));
    const { id } = await proposal();
    await teams.surface.update(sent, said('After.', { cards: [fields, await approval(id)] }));
    const [first, second] = standing();
    expect([first!.edits, first!.activity.text, standing().length]).toEqual([1, 'After.', 2]);
    expect(Object.keys(buttonsOf(cardOf(second!.activity)))).toContain('Approve');
  });

  it('that is gone is told from a Teams that is', async () => {
    const sent = { place: dm, messageId: '404' };
    await expect(teams.surface.update(sent, said('x'))).rejects.toMatchObject({ code: 'forbidden' });
    for (const [status, code] of [
      [412, 'unavailable'],
      [502, 'unavailable'],
      [504, 'unavailable'],
      [400, 'internal'],
      [403, 'forbidden'],
    ] as const) {
      teams.microsoft.fail('update', { status });
      await expect(teams.surface.update(sent, said('x'))).rejects.toMatchObject({ code });
    }
    teams.microsoft.fail('update', { status: 429, retryAfter: 7 });
    await expect(teams.surface.update(sent, said('x'))).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfterMs: 7000 },
    });
  });

  it('may show proposals, and which of them where is known', async () => {
    const { id } = await proposal();
    const sent = await teams.surface.send(thread, said('Two things.', { cards: [fields, await approval(id)] }));
    expect(Object.keys(sent.proposals ?? {})).toEqual([id]);
    expect(sent.proposals![id]).not.toBe(sent.messageId);
  });
});

describe('people', () => {
  it('have the e-mail address that the roster of our tenant gives', async () => {
    expect(await teams.surface.profile(ann.user)).toEqual({ name: 'ann', email: 'ann@example.test', outsider: false });
  });

  it('that no roster knows are nobody, and nobody is asked about people of other tenants', async () => {
    expect(await teams.surface.profile({ ...ann.user, externalUser: '29:unheard' })).toBeUndefined();
    expect(await teams.surface.profile({ ...ann.user, externalTenant: 'b'.repeat(36) })).toMatchObject({ outsider: true });
    expect(teams.microsoft.of('member', 'create')).toEqual([]);
  });

  it('have no address that counts where the tenant is not ours', async () => {
    const other = await openTeams({ worker: false, env: { TEAMS_TENANT_ID: '' } });
    try {
      const eve = await other.member('eve');
      await other.say(eve, 'hello');
      expect(await other.surface.profile(eve.user)).toEqual({ name: 'eve', outsider: false });
      expect(other.microsoft.of('login')[0]!.body.tenant).toBe('botframework.com');
    } finally {
      await other.close();
    }
  });

  it('are whispered to in private', async () => {
    await teams.surface.whisper(thread, ann.user, said('Only you.'));
    expect(standing().map(({ activity }) => activity.text)).toEqual(['Only you.']);
  });
});

describe('people who do not have us in private', () => {
  it('hear where others read along only that there is something', async () => {
    teams.microsoft.closed.add('29:closed');
    await teams.surface.whisper(thread, { ...ann.user, externalUser: '29:closed' }, said('Your secret.'));
    const [told, ...more] = teams.microsoft.messages(`${channel};messageid=17`).map(({ activity }) => activity.text);
    expect([more, told]).toEqual([[], expect.stringContaining('add Sales Agent under Apps')]);
    expect(told).not.toContain('secret');
  });
});

describe('a file', () => {
  const read = async (path: string, base = `http://${teams.microsoft.host}`) => {
    const parts: Uint8Array[] = [];
    for await (const part of await teams.surface.file(ann.user, { id: base + path, name: 'x.csv', bytes: 0 })) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  it('is read where it lies, without our token', async () => {
    teams.microsoft.files.set('/files/a.csv', { body: '', location: '/files/b.csv' });
    teams.microsoft.files.set('/files/b.csv', { body: 'name\nAcme\n' });
    expect(await read('/files/a.csv')).toBe('name\nAcme\n');
    expect(teams.microsoft.of('file').map(({ body }) => body.authorization)).toEqual([undefined, undefined]);
  });

  it.each([
    'http://169.254.169.254',
    'https://evil.example',
    'https://evil.sharepoint.com.example',
    'http://acme.sharepoint.com',
  ])('is not read from %s', async (base) => {
    await expect(read('/files/b.csv', base)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is not read where it sends us elsewhere', async () => {
    teams.microsoft.files.set('/files/out.csv', { body: '', location: 'http://169.254.169.254/' });
    await expect(read('/files/out.csv')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(read('/files/none.csv')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

it('logs in once for many calls, and anew where its token was taken back', async () => {
  await Promise.all([1, 2, 3, 4].map(() => teams.surface.send(dm, said('x'))));
  expect(teams.microsoft.of('login')).toEqual([]);
  teams.microsoft.fail('send', { status: 401 });
  await teams.surface.send(dm, said('again'));
  expect(teams.microsoft.of('login')).toHaveLength(1);
});

async function proposal() {
  const name = `Rooftop ${fresh()}`;
  await teams.world.gate.call('create_lead', { name }, { actor: ann.actor, by: 'person' });
  const outcome = await teams.world.gate.call(
    'update_lead',
    { lead: name, status: 'contacted' },
    { actor: ann.actor, by: 'person' },
    { propose: true },
  );
  if (outcome.status !== 'pending_approval') throw new Error(outcome.status);
  return outcome.proposal;
}

/** Its card, as the engine draws it. */
async function approval(id: string) {
  const token = await teams.world.database.chat.tokens.make({ kind: 'ask', proposalId: id }, 1);
  const looked = await teams.world.chat.looks.look(token, ann.user);
  if (!('said' in looked)) throw new Error(looked.none);
  return looked.said.cards[0]!;
}
