import { type ApprovalContext, approvalChanges, approvalView, type Clock } from '../../core/approval.ts';
import type { Card } from '../../core/card.ts';
import type { Change } from '../../core/change.ts';
import type { Proposal } from '../../core/proposal.ts';
import { plainChanges } from '../cards/approval-card.ts';

/** A proposal as a person decides on it: the view that every face shows. */
export const proposalCard = (proposal: Proposal, clock: Clock & Partial<ApprovalContext>): Card => ({
  blocks: [{ type: 'approval', approval: approvalView(proposal, { names: () => undefined, ...clock }) }],
});

/** What an edited proposal would change. */
export function diffBlocks(changes: Change[], clock: Clock): Card['blocks'] {
  const listed = approvalChanges(changes, clock);
  const more = changes.length - listed.length;
  return [...plainChanges(listed), ...(more > 0 ? [{ type: 'text' as const, text: `and ${more} more` }] : [])];
}
