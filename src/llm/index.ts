import type { Ledger } from '../core/execution.ts';
import type { Llm } from '../core/llm.ts';
import type { Log } from '../log.ts';
import { type AnthropicSettings, createAnthropic } from './anthropic.ts';
import { metered } from './metered.ts';
import { createOffline } from './offline/provider.ts';
import { isPriced } from './prices.ts';

export interface LlmSettings {
  anthropic?: AnthropicSettings;
  /** A model door to use in place of these. */
  given?: Llm;
}

/** The model door: Claude when there is a key, the offline rules when not; every call is priced and written down. */
export function createLlm(ledger: Ledger, log: Log, { anthropic, given }: LlmSettings): { llm: Llm; name: string } {
  const provider = given ?? (anthropic ? createAnthropic(anthropic) : createOffline());
  return { llm: metered(provider, ledger, log), name: anthropic && !given ? nameOf(anthropic) : 'offline rules' };
}

const nameOf = ({ model }: AnthropicSettings): string =>
  `${model} (Anthropic)${isPriced(model) ? '' : ', whose price is not known: its cost is not counted'}`;
