import { setTimeout as sleep } from 'node:timers/promises';
import type { Conversations, TurnEvent } from '../core/conversation.ts';
import { type Position, unseenBy } from './position.ts';
import { sseEvent } from './sse.ts';

const lookMs = 150;
const pageRows = 500;
/** A turn lets its conversation go a moment before its last rows are written. */
const lastRowsMs = 2000;

type Row = { id: string; turnId: string; event: TurnEvent };

const ends = (event: TurnEvent): boolean => event.type === 'done' || event.type === 'error';

/**
 * The events of a conversation after a position: what is stored, then what the running turn still writes, from whichever
 * process it runs in, until that turn has ended. Rows are looked at because they are all that processes share.
 */
export async function* follow(
  conversations: Conversations,
  id: string,
  position: Position,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const unseen = unseenBy(position);
  let last = await rowAt(conversations, id, position);
  let after = 'row' in position ? position.row : '0';
  let quietSince: number | undefined;
  // an unfinished turn that nobody has written a row of yet
  const expected = 'row' in position ? undefined : position.turnId;
  let sawExpected = false;

  while (!signal.aborted) {
    const running = await conversations.runningTurn(id);
    const rows = await conversations.eventsAfter(id, after, pageRows);
    for (const row of rows) {
      after = row.id;
      last = row;
      sawExpected ||= row.turnId === expected;
      const event = unseen(row);
      if (!event) continue;
      yield sseEvent(row.id, event);
    }
    if (rows.length === pageRows) continue;

    const open = last && !ends(last.event) ? last.turnId : expected && !sawExpected ? expected : undefined;
    if (!open && (!running || running === last?.turnId)) return;
    if (running) quietSince = undefined;
    else if (rows.length || quietSince === undefined) quietSince = performance.now();
    else if (open && performance.now() - quietSince > lastRowsMs) {
      yield sseEvent(after, await endOf(conversations, id, open));
      return;
    }
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether there is anything to come for a client at this position. */
export async function hasMore(conversations: Conversations, id: string, position: Position): Promise<boolean> {
  if (!('row' in position) || (await conversations.runningTurn(id))) return true;
  const last = await rowAt(conversations, id, position);
  return last === undefined || !ends(last.event) || (await conversations.eventsAfter(id, position.row, 1)).length > 0;
}

async function rowAt(conversations: Conversations, id: string, position: Position): Promise<Row | undefined> {
  if (!('row' in position) || position.row === '0') return undefined;
  const [row] = await conversations.eventsAfter(id, String(BigInt(position.row) - 1n), 1);
  return row?.id === position.row ? row : undefined;
}

/** How a turn ended whose last event was never written: its reply if there is one, else its process died. */
async function endOf(conversations: Conversations, id: string, turnId: string): Promise<TurnEvent> {
  const messages = await conversations.messages(id, 100);
  const reply = messages.find((message) => message.turnId === turnId && message.role === 'assistant')?.reply;
  if (reply) return { type: 'done', reply };
  const message = 'This turn ended without an answer. What was done has a receipt; send the message again for the rest.';
  return { type: 'error', code: 'unavailable', message };
}
