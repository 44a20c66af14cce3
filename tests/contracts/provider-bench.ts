import { afterEach, expect } from 'vitest';
import type { LlmMessage, LlmTool } from '../../src/core/llm.ts';
import type { Provider, ProviderDeclaration, ProviderDelta, ProviderRequest } from '../../src/llm/provider.ts';
import { type Asked, type ModelServer, modelServer, type Reply } from './model-server.ts';
import type { Said, Wire } from './wires.ts';

export interface Subject {
  declaration: ProviderDeclaration;
  /** Its variables, for a server at this address. */
  variables(url: string): Record<string, string>;
  model: string;
  wire: Wire;
  /** The path that answers are asked from. */
  path: RegExp;
  /** How it is made to call a tool: in its API's form, or in words because the API has none. */
  forces: 'form' | 'words';
}

type Answering = Reply | ((asked: Asked) => Reply);

/** Asks one provider against servers that are made for the question, and taken down after the test. */
export function benchOf({ declaration, variables, model, wire }: Subject) {
  let server: ModelServer | undefined;
  afterEach(() => server?.close());

  async function serve(reply: Answering): Promise<Provider> {
    server = await modelServer(typeof reply === 'function' ? reply : () => reply);
    return declaration.create(variables(server.url));
  }
  const request = (more: Partial<ProviderRequest> = {}): ProviderRequest => ({
    model,
    messages: [user('Good day')],
    tools: [],
    maxTokens: 200,
    signal: new AbortController().signal,
    ...more,
  });
  async function all(provider: Provider, more: Partial<ProviderRequest> = {}): Promise<ProviderDelta[]> {
    const deltas: ProviderDelta[] = [];
    for await (const delta of provider.stream(request(more))) deltas.push(delta);
    return deltas;
  }
  const answer = async (reply: Answering, more: Partial<ProviderRequest> = {}) => all(await serve(reply), more);
  return {
    /** The one that was asked last. */
    get server(): ModelServer {
      return server!;
    },
    serve,
    request,
    all,
    answer,
    says: (said: Said): Reply => ({ chunks: wire.events(said) }),
    failing: (reply: Answering, more: Partial<ProviderRequest> = {}) =>
      answer(reply, more).then(
        (deltas) => expect.fail(`it answered: ${JSON.stringify(deltas)}`),
        (error) => error,
      ),
  };
}

export const textOf = (deltas: ProviderDelta[]) => deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
export const callsOf = (deltas: ProviderDelta[]) => deltas.flatMap((delta) => (delta.type === 'tool_call' ? [delta.call] : []));
export const endOf = (deltas: ProviderDelta[]) => deltas.filter(({ type }) => type === 'finish');
export const usageOf = (deltas: ProviderDelta[]) =>
  Object.assign({}, ...deltas.map((delta) => (delta.type === 'usage' ? delta.usage : {})));

export const user = (text: string): LlmMessage => ({ role: 'user', text });
export const tool: LlmTool = {
  name: 'get_lead',
  description: 'A lead',
  parameters: { type: 'object', properties: { lead: { type: 'string' } }, required: ['lead'] },
};
