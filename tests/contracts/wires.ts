/** How the vendors' servers write answers, each in its own shape, made by hand from their documents. */

export interface SaidCall {
  id: string;
  name: string;
  /** Input as text, so that it may also be broken. */
  json: string;
}

export interface Said {
  text?: string;
  calls?: SaidCall[];
  finish?: 'stop' | 'tool_calls' | 'length' | 'filtered';
  usage?: { prompt: number; cached?: number; answer: number; thought?: number };
  /** Absent: it does not say that it ended. */
  unfinished?: boolean;
}

export interface Wire {
  /** Each string is one event with its empty line. */
  events(said: Said): string[];
  /** An error inside a stream that began well. */
  errorEvent(kind: 'overloaded' | 'rate_limit' | 'bad_request'): string;
  errorBody(type: string, message: string): string;
  models(ids: string[]): string;
  /** The name of the tool that a request forces in this API's form. */
  forcedIn(body: Record<string, unknown>): string | undefined;
  toolsIn(body: Record<string, unknown>): string[];
  /** All texts of a request, in their order, by who says them. */
  textsIn(body: Record<string, unknown>): [role: string, text: string][];
  limitIn(body: Record<string, unknown>): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: wire bodies are looked into as a server does
type Any = any;

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const pieces = (text: string, size = 7): string[] => text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];

/** OpenAI's chat completions, as six of the providers speak them. */
export const chatWire: Wire = {
  events({ text, calls = [], finish, usage, unfinished }) {
    const chunk = (delta: object, reason: string | null = null) =>
      data({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
      });
    const reasons = { stop: 'stop', tool_calls: 'tool_calls', length: 'length', filtered: 'content_filter' };
    const end = reasons[finish ?? (calls.length > 0 ? 'tool_calls' : 'stop')];
    // calls that are made together come interleaved
    const inputs = calls.map(({ json }) => pieces(json, 5));
    const longest = Math.max(0, ...inputs.map(({ length }) => length));
    return [
      chunk({ role: 'assistant', content: '' }),
      ...pieces(text ?? '').map((piece) => chunk({ content: piece })),
      ...calls.map(({ id, name }, index) =>
        chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ),
      ...Array.from({ length: longest }, (_, i) =>
        inputs.flatMap((input, index) =>
          input[i] === undefined ? [] : [chunk({ tool_calls: [{ index, function: { arguments: input[i] } }] })],
        ),
      ).flat(),
      ...(unfinished
        ? []
        : [
            chunk({}, end),
            ...(usage
              ? [
                  data({
                    id: 'chatcmpl-1',
                    object: 'chat.completion.chunk',
                    choices: [],
                    usage: {
                      prompt_tokens: usage.prompt,
                      completion_tokens: usage.answer,
                      total_tokens: usage.prompt + usage.answer,
                      prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
                      completion_tokens_details: { reasoning_tokens: usage.thought ?? 0 },
                    },
                  }),
                ]
              : []),
            'data: [DONE]\n\n',
          ]),
    ];
  },
  errorEvent: (kind) =>
    data({
      error: {
        overloaded: { message: 'The server had an error', type: 'server_error', code: null },
        rate_limit: { message: 'Slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
        bad_request: { message: 'No', type: 'invalid_request_error', code: null },
      }[kind],
    }),
  errorBody: (type, message) => JSON.stringify({ error: { message, type, param: null, code: null } }),
  models: (ids) =>
    JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 1, owned_by: 'x' })) }),
  forcedIn: (body: Any) => body.tool_choice?.function?.name,
  toolsIn: (body: Any) => (body.tools ?? []).map((tool: Any) => tool.function.name),
  textsIn: (body: Any) => body.messages.map(({ role, content }: Any) => [role, content]),
  limitIn: (body: Any) => body.max_tokens ?? body.max_completion_tokens,
};

export const anthropicWire: Wire = {
  events({ text, calls = [], finish, usage, unfinished }) {
    const event = (value: { type: string; [more: string]: unknown }) => `event: ${value.type}\n${data(value)}`;
    const cached = usage?.cached ?? 0;
    const blocks = [
      ...(text === undefined
        ? []
        : [{ start: { type: 'text', text: '' }, deltas: pieces(text).map((piece) => ({ type: 'text_delta', text: piece })) }]),
      ...calls.map(({ id, name, json }) => ({
        start: { type: 'tool_use', id, name, input: {} },
        deltas: pieces(json, 5).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
      })),
    ];
    const reasons = { stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens', filtered: 'refusal' };
    return [
      event({
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: (usage?.prompt ?? 0) - cached,
            cache_read_input_tokens: cached,
            cache_creation_input_tokens: 0,
            output_tokens: usage?.answer ? 1 : 0,
          },
        },
      }),
      event({ type: 'ping' }),
      ...blocks.flatMap(({ start, deltas }, index) => [
        event({ type: 'content_block_start', index, content_block: start }),
        ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
        event({ type: 'content_block_stop', index }),
      ]),
      ...(unfinished
        ? []
        : [
            event({
              type: 'message_delta',
              delta: { stop_reason: reasons[finish ?? (calls.length > 0 ? 'tool_calls' : 'stop')], stop_sequence: null },
              usage: {
                output_tokens: usage?.answer ?? 0,
                ...(usage?.thought && { output_tokens_details: { thinking_tokens: usage.thought } }),
              },
            }),
            event({ type: 'message_stop' }),
          ]),
    ];
  },
  errorEvent(kind) {
    const type = { overloaded: 'overloaded_error', rate_limit: 'rate_limit_error', bad_request: 'invalid_request_error' }[kind];
    return `event: error\n${data({ type: 'error', error: { type, message: 'No' } })}`;
  },
  errorBody: (type, message) => JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' }),
  models: (ids) => JSON.stringify({ data: ids.map((id) => ({ id, type: 'model', display_name: id })), has_more: false }),
  forcedIn: (body: Any) => body.tool_choice?.name,
  toolsIn: (body: Any) => (body.tools ?? []).map((tool: Any) => tool.name),
  textsIn: (body: Any) => [
    ...(body.system ?? []).map(({ text }: Any) => ['system', text]),
    ...body.messages.flatMap(({ role, content }: Any) =>
      content.filter(({ type }: Any) => type === 'text').map(({ text }: Any) => [role, text]),
    ),
  ],
  limitIn: (body: Any) => body.max_tokens,
};

export const geminiWire: Wire = {
  events({ text, calls = [], finish, usage, unfinished }) {
    const reasons = { stop: 'STOP', tool_calls: 'STOP', length: 'MAX_TOKENS', filtered: 'SAFETY' };
    const parts = [
      ...pieces(text ?? '').map((piece) => ({ text: piece })),
      // calls come whole, those that the limit cut do not come at all
      ...calls.map(({ id, name, json }) => ({ functionCall: { id, name, args: JSON.parse(json === '' ? '{}' : json) } })),
    ];
    const last = {
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: reasons[finish ?? 'stop'] }],
      ...(usage && {
        usageMetadata: {
          promptTokenCount: usage.prompt,
          cachedContentTokenCount: usage.cached ?? 0,
          candidatesTokenCount: usage.answer - (usage.thought ?? 0),
          thoughtsTokenCount: usage.thought ?? 0,
          totalTokenCount: usage.prompt + usage.answer,
        },
      }),
      modelVersion: 'm',
    };
    return [
      ...parts.map((part) => data({ candidates: [{ index: 0, content: { role: 'model', parts: [part] } }], modelVersion: 'm' })),
      ...(unfinished ? [] : [data(last)]),
    ];
  },
  errorEvent(kind) {
    const [code, status] = (
      {
        overloaded: [503, 'UNAVAILABLE'],
        rate_limit: [429, 'RESOURCE_EXHAUSTED'],
        bad_request: [400, 'INVALID_ARGUMENT'],
      } as const
    )[kind];
    return data({ error: { code, message: 'No', status } });
  },
  errorBody: (type, message) => JSON.stringify({ error: { code: 400, message, status: type } }),
  models: (ids) => JSON.stringify({ models: ids.map((id) => ({ name: `models/${id}`, displayName: id })) }),
  forcedIn(body: Any) {
    const { mode, allowedFunctionNames } = body.toolConfig?.functionCallingConfig ?? {};
    return mode === 'ANY' ? allowedFunctionNames[0] : undefined;
  },
  toolsIn: (body: Any) => (body.tools?.[0]?.functionDeclarations ?? []).map((tool: Any) => tool.name),
  textsIn: (body: Any) => [
    ...(body.systemInstruction?.parts ?? []).map(({ text }: Any) => ['system', text]),
    ...body.contents.flatMap(({ role, parts }: Any) =>
      parts.filter(({ text }: Any) => text !== undefined).map(({ text }: Any) => [role === 'model' ? 'assistant' : role, text]),
    ),
  ],
  limitIn: (body: Any) => body.generationConfig.maxOutputTokens,
};
