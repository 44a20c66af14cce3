import { atLeast } from '../../core/actor.ts';
import { decisionsIn } from '../../core/decision-words.ts';
import { decideMany, type OneOfMany } from '../../tools/decide-many.ts';
import { keepAnswer, keepQuestion } from './code-answer.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import type { Question } from './turns.ts';

const most = 50;
const unclear = 'Nothing was decided: it is not clear which ones. Say for example "approve all except the second" or "skip 2".';

/**
 * "Approve all except the second": a person's own words about what waits in this conversation, judged and carried out by code, never by a
 * model. False when the words decide nothing.
 */
export async function decideInWords(parts: ChatParts, question: Question, text: string): Promise<boolean> {
  const { actor, conversationId } = question;
  // a person's own decision needs what a press needs
  if (!atLeast(actor.role, 'rep')) return false;
  const { items } = await recordsOf(parts, actor).proposals.list({
    status: 'pending',
    conversationId,
    decidableBy: { userId: actor.userId, role: actor.role },
    limit: most,
  });
  // in the order in which their cards were shown
  const listed = items.reverse();
  const said = decisionsIn(text, listed);
  if (!said) return false;
  // "the first" is another one once the first is decided: these words are never judged twice
  await keepQuestion(parts, question, text);
  const results: OneOfMany[] = [];
  if (said !== 'unclear') {
    const paramsHashes = Object.fromEntries(listed.map(({ id, paramsHash }) => [id, paramsHash]));
    const ctx = { actor, by: 'person' as const, conversationId };
    for (const decision of ['accept', 'ignore'] as const)
      results.push(...(await decideMany(parts.gate, said[decision], { decision, paramsHashes }, ctx)));
  }
  await keepAnswer(parts, question, {
    text: said === 'unclear' ? unclear : results.map(line).join('\n'),
    receipts: results.flatMap(({ receipt }) => receipt ?? []),
  });
  return true;
}

/** What was done has its receipt below; the rest is told in a line each. */
const line = ({ title, ok, message, receipt }: OneOfMany): string =>
  receipt ? `Approved: ${title ?? receipt.title}` : `${ok ? '' : '⚠ '}${title ? `${title}: ` : ''}${message}`;
