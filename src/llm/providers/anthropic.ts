import type { Anthropic } from '@anthropic-ai/sdk';
import { type LlmMessage, type LlmTool, noUsage, type Usage } from '../../core/llm.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { count } from '../chat-completions.ts';
import { askedInWords, ownParts, systemTexts, type Turn, turnsOf } from '../conversation.ts';
import { declined, malformed, toldFailure } from '../failure.ts';
import { guardedFetch } from '../guarded-fetch.ts';
import { modelIds } from '../model-list.ts';
import { oneAnswer } from '../one-answer.ts';
import type { Provider, ProviderDeclaration, ProviderDelta, ProviderRequest } from '../provider.ts';
import { errorIn, readEvents } from '../sse.ts';
import { Prefix, type ThoughtBlock } from '../thinking-blocks.ts';
import { inputOf, newCallId } from '../tool-calls.ts';
import { addressOf, keyOf, modelOf, withoutPath } from '../variables.ts';

const label = 'Anthropic';

type Thinking = Anthropic.ThinkingBlockParam | Anthropic.RedactedThinkingBlockParam;
type Message = { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] };

/** Claude over the Messages API. */
function connection(apiKey: string, baseUrl: string): Provider {
  let client: Promise<Anthropic> | undefined;
  const connected = () => {
    client ??= connect(apiKey, baseUrl);
    return client;
  };
  return {
    stream(request) {
      return oneAnswer(label, request.signal, async function* (signal) {
        const { body, prefix } = bodyOf(request);
        const sdk = await connected();
        yield* deltasOf(await sdk.messages.create(body, { signal }).asResponse(), prefix);
      });
    },
    models: (signal) =>
      modelIds(label, signal, async () => {
        const sdk = await connected();
        return sdk.models.list({ limit: 1000 }, { signal }).asResponse();
      }),
  };
}

async function connect(apiKey: string, baseURL: string): Promise<Anthropic> {
  // loaded with the first call: whoever has no key should not wait for it
  const { default: Sdk } = await import('@anthropic-ai/sdk');
  return new Sdk({
    apiKey,
    baseURL,
    maxRetries: 0,
    timeout: 60_000,
    fetch: guardedFetch,
    // its own messages hold what models say, and so may its own spans
    logLevel: 'off',
    openTelemetry: { traces: false, propagation: false },
  });
}

function bodyOf({ model, messages, tools, mustCall, maxTokens, temperature }: ProviderRequest) {
  const can = capabilitiesOf('anthropic', model);
  const { choice, inWords } = forcing(can.force, mustCall);
  const system = [...systemOf(messages), ...inWords];
  const offered = tools.map(toolOf);
  const { turns, prefix } = messagesOf(messages, new Prefix(system, offered));
  const body: Anthropic.MessageCreateParamsStreaming = {
    model,
    max_tokens: maxTokens,
    system,
    messages: turns,
    ...(offered.length > 0 && { tools: offered }),
    ...(choice && { tool_choice: choice }),
    ...(temperature !== undefined && can.temperature && { temperature }),
    stream: true,
  };
  return { body, prefix: String(prefix) };
}

function forcing(force: 'form' | 'words', name: string | undefined) {
  if (name === undefined) return { inWords: [] };
  const choice: Anthropic.ToolChoice =
    force === 'form'
      ? { type: 'tool', name, disable_parallel_tool_use: true }
      : { type: 'auto', disable_parallel_tool_use: true };
  return { choice, inWords: force === 'form' ? [] : [{ type: 'text' as const, text: askedInWords(name) }] };
}

/** What never changes comes first and is cached with the tools before it. */
const systemOf = (messages: LlmMessage[]): Anthropic.TextBlockParam[] =>
  systemTexts(messages).map((text, index) => ({
    type: 'text',
    text,
    ...(index === 0 && { cache_control: { type: 'ephemeral' } }),
  }));

const toolOf = ({ name, description, parameters }: LlmTool): Anthropic.Tool => ({
  name,
  description,
  input_schema: parameters as Anthropic.Tool.InputSchema,
});

/** Answers of tools that were called together belong in one message of the user, before what the user says next. */
function messagesOf(messages: LlmMessage[], prefix: Prefix): { turns: Message[]; prefix: Prefix } {
  const turns: Message[] = [];
  for (const message of turnsOf(messages)) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    // a message is whole once the other side speaks
    if (last && last.role !== role) prefix.add(last);
    const blocks = blocksOf(message, prefix);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  }
  const last = turns.at(-1);
  if (last) prefix.add(last);
  return { turns, prefix };
}

function blocksOf(message: Turn, prefix: Prefix): Anthropic.ContentBlockParam[] {
  if (message.role === 'tool') return [{ type: 'tool_result', tool_use_id: message.toolCallId, content: message.text }];
  const { text } = message;
  if (message.role !== 'assistant') return [{ type: 'text', text }];
  const calls = (message.toolCalls ?? []).map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input }));
  const blocks: Anthropic.ContentBlockParam[] = [];
  let said = 0;
  let called = 0;
  const upTo = (length: number, number: number) => {
    const more = text.slice(said, length);
    if (more.trim() !== '') blocks.push({ type: 'text', text: more });
    blocks.push(...calls.slice(called, number));
    [said, called] = [Math.max(said, length), Math.max(called, number)];
  };
  const thoughts = ownParts(message, 'anthropic') as ThoughtBlock<Thinking>[];
  if (thoughts.length > 0 && thoughts[0]!.prefix === String(prefix))
    for (const { block, text: at, calls: number } of thoughts) {
      upTo(at, number);
      blocks.push(block);
    }
  upTo(text.length, calls.length);
  return blocks;
}

interface Answer {
  usage: Usage;
  calls: Map<unknown, { id: string; name: string; input: unknown; json: string }>;
  thoughts: Map<unknown, ThoughtBlock<Thinking>>;
  said: number;
  stop?: string;
}

async function* deltasOf(response: Response, prefix: string): AsyncGenerator<ProviderDelta> {
  const events = readEvents(label, response.body);
  const answer: Answer = { usage: { ...noUsage }, calls: new Map(), thoughts: new Map(), said: 0 };
  let finished = false;
  for await (const value of events) {
    const told = errorIn(value);
    if (told !== undefined) throw toldFailure(label, { error: told, headers: response.headers });
    if (finished) continue;
    const event = value as unknown as Anthropic.RawMessageStreamEvent;
    if (event.type === 'message_start') {
      note(answer.usage, event.message?.usage);
      yield { type: 'usage', usage: { ...answer.usage } };
    } else if (event.type === 'content_block_start') yield* begin(answer, event, prefix);
    else if (event.type === 'content_block_delta') yield* more(answer, event);
    else if (event.type === 'message_delta') {
      note(answer.usage, event.usage);
      if (event.delta?.stop_reason) answer.stop = event.delta.stop_reason;
      yield { type: 'usage', usage: { ...answer.usage } };
    } else if (event.type === 'message_stop') {
      if (answer.stop === undefined) break;
      finished = true;
      yield* ending(answer, answer.stop);
    } else if (typeof value['type'] !== 'string') throw malformed(label, JSON.stringify(value));
  }
  // a connection that was cut ends like one that was finished
  if (!finished) throw events.unfinished();
}

/** A block begins empty; servers that only speak as Anthropic does may put all of it there. */
function* begin(
  answer: Answer,
  { index, content_block: block }: Anthropic.RawContentBlockStartEvent,
  prefix: string,
): Generator<ProviderDelta> {
  const { calls, thoughts } = answer;
  const place = { text: answer.said, calls: calls.size, prefix };
  if (block?.type === 'text' && typeof block.text === 'string' && block.text !== '') yield text(answer, block.text);
  if (block?.type === 'tool_use') {
    if (!block.name) throw malformed(label, 'a call without a name');
    calls.set(index, { id: block.id || newCallId(), name: block.name, input: block.input, json: '' });
  }
  if (block?.type === 'thinking')
    thoughts.set(index, {
      block: { type: 'thinking', thinking: block.thinking ?? '', signature: block.signature ?? '' },
      ...place,
    });
  if (block?.type === 'redacted_thinking')
    thoughts.set(index, { block: { type: 'redacted_thinking', data: block.data }, ...place });
}

function text(answer: Answer, more: string): ProviderDelta {
  answer.said += more.length;
  return { type: 'text', text: more };
}

function* more(answer: Answer, { index, delta }: Anthropic.RawContentBlockDeltaEvent): Generator<ProviderDelta> {
  if (delta?.type === 'text_delta') {
    yield text(answer, delta.text);
    return;
  }
  const call = answer.calls.get(index);
  if (call && delta?.type === 'input_json_delta') call.json += delta.partial_json;
  const block = answer.thoughts.get(index)?.block;
  if (block?.type !== 'thinking') return;
  if (delta?.type === 'thinking_delta') {
    block.thinking += delta.thinking;
    yield { type: 'thinking', characters: delta.thinking.length };
  }
  if (delta?.type === 'signature_delta') block.signature += delta.signature;
}

function* ending({ calls, thoughts }: Answer, stop: string): Generator<ProviderDelta> {
  if (stop === 'refusal') throw declined(label, stop);
  // an unsigned block would be refused
  for (const part of thoughts.values())
    if (part.block.type !== 'thinking' || part.block.signature) yield { type: 'opaque', part };
  // a call that the token limit cut in two is none
  if (stop === 'max_tokens' || stop === 'model_context_window_exceeded') {
    yield { type: 'finish', reason: 'length' };
    return;
  }
  for (const { id, name, input, json } of calls.values())
    yield { type: 'tool_call', call: { id, name, input: inputOf(label, name, json || JSON.stringify(input ?? {})) } };
  yield { type: 'finish', reason: calls.size > 0 ? 'tool_calls' : 'stop' };
}

type Told = Partial<Anthropic.Usage> | Anthropic.MessageDeltaUsage;

/** Input counts come with the start, output counts with the end, each for the whole message so far; what comes later counts. */
function note(usage: Usage, told: Told | null | undefined): void {
  if (!told) return;
  notePrompt(usage, told);
  usage.output = count(told.output_tokens) ?? usage.output;
  usage.reasoning = Math.min(usage.output, count(told.output_tokens_details?.thinking_tokens) ?? usage.reasoning);
}

/**
 * Cache writes come as a total and, since they may be kept for an hour, by how long; what the total has beyond that is kept for five minutes.
 * No prompt is empty: servers that only speak as Anthropic does count it in one of the two places, and zeros in the other.
 */
function notePrompt(usage: Usage, told: Told): void {
  if (![told.input_tokens, told.cache_read_input_tokens, told.cache_creation_input_tokens].some(count)) return;
  usage.input = count(told.input_tokens) ?? usage.input;
  usage.cacheRead = count(told.cache_read_input_tokens) ?? usage.cacheRead;
  const kept = 'cache_creation' in told ? told.cache_creation : undefined;
  const written = count(told.cache_creation_input_tokens) ?? usage.cacheWrite5m + usage.cacheWrite1h;
  usage.cacheWrite1h = count(kept?.ephemeral_1h_input_tokens) ?? Math.min(usage.cacheWrite1h, written);
  usage.cacheWrite5m = Math.max(count(kept?.ephemeral_5m_input_tokens) ?? 0, written - usage.cacheWrite1h);
}

const smart = 'claude-sonnet-5-5';
const cheap = 'claude-haiku-5-5';

export const anthropic = {
  id: 'anthropic',
  label,
  settings: {
    ANTHROPIC_API_KEY: keyOf(label, 'sk-ant-...'),
    ANTHROPIC_MODEL: { ...modelOf(label, smart), about: 'Which Claude.' },
    ANTHROPIC_CHEAP_MODEL: {
      ...modelOf(label, cheap),
      about: 'Which Claude answers simple questions, such as those about one lead.',
    },
    ANTHROPIC_BASE_URL: addressOf(label, 'Messages API'),
  },
  required: ['ANTHROPIC_API_KEY'],
  models: { fast: cheap, cheap, smart },
  create: (values) =>
    connection(
      values['ANTHROPIC_API_KEY'] ?? '',
      withoutPath(values['ANTHROPIC_BASE_URL'] ?? 'https://api.anthropic.com', '/v1'),
    ),
} satisfies ProviderDeclaration;
