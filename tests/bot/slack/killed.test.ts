import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatUser, Place, Said } from '../../../src/core/chat.ts';
import { scripted } from '../../agents/scripted-llm.ts';
import { openWorld, type World } from '../../world.ts';
import { fresh, secret, until } from './driver.ts';
import { admin, bot, openSlackApi, type SlackApi, team } from './slack-api.ts';

const user: ChatUser = { surface: 'slack', externalTenant: team, externalUser: admin };
const llm = scripted(() => [{ text: 'Said by one of two.\n' }]);

const plain = (text: string): Said => ({ text, cards: [], fallback: text });

let api: SlackApi;
let world: World;
let env: Record<string, string>;
let dm: string;
beforeAll(async () => {
  api = await openSlackApi();
  env = { SLACK_BOT_TOKEN: bot.token, SLACK_SIGNING_SECRET: secret, SLACK_API_URL: api.url };
  world = await openWorld({ env, worker: false, llm });
  for (const face of world.faces) face.start();
  await until(() => world.database.chat.installs.find('slack', team));
  const code = await world.database.chat.identities.makeCode((await world.access.local()).userId);
  await world.database.chat.identities.linkByCode(user, code);
  const opened = (await api.call('conversations.open', { users: admin })) as { channel: { id: string } };
  dm = opened.channel.id;
});
afterAll(async () => {
  await world.close();
  await api.close();
});

/** A process that works the queue, killed when Slack has taken a call of it and before it hears so. */
async function killedIn(method: string, begin: () => Promise<unknown>): Promise<void> {
  const silence = api.swallow(method, 'held');
  await killed(begin, () => silence.taken).finally(silence.let);
}

/** A process that works the queue, killed once this has come. */
async function killed(begin: () => Promise<unknown>, come: () => Promise<boolean> | boolean): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/bot/slack/killed-child.ts'], {
    env: { ...process.env, ...env, APP_ENV: 'test', DATABASE_URL: world.databaseUrl, DATA_DIR: world.config.DATA_DIR },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    await begin();
    await until(come, 60_000);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

/** A question in private, and the thread that it begins. */
async function ask(text = 'hello?'): Promise<Place> {
  const thread = String((await api.call('chat.postMessage', { channel: dm, text }))['ts']);
  const place: Place = { surface: 'slack', externalTenant: team, channel: dm, thread, audience: 'dm' };
  const at = new Date(Number(thread) * 1000).toISOString();
  await world.chat.hear({ kind: 'message', key: fresh('k'), user, place, at, messageId: thread, text, files: [] });
  return place;
}

const below = async ({ channel, thread }: Place) =>
  (await api.thread(channel, thread!)).filter(({ ts }) => ts !== thread).map(({ ts, text }) => ({ ts, text }));

const answered = async ({ thread }: Place) => {
  const { rows } = await world.database.pool.query<{ messageId: string }>(
    `SELECT a.message_id AS "messageId" FROM inbox i JOIN chat_answers a ON a.turn_id = i.turn_id
     WHERE i.message_id = $1 AND i.outcome = 'answered'`,
    [thread],
  );
  return rows[0];
};

describe('a process killed when Slack had taken its answer, and before that was noted', () => {
  it.each([
    ['streamed', 'chat.stopStream'],
    ['posted', 'chat.postMessage'],
  ])(
    'leaves it to the next, which finds the one that was %s',
    async (how, method) => {
      if (how === 'posted') api.fail('chat.startStream', { error: 'internal_error' });
      let place: Place | undefined;
      await killedIn(method, async () => {
        place = await ask();
      });
      const [said, ...more] = await below(place!);
      expect([said?.text, more]).toEqual([expect.stringContaining('Said by one of two.'), []]);
      expect(await answered(place!)).toBeUndefined();

      const next = await world.second({ worker: true });
      const row = await until(() => answered(place!), 60_000);
      expect(row.messageId).toBe(said!.ts);
      expect(await below(place!)).toEqual([said]);
      await next.close();
    },
    120_000,
  );
});

describe('a process killed in the middle of a stream', () => {
  it.each([
    ['left open', async () => {}],
    ['ended by Slack since', (ts: string) => api.call('chat.stopStream', { channel: dm, ts })],
    ['taken away since', (ts: string) => api.call('chat.delete', { channel: dm, ts })],
  ])(
    'leaves it %s to the next, and one message with one whole answer stands there',
    async (how, since) => {
      const { pool } = world.database;
      const made = async () => (await pool.query("SELECT FROM leads WHERE name = 'Halfway Heating'")).rowCount;
      let place: Place | undefined;
      const shown = async () => (place ? await below(place) : []);
      const noted = async () => (await pool.query('SELECT FROM chat_streams')).rowCount === 1;
      await killed(
        async () => {
          place = await ask('create a lead called Halfway Heating and tell me a long story');
        },
        async () => (await noted()) && JSON.stringify(await shown()).includes('I made it'),
      );
      const [fragment, ...others] = await shown();
      expect(others).toEqual([]);
      await since(fragment!.ts);

      const next = await world.second({ worker: true });
      const row = await until(() => answered(place!), 60_000);
      const [said, ...more] = await shown();
      expect(more).toEqual([]);
      expect(said!.text).toMatch(/I was interrupted/);
      expect(said!.text).not.toMatch(/I made it/);
      expect(row.messageId).toBe(said!.ts);
      expect(said!.ts === fragment!.ts).toBe(how !== 'taken away since');
      expect(await made()).toBe(1);
      expect(await noted()).toBe(false);
      await next.close();
    },
    120_000,
  );
});

describe('a message of our own accord whose process was killed in the same way', () => {
  it('is found by the next, which does not say it again and goes on with what comes after', async () => {
    const place: Place = { surface: 'slack', externalTenant: team, channel: dm, audience: 'dm' };
    const { outbox } = world.database.chat;
    const say = (key: string) => outbox.put(key, { kind: 'post', place, said: plain(`${key}, said once.`) });
    const said = async () =>
      ((await api.call('conversations.history', { channel: dm, limit: 200 }))['messages'] as { ts: string; text: string }[])
        .filter(({ text }) => text.includes('said once'))
        .map(({ ts, text }) => ({ ts, text }));
    await killedIn('chat.postMessage', () => say('First'));
    const [first, ...more] = await said();
    expect([first?.text, more]).toEqual([expect.stringContaining('First'), []]);

    // no call takes that long: whoever began it is gone
    await world.database.pool.query("UPDATE outbox SET started_at = started_at - interval '1 hour' WHERE state = 'started'");
    await say('Second');
    const next = await world.second({ worker: true });
    await until(async () => (await said()).some(({ text }) => text.includes('Second')), 60_000);
    expect((await said()).filter(({ text }) => text.includes('First'))).toEqual([first]);
    const { rows } = await world.database.pool.query("SELECT state, sent->>'messageId' AS ts FROM outbox WHERE key = 'First'");
    expect(rows).toEqual([{ state: 'sent', ts: first!.ts }]);
    expect(await outbox.uncertain()).toBe(0);
    await next.close();
  }, 120_000);
});

describe('an answer of Slack that is lost on the way', () => {
  it('is no reason to say the same again', async () => {
    const { outbox } = world.database.chat;
    const place: Place = { surface: 'slack', externalTenant: team, channel: dm, audience: 'dm' };
    api.swallow('chat.postMessage', 'lost');
    await outbox.put('Lost', { kind: 'post', place, said: plain('Heard once.') });
    const next = await world.second({ worker: true });
    const row = async () =>
      (
        await world.database.pool.query<{ state: string; attempts: number }>(
          "SELECT state, attempts FROM outbox WHERE key = 'Lost'",
        )
      ).rows[0]!;
    await until(async () => (await row()).state === 'sent', 60_000);
    expect((await row()).attempts).toBe(2);
    const { messages } = (await api.call('conversations.history', { channel: dm, limit: 200 })) as {
      messages: { text: string }[];
    };
    expect(messages.filter(({ text }) => text.includes('Heard once.'))).toHaveLength(1);
    await next.close();
  }, 120_000);
});
