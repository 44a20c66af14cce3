import type { Cerebras, ClientOptions } from '@cerebras/cerebras_cloud_sdk';
import { type Thoughts, thoughtText } from '../chat-completions.ts';
import { guardedFetch } from '../guarded-fetch.ts';
import { chatProvider } from '../openai-chat.ts';
import type { ProviderDeclaration } from '../provider.ts';
import { addressOf, keyOf, modelOf, withoutPath } from '../variables.ts';

const model = 'gpt-oss-120b';

/** Its models go on with what they thought before a call; what they thought in earlier turns is of no use to them. */
const thoughts: Thoughts = {
  collector: thoughtText('reasoning'),
  fields(parts, { inLoop }) {
    const [own] = parts as [{ reasoning: string }?];
    return own && inLoop ? { reasoning: own.reasoning } : {};
  },
};

const dialect = { id: 'cerebras', label: 'Cerebras', thoughts };

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
    chatProvider(dialect, () =>
      connect(values['CEREBRAS_API_KEY'] ?? '', withoutPath(values['CEREBRAS_BASE_URL'] ?? 'https://api.cerebras.ai', '/v1')),
    ),
} satisfies ProviderDeclaration;
