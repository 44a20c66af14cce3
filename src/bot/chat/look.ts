import { atLeast } from '../../core/actor.ts';
import type { Pressable } from '../../core/outbox.ts';
import { mayDecide } from '../../core/proposal.ts';
import type { Looks } from '../presses-port.ts';
import { approvalSaid } from './approval-cards.ts';
import { type ChatParts, everyone } from './parts.ts';
import { decidersOf, reachOf } from './readers.ts';
import { toldStrangers, whoIs } from './who.ts';

/** Which proposal a button is about. */
const proposalOf = (about: Pressable | undefined): string | undefined =>
  about && 'proposalId' in about ? about.proposalId : undefined;

/** The card of a proposal for one person, on surfaces where each may see another. */
export const createLooks = (parts: ChatParts): Looks => ({
  async look(token, who) {
    const about = await parts.store.tokens.read(token);
    const known = await whoIs(parts, who);
    if ('stranger' in known) return { none: toldStrangers[known.stranger] };
    const { actor } = known;
    const id = proposalOf(about);
    const proposal = id ? await everyone(parts).proposals.get(id) : undefined;
    if (!proposal) return { none: 'This card is too old. Ask again, and you get a new one.' };
    const decides = proposal.status === 'pending' && atLeast(actor.role, 'rep') && mayDecide(proposal, actor);
    return { said: await approvalSaid(parts, proposal, actor), decides };
  },

  async deciders(proposalId) {
    const proposal = await everyone(parts).proposals.get(proposalId);
    const users = proposal ? await decidersOf(parts, proposal) : [];
    return (await Promise.all(users.map((userId) => reachOf(parts, userId)))).flat();
  },
});
