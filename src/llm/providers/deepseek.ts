import { type Thoughts, thoughtText } from '../chat-completions.ts';
import { openAiChat } from '../openai-chat.ts';
import type { ProviderDeclaration } from '../provider.ts';
import { addressOf, keyOf, modelOf, withPath } from '../variables.ts';

const model = 'deepseek-flash';

/**
 * It thinks unless told not to, and while it does every earlier answer has to carry its thinking, or the request is refused:
 * what it thought with its calls it wants back in all later turns, and for the answers of others an empty text will do. A
 * request without thinking must carry none.
 */
const thoughts: Thoughts = {
  collector: thoughtText('reasoning_content'),
  fields(parts, { forced }) {
    if (forced) return {};
    const [own] = parts as [{ reasoning_content: string }?];
    return { reasoning_content: own?.reasoning_content ?? '' };
  },
};

export const deepseek = {
  id: 'deepseek',
  label: 'DeepSeek',
  settings: {
    DEEPSEEK_API_KEY: keyOf('DeepSeek', 'sk-...'),
    DEEPSEEK_MODEL: modelOf('DeepSeek', model),
    DEEPSEEK_BASE_URL: addressOf('DeepSeek', 'chat completions'),
  },
  required: ['DEEPSEEK_API_KEY'],
  models: { fast: model, cheap: model, smart: model },
  create: (values) =>
    openAiChat({
      id: 'deepseek',
      label: 'DeepSeek',
      thoughts,
      apiKey: values['DEEPSEEK_API_KEY'],
      baseUrl: withPath(values['DEEPSEEK_BASE_URL'] ?? 'https://api.deepseek.com', '/v1'),
    }),
} satisfies ProviderDeclaration;
