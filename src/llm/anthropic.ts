import type { Anthropic, APIError } from '@anthropic-ai/sdk';
import type { Delta, Llm, LlmMessage, LlmRequest, LlmTool, Usage } from '../core/llm.ts';
import { AppError } from '../errors.ts';
import { costOf } from './prices.ts';

export interface AnthropicSettings {
  apiKey: string;
  baseUrl?: string | undefined;
  model: string;
  /** Answers requests of the cheap tier. */
  cheapModel: string;
}

/** Until an answer begins; how long it may go on is the turn's own limit. */
const firstAnswerMs = 60_000;

/** Claude over the Messages API, streamed. One attempt: trying again is for whoever chooses between providers. */
export function createAnthropic(settings: AnthropicSettings, now: () => Date = () => new Date()): Llm {
  let client: Promise<Anthropic> | undefined;
  return {
    async *stream(request) {
      client ??= connect(settings);
      try {
        yield* answer(await client, modelOf(settings, request), request, now);
      } catch (error) {
        request.signal?.throwIfAborted();
        throw inOurWords(error, settings, request);
      }
    },
  };
}

const modelOf = ({ model, cheapModel }: AnthropicSettings, { tier }: LlmRequest) => (tier === 'cheap' ? cheapModel : model);

async function connect({ apiKey, baseUrl }: AnthropicSettings): Promise<Anthropic> {
  // loaded with the first call: whoever has no key should not wait for it
  const { default: Sdk } = await import('@anthropic-ai/sdk');
  return new Sdk({ apiKey, baseURL: baseUrl ?? null, maxRetries: 0, timeout: firstAnswerMs });
}

async function* answer(client: Anthropic, model: string, request: LlmRequest, now: () => Date): AsyncGenerator<Delta> {
  const { choice, inWords } = forcing(model, request.mustCall);
  const events = await client.messages.create(
    {
      model,
      max_tokens: request.maxTokens,
      system: [...systemOf(request.messages), ...inWords],
      messages: messagesOf(request.messages),
      ...(request.tools.length > 0 && { tools: request.tools.map(toolOf) }),
      ...(choice && { tool_choice: choice }),
      stream: true,
    },
    { signal: request.signal ?? null },
  );
  const usage: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
  const calls = new Map<number, { id: string; name: string; json: string }>();
  let called = false;
  let stop: Anthropic.StopReason | null = null;
  let ended = false;
  for await (const event of events) {
    if (event.type === 'message_start') note(usage, event.message.usage);
    else if (event.type === 'content_block_start' && event.content_block.type === 'tool_use')
      calls.set(event.index, { id: event.content_block.id, name: event.content_block.name, json: '' });
    else if (event.type === 'content_block_delta') {
      if (event.delta.type === 'text_delta') yield { type: 'text', text: event.delta.text };
      const call = calls.get(event.index);
      if (call && event.delta.type === 'input_json_delta') call.json += event.delta.partial_json;
    } else if (event.type === 'message_delta') {
      note(usage, event.usage);
      stop = event.delta.stop_reason;
    } else if (event.type === 'message_stop') ended = true;
  }
  // a connection that was cut ends like one that was finished
  if (!ended || !stop) throw brokenOff();
  // a call that the token limit cut in two is none
  if (stop !== 'max_tokens')
    for (const { id, name, json } of calls.values()) {
      called = true;
      yield { type: 'tool_call', call: { id, name, input: inputOf(name, json) } };
    }
  if (stop === 'refusal') yield { type: 'text', text: refused };
  const reason = called ? 'tool_calls' : stop === 'max_tokens' || stop === 'model_context_window_exceeded' ? 'length' : 'stop';
  yield { type: 'finish', reason, usage, provider: 'anthropic', model, degraded: false, costUsd: costOf(model, usage, now()) };
}

/**
 * Models that take a forced call. Those since Opus 5.5 and Sonnet 5.5 refuse the whole request over it, so they, and any that
 * we do not know, are asked in words: what they answer is checked all the same.
 */
const takesForce = /^claude-(?:haiku-[45]-|(?:opus|sonnet)-(?:4-|5$))/;

function forcing(
  model: string,
  name: string | undefined,
): { choice?: Anthropic.ToolChoice; inWords: Anthropic.TextBlockParam[] } {
  if (name === undefined) return { inWords: [] };
  if (takesForce.test(model)) return { choice: { type: 'tool', name, disable_parallel_tool_use: true }, inWords: [] };
  return {
    choice: { type: 'auto', disable_parallel_tool_use: true },
    inWords: [{ type: 'text', text: `Give your answer by calling the tool ${name} once, and say nothing besides.` }],
  };
}

const refused = 'The model declined to answer this. Ask in other words, or do it by hand.';
const brokenOff = (cause?: unknown) =>
  new AppError('unavailable', 'The model broke off in the middle of its answer. Try again.', { cause });

/** Input counts come with the start, output counts with the end, each for the whole message so far. */
function note(usage: Usage, told: Anthropic.Usage | Anthropic.MessageDeltaUsage): void {
  usage.input = told.input_tokens ?? usage.input;
  usage.cacheRead = told.cache_read_input_tokens ?? usage.cacheRead;
  usage.cacheWrite = told.cache_creation_input_tokens ?? usage.cacheWrite;
  usage.output = told.output_tokens ?? usage.output;
  usage.reasoning = told.output_tokens_details?.thinking_tokens ?? usage.reasoning;
}

function inputOf(name: string, json: string): Record<string, unknown> {
  try {
    const input: unknown = json === '' ? {} : JSON.parse(json);
    if (input !== null && typeof input === 'object' && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch {
    // told below, like an input that is no object
  }
  throw new AppError('unavailable', `The model asked for ${name} in a way that cannot be read. Try again.`);
}

/** What never changes comes first and is cached with the tools before it. */
const systemOf = (messages: LlmMessage[]): Anthropic.TextBlockParam[] =>
  messages
    .filter((message) => message.role === 'system' && message.text !== '')
    .map(({ text }, index) => ({ type: 'text', text, ...(index === 0 && { cache_control: { type: 'ephemeral' } }) }));

/**
 * Answers of tools that were called together belong in one message of the user, before what the user says next. The first
 * word is the user's: what stands before it in a conversation that was cut is left out.
 */
function messagesOf(messages: LlmMessage[]): Anthropic.MessageParam[] {
  const all: { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] }[] = [];
  for (const message of withOwnIds(
    messages.slice(
      Math.max(
        0,
        messages.findIndex(({ role }) => role === 'user'),
      ),
    ),
  )) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = blocksOf(message);
    if (blocks.length === 0) continue;
    const last = all.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else all.push({ role, content: blocks });
  }
  return all;
}

/** No two calls of one request may have one id; those that other models made up in earlier turns may. */
function withOwnIds(messages: LlmMessage[]): LlmMessage[] {
  const uses = new Map<string, number>();
  const own = (id: string) => (uses.get(id)! > 1 ? `${id}_${uses.get(id)}` : id);
  return messages.map((message) => {
    if (message.role === 'tool' && uses.has(message.toolCallId)) return { ...message, toolCallId: own(message.toolCallId) };
    if (message.role !== 'assistant' || !message.toolCalls) return message;
    return {
      ...message,
      toolCalls: message.toolCalls.map((call) => {
        uses.set(call.id, (uses.get(call.id) ?? 0) + 1);
        return { ...call, id: own(call.id) };
      }),
    };
  });
}

function blocksOf(message: LlmMessage): Anthropic.ContentBlockParam[] {
  if (message.role === 'tool') return [{ type: 'tool_result', tool_use_id: message.toolCallId, content: message.text }];
  const text: Anthropic.ContentBlockParam[] = message.text.trim() === '' ? [] : [{ type: 'text', text: message.text }];
  if (message.role !== 'assistant') return text;
  return [...text, ...(message.toolCalls ?? []).map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input }))];
}

const toolOf = ({ name, description, parameters }: LlmTool): Anthropic.Tool => ({
  name,
  description,
  input_schema: parameters as Anthropic.Tool.InputSchema,
});

function inOurWords(error: unknown, settings: AnthropicSettings, request: LlmRequest): unknown {
  if (error instanceof AppError) return error;
  const { status, headers, message } = error as Partial<APIError>;
  const told = { cause: error };
  if (status === 401 || status === 403)
    return new AppError('misconfigured', `Anthropic does not accept this key (${status}). Check ANTHROPIC_API_KEY.`, told);
  if (status === 404)
    return new AppError(
      'misconfigured',
      `Anthropic knows no model "${modelOf(settings, request)}". Check ${request.tier === 'cheap' ? 'ANTHROPIC_CHEAP_MODEL' : 'ANTHROPIC_MODEL'} and ANTHROPIC_BASE_URL.`,
      told,
    );
  if (status === 429) {
    const seconds = Number(headers?.get('retry-after'));
    return new AppError(
      'unavailable',
      `Anthropic asks to wait${seconds > 0 ? ` ${seconds} s` : ' a little'}. Try again then.`,
      told,
    );
  }
  if (status === 413)
    return new AppError('too_large', 'This conversation has grown too long for the model. Begin a new one.', told);
  if (status !== undefined && status >= 400 && status < 500)
    return new AppError('internal', `Anthropic refused the request (${status}).`, { cause: message ?? error });
  if (status !== undefined)
    return new AppError('unavailable', `Anthropic does not answer well (${status}). Try again in a moment.`, told);
  return new AppError('unavailable', 'Anthropic cannot be reached, or broke off. Try again in a moment.', told);
}
