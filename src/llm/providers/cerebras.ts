import type { Cerebras, ClientOptions } from '@cerebras/cerebras_cloud_sdk';
import type { ChatCompletionCreateParamsStreaming } from '@cerebras/cerebras_cloud_sdk/resources/chat/completions';
import { chatBody, chatDeltas, type Thoughts } from '../chat-completions.ts';
import { guardedFetch } from '../guarded-fetch.ts';
import { modelIds } from '../model-list.ts';
import { oneAnswer } from '../one-answer.ts';
import type { Provider, ProviderDeclaration } from '../provider.ts';
import { addressOf, keyOf, modelOf, withoutPath } from '../variables.ts';

const model = 'gpt-oss-120b';

/** Its models go on with what they thought before a call; what they thought in earlier turns is of no use to them. */
const thoughts: Thoughts = {
  collector() {
    let thinking = '';
    return {
      add({ reasoning: more }) {
        if (typeof more === 'string') thinking += more;
      },
      parts: () => (thinking === '' ? [] : [{ reasoning: thinking }]),
    };
  },
  fields(parts, { inLoop }) {
    const [own] = parts as [{ reasoning: string }?];
    return own && inLoop ? { reasoning: own.reasoning } : {};
  },
};

const dialect = { id: 'cerebras', label: 'Cerebras', thoughts };

function connection(apiKey: string, baseUrl: string): Provider {
  let client: Promise<Cerebras> | undefined;
  const connected = () => {
    client ??= connect(apiKey, baseUrl);
    return client;
  };
  return {
    stream(request) {
      return oneAnswer(dialect.label, request.signal, async function* (signal) {
        const body = chatBody(dialect, request) as ChatCompletionCreateParamsStreaming;
        const sdk = await connected();
        yield* chatDeltas(dialect, await sdk.chat.completions.create(body, { signal }).asResponse());
      });
    },
    models: (signal) =>
      modelIds(dialect.label, signal, async () => {
        const sdk = await connected();
        return sdk.models.list({ signal }).asResponse();
      }),
  };
}

async function connect(apiKey: string, baseUrl: string): Promise<Cerebras> {
  // otherwise it brings a fetch of its own, whose answers are no web streams and whose parts newer Nodes warn of
  await import('@cerebras/cerebras_cloud_sdk/shims/web').catch(() => undefined);
  const { Cerebras: Sdk } = await import('@cerebras/cerebras_cloud_sdk');
  // a client that warms its connection calls the server before anybody asked for anything
  const own = guardedFetch as unknown as ClientOptions['fetch'];
  return new Sdk({ apiKey, baseURL: baseUrl, maxRetries: 0, timeout: 60_000, warmTCPConnection: false, fetch: own });
}

export const cerebras = {
  id: 'cerebras',
  label: 'Cerebras',
  settings: {
    CEREBRAS_API_KEY: keyOf('Cerebras', 'csk-...'),
    CEREBRAS_MODEL: modelOf('Cerebras', model),
    CEREBRAS_BASE_URL: addressOf('Cerebras', 'chat completions'),
  },
  required: ['CEREBRAS_API_KEY'],
  models: { fast: model, cheap: model, smart: model },
  create: (values) =>
    connection(values['CEREBRAS_API_KEY'] ?? '', withoutPath(values['CEREBRAS_BASE_URL'] ?? 'https://api.cerebras.ai', '/v1')),
} satisfies ProviderDeclaration;
