import type { ChatUser } from '../../core/chat.ts';
import type { InboxRow } from '../../core/inbox.ts';
import type { Asked } from './order.ts';
import type { ChatParts } from './parts.ts';

/** How a step ended. `claimed`: somebody else has its rows by now. */
export type Done = { afterMs: number } | 'answered' | 'ignored' | 'claimed';

/** Whether a stop, or the end of all that was asked, waits already. */
export async function hasEnded({ store: { inbox } }: ChatParts, thread: string, { last, messages }: Asked): Promise<boolean> {
  const waiting = await inbox.waiting(thread);
  if (waiting.some((row) => row.inbound.kind === 'stop' && isOf(row, last.user) && row.inbound.at >= last.at)) return true;
  const newest = (kind: 'message' | 'deleted', messageId: string) =>
    Math.max(
      ...waiting.flatMap(({ inbound }) =>
        inbound.kind === kind && inbound.messageId === messageId ? [Date.parse(inbound.at)] : [],
      ),
    );
  return messages.every(({ messageId }) => {
    const deleted = newest('deleted', messageId);
    return Number.isFinite(deleted) && deleted >= newest('message', messageId);
  });
}

export const isOf = ({ inbound: { user } }: InboxRow, { surface, externalTenant, externalUser }: ChatUser): boolean =>
  user.surface === surface && user.externalTenant === externalTenant && user.externalUser === externalUser;
