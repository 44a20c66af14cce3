import type { TurnEvent } from '../core/conversation.ts';
import { AppError } from '../errors.ts';

/**
 * Where a client is in the events of a conversation; its `Last-Event-ID`.
 *
 * Stored events carry the id of their row. Live events are ahead of the rows, where neighbouring pieces of text become
 * one, so their id says how much of the turn was delivered: `<turnId>:<events that are not text>:<characters of text>`.
 * Both count the same sequence, so a live position cuts the stored one at exactly that point: nothing is missed and
 * nothing comes twice, also in the middle of a row.
 */
export type Position = { row: string } | { turnId: string; events: number; characters: number };

export function readPosition(text: string | undefined): Position {
  if (!text) return { row: '0' };
  if (/^\d{1,18}$/.test(text)) return { row: text };
  const live = /^([\da-f]{8}-[\da-f-]{27}):(\d{1,9}):(\d{1,9})$/.exec(text);
  if (live) return { turnId: live[1]!, events: Number(live[2]), characters: Number(live[3]) };
  throw new AppError('invalid_input', 'That is no event id of this server. Leave it out to get all that is kept.');
}

/** Gives live events their ids. */
export function liveIds(turnId: string): (event: TurnEvent) => string {
  let events = 0;
  let characters = 0;
  return (event) => {
    if (event.type === 'text') characters += event.delta.length;
    else events += 1;
    return `${turnId}:${events}:${characters}`;
  };
}

/** What of each stored event a client at this position has not seen; nothing when it saw all of it. */
export function unseenBy(position: Position): (row: { turnId: string; event: TurnEvent }) => TurnEvent | undefined {
  if ('row' in position) return ({ event }) => event;
  let reached = false;
  let events = 0;
  let characters = 0;
  return ({ turnId, event }) => {
    if (turnId !== position.turnId) return reached ? event : undefined;
    reached = true;
    if (event.type !== 'text') {
      events += 1;
      return events > position.events ? event : undefined;
    }
    const seen = Math.max(0, position.characters - characters);
    characters += event.delta.length;
    return seen >= event.delta.length ? undefined : { type: 'text', delta: event.delta.slice(seen) };
  };
}
