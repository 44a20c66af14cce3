import { z } from 'zod';
import { compareUsd } from './money.ts';

/** What a model costs, as data: rows that hold between dates, for prompts of some length, at some hours. USD per million tokens. */

/** The kinds of token that are paid for; reasoning is part of output. */
export const priceBuckets = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;
export type PriceBucket = (typeof priceBuckets)[number];

const usdPerMillion = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be decimal text with at most six decimals, such as "0.25": USD per million tokens');
const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/,
    'must be a day or a second in UTC, such as 2026-10-07 or 2026-10-07T16:00:00Z',
  )
  .refine((text) => isDate(text), 'is no date');
/** JavaScript takes the 30th of February for the 2nd of March. */
const isDate = (text: string): boolean =>
  !Number.isNaN(momentOf(text)) && new Date(momentOf(text)).toISOString().startsWith(text.slice(0, 10));
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 16:30');

/** Hours of the day in UTC, from the first minute to before the last. One that ends before it begins ends on the next day. */
const utcWindow = z.strictObject({
  from: clock,
  to: clock,
  /** Of the day on which it begins: 1 is Monday, 7 Sunday. Absent: every day. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).optional(),
});

/** What a person says of a price. */
export const priceFields = {
  provider: z.string().min(1).max(50),
  /** The provider's own id, compared letter by letter: no prefix, no family. */
  model: z.string().min(1).max(200),
  /** Holds from this second on, and until before that one. */
  from: moment.optional(),
  to: moment.optional(),
  /** Holds for prompts of more than so many tokens, and of up to so many; cached ones are part of the prompt. */
  promptAbove: z.number().int().min(0).optional(),
  promptUpTo: z.number().int().min(0).optional(),
  /** Holds in these hours, in place of the row that has none. Prices are absolute: nothing is multiplied. */
  utcWindow: utcWindow.optional(),
  /** A kind without a price is unpriced, never free; "0" says that it is free. */
  input: usdPerMillion.optional(),
  output: usdPerMillion.optional(),
  cacheRead: usdPerMillion.optional(),
  cacheWrite5m: usdPerMillion.optional(),
  cacheWrite1h: usdPerMillion.optional(),
  note: z.string().max(500).optional(),
};

export const priceRowSchema = z
  .strictObject({
    id: z.string().min(1).max(100),
    ...priceFields,
    /** Where it can be checked, when somebody last did, and whether every figure of the row stands on the vendor's own page. */
    source: z.string().min(1).max(500),
    checked: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, 'must be a month or a day, such as 2026-11'),
    verified: z.boolean(),
  })
  .refine(({ from, to }) => !from || !to || momentOf(from) < momentOf(to), 'ends before it begins')
  .refine(({ promptAbove = -1, promptUpTo }) => promptUpTo === undefined || promptAbove < promptUpTo, 'holds for no prompt')
  .refine((row) => priceBuckets.some((bucket) => row[bucket] !== undefined), 'has no price');

export type PriceRow = z.infer<typeof priceRowSchema>;

/** A day alone begins at midnight UTC. */
export const momentOf = (text: string): number => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);

/** What a call cost, or why that is not known. */
export type Priced =
  | {
      status: 'priced';
      costUsd: string;
      /** Id of the price row. */
      row: string;
    }
  | { status: 'unpriced'; because: UnpricedBecause };
export type UnpricedBecause =
  | 'unknown model'
  /** The model has rows, and none for this moment and this length of prompt. */
  | 'no price for this time or length'
  | `no price for ${PriceBucket}`
  /** How much was used is not known: no shortcoming of the price table. */
  | 'usage not known';

/** A price as a person enters it. */
export type NewPrice = Omit<PriceRow, 'id' | 'source' | 'checked' | 'verified'> & { source?: string };

/** Prices of one workspace that go before ours: a contract of its own, a model of its own server. */
export interface PriceOverrides {
  list(): Promise<PriceRow[]>;
  /** Refuses what cannot be a price per million tokens, and what holds for the same calls as another one of the workspace. */
  add(price: NewPrice): Promise<PriceRow>;
  remove(id: string): Promise<boolean>;
  /** Those that come with the product, of exactly this model. */
  known(provider: string, model: string): PriceRow[];
}

/** Nothing on the market is cheaper or dearer than these, by the million. */
const cheapest: Record<PriceBucket, string> = {
  input: '0.001',
  output: '0.001',
  cacheRead: '0.0001',
  cacheWrite5m: '0.0001',
  cacheWrite1h: '0.0001',
};
const dearest = '5000';

/**
 * What looks wrong with a price somebody entered, in words with advice; nothing when it looks right. Prices are published per token, per
 * thousand and per million tokens, and the wrong one of these makes budgets worthless or locks everybody out. `known` is a row of the same model.
 */
export function implausible(row: Partial<Record<PriceBucket, string>>, known?: PriceRow): string | undefined {
  for (const bucket of priceBuckets) {
    const price = row[bucket];
    // what is no decimal at all is the schema's to refuse
    if (price === undefined || !/^\d+(\.\d{1,12})?$/.test(price) || /^0+(\.0+)?$/.test(price)) continue;
    const usual = known?.[bucket];
    if (compareUsd(price, cheapest[bucket]) < 0)
      return `${bucket} ${price} looks like a price per token. Prices here are per million tokens: did you mean ${times(price, 6)}?`;
    if (compareUsd(price, dearest) > 0)
      return `${bucket} ${price} USD per million tokens is more than any model costs. Prices here are per million tokens, in dollars.`;
    if (usual !== undefined && Number(usual) > 0) {
      const ratio = Number(price) / Number(usual);
      if (ratio <= 1 / 500)
        return `${bucket} ${price} looks like a price per thousand tokens: the known price is ${usual} per million. Did you mean ${times(price, 3)}?`;
      if (ratio >= 500) return `${bucket} ${price} is ${Math.round(ratio)} times the known price of ${usual} per million tokens.`;
    }
  }
  return undefined;
}

/** Decimal text with the point moved to the right. */
function times(price: string, places: number): string {
  const [whole = '0', decimals = ''] = price.split('.');
  const digits = decimals.padEnd(places, '0');
  const moved = `${whole}${digits.slice(0, places)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(places).replace(/0+$/, '');
  return rest ? `${moved}.${rest}` : moved;
}
