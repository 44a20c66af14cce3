import type { LlmMessage } from '../core/llm.ts';

type Assistant = Extract<LlmMessage, { role: 'assistant' }>;
/** What is said in turn; instructions stand apart. */
export type Turn = { role: 'user'; text: string } | Assistant | Extract<LlmMessage, { role: 'tool' }>;

/** What never changes comes first, so that providers find it in their caches. */
export const systemTexts = (messages: LlmMessage[]): string[] =>
  messages.flatMap((message) => (message.role === 'system' && message.text.trim() !== '' ? [message.text] : []));

/**
 * The conversation in the form that every provider takes: it begins with the user, because what stands before that in one
 * that was cut answers nothing; an assistant that said nothing is left out; ids of calls are unlike each other and of
 * characters that all of them allow.
 */
export function turnsOf(messages: LlmMessage[]): Turn[] {
  const first = messages.findIndex(({ role }) => role === 'user');
  return withOwnIds(messages.slice(Math.max(0, first)).filter(isTurn));
}

const isTurn = (message: LlmMessage): message is Turn =>
  message.role !== 'system' &&
  (message.role === 'tool' || message.text.trim() !== '' || (message.role === 'assistant' && !!message.toolCalls?.length));

/** No two calls of one request may have one id; those that other models made up in earlier turns may. */
function withOwnIds(turns: Turn[]): Turn[] {
  const uses = new Map<string, number>();
  const plain = (id: string) => id.replace(/[^\w-]/g, '_').slice(0, 36) || 'call';
  const own = (id: string) => ((uses.get(plain(id)) ?? 1) > 1 ? `${plain(id)}_${uses.get(plain(id))}` : plain(id));
  return turns.map((turn) => {
    if (turn.role === 'tool') return { ...turn, toolCallId: own(turn.toolCallId) };
    if (turn.role !== 'assistant' || !turn.toolCalls) return turn;
    return {
      ...turn,
      toolCalls: turn.toolCalls.map((call) => {
        uses.set(plain(call.id), (uses.get(plain(call.id)) ?? 0) + 1);
        return { ...call, id: own(call.id) };
      }),
    };
  });
}

/** What this provider gave with an answer and nobody else understands; empty for the answers of others. */
export const ownParts = (message: Assistant, provider: string): unknown[] =>
  message.opaque?.provider === provider ? message.opaque.parts : [];

/** Models that cannot be made to call a tool are asked to; what they answer is checked all the same. */
export const askedInWords = (tool: string): string =>
  `Give your answer by calling the tool ${tool} once, and say nothing besides.`;
