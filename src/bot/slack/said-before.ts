import type { webApi } from '@slack/bolt';
import type { Once, Place } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';
import type { Caller } from './clients.ts';
import { slackCode } from './failures.ts';

/** Slack takes no key with a message, but keeps what we attach to one: by that it is found again after a process went away in between. */
export interface Mark {
  event_type: string;
  event_payload: { id: string; part: number; of: number };
}

/** What stands of something that takes so many messages, by its place among them. */
export interface SaidBefore {
  parts: ReadonlyMap<number, string>;
  whole: boolean;
}

const eventType = 'sales_agent_message';
export const markOf = (id: string, part: number, of: number): Mark => ({
  event_type: eventType,
  event_payload: { id, part, of },
});
export const nothingSaid: SaidBefore = { parts: new Map(), whole: false };

type Found = webApi.ConversationsHistoryResponse | webApi.ConversationsRepliesResponse;

/** Clocks differ, ours and Slack's. */
const marginSeconds = 600;
const pageSize = 200;
const mostPages = 10;

/** Looks for what was said under an id. Where Slack does not let us look, the failure passes: then nobody knows, and nothing is said again. */
export async function saidBefore(
  slack: Caller,
  { externalTenant, channel, thread }: Place,
  { id, since }: Once,
): Promise<SaidBefore> {
  if (!since) return nothingSaid;
  const oldest = String(Math.floor(since.getTime() / 1000) - marginSeconds);
  const parts = new Map<number, string>();
  let whole = false;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages && !whole; page++) {
    const which = { channel, oldest, limit: pageSize, include_all_metadata: true, ...(cursor && { cursor }) };
    const found: Found | undefined = await slack
      .call<Found>(externalTenant, (web) =>
        thread ? web.conversations.replies({ ...which, ts: thread }) : web.conversations.history(which),
      )
      .catch((error) => {
        // the thread is gone, and all that was said in it
        if (error instanceof AppError && slackCode(error.cause) === 'thread_not_found') return undefined;
        throw error;
      });
    for (const { ts, metadata } of found?.messages ?? []) {
      const mark = metadata as Partial<Mark> | undefined;
      if (!ts || mark?.event_type !== eventType || mark.event_payload?.id !== id) continue;
      parts.set(mark.event_payload.part, ts);
      whole = parts.size >= mark.event_payload.of;
    }
    cursor = found?.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return { parts, whole };
}
