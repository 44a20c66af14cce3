import { keepAnswer } from './code-answer.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import type { Question } from './turns.ts';

/** Most receipts and proposals that one turn is taken to have left. */
const most = 50;

/** A turn whose process went away without an end: nobody knows what it would have said, but everybody can know what it did. */
export async function keepInterrupted(parts: ChatParts, question: Question, since: Date): Promise<void> {
  const { actor, conversationId } = question;
  const records = recordsOf(parts, actor);
  const after = <T extends { createdAt: Date }>(all: T[]): T[] => all.filter(({ createdAt }) => createdAt >= since).reverse();
  const receipts = after(await records.receipts.list({ conversationId, userId: actor.userId, limit: most }));
  const proposals = after((await records.proposals.list({ conversationId, visibleTo: actor, limit: most })).items);
  const done = [
    receipts.length ? 'What was done before is done, with its receipt below.' : 'Nothing was changed.',
    ...(proposals.length ? ['What was proposed still waits for a decision.'] : []),
  ];
  const text = `I was interrupted before I could finish this answer. ${done.join(' ')} Ask again if you still want it.`;
  await keepAnswer(parts, question, { text, receipts, proposals });
}
