import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from '@langchain/core/language_models/base';
import { BaseChatModel, type BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import { AIMessage, AIMessageChunk, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { type Runnable, RunnableLambda } from '@langchain/core/runnables';
import type { z } from 'zod';
import type { Complexity, Delta, Llm, LlmMessage, LlmPurpose, LlmRequest, LlmTier, LlmTool } from '../core/llm.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { type Answered, askUntilFits } from './structured-output.ts';

export interface LlmCallOptions extends BaseChatModelCallOptions {
  llmTools?: LlmTool[];
  /** The one of `llmTools` that has to be called. */
  mustCall?: string;
  tier?: LlmTier;
  cacheable?: boolean;
  /** Exact decimal USD that further attempts of the same request keep to. */
  maxCostUsd?: string;
  purpose?: LlmPurpose;
  maxTokens?: number;
}

/** What our model door adds to a finished message. */
export interface AnswerFacts {
  provider: string;
  model: string;
  reason: 'stop' | 'tool_calls' | 'length';
  degraded: boolean;
  /** Null when the price is not known. */
  costUsd: string | null;
  /** Then, what limits count in its place. */
  guessUsd?: string;
  /** What the request was taken for. */
  tier?: Complexity;
  /** Why somebody else answered than should have, for the user. */
  notice?: string;
}

const defaultMaxTokens = 1024;

/** Our model door as the one LangChain chat model: graphs use it like any other, and never see a vendor. */
export class LlmChatModel extends BaseChatModel<LlmCallOptions, AIMessageChunk> {
  readonly llm: Llm;

  constructor(llm: Llm) {
    super({});
    this.llm = llm;
  }

  _llmType(): string {
    return 'sales-agent';
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    if (!options.purpose) throw new Error('a model call must say what it is for');
    const request: LlmRequest = {
      messages: messages.map(toLlm),
      tools: options.llmTools ?? [],
      ...(options.mustCall && { mustCall: options.mustCall }),
      ...(options.tier && { tier: options.tier }),
      ...(options.cacheable && { cacheable: true }),
      ...(options.maxCostUsd !== undefined && { maxCostUsd: options.maxCostUsd }),
      maxTokens: options.maxTokens ?? defaultMaxTokens,
      purpose: options.purpose,
      ...(options.signal && { signal: options.signal }),
    };
    let calls = 0;
    const opaque: Opaque['parts'] = [];
    for await (const delta of this.llm.stream(request)) {
      if (delta.type === 'opaque') {
        opaque.push(delta.part);
        continue;
      }
      const chunk = toChunk(delta, calls, opaque);
      if (delta.type === 'tool_call') calls++;
      yield chunk;
      await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }

  async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options, run)) whole = whole ? whole.concat(chunk) : chunk;
    if (!whole) throw new Error('the model said nothing, not even that it finished');
    return { generations: [{ text: whole.text, message: whole.message }] };
  }

  /**
   * This model as a step that answers in the form of the schema, by a call it has to make; LangChain's own leaves the call to
   * the model. `name` and the schema's description tell the model what it fills in. Purpose, tier, maxTokens and signal are
   * options of the step, as they are of the model.
   */
  override withStructuredOutput<S extends z.ZodObject>(
    schema: S,
    config: StructuredOutputMethodOptions<true> & { includeRaw: true },
  ): Runnable<BaseLanguageModelInput, Answered<z.output<S>>, LlmCallOptions>;
  override withStructuredOutput<S extends z.ZodObject>(
    schema: S,
    config?: StructuredOutputMethodOptions,
  ): Runnable<BaseLanguageModelInput, z.output<S>, LlmCallOptions>;
  override withStructuredOutput<S extends z.ZodObject>(
    schema: S,
    { name = 'answer', includeRaw = false }: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, Answered<z.output<S>> | z.output<S>, LlmCallOptions> {
    const description = schema.description ?? 'Takes the answer.';
    const llmTools = [{ name, description, parameters: jsonSchemaOf(schema) }];
    return RunnableLambda.from(async (input: BaseLanguageModelInput, options: LlmCallOptions) => {
      const messages = LlmChatModel._convertInputToPromptValue(input).toChatMessages();
      const ask = (said: BaseMessage[]) => this.invoke(said, { ...options, llmTools, mustCall: name });
      const answered = await askUntilFits(ask, messages, name, schema);
      return includeRaw ? answered : answered.parsed;
    });
  }
}

/** What travels back with an answer, to the provider that gave it. */
type Opaque = NonNullable<Extract<LlmMessage, { role: 'assistant' }>['opaque']>;

/** `opaque` goes with the last chunk, all at once: LangChain joins chunks field by field, texts by putting them behind each other. */
function toChunk(delta: Exclude<Delta, { type: 'opaque' }>, index: number, opaque: unknown[]): ChatGenerationChunk {
  if (delta.type === 'text')
    return new ChatGenerationChunk({ text: delta.text, message: new AIMessageChunk({ content: delta.text }) });
  if (delta.type === 'tool_call') {
    const { id, name, input } = delta.call;
    const message = new AIMessageChunk({
      content: '',
      tool_call_chunks: [{ type: 'tool_call_chunk', index, id, name, args: JSON.stringify(input) }],
    });
    return new ChatGenerationChunk({ text: '', message });
  }
  const { usage, provider, model, tier, reason, degraded, notice, costUsd, guessUsd } = delta;
  const cacheWrite = usage.cacheWrite5m + usage.cacheWrite1h;
  const input = usage.input + usage.cacheRead + cacheWrite;
  const message = new AIMessageChunk({
    content: '',
    usage_metadata: {
      input_tokens: input,
      output_tokens: usage.output,
      total_tokens: input + usage.output,
      input_token_details: { cache_read: usage.cacheRead, cache_creation: cacheWrite },
      output_token_details: { reasoning: usage.reasoning },
    },
    response_metadata: {
      ...{ provider, model, reason, degraded, costUsd },
      ...(guessUsd !== undefined && { guessUsd }),
      ...(tier && { tier }),
      ...(notice && { notice }),
    } satisfies AnswerFacts,
    ...(opaque.length > 0 && { additional_kwargs: { opaque: { provider, parts: opaque } satisfies Opaque } }),
  });
  return new ChatGenerationChunk({ text: '', message });
}

function toLlm(message: BaseMessage): LlmMessage {
  const text = message.text;
  if (message instanceof ToolMessage)
    return { role: 'tool', text, toolCallId: message.tool_call_id, toolName: message.name ?? '' };
  if (message instanceof AIMessage || message instanceof AIMessageChunk) {
    const toolCalls = message.tool_calls?.map(({ id, name, args }) => ({
      id: id ?? '',
      name,
      input: args as Record<string, unknown>,
    }));
    const opaque = message.additional_kwargs['opaque'] as Opaque | undefined;
    const { provider, model, tier } = message.response_metadata as Partial<AnswerFacts>;
    const by = provider && model && tier && { provider, model, tier };
    return { role: 'assistant', text, ...(toolCalls?.length && { toolCalls }), ...(opaque && { opaque }), ...(by && { by }) };
  }
  return { role: message.getType() === 'system' ? 'system' : 'user', text };
}
