import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSlack, type SlackWorld, ts } from './driver.ts';
import { admin, bot, general } from './slack-api.ts';

let slack: SlackWorld;
beforeAll(async () => {
  slack = await openSlack();
});
afterAll(() => slack.close());

const message = (more: Record<string, unknown>) => ({
  type: 'message',
  channel: general,
  channel_type: 'channel',
  user: admin,
  ts: ts(),
  ...more,
});
const texts = async () => (await slack.inbox()).map((one) => ('text' in one ? one.text : one.kind));

describe('threads in channels', () => {
  it('a mention and the message that comes with it are one question, in whichever order they arrive', async () => {
    const said = message({ text: `<@${bot.userId}> who is first?` });
    await Promise.all([slack.event(said), slack.event({ ...said, type: 'app_mention', channel_type: undefined })]);
    expect(await texts()).toEqual(['who is first?']);
    expect((await slack.inbox())[0]).toMatchObject({ place: { channel: general, thread: said.ts } });
  });

  it('are followed once somebody spoke to us there, edits and deletions included, and others are left alone', async () => {
    const root = ts();
    await slack.event(message({ text: 'nothing to do with us', thread_ts: root }));
    await slack.event(message({ text: `<@${bot.userId}> look at this`, thread_ts: root }));
    const next = message({ text: 'and the second?', thread_ts: root });
    await slack.event(next);
    const changed = { ...next, text: 'and the third?' };
    await slack.event(message({ subtype: 'message_changed', user: undefined, message: changed, previous_message: next }));
    await slack.event(message({ subtype: 'message_deleted', user: undefined, deleted_ts: next.ts, previous_message: changed }));
    await slack.event(message({ text: 'elsewhere', thread_ts: ts() }));
    await slack.event(message({ text: 'in the channel' }));
    expect((await texts()).slice(1)).toEqual(['look at this', 'and the second?', 'and the third?', 'deleted']);
  });

  it('what we say ourselves begins nothing', async () => {
    const before = await texts();
    await slack.event(message({ text: `<@${bot.userId}> hi`, user: bot.userId, bot_id: bot.id }));
    expect(await texts()).toEqual(before);
  });
});
