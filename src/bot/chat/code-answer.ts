import type { Card } from '../../core/card.ts';
import type { Reply, Shown, Step } from '../../core/conversation.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Receipt } from '../../core/receipt.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import type { Question } from './turns.ts';

/** What code, and no model, answers. */
export interface CodeAnswer {
  text: string;
  cards?: Card[];
  receipts?: Receipt[];
  proposals?: Proposal[];
  steps?: Step[];
  shown?: Shown[];
}

/** Writes down what was asked, before anything is done about it: whoever finds nothing more than this knows that it was begun. */
export async function keepQuestion(parts: ChatParts, { actor, conversationId, turnId }: Question, text: string): Promise<void> {
  await recordsOf(parts, actor).conversations.add(conversationId, { turnId, role: 'user', text });
}

/** Keeps the answer as a turn's reply: told once, remembered like any other. */
export async function keepAnswer(
  parts: ChatParts,
  { actor, conversationId, turnId }: Question,
  answer: CodeAnswer,
): Promise<void> {
  const { conversations } = recordsOf(parts, actor);
  const { text, cards = [], receipts = [], proposals = [], steps = [], shown = [] } = answer;
  const reply: Reply = {
    turnId,
    text,
    agent: (await conversations.get(conversationId))?.agent ?? '',
    cards,
    receipts,
    proposals,
    sources: steps.map(({ tool }) => tool),
    costUsd: '0.000000000000',
    degraded: false,
    model: 'none',
  };
  await conversations.add(conversationId, { turnId, role: 'assistant', text, steps, shown, reply });
}
