import type { LlmMessage, LlmTool } from '../../../src/core/llm.ts';
import type { ProviderDeclaration, ProviderDelta, ProviderRequest } from '../../../src/llm/provider.ts';
import { type Asked, modelServer, type Reply } from '../../contracts/model-server.ts';
import { chatWire } from '../../contracts/wires.ts';

export const user = (text: string): LlmMessage => ({ role: 'user', text });

export const getLead: LlmTool = {
  name: 'get_lead',
  description: 'A lead',
  parameters: { type: 'object', properties: { lead: { type: 'string' } }, required: ['lead'] },
};

export interface Asking {
  declaration: ProviderDeclaration;
  variables(url: string): Record<string, string>;
  model: string;
}

/** Asks a provider against servers of our own, one for each question. */
export function asking({ declaration, variables, model }: Asking) {
  const ask = async (
    reply: Reply | ((asked: Asked) => Reply),
    more: Partial<ProviderRequest> = {},
  ): Promise<{ deltas: ProviderDelta[]; error: unknown; asked: Asked }> => {
    const server = await modelServer(typeof reply === 'function' ? reply : () => reply);
    const deltas: ProviderDelta[] = [];
    let error: unknown;
    try {
      const provider = declaration.create(variables(server.url));
      const signal = new AbortController().signal;
      for await (const delta of provider.stream({ model, messages: [user('Hi')], tools: [], maxTokens: 200, signal, ...more }))
        deltas.push(delta);
    } catch (thrown) {
      error = thrown;
    } finally {
      await server.close();
    }
    return { deltas, error, asked: server.asked[0]! };
  };
  return ask;
}

export const textOf = (deltas: ProviderDelta[]): string =>
  deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
export const callsOf = (deltas: ProviderDelta[]) => deltas.flatMap((delta) => (delta.type === 'tool_call' ? [delta.call] : []));
export const partsOf = (deltas: ProviderDelta[]) => deltas.flatMap((delta) => (delta.type === 'opaque' ? [delta.part] : []));
/** How much it let see of what it thought. */
export const thoughtOf = (deltas: ProviderDelta[]): number =>
  deltas.reduce((sum, delta) => sum + (delta.type === 'thinking' ? delta.characters : 0), 0);
export const usageOf = (deltas: ProviderDelta[]) =>
  Object.assign({}, ...deltas.map((delta) => (delta.type === 'usage' ? delta.usage : {}))) as object;

/** The answer as it goes back with the next request. */
export const said = (provider: string, deltas: ProviderDelta[]): LlmMessage => {
  const calls = callsOf(deltas);
  const parts = partsOf(deltas);
  return {
    role: 'assistant',
    text: textOf(deltas),
    ...(calls.length > 0 && { toolCalls: calls }),
    // through text, as it travels
    ...(parts.length > 0 && { opaque: JSON.parse(JSON.stringify({ provider, parts })) }),
  };
};

export const answered = (id: string, text = '{"ok":true}'): LlmMessage => ({
  role: 'tool',
  text,
  toolCallId: id,
  toolName: 'get_lead',
});

/** Events as a server writes them, with or without names. */
export const events = (...values: object[]): string[] => values.map((value) => `data: ${JSON.stringify(value)}\n\n`);
export const named = (...values: { type: string; [more: string]: unknown }[]): string[] =>
  values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);

/** One piece of an answer in OpenAI's shape. */
export const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});
export const saysYes = { chunks: chatWire.events({ text: 'Yes.' }) };
export const done = 'data: [DONE]\n\n';
export const forced = { tools: [getLead], mustCall: 'get_lead' };
