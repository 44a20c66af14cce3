import type { Actor } from '../../core/actor.ts';
import { answerAsked, refuse } from './answer.ts';
import type { Asked, Step } from './order.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import type { Done } from './steps.ts';
import { busyMs, runTurn } from './turns.ts';
import { whoIs } from './who.ts';

/** How far back the old answer is looked for. */
const rememberedMessages = 200;

/**
 * A question that was answered and then changed is answered anew. The old answer is taken back where it left nothing behind; what was done or
 * proposed for it stays, and a new answer follows.
 */
export async function revise(parts: ChatParts, thread: string, step: Extract<Step, { do: 'revise' }>): Promise<Done> {
  const { inbound } = step.change;
  const { messageId, text, user, place } = inbound;
  const before = await parts.store.inbox.answerTo(thread, messageId);
  // changed before we heard of it, where all that is said is said to us
  const own: Asked = { last: inbound, messages: [{ messageId, text }], files: [] };
  if (!before && place.audience !== 'dm') return 'ignored';
  // an older change that comes late: the question is something else by now
  if (before && Date.parse(inbound.at) < before.saidAt.getTime()) return 'ignored';
  const known = await whoIs(parts, user);
  if ((await refuse(parts, inbound, known, own)) || !('actor' in known)) return 'ignored';
  if (!before) return answerAsked(parts, thread, { do: 'answer', rows: step.rows, asked: own, actor: known.actor });

  const asked = new Map(before.asked.map((one) => [one.messageId, one.text]));
  if (asked.get(messageId) === text || !text.trim()) return 'ignored';
  asked.set(messageId, text);
  const { conversationId } = before;
  const { actor } = known;
  if (await recordsOf(parts, actor).conversations.runningTurn(conversationId)) return { afterMs: busyMs };
  const turnId = parts.converser.newTurn();
  const ids = step.rows.map(({ id }) => id);
  if (!(await parts.store.inbox.answeredBy(ids, { turnId, conversationId }))) return 'claimed';
  const replaces =
    before.answerId && (await leftNothing(parts, actor, before)) ? { place, messageId: before.answerId } : undefined;
  const question = { actor, user, place, conversationId, turnId, ...(replaces && { replaces }) };
  return runTurn(parts, question, [...asked.values()].join('\n'));
}

async function leftNothing(
  parts: ChatParts,
  actor: Actor,
  { conversationId, turnId }: { conversationId: string; turnId: string },
): Promise<boolean> {
  const messages = await recordsOf(parts, actor).conversations.messages(conversationId, rememberedMessages);
  const reply = messages.find((message) => message.turnId === turnId && message.role === 'assistant')?.reply;
  return reply !== undefined && reply !== null && !reply.receipts.length && !reply.proposals.length;
}
