/** What a model takes of what we may ask of it. */
export interface Capabilities {
  /** The parameter that limits an answer. */
  limit: 'max_tokens' | 'max_completion_tokens';
  /** Whether a temperature may be given; where it may not, giving one is an error or does harm. */
  temperature: boolean;
  /** How it is made to call one tool: by the API's own form, or in words because the form is refused or passed over. */
  force: 'form' | 'words';
  /** Sent along when tools are offered, and when one has to be called. */
  withTools?: Record<string, unknown>;
  whenForced?: Record<string, unknown>;
}

interface Row extends Partial<Capabilities> {
  provider: string;
  /** Absent: all of its models, also those that we do not know. */
  models?: RegExp;
}

/**
 * The later row wins. Prefixes are ones that the vendors document for a family; what is not named gets the provider's first row,
 * which is what its newest models take.
 */
const rows: readonly Row[] = [
  // max_tokens is deprecated and refused by models that reason, as is a temperature; both hold for the families before them
  { provider: 'openai', limit: 'max_completion_tokens', temperature: false, force: 'form' },
  {
    provider: 'openai',
    models: /^(gpt-3\.5-turbo|gpt-4|chatgpt-4o-latest$|gpt-5-chat-latest$)/,
    limit: 'max_tokens',
    temperature: true,
  },
  // with tools, chat completions of these refuse to reason, and from 5.6 on they do so unless told not to
  { provider: 'openai', models: /^gpt-(5\.[4-9]|[6-9])(?!.*-(pro|codex))/, withTools: { reasoning_effort: 'none' } },

  // without this row's exceptions: what the models since Sonnet 5.5 and Opus 5.5 refuse
  { provider: 'anthropic', limit: 'max_tokens', temperature: false, force: 'words' },
  { provider: 'anthropic', models: /^claude-(haiku-[45]-|(opus|sonnet)-(4-|5$))/, force: 'form' },
  { provider: 'anthropic', models: /^claude-(haiku-4-5|sonnet-4-[56]|opus-4-[156])(-\d{8})?$/, temperature: true },

  { provider: 'gemini', limit: 'max_tokens', temperature: false, force: 'form' },
  // from 3 on a temperature below the default makes them go round in circles
  { provider: 'gemini', models: /^gemini-2\./, temperature: true },

  { provider: 'cerebras', limit: 'max_completion_tokens', temperature: true, force: 'form' },

  // thinks unless told not to, and refuses a forced call while it thinks
  { provider: 'deepseek', limit: 'max_tokens', temperature: true, force: 'form', whenForced: { thinking: { type: 'disabled' } } },

  // passes over parameters that the model behind it does not take, but not over a refused tool_choice
  { provider: 'openrouter', limit: 'max_tokens', temperature: true, force: 'form' },
  { provider: 'openrouter', models: /^deepseek\//, whenForced: { reasoning: { enabled: false } } },
  { provider: 'openrouter', models: /^anthropic\//, force: 'words' },
  { provider: 'openrouter', models: /^anthropic\/claude-(haiku-[45]\.|(opus|sonnet)-(4\.|5$))/, force: 'form' },

  // its OpenAI-shaped door does not know tool_choice
  { provider: 'ollama', limit: 'max_tokens', temperature: true, force: 'words' },
  { provider: 'vllm', limit: 'max_tokens', temperature: true, force: 'form' },
];

export function capabilitiesOf(provider: string, model: string): Capabilities {
  const known: Capabilities = { limit: 'max_tokens', temperature: false, force: 'words' };
  for (const { provider: of, models, ...can } of rows)
    if (of === provider && (models?.test(model) ?? true)) Object.assign(known, can);
  return known;
}
