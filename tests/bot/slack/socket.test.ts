import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fresh, openSlack, type SlackWorld, ts, until } from './driver.ts';
import { admin, bot, general, team } from './slack-api.ts';
import { openSocketEnd, type SocketEnd } from './slack-socket.ts';

/** Socket Mode: no signing secret, no public address, the same path. */
let slack: SlackWorld;
let end: SocketEnd;
beforeAll(async () => {
  end = await openSocketEnd();
  slack = await openSlack({ settings: { botToken: bot.token, appToken: 'xapp-1', signingSecret: undefined, client: undefined } });
  slack.api.socketUrl = end.url;
  await until(() => end.connections === 1);
});
afterAll(async () => {
  await slack.close();
  await end.close();
});

const event = (text: string, event_id = fresh('Ev')) => ({
  type: 'event_callback',
  event_id,
  event_time: 1,
  team_id: team,
  authorizations: [{ team_id: team }],
  event: { type: 'message', channel: 'D1', channel_type: 'im', user: admin, text, ts: ts() },
});
const deliver = (type: string, payload: Record<string, unknown>, more: Record<string, unknown> = {}): string => {
  const envelope_id = fresh('env');
  end.send({ type, envelope_id, payload, accepts_response_payload: type !== 'events_api', ...more });
  return envelope_id;
};
const acked = (id: string) => until(() => end.acks.has(id) && { payload: end.acks.get(id) });
const said = async (text: string) => (await slack.inbox()).filter((one) => one.kind === 'message' && one.text === text);

describe('Socket Mode', () => {
  it('keeps an event before it acknowledges it, and a second delivery once', async () => {
    const payload = event('over the socket');
    await acked(deliver('events_api', payload));
    expect(await said('over the socket')).toHaveLength(1);
    await acked(deliver('events_api', payload, { retry_attempt: 1, retry_reason: 'timeout' }));
    expect(await said('over the socket')).toHaveLength(1);
  });

  it('does not acknowledge what it cannot keep, and lives on', async () => {
    const { pool } = slack.world.database;
    await pool.query('ALTER TABLE inbox RENAME TO inbox_away');
    const payload = event('kept later');
    const refused = deliver('events_api', payload);
    try {
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(end.acks.has(refused)).toBe(false);
    } finally {
      await pool.query('ALTER TABLE inbox_away RENAME TO inbox');
    }
    await acked(deliver('events_api', payload, { retry_attempt: 1 }));
    expect(await said('kept later')).toHaveLength(1);
  });

  it('answers commands and buttons with their acknowledgement', async () => {
    const { payload } = await acked(
      deliver('slash_commands', {
        command: '/sales',
        text: 'help',
        team_id: team,
        user_id: admin,
        channel_id: general,
        trigger_id: fresh('t'),
      }),
    );
    expect(payload).toMatchObject({ response_type: 'ephemeral' });
    await acked(
      deliver('interactive', {
        type: 'block_actions',
        team: { id: team },
        user: { id: admin },
        container: { type: 'message', channel_id: general, message_ts: '1.2' },
        channel: { id: general, name: 'general' },
        actions: [{ action_id: 'press.0', value: 'a'.repeat(22) }],
      }),
    );
    expect(slack.presses).toHaveLength(1);
  });

  it('survives what is no message of Slack’s, and comes back when it is cut off', async () => {
    end.raw('not json');
    end.raw('null');
    end.send({ type: 'error' });
    for (const payload of [undefined, null, 'text', {}, { event: { type: 'error' } }]) deliver('events_api', payload as never);
    await acked(deliver('events_api', event('behind all that')));
    expect(await said('behind all that')).toHaveLength(1);
    end.drop();
    await until(() => end.connections === 2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await acked(deliver('events_api', event('after the cut')));
    expect(await said('after the cut')).toHaveLength(1);
  });

  it('comes back when Slack asks for it, and when Slack does not let it in at first', async () => {
    slack.api.fail('apps.connections.open', { status: 503 });
    slack.api.fail('apps.connections.open', { error: 'invalid_auth' });
    end.send({ type: 'disconnect', reason: 'refresh_requested' });
    await until(() => end.connections === 3);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await acked(deliver('events_api', event('after the refresh')));
    expect(await said('after the refresh')).toHaveLength(1);
  });

  it('has no door over HTTP', async () => {
    expect((await slack.event({ type: 'message' })).status).toBe(404);
  });
});
