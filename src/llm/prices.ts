import type { Usage } from '../core/llm.ts';
import * as costs from './costs/prices.ts';

/** Prices of the one provider that is asked without a router. */
const provider = 'anthropic';

export const isPriced = (model: string): boolean => costs.isPriced(provider, model);

/** What a call of so many tokens costs that finds nothing in the cache and leaves nothing there. */
export const estimateOf = (model: string, input: number, output: number, at: Date): string | null =>
  costs.estimateOf({ provider, model, input, output, at });

/** Exact decimal text, or null when it is not known what this costs. */
export function costOf(model: string, usage: Usage, at: Date): string | null {
  const priced = costs.priceOf({ provider, model, usage, at });
  return priced.status === 'priced' ? priced.costUsd : null;
}
