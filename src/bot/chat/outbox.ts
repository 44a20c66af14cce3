import type { Card } from '../../core/card.ts';
import type { ChatUser, Once, Sent } from '../../core/chat.ts';
import { type JobPayloads, jobKeys } from '../../core/job.ts';
import type { OutboxRow, Outgoing } from '../../core/outbox.ts';
import { isQuiet } from '../../core/preferences.ts';
import { AppError, type ErrorCode, publicError } from '../../errors.ts';
import { approvalCard, receiptOf, sameCard, stateOf } from './approval-cards.ts';
import { type ChatParts, everyone, surfaceOf } from './parts.ts';
import { readerOf } from './readers.ts';

const atOnce = 20;
/** Tried again after this long, then twice as long, and so on. */
const firstPauseMs = 2000;
const longestPauseMs = 300_000;
const mostAttempts = 8;
/** A surface that is gone comes back: what waits for it waits for about an hour. */
const mostOutages = 20;

/** Failures that nothing is gained by repeating. */
const final: readonly ErrorCode[] = ['forbidden', 'not_found', 'invalid_input', 'too_large', 'unauthorized', 'misconfigured'];

/** The job `outbox`: sends what may be sent now, and comes back for the rest. */
export async function sendOutbox(parts: ChatParts, payload: JobPayloads['outbox']): Promise<void> {
  const { surface } = payload;
  const { outbox } = parts.store;
  const findsSaid = [...parts.surfaces.values()].some(({ id, findsSaid }) => findsSaid && id === surface);
  const claim = () => outbox.claim(atOnce, surface, findsSaid);
  const before = await outbox.uncertain();
  for (let rows = await claim(); rows.length; rows = await claim()) await Promise.all(rows.map((row) => sendRow(parts, row)));
  const lost = (await outbox.uncertain()) - before;
  if (lost > 0)
    parts.gate.deps.log.warn(
      { count: lost },
      'nobody knows whether messages arrived whose process went away; they are not sent again',
    );
  const at = await outbox.nextDue(surface);
  if (!at) return;
  const job = { ...payload, tenantId: parts.tenantId };
  // a key for each moment: a job that waits for a later one would keep its time, and this one would come too late
  await everyone(parts).enqueue('outbox', job, { key: `${jobKeys.outbox(job)}@${Math.ceil(at.getTime() / 250)}`, runAt: at });
}

async function sendRow(parts: ChatParts, { id, outgoing, attempts, once }: OutboxRow): Promise<void> {
  const { store, gate } = parts;
  let sent: Sent | undefined;
  try {
    sent = await send(parts, outgoing, once);
  } catch (error) {
    const { code, message, details } = publicError(error);
    const pause =
      code === 'rate_limited'
        ? Number(details?.['retryAfterMs'] ?? firstPauseMs)
        : Math.min(firstPauseMs * 2 ** attempts, longestPauseMs);
    const most = code === 'unavailable' || code === 'timeout' ? mostOutages : mostAttempts;
    const givenUp = final.includes(code) || (attempts >= most && code !== 'rate_limited');
    gate.deps.log[givenUp ? 'warn' : 'info'](
      { err: error, outboxId: id, kind: outgoing.kind },
      givenUp ? 'a message was given up' : 'a message is tried again',
    );
    await store.outbox.failed(id, { code, message }, givenUp ? undefined : new Date(Date.now() + pause));
    return;
  }
  await store.outbox.sent(id, sent);
  if (sent && 'proposals' in outgoing)
    for (const proposalId of outgoing.proposals ?? []) await settle(parts, proposalId, outgoing, sent);
}

async function send(parts: ChatParts, outgoing: Outgoing, once: Once): Promise<Sent | undefined> {
  switch (outgoing.kind) {
    case 'post':
      return surfaceOf(parts, outgoing.place.surface).send(outgoing.place, outgoing.said, once);
    case 'direct': {
      if (outgoing.unasked && (await isNightFor(parts, outgoing.to)))
        throw new AppError('forbidden', 'The quiet hours of this person began before it could be said.');
      const surface = surfaceOf(parts, outgoing.to.surface);
      return surface.send(await surface.direct(outgoing.to), outgoing.said, once);
    }
    case 'whisper':
      await surfaceOf(parts, outgoing.place.surface).whisper(outgoing.place, outgoing.to, outgoing.said);
      return undefined;
    case 'update':
      await surfaceOf(parts, outgoing.sent.place.surface).update(outgoing.sent, outgoing.said);
      return outgoing.sent;
  }
}

/** A surface, or we, may have been away while their day ended. */
async function isNightFor({ gate, store: { identities, preferences } }: ChatParts, to: ChatUser): Promise<boolean> {
  const known = await identities.find(to);
  if (!('userId' in known)) return false;
  const { quiet } = await preferences.of(known.userId);
  return isQuiet(quiet, gate.deps.now(), await preferences.timeZone(known.userId));
}

/** The proposal may have changed on the way: then its card is drawn anew at once. */
async function settle(
  parts: ChatParts,
  proposalId: string,
  outgoing: Extract<Outgoing, { kind: 'post' | 'direct' }>,
  sent: Sent,
): Promise<void> {
  const proposal = await everyone(parts).proposals.get(proposalId);
  const drawn = outgoing.said.cards.find((card) => isOf(card, proposalId));
  if (!proposal || !drawn) return;
  const reader = await readerOf(parts, outgoing.kind === 'direct' ? outgoing.to : undefined);
  const receipt = await receiptOf(parts, proposal);
  if (sameCard(drawn, await approvalCard(parts, proposal, reader, { buttons: false })))
    await parts.store.cardViews.shown(proposalId, sent, stateOf(proposal, receipt));
  else {
    const job = { tenantId: parts.tenantId, proposalId };
    await everyone(parts).enqueue('cards', job, { key: jobKeys.cards(job) });
  }
}

const isOf = ({ blocks }: Card, proposalId: string): boolean =>
  blocks.some((block) => block.type === 'approval' && block.approval.id === proposalId);
