import { openAiChat } from '../openai-chat.ts';
import type { ProviderDeclaration } from '../provider.ts';
import { keyOf, servedModelOf, serverOf, withPath } from '../variables.ts';

/** vLLM, and any other server that speaks chat completions and is no provider of its own here. */
export const vllm = {
  id: 'vllm',
  label: 'vLLM',
  settings: {
    VLLM_BASE_URL: serverOf('vLLM', 'http://127.0.0.1:8000'),
    VLLM_MODEL: servedModelOf('vLLM', 'Qwen/Qwen3-8B'),
    VLLM_API_KEY: { ...keyOf('vLLM'), about: 'Key of the vLLM server, where it was started with one.' },
  },
  required: ['VLLM_BASE_URL', 'VLLM_MODEL'],
  models: {},
  ownServer: true,
  create: (values) =>
    openAiChat({
      id: 'vllm',
      label: 'vLLM',
      apiKey: values['VLLM_API_KEY'],
      baseUrl: withPath(values['VLLM_BASE_URL'] ?? 'http://127.0.0.1:8000', '/v1'),
      beginsWithinMs: 300_000,
    }),
} satisfies ProviderDeclaration;
