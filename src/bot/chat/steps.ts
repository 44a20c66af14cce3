import type { ChatUser } from '../../core/chat.ts';
import type { InboxRow } from '../../core/inbox.ts';
import { type Asked, sameUser } from './order.ts';
import type { ChatParts } from './parts.ts';

/** How a step ended. `claimed`: somebody else has its rows by now. */
export type Done = { afterMs: number } | 'answered' | 'ignored' | 'claimed';

/** Whether a stop, or the end of all that was asked, waits already. */
export async function hasEnded({ store: { inbox } }: ChatParts, thread: string, { last, messages }: Asked): Promise<boolean> {
  const waiting = await inbox.waiting(thread);
  if (waiting.some((row) => row.inbound.kind === 'stop' && isOf(row, last.user) && row.inbound.at >= last.at)) return true;
  const gone = (messageId: string) => {
    const of = waiting.flatMap(({ inbound }) => ('messageId' in inbound && inbound.messageId === messageId ? [inbound] : []));
    const back = of.findLast((one) => one.kind === 'message' && one.back)?.at;
    return of.some(({ kind, at }) => kind === 'deleted' && (!back || Date.parse(at) >= Date.parse(back)));
  };
  return messages.every(({ messageId }) => gone(messageId));
}

export const isOf = ({ inbound }: InboxRow, user: ChatUser): boolean => sameUser(inbound.user, user);
