import { chatSurfaces } from '../../core/chat.ts';
import type { Proposal } from '../../core/proposal.ts';
import { sendApproval } from './approval-cards.ts';
import { handOn } from './card-views.ts';
import { type ChatParts, everyone } from './parts.ts';
import { decidersOf, reachOf, readerOf } from './readers.ts';

const patienceMs = 10 * 60_000;
const lastHourMs = 3_600_000;
const most = 500;

/** Whoever has to decide is told where they cannot have seen it: it waits since a while and was made elsewhere, or it is about to expire. */
export async function remindDeciders(parts: ChatParts): Promise<void> {
  const now = parts.gate.deps.now().getTime();
  const { items } = await everyone(parts).proposals.list({ status: 'pending', limit: most });
  for (const proposal of items) {
    const { createdAt, expiresAt, delegatedById } = proposal;
    const elsewhere = !chatSurfaces.some((surface) => surface === proposal.surface);
    if (expiresAt.getTime() - now <= lastHourMs) await remind(parts, proposal, 'expiring');
    else if (delegatedById) await handOn(parts, proposal);
    else if (elsewhere && now - createdAt.getTime() >= patienceMs) await remind(parts, proposal, 'waiting');
  }
}

const leads = {
  waiting: 'This waits for your decision:',
  expiring: 'This expires within the hour; without a decision nothing is done:',
};

/** Spoken up unasked: not in quiet hours, not too often, and not to whoever wants none. The next look may find a better moment. */
async function remind(parts: ChatParts, proposal: Proposal, why: keyof typeof leads): Promise<void> {
  for (const userId of await decidersOf(parts, proposal)) {
    const [to] = await reachOf(parts, userId);
    if (!to) continue;
    const about = { kind: 'approval', key: `${why}:${proposal.id}` };
    if (!(await parts.store.preferences.maySpeak(userId, parts.gate.deps.now(), about)).may) continue;
    const reader = await readerOf(parts, to);
    await sendApproval(parts, proposal, { to, reader, why: `${why} ${userId}`, lead: leads[why], unasked: true });
  }
}
