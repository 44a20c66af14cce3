import { readFileSync } from 'node:fs';
import type { Usage } from '../../core/llm.ts';
import { addUsd, usdOfTokens } from '../../core/money.ts';
import { type PriceBucket, type Priced, type PriceRow, priceBuckets, priceRowSchema } from '../../core/price.ts';
import { type PriceTable, priceTable, type ReadyRow } from '../../core/price-table.ts';

export interface PricedCall {
  provider: string;
  model: string;
  usage: Usage;
  /**
   * When the call began. That moment alone counts, however long the answer took: a price that changes in the middle of a call would otherwise
   * cost what nobody could have known before.
   */
  at: Date;
  /** Of the workspace that pays: they go before ours. */
  overrides?: PriceTable;
}

/** The prices that come with us, checked as they are read. */
export const bundledRows: readonly PriceRow[] = (
  JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')) as { rows: unknown[] }
).rows.map((row) => priceRowSchema.parse(row));

const bundled = priceTable(bundledRows);

/** To the last digit, or why not: a model that has no row, or a kind of token that its row has no price for, is never free. */
export function priceOf({ provider, model, usage, at, overrides }: PricedCall): Priced {
  if (!priceBuckets.every((bucket) => isCount(usage[bucket]))) return { status: 'unpriced', because: 'usage not known' };
  const own = overrides?.of(provider, model);
  const ours = bundled.of(provider, model);
  if (!own && !ours) return { status: 'unpriced', because: 'unknown model' };
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const row = holding(own, at, prompt) ?? holding(ours, at, prompt);
  if (!row) return { status: 'unpriced', because: 'no price for this time or length' };
  const parts: string[] = [];
  for (const bucket of priceBuckets) {
    const tokens = usage[bucket];
    if (tokens === 0) continue;
    const usdPerMillion = row.usdPerMillion[bucket];
    if (usdPerMillion === undefined) return { status: 'unpriced', because: `no price for ${bucket}` };
    parts.push(usdOfTokens(tokens, usdPerMillion));
  }
  return { status: 'priced', costUsd: addUsd(...parts), row: row.id };
}

/**
 * For a call whose price is not known: what it would cost at the highest price of each kind of token that any known model has. A guess on the
 * safe side, which limits count with; no row of the table of calls ever holds it. Null when the counts themselves are none.
 */
export function guessOf({ usage, at, overrides }: Pick<PricedCall, 'usage' | 'at' | 'overrides'>): string | null {
  if (!priceBuckets.every((bucket) => isCount(usage[bucket]))) return null;
  const tables = [bundled.dearest(at.getTime()), overrides?.dearest(at.getTime()) ?? {}];
  const dearest = (bucket: PriceBucket): string =>
    tables.flatMap((table) => table[bucket] ?? []).reduce((most, price) => (Number(price) > Number(most) ? price : most), '0');
  return addUsd(...priceBuckets.map((bucket) => usdOfTokens(usage[bucket], dearest(bucket))));
}

/** What a provider counts is outside text like any other: a count of -5 or 1e30 tokens is none. */
const isCount = (tokens: unknown): boolean => Number.isSafeInteger(tokens) && (tokens as number) >= 0;

function holding(rows: readonly ReadyRow[] | undefined, at: Date, prompt: number): ReadyRow | undefined {
  let whole: ReadyRow | undefined;
  for (const row of rows ?? []) {
    if (!row.holds(at.getTime(), prompt)) continue;
    if (row.timed) return row;
    whole ??= row;
  }
  return whole;
}

/** What a call of so many tokens costs that finds nothing in the provider's cache and leaves nothing there; null when that is not known. */
export function estimateOf(
  call: Omit<PricedCall, 'usage'> & Record<Extract<PriceBucket, 'input' | 'output'>, number>,
): string | null {
  const { input, output } = call;
  const usage: Usage = { input, output, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0, source: 'estimated' };
  const priced = priceOf({ ...call, usage });
  return priced.status === 'priced' ? priced.costUsd : null;
}

export const isPriced = (provider: string, model: string, overrides?: PriceTable): boolean =>
  overrides?.of(provider, model) !== undefined || bundled.of(provider, model) !== undefined;
