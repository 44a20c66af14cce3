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

/** What is used of an SDK: each of them sends bodies of its own vendor, and others that speak as that one does. */
interface ChatSdk {
  chat: { completions: { create(body: object, options: { signal: AbortSignal }): Raw } };
  models: { list(options: { signal: AbortSignal }): Raw };
}
/** The answer as it came, before the SDK reads it in its own way. */
type Raw = { asResponse(): Promise<Response> };

/** Any server that speaks OpenAI's chat completions. */
export const openAiChat = (server: OpenAiServer): Provider => chatProvider(server, () => connect(server));

/** A provider over an SDK that is loaded with the first call: whoever has no such provider should not wait for it. */
export function chatProvider(dialect: Dialect, connect: () => Promise<ChatSdk>): Provider {
  let client: Promise<ChatSdk> | undefined;
  const connected = () => {
    client ??= connect();
    return client;
  };
  return {
    stream: (request) =>
      oneAnswer(dialect.label, request.signal, async function* (signal) {
        const body = chatBody(dialect, request);
        const sdk = await connected();
        yield* chatDeltas(dialect, await sdk.chat.completions.create(body, { signal }).asResponse());
      }),
    models: (signal) =>
      modelIds(dialect.label, signal, async () => {
        const sdk = await connected();
        return sdk.models.list({ signal }).asResponse();
      }),
  };
}

async function connect({ apiKey, baseUrl, beginsWithinMs = 60_000 }: OpenAiServer): Promise<OpenAI> {
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
