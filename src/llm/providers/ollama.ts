import { openAiChat } from '../openai-chat.ts';
import type { ProviderDeclaration } from '../provider.ts';
import { servedModelOf, serverOf, withPath } from '../variables.ts';

export const ollama = {
  id: 'ollama',
  label: 'Ollama',
  settings: {
    OLLAMA_BASE_URL: serverOf('Ollama', 'http://127.0.0.1:11434'),
    OLLAMA_MODEL: servedModelOf('Ollama', 'qwen3:8b'),
  },
  required: ['OLLAMA_BASE_URL', 'OLLAMA_MODEL'],
  models: {},
  ownServer: true,
  create: (values) =>
    openAiChat({
      id: 'ollama',
      label: 'Ollama',
      baseUrl: withPath(values['OLLAMA_BASE_URL'] ?? 'http://127.0.0.1:11434', '/v1'),
      // it may have to load the model first
      beginsWithinMs: 300_000,
    }),
} satisfies ProviderDeclaration;
