import type { Actor } from '../../core/actor.ts';
import { type ApprovalTokens, approvalView } from '../../core/approval.ts';
import type { Card } from '../../core/card.ts';
import { canonical } from '../../core/change.ts';
import type { ChatUser, Place, Said } from '../../core/chat.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { Records } from '../../core/records.ts';
import { type ChatParts, everyone } from './parts.ts';

/** Buttons outlive what they decide by a week, so that pressing late tells what became of it. */
const lateHours = 7 * 24;
/** How long a change can be taken back by its button. */
export const undoHours = 14 * 24;

/** In whose words a card is drawn. */
export type Reader = Pick<Actor, 'timeZone'>;

/** The one card of a proposal, as it stands now: with buttons that mean exactly what it shows. */
export async function approvalCard(parts: ChatParts, proposal: Proposal, reader: Reader, { buttons = true } = {}): Promise<Card> {
  const records = everyone(parts);
  const receipt = await receiptOf(parts, proposal);
  return {
    blocks: [
      {
        type: 'approval',
        approval: approvalView(proposal, {
          now: parts.gate.deps.now(),
          timeZone: reader.timeZone,
          names: await namesIn(records, proposal),
          ...(buttons && { tokens: await tokensFor(parts, proposal, receipt) }),
          ...(receipt && { receipt }),
        }),
      },
    ],
  };
}

export async function approvalSaid(parts: ChatParts, proposal: Proposal, reader: Reader): Promise<Said> {
  const fallback = proposal.status === 'pending' ? `Waits for a decision: ${proposal.title}` : proposal.title;
  return { cards: [await approvalCard(parts, proposal, reader)], fallback };
}

export const receiptOf = async (parts: ChatParts, { receiptId }: Proposal): Promise<Receipt | undefined> =>
  receiptId ? everyone(parts).receipts.get(receiptId) : undefined;

async function tokensFor(
  { gate, store: { tokens } }: ChatParts,
  { id, paramsHash, status, expiresAt }: Proposal,
  receipt: Receipt | undefined,
): Promise<Partial<ApprovalTokens>> {
  if (receipt?.undoable && !receipt.undoneById)
    return { undo: await tokens.make({ kind: 'undo', receiptId: receipt.id }, undoHours) };
  if (status !== 'pending') return {};
  const hours = Math.max(0, Math.ceil((expiresAt.getTime() - gate.deps.now().getTime()) / 3_600_000)) + lateHours;
  const [approve, edit, ask, skip] = await Promise.all([
    tokens.make({ kind: 'decide', proposalId: id, decision: 'accept', paramsHash }, hours),
    tokens.make({ kind: 'edit', proposalId: id, paramsHash }, hours),
    tokens.make({ kind: 'ask', proposalId: id }, hours),
    tokens.make({ kind: 'decide', proposalId: id, decision: 'ignore', paramsHash }, hours),
  ]);
  return { approve, edit, ask, skip };
}

/** How people call everybody whom a proposal names. */
async function namesIn(
  { users }: Pick<Records, 'users'>,
  { requesterId, deciderId, decidedById, delegatedById }: Proposal,
): Promise<(userId: string) => string | undefined> {
  const names = new Map<string, string>();
  for (const id of new Set([requesterId, deciderId, decidedById, delegatedById]))
    if (id) names.set(id, (await users.get(id))?.name ?? 'somebody who is gone');
  return (userId) => names.get(userId);
}

/** What of a proposal a card shows and time alone does not change: two cards that say the same have the same. */
export function stateOf(
  { status, paramsHash, deciderId, deciderRole, note }: Proposal,
  receipt: Pick<Receipt, 'undoneById'> | undefined,
): string {
  const shown = [status, paramsHash.slice(0, 16), deciderId?.slice(-8) ?? '', deciderRole ?? '', note ? 'noted' : ''];
  return [...shown, receipt?.undoneById ? 'undone' : ''].join('/');
}

/** Whether a card that was drawn before still says what a new one would. */
export const sameCard = (a: Card, b: Card): boolean => canonical(essence(a)) === canonical(essence(b));

const essence = (card: Card) =>
  card.blocks.map((block) => {
    if (block.type !== 'approval') return block;
    const { state, title, changes, decider, note } = block.approval;
    return { state, title, changes, decider, note };
  });

/** Puts the card of a proposal where it was asked for, as a message of its own; once, however often this is called. */
export async function postApproval(
  parts: ChatParts,
  proposal: Proposal,
  place: Place,
  reader: Reader,
  why: string,
): Promise<void> {
  const said = await approvalSaid(parts, proposal, reader);
  await parts.store.outbox.put(`approval:${proposal.id}:${why}`, { kind: 'post', place, said, proposals: [proposal.id] });
}

/** The same as a message to one person, with a line of why they get it. `why` makes it one message. */
export async function sendApproval(
  parts: ChatParts,
  proposal: Proposal,
  { to, reader, why, lead, unasked = false }: { to: ChatUser; reader: Reader; why: string; lead: string; unasked?: boolean },
): Promise<void> {
  const { outbox } = parts.store;
  const key = `approval:${proposal.id}:${why}`;
  // asked again and again while it waits: buttons are made once
  if (await outbox.has(key)) return;
  const said = { ...(await approvalSaid(parts, proposal, reader)), text: lead };
  await outbox.put(key, {
    kind: 'direct',
    to,
    said,
    proposals: [proposal.id],
    ...(unasked && { unasked }),
  });
}
