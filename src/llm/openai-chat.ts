import type { OpenAI } from 'openai';
import { chatBody, chatDeltas, type Dialect } from './chat-completions.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { modelIds } from './model-list.ts';
import { oneAnswer } from './one-answer.ts';
import type { Provider } from './provider.ts';

export interface OpenAiServer extends Dialect {
  /** Absent: the server asks for none. */
  apiKey?: string | undefined;
  /** With the version in its path, as the SDK wants it. */
  baseUrl: string;
  /** Longest wait for a server to begin, in milliseconds. */
  beginsWithinMs?: number;
}

/** Any server that speaks OpenAI's chat completions. */
export function openAiChat(server: OpenAiServer): Provider {
  let client: Promise<OpenAI> | undefined;
  const connected = () => {
    client ??= connect(server);
    return client;
  };
  return {
    stream(request) {
      return oneAnswer(server.label, request.signal, async function* (signal) {
        // the body holds parameters of other vendors too
        const body = chatBody(server, request) as OpenAI.ChatCompletionCreateParamsStreaming;
        const sdk = await connected();
        yield* chatDeltas(server, await sdk.chat.completions.create(body, { signal }).asResponse());
      });
    },
    models: (signal) =>
      modelIds(server.label, signal, async () => {
        const sdk = await connected();
        return sdk.models.list({ signal }).asResponse();
      }),
  };
}

async function connect({ apiKey, baseUrl, beginsWithinMs = 60_000 }: OpenAiServer): Promise<OpenAI> {
  // loaded with the first call: whoever has no such provider should not wait for it
  const { OpenAI: Sdk } = await import('openai');
  return new Sdk({
    apiKey: apiKey ?? 'none',
    ...(apiKey === undefined && { defaultHeaders: { authorization: null } }),
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: beginsWithinMs,
    fetch: guardedFetch,
    // its own messages hold what models say
    logLevel: 'off',
    // otherwise read from the environment, and sent to vendors that are not OpenAI
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
  });
}
