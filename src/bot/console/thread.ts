import { randomUUID } from 'node:crypto';
import type { Conversation, Shown } from '../../core/conversation.ts';
import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';

/** How long a terminal conversation counts as the one somebody is in. */
const recentMs = 30 * 60_000;

type Kept = { conversations: Pick<Records['conversations'], 'list' | 'get' | 'create' | 'add'> };

/** The terminal conversation this person was in last. */
export async function newestThread({ conversations }: Kept): Promise<Conversation | undefined> {
  return (await conversations.list('assistant', 50)).find((conversation) => conversation.surface === 'terminal');
}

export async function recentThread(records: Kept, now: Date): Promise<Conversation | undefined> {
  const newest = await newestThread(records);
  return newest && now.getTime() - newest.updatedAt.getTime() < recentMs ? newest : undefined;
}

export async function threadById({ conversations }: Kept, id: string): Promise<Conversation> {
  const found = await conversations.get(id);
  if (!found) throw new AppError('not_found', 'There is no such conversation of yours. Without --conversation a new one begins.');
  return found;
}

/** Writes down what a person did by a command, so that "undo that" and "how many of them" are understood next. */
export async function rememberDeed(
  { conversations }: Kept,
  conversationId: string,
  deed: { words: string; answer: string; tool: string; input: Record<string, unknown>; result: unknown; shown: Shown[] },
): Promise<void> {
  const { words, answer, tool, input, result, shown } = deed;
  const turnId = randomUUID();
  await conversations.add(conversationId, { turnId, role: 'user', text: words });
  const step = { callId: `deed-${turnId.slice(0, 8)}`, tool, input, result: JSON.stringify({ result }) };
  await conversations.add(conversationId, { turnId, role: 'assistant', text: answer, steps: [step], shown });
}
