import type { Card, CardBlock } from '../../core/card.ts';
import type { Made, Said } from '../../core/chat.ts';
import type { Reply, StoredMessage } from '../../core/conversation.ts';
import type { Receipt } from '../../core/receipt.ts';
import { untold } from '../cards/untold.ts';
import { undoHours } from './approval-cards.ts';
import { dryRunTool, listButtons } from './list-buttons.ts';
import type { ChatParts } from './parts.ts';

const voteHours = 30 * 24;
const choiceHours = 24;
const shownUndos = 5;
const longestFallback = 300;

/** A reply as it is kept, as a message with buttons. What waits for a decision has messages of its own. */
export async function saidOf(parts: ChatParts, conversationId: string, kept: StoredMessage): Promise<Said> {
  const { reply, turnId, steps } = kept;
  const text = reply?.text ?? kept.text;
  const cards: Card[] = [];
  for (const card of reply?.cards ?? []) {
    const rest = untold(text, card, { buttons: true });
    if (rest) cards.push(await withTokens(parts, conversationId, rest));
  }
  const asked = steps.find((step) => step.tool === dryRunTool);
  if (asked) cards.push(await listButtons(parts, conversationId, asked.input));
  const receipts = await receiptCard(parts, reply?.receipts ?? [], text);
  if (receipts) cards.push(receipts);
  // there is something to have an opinion on only where somebody answered
  if (reply && reply.model !== 'none')
    cards.push({
      blocks: [{ type: 'feedback', token: await parts.store.tokens.make({ kind: 'vote', conversationId, turnId }, voteHours) }],
    });
  return { ...(text.trim() && { text }), cards, fallback: fallbackOf(text, cards), ...(reply && { made: madeOf(reply) }) };
}

const madeOf = ({ agent, model, costUsd, degraded }: Reply): Made => ({ agent, model, costUsd, degraded });

const fallbackOf = (text: string, cards: readonly Card[]): string =>
  (
    text.trim() ||
    cards
      .map(({ title }) => title)
      .filter(Boolean)
      .join(', ') ||
    'An answer'
  )
    .slice(0, longestFallback)
    .toWellFormed();

async function withTokens({ store: { tokens } }: ChatParts, conversationId: string, card: Card): Promise<Card> {
  const blocks: CardBlock[] = [];
  for (const block of card.blocks) {
    if (block.type !== 'choices') blocks.push(block);
    else {
      const choices = [];
      for (const choice of block.choices)
        choices.push({
          ...choice,
          token: await tokens.make({ kind: 'choose', conversationId, label: choice.label }, choiceHours),
        });
      blocks.push({ ...block, choices });
    }
  }
  return { ...card, blocks };
}

/** What was done, unless the text above says it, with the way back. */
export async function receiptCard(
  { store: { tokens } }: ChatParts,
  receipts: readonly Receipt[],
  text = '',
): Promise<Card | undefined> {
  const undoable = receipts.filter((one) => one.undoable && !one.undoneById && !one.undoOfId).slice(0, shownUndos);
  const buttons = [];
  for (const { id, title } of undoable)
    buttons.push({
      label: undoable.length === 1 ? 'Undo' : `Undo: ${title}`,
      token: await tokens.make({ kind: 'undo', receiptId: id }, undoHours),
    });
  const untold = receipts.filter(({ title }) => !text.includes(title));
  const blocks: CardBlock[] = [
    ...(untold.length ? [{ type: 'text' as const, text: untold.map(({ title }) => `✓ ${title}`).join('\n') }] : []),
    ...(buttons.length ? [{ type: 'actions' as const, buttons }] : []),
  ];
  return blocks.length ? { blocks } : undefined;
}
