import type { Actor } from '../../core/actor.ts';
import type { Said } from '../../core/chat.ts';
import { mayDecide, type Proposal } from '../../core/proposal.ts';
import { approvalCard } from './approval-cards.ts';
import { type ChatParts, recordsOf } from './parts.ts';

const most = 50;

export interface Waiting {
  proposal: Proposal;
  said: Said;
  /** Theirs to decide; what they only asked for has no buttons. */
  mine: boolean;
}

/** What waits for somebody's decision, or that they asked for; the newest first, each as its card. */
export async function waitingFor(parts: ChatParts, actor: Actor): Promise<Waiting[]> {
  const reader = { timeZone: await parts.store.preferences.timeZone(actor.userId) };
  const { items } = await recordsOf(parts, actor).proposals.list({ status: 'pending', visibleTo: actor, limit: most });
  return Promise.all(
    items.map(async (proposal) => {
      const mine = mayDecide(proposal, actor);
      const card = await approvalCard(parts, proposal, reader, { buttons: mine });
      return { proposal, mine, said: { cards: [card], fallback: proposal.title } };
    }),
  );
}
