import type { Usage } from '../core/llm.ts';
import { addUsd, usdOfTokens } from '../core/money.ts';

/**
 * What models cost, USD per million tokens. Ids are matched exactly: a model that is not listed, or a kind of token without a
 * price here, is unpriced and said to be, never free. Collected 2026-11 and not all confirmed by the vendor: check them against the
 * price page before an invoice depends on them. Cache prices of opus-5 and haiku-4-5 are the usual 0.1 and 1.25 of the input price.
 */
interface Price {
  model: string;
  input: string;
  output: string;
  cacheRead?: string;
  /** Kept for five minutes, the only kind we ask for. */
  cacheWrite?: string;
  /** Holds from this day on, UTC. */
  from?: string;
  /** Holds for prompts up to this many tokens, cached ones included. */
  upTo?: number;
}

const prices: readonly Price[] = [
  { model: 'claude-opus-5', input: '5', output: '25', cacheRead: '0.5', cacheWrite: '6.25' },
  { model: 'claude-sonnet-5-5', input: '2', output: '10', cacheRead: '0.2', cacheWrite: '2.5' },
  { model: 'claude-sonnet-5-5', input: '2', output: '10', cacheRead: '0.1', cacheWrite: '2.5', from: '2026-10-07' },
  { model: 'claude-haiku-5-5', input: '0.1', output: '0.5', cacheRead: '0.01', cacheWrite: '0.125', upTo: 100_000 },
  { model: 'claude-haiku-4-5', input: '1', output: '5', cacheRead: '0.1', cacheWrite: '1.25' },
];

export const isPriced = (model: string): boolean => prices.some((price) => price.model === model);

/** What a call of so many tokens costs that finds nothing in the cache and leaves nothing there. */
export const estimateOf = (model: string, input: number, output: number, at: Date): string | null =>
  costOf(model, { input, cacheRead: 0, cacheWrite: 0, output, reasoning: 0 }, at);

/** Exact decimal text, or null when it is not known what this costs. */
export function costOf(model: string, usage: Usage, at: Date): string | null {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const day = at.toISOString().slice(0, 10);
  const price = prices.findLast(
    (row) => row.model === model && (row.from ?? '') <= day && (row.upTo === undefined || prompt <= row.upTo),
  );
  if (!price) return null;
  const parts: [number, string | undefined][] = [
    [usage.input, price.input],
    [usage.cacheRead, price.cacheRead],
    [usage.cacheWrite, price.cacheWrite],
    [usage.output, price.output],
  ];
  if (parts.some(([tokens, perMillion]) => tokens > 0 && perMillion === undefined)) return null;
  return addUsd(...parts.map(([tokens, perMillion = '0']) => usdOfTokens(tokens, perMillion)));
}
