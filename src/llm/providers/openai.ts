import { openAiChat } from '../openai-chat.ts';
import type { ProviderDeclaration } from '../provider.ts';
import { addressOf, keyOf, modelOf, withPath } from '../variables.ts';

const model = 'gpt-5.6-luna';

export const openai = {
  id: 'openai',
  label: 'OpenAI',
  settings: {
    OPENAI_API_KEY: keyOf('OpenAI', 'sk-...'),
    OPENAI_MODEL: modelOf('OpenAI', model),
    OPENAI_BASE_URL: addressOf('OpenAI', 'chat completions'),
  },
  required: ['OPENAI_API_KEY'],
  models: { fast: model, cheap: model, smart: model },
  create: (values) =>
    openAiChat({
      id: 'openai',
      label: 'OpenAI',
      apiKey: values['OPENAI_API_KEY'],
      baseUrl: withPath(values['OPENAI_BASE_URL'] ?? 'https://api.openai.com', '/v1'),
    }),
} satisfies ProviderDeclaration;
