import type { LlmMessage, LlmTool, Usage } from '../core/llm.ts';
import { capabilitiesOf } from './capabilities.ts';
import { askedInWords, ownParts, systemTexts, turnsOf } from './conversation.ts';
import { declined, malformed, toldFailure, truncated } from './failure.ts';
import type { ProviderDelta, ProviderRequest } from './provider.ts';
import { errorIn, readEvents } from './sse.ts';
import { CallPieces } from './tool-calls.ts';

/** How one provider's chat completions differ from the others'. */
export interface Dialect {
  id: string;
  label: string;
  /** Its thinking, for those who want it back. */
  thoughts?: Thoughts;
  /** What it says that an answer is billed at, read from its usage. */
  billed?(usage: Record<string, unknown>): string | undefined;
}

/** Under which name a server sends what its model thinks, as plain text. */
const thinkingFields = ['reasoning_content', 'reasoning'] as const;

/** Collects what a model thought in an answer, and says which fields an earlier answer carries back. */
export interface Thoughts {
  collector(): { add(delta: Record<string, unknown>): void; parts(): unknown[] };
  /** `inLoop`: no user has spoken since; `forced`: this request does without thinking. */
  fields(parts: unknown[], where: { inLoop: boolean; forced: boolean }): Record<string, unknown>;
}

/** What it thought as one text, to go back under the name that it came under. */
export const thoughtText = (field: (typeof thinkingFields)[number]): Thoughts['collector'] =>
  function collector() {
    let thinking = '';
    return {
      add({ [field]: more }) {
        if (typeof more === 'string') thinking += more;
      },
      parts: () => (thinking === '' ? [] : [{ [field]: thinking }]),
    };
  };

/** The body of a request, in the wire shape that OpenAI began and many servers speak. */
export function chatBody({ id, thoughts }: Dialect, request: ProviderRequest) {
  const { model, tools, mustCall, maxTokens, temperature } = request;
  const can = capabilitiesOf(id, model);
  const forced = mustCall !== undefined && can.force === 'form';
  const system = systemTexts(request.messages);
  if (mustCall !== undefined && !forced) system.push(askedInWords(mustCall));
  return {
    model,
    messages: [
      // one message: some servers' templates take a system text only at the very beginning
      ...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n\n') }] : []),
      ...chatMessages(id, request.messages, thoughts, forced && can.whenForced !== undefined),
    ],
    ...(tools.length > 0 && { tools: tools.map(toolOf), ...can.withTools }),
    ...(forced && { tool_choice: { type: 'function' as const, function: { name: mustCall } }, ...can.whenForced }),
    [can.limit]: maxTokens,
    ...(temperature !== undefined && can.temperature && { temperature }),
    stream: true as const,
    stream_options: { include_usage: true },
  };
}

function chatMessages(id: string, messages: LlmMessage[], thoughts: Thoughts | undefined, forced: boolean) {
  const turns = turnsOf(messages);
  const lastUser = turns.findLastIndex(({ role }) => role === 'user');
  return turns.map((message, at) => {
    if (message.role === 'user') return { role: 'user' as const, content: message.text };
    if (message.role === 'tool') return { role: 'tool' as const, tool_call_id: message.toolCallId, content: message.text };
    return {
      role: 'assistant' as const,
      content: message.text === '' ? null : message.text,
      ...(message.toolCalls?.length && {
        tool_calls: message.toolCalls.map(({ id: callId, name, input }) => ({
          id: callId,
          type: 'function' as const,
          function: { name, arguments: JSON.stringify(input) },
        })),
      }),
      ...thoughts?.fields(ownParts(message, id), { inLoop: at > lastUser, forced }),
    };
  });
}

const toolOf = ({ name, description, parameters }: LlmTool) => ({
  type: 'function' as const,
  function: { name, description, parameters },
});

/** What a streamed answer says, piece by piece. */
export async function* chatDeltas({ label, thoughts, billed }: Dialect, response: Response): AsyncGenerator<ProviderDelta> {
  const events = readEvents(label, response.body);
  const calls = new CallPieces(label);
  const thought = thoughts?.collector();
  let finished = false;
  for await (const value of events) {
    const usage = usageOf(value['usage']);
    const billedUsd = billed?.((value['usage'] ?? {}) as Record<string, unknown>);
    // also of an answer that broke off: it is paid for
    if (usage || billedUsd !== undefined)
      yield { type: 'usage', usage: usage ?? {}, ...(billedUsd !== undefined && { billedUsd }) };
    const told = errorIn(value) ?? errorIn(firstChoice(value));
    if (told !== undefined) throw toldFailure(label, { error: told, headers: response.headers });
    const choice = choiceOf(label, value);
    if (!choice) continue;
    const { delta, reason } = choice;
    // some servers say that they end before they have said the last of it
    for (const text of [delta['content'], delta['refusal']])
      if (typeof text === 'string' && text !== '') yield { type: 'text', text };
    if (finished) continue;
    thought?.add(delta);
    const thinking = thinkingFields.map((field) => delta[field]).find((text) => typeof text === 'string');
    if (thinking) yield { type: 'thinking', characters: thinking.length };
    if (Array.isArray(delta['tool_calls'])) for (const piece of delta['tool_calls']) calls.add(piece ?? {});
    if (reason === undefined) continue;
    finished = true;
    yield* ending(label, reason, calls, thought?.parts() ?? []);
  }
  if (!finished) throw events.unfinished();
}

function* ending(label: string, reason: string, calls: CallPieces, parts: unknown[]): Generator<ProviderDelta> {
  if (reason === 'content_filter') throw declined(label, reason);
  if (reason === 'error' || reason === 'insufficient_system_resource')
    throw toldFailure(label, { error: { type: 'server_error', reason } });
  if (reason === 'abort') throw truncated(label);
  for (const part of parts) yield { type: 'opaque', part };
  // a call that the token limit cut in two is none
  if (reason === 'length') {
    yield { type: 'finish', reason: 'length' };
    return;
  }
  for (const call of calls.whole()) yield { type: 'tool_call', call };
  if (calls.size === 0 && reason === 'tool_calls') throw malformed(label, 'it says that it calls a tool, and calls none');
  yield { type: 'finish', reason: calls.size > 0 ? 'tool_calls' : 'stop' };
}

function choiceOf(
  label: string,
  chunk: Record<string, unknown>,
): { delta: Record<string, unknown>; reason?: string } | undefined {
  const { choices } = chunk;
  if (choices === undefined || choices === null) {
    if (chunk['usage'] === undefined && chunk['object'] === undefined && chunk['id'] === undefined)
      throw malformed(label, JSON.stringify(chunk));
    return undefined;
  }
  if (!Array.isArray(choices)) throw malformed(label, JSON.stringify(chunk));
  const choice = firstChoice(chunk);
  if (!choice) return undefined;
  const { delta, finish_reason: reason } = choice;
  if (delta !== undefined && delta !== null && typeof delta !== 'object') throw malformed(label, JSON.stringify(chunk));
  return { delta: (delta ?? {}) as Record<string, unknown>, ...(typeof reason === 'string' && reason !== '' && { reason }) };
}

function firstChoice({ choices }: Record<string, unknown>) {
  const [choice] = Array.isArray(choices) ? (choices as ({ delta?: unknown; finish_reason?: unknown } | null)[]) : [];
  return choice;
}

/**
 * Counts in buckets that do not overlap. The prompt's total holds what was read from a cache and what was written to one;
 * DeepSeek names the former in its own way. What was thought is part of the answer's count, but with some servers (xAI's, Gemini's) it stands
 * beside it: then the total says so.
 */
function usageOf(told: unknown): Partial<Usage> | undefined {
  if (told === null || typeof told !== 'object') return undefined;
  const usage = told as Record<string, unknown>;
  const prompt = count(usage['prompt_tokens']);
  const said = count(usage['completion_tokens']);
  if (prompt === undefined || said === undefined) return undefined;
  const inPrompt = (usage['prompt_tokens_details'] ?? {}) as Record<string, unknown>;
  const inOutput = (usage['completion_tokens_details'] ?? {}) as Record<string, unknown>;
  const cacheRead = Math.min(
    prompt,
    Math.max(count(inPrompt['cached_tokens']) ?? 0, count(usage['prompt_cache_hit_tokens']) ?? 0),
  );
  const cacheWrite5m = Math.min(prompt - cacheRead, count(inPrompt['cache_write_tokens']) ?? 0);
  const thought = count(inOutput['reasoning_tokens']) ?? 0;
  const output = usage['total_tokens'] === prompt + said + thought ? said + thought : said;
  return {
    input: prompt - cacheRead - cacheWrite5m,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
    output,
    reasoning: Math.min(output, thought),
    source: 'provider',
  };
}

/** A number of tokens, or nothing: servers also send null, text and worse. */
export const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
