import { randomUUID } from 'node:crypto';
import { type JobPayloads, jobKeys } from '../../core/job.ts';
import type { Proposal } from '../../core/proposal.ts';
import { approvalSaid, receiptOf, sendApproval, stateOf } from './approval-cards.ts';
import { type ChatParts, everyone } from './parts.ts';
import { decidersOf, reachOf, readerOf } from './readers.ts';

/** An effect is mostly there in a moment: the card then goes to its end at once, without "being carried out" in between. */
const effectMs = 1000;

/** The job `cards`: every message that shows a proposal shows it as it is now, on every surface. */
export async function workCards(parts: ChatParts, payload: JobPayloads['cards']): Promise<void> {
  await parts.store.alone('cards', payload, async () => {
    const proposal = await settled(parts, payload.proposalId);
    if (!proposal) return;
    await rewrite(parts, proposal);
    await handOn(parts, proposal);
    await refreshHomes(parts, proposal);
  });
}

async function settled(parts: ChatParts, id: string): Promise<Proposal | undefined> {
  const { proposals } = everyone(parts);
  const proposal = await proposals.get(id);
  if (proposal?.status !== 'accepted') return proposal;
  const ended = async () => {
    const now = await proposals.get(id);
    return now?.status === 'accepted' ? undefined : now;
  };
  return (await parts.gate.deps.signals.waitFor(`proposal:${id}`, ended, { timeoutMs: effectMs })) ?? proposal;
}

async function rewrite(parts: ChatParts, proposal: Proposal): Promise<void> {
  const { cardViews, outbox } = parts.store;
  const state = stateOf(proposal, await receiptOf(parts, proposal));
  for (const { sent, viewer } of await cardViews.stale(proposal.id, state)) {
    const said = await approvalSaid(parts, proposal, await readerOf(parts, viewer));
    // kept before it counts as shown: a process that dies in between only says it twice
    await outbox.put(`card:${proposal.id}:${randomUUID()}`, { kind: 'update', sent, said });
    await cardViews.shown(proposal.id, sent, state);
  }
}

/** Somebody asked somebody else to decide: they are told at once. */
export async function handOn(parts: ChatParts, proposal: Proposal): Promise<void> {
  const { status, deciderId, delegatedById, delegatedAt } = proposal;
  if (status !== 'pending' || !deciderId || !delegatedById) return;
  const [to] = await reachOf(parts, deciderId);
  if (!to) return;
  const from = (await everyone(parts).users.get(delegatedById))?.name ?? 'Somebody';
  const why = `handed on ${delegatedAt?.toISOString()}`;
  await sendApproval(parts, proposal, {
    to,
    reader: await readerOf(parts, to),
    why,
    lead: `${from} asks you to decide on this:`,
  });
}

async function refreshHomes(parts: ChatParts, proposal: Proposal): Promise<void> {
  const concerned = new Set([
    ...(await decidersOf(parts, proposal)),
    proposal.requesterId,
    proposal.decidedById ?? proposal.requesterId,
  ]);
  for (const userId of concerned)
    for (const user of await reachOf(parts, userId)) {
      // only who serves a surface knows whether it has homes
      const here = parts.surfaces.get(user.surface);
      if (here && !here.home) continue;
      const job = { tenantId: parts.tenantId, user };
      await everyone(parts).enqueue('home', job, { key: jobKeys.home(job) });
    }
}
