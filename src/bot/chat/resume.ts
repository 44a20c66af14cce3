import type { InboxRow } from '../../core/inbox.ts';
import { answerNow, joined, placeFor } from './answer.ts';
import type { Asked, Step } from './order.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import type { Done } from './steps.ts';
import { finishDelivered, type Question, resumeTurn } from './turns.ts';
import { whoIs } from './who.ts';

/** Takes up what another process, or this one before it failed, began to answer: nothing is done a second time, nothing is lost. */
export async function resumeRows(parts: ChatParts, thread: string, step: Extract<Step, { do: 'resume' }>): Promise<Done> {
  const asked = askedBy(step.rows);
  const { conversationId } = step.rows[0]!;
  if (!asked || !conversationId) return 'ignored';
  const { user } = asked.last;
  const known = await whoIs(parts, user);
  // shut out since: what was found for them is not shown to them any more
  if (!('actor' in known)) return 'ignored';
  const { actor } = known;
  if (!(await recordsOf(parts, actor).conversations.get(conversationId))) return 'ignored';
  const question: Question = {
    actor,
    user,
    place: await placeFor(parts, asked),
    conversationId,
    turnId: step.turnId,
    since: new Date(step.rows[0]!.inbound.at),
    ...(asked.about && { about: asked.about }),
    ...(asked.outside && { outside: asked.outside }),
  };
  const said = await parts.store.inbox.answerTo(thread, asked.messages[0]!.messageId);
  if (said?.turnId === step.turnId && said.answerId) {
    await finishDelivered(parts, question);
    return 'answered';
  }
  return resumeTurn(parts, question, () => answerNow(parts, question, asked, joined(asked)));
}

/** What rows of one turn asked, each message as its last change has it. */
function askedBy(rows: readonly InboxRow[]): Asked | undefined {
  const messages = new Map<string, string>();
  const files: Asked['files'] = [];
  let last: Asked['last'] | undefined;
  let apart: Pick<Asked, 'about' | 'outside' | 'alone'> = {};
  for (const { inbound } of rows) {
    if (inbound.kind !== 'message' && inbound.kind !== 'edited') continue;
    messages.set(inbound.messageId, inbound.text);
    last = inbound;
    if (inbound.kind === 'message') {
      files.push(...inbound.files);
      const { about, outside, alone } = inbound;
      apart = { ...apart, ...(about && { about }), ...(outside && { outside }), ...(alone && { alone }) };
    }
  }
  if (!last) return undefined;
  return { last, messages: [...messages].map(([messageId, text]) => ({ messageId, text })), files, ...apart };
}
