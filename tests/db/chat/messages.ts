import type { Pool } from 'pg';
import type { ChatUser, Inbound, Place } from '../../../src/core/chat.ts';
import { threadKey } from '../../../src/core/inbox.ts';

export const rep: ChatUser = { surface: 'slack', externalTenant: 'T1', externalUser: 'U1' };
export const channel: Place = { surface: 'slack', externalTenant: 'T1', channel: 'C1', audience: 'private_channel' };

const placeOf = (thread: string): Place => ({ ...channel, thread });
export const keyOf = (thread: string): string => threadKey(placeOf(thread));

/** Somebody says something, so many seconds into the day. */
export const said = (key: string, thread: string, second: number, text = key): Inbound => ({
  key,
  user: rep,
  place: placeOf(thread),
  at: new Date(Date.UTC(2026, 10, 22, 9, 0, second)).toISOString(),
  kind: 'message',
  messageId: `m-${key}`,
  text,
  files: [],
});

/** As if nobody had ever said anything. */
export async function forgetAll({ pool }: { pool: Pool }): Promise<void> {
  await pool.query(
    `TRUNCATE inbox, outbox, outbox_pace, chat_threads, chat_answers, chat_identities, link_codes, chat_installs, action_tokens, card_views,
       preferences, proactive_messages, conversations CASCADE`,
  );
  // those too that a killed worker had taken: they are locked, and nobody may complete them
  await pool.query('DELETE FROM graphile_worker._private_jobs');
}
