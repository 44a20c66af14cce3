import { addUsd, usdOfNumber } from '../../core/money.ts';
import type { Thoughts } from '../chat-completions.ts';
import { openAiChat } from '../openai-chat.ts';
import type { ProviderDeclaration } from '../provider.ts';
import { addressOf, keyOf, modelOf, withPath } from '../variables.ts';

const model = 'deepseek/deepseek-v4.1-flash';

interface Detail {
  type?: unknown;
  index?: unknown;
  text?: string;
  summary?: string;
  [other: string]: unknown;
}

/** Pieces of one block of thinking follow each other; they travel back as the whole blocks, in their order, unchanged. */
const thoughts: Thoughts = {
  collector() {
    const blocks: Detail[] = [];
    return {
      add({ reasoning_details: details }) {
        if (!Array.isArray(details)) return;
        for (const detail of details as Detail[]) {
          const last = blocks.at(-1);
          const goesOn =
            last && last.type === detail.type && last.index === detail.index && detail.type !== 'reasoning.encrypted';
          if (!goesOn) blocks.push({ ...detail });
          else
            for (const [key, value] of Object.entries(detail)) {
              if (key === 'text' || key === 'summary') last[key] = `${last[key] ?? ''}${value ?? ''}`;
              else if (value !== null && value !== undefined) last[key] = value;
            }
        }
      },
      parts: () => blocks,
    };
  },
  fields: (parts, { forced }) => (parts.length > 0 && !forced ? { reasoning_details: parts } : {}),
};

/**
 * Every answer of it says what it costs (openrouter.ai/docs/use-cases/usage-accounting; a credit is a dollar): which server answered decides
 * that, so no table could know. With a key of one's own for the server behind it, that server's bill comes on top.
 */
function billed(usage: Record<string, unknown>): string | undefined {
  const cost = amountOf(usage['cost']);
  if (cost === undefined || usage['is_byok'] !== true) return cost;
  const upstream = amountOf((usage['cost_details'] as Record<string, unknown> | null | undefined)?.['upstream_inference_cost']);
  return upstream === undefined ? undefined : addUsd(cost, upstream);
}

/** No call costs so much: whoever says so is wrong, and would use up a month's limit at once. */
const mostUsd = 1000;
const amountOf = (told: unknown): string | undefined => (Number(told) > mostUsd ? undefined : usdOfNumber(told));

export const openrouter = {
  id: 'openrouter',
  label: 'OpenRouter',
  settings: {
    OPENROUTER_API_KEY: keyOf('OpenRouter', 'sk-or-...'),
    OPENROUTER_MODEL: modelOf('OpenRouter', model),
    OPENROUTER_BASE_URL: addressOf('OpenRouter', 'chat completions'),
  },
  required: ['OPENROUTER_API_KEY'],
  models: { fast: model, cheap: model, smart: model },
  bills: true,
  create: (values) =>
    openAiChat({
      id: 'openrouter',
      label: 'OpenRouter',
      thoughts,
      billed,
      apiKey: values['OPENROUTER_API_KEY'],
      baseUrl: withPath(values['OPENROUTER_BASE_URL'] ?? 'https://openrouter.ai', '/api/v1'),
    }),
} satisfies ProviderDeclaration;
