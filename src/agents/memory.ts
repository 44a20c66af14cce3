import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import type { Shown, StoredMessage } from '../core/conversation.ts';
import { fence } from '../core/fence.ts';
import type { Said } from '../core/said.ts';
import { visible } from '../core/visible.ts';

/** How far a turn looks back, and how much of an old tool answer it still sees. */
export const rememberedMessages = 24;
const rememberedResult = 6000;

/** The rows of a conversation as the messages a model reads. */
export function recall(messages: StoredMessage[]): BaseMessage[] {
  return messages.flatMap((message): BaseMessage[] => {
    if (message.role === 'user') return [new HumanMessage(visible(message.text))];
    const calls = message.steps.map(({ callId, tool, input }) => ({
      id: callId,
      name: tool,
      args: input,
      type: 'tool_call' as const,
    }));
    const answers = message.steps.map(
      ({ callId, tool, result }) => new ToolMessage({ content: fence(result), tool_call_id: callId, name: tool }),
    );
    return [
      ...(calls.length ? [new AIMessage({ content: '', tool_calls: calls }), ...answers] : []),
      new AIMessage({ content: message.text, response_metadata: by(message) }),
    ];
  });
}

/** Who said it, and what the request was taken for: the router keeps to that while the same task goes on. */
function by({ reply }: StoredMessage): Record<string, string> {
  if (!reply?.tier) return {};
  const slash = reply.model.indexOf('/');
  return { provider: reply.model.slice(0, slash), model: reply.model.slice(slash + 1), tier: reply.tier };
}

/** A tool's answer cut to what memory keeps; long lists lose their tail, and the text stays JSON. */
export function shorten(result: string): string {
  if (result.length <= rememberedResult) return result;
  let value: unknown = JSON.parse(result);
  for (let keep = 20; keep >= 1; keep = Math.floor(keep / 2)) {
    value = cut(value, keep);
    const text = JSON.stringify(value);
    if (text.length <= rememberedResult) return text;
  }
  return JSON.stringify({ note: 'too long to remember' });
}

function cut(value: unknown, keep: number): unknown {
  if (typeof value === 'string') return value.length > keep * 50 ? `${value.slice(0, keep * 50)}...` : value;
  if (Array.isArray(value)) return value.slice(0, keep).map((item) => cut(item, keep));
  if (value && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, keep * 4)
        .map(([key, item]) => [key, cut(item, keep)]),
    );
  return value;
}

/**
 * The user's words of this turn and what they answer: where the reply before asked back and did nothing yet, the words
 * that led to it count too.
 */
export function saidIn(text: string, history: StoredMessage[], now: Date, timeZone: string): Said {
  const led: string[] = [];
  let shown: Shown[] = [];
  const last = history.at(-1);
  if (last?.role === 'assistant') shown = last.shown;
  for (let i = history.length - 1; i > 0 && led.length < 4; i -= 2) {
    const [asked, question] = [history[i - 1]!, history[i]!];
    if (question.role !== 'assistant' || asked.role !== 'user' || !question.text.includes('?') || question.reply?.receipts.length)
      break;
    led.unshift(asked.text);
  }
  return { text, shown, now, timeZone, ...(led.length && { before: led.join('\n') }) };
}
