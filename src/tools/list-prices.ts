import { z } from 'zod';
import { type PriceRow, priceBuckets, priceRowSchema } from '../core/price.ts';
import { defineTool } from './define.ts';

export const listPrices = defineTool({
  name: 'list_prices',
  title: 'List prices of models',
  description:
    'The prices of models that this workspace has set for itself, which go before those that come with the product. With provider and model also the prices known for that model. USD per million tokens.',
  input: z
    .strictObject({
      provider: z.string().min(1).max(50).optional().describe('Such as anthropic or openrouter.'),
      model: z.string().min(1).max(200).optional().describe("The provider's own id of the model, exactly."),
    })
    .refine(
      ({ provider, model }) => (provider === undefined) === (model === undefined),
      'give both provider and model, or neither',
    ),
  output: z.object({ own: z.array(priceRowSchema), known: z.array(priceRowSchema) }),
  risk: 'read',
  minRole: 'manager',
  async run({ provider, model }, { records: { prices } }) {
    const own = await prices.list();
    if (provider === undefined || model === undefined) return { own, known: [] };
    return { own: own.filter((row) => row.provider === provider && row.model === model), known: prices.known(provider, model) };
  },
  card: ({ own, known }) => ({
    title: 'Prices of models, USD per million tokens',
    blocks: [
      own.length + known.length === 0
        ? { type: 'text', text: 'None of your own: what comes with the product holds.' }
        : {
            type: 'table',
            columns: ['Model', 'Input', 'Output', 'Cache read', 'Holds', 'Id'],
            rows: [...own.map((row) => lineOf(row, 'your own')), ...known.map((row) => lineOf(row, 'comes with the product'))],
          },
    ],
  }),
});

const lineOf = (row: PriceRow, whose: string): string[] => [
  `${row.model} (${row.provider}), ${whose}`,
  row.input ?? 'not known',
  row.output ?? 'not known',
  row.cacheRead ?? 'not known',
  whenOf(row),
  row.id,
];

/** In words, for people. */
function whenOf({ from, to, promptAbove, promptUpTo, utcWindow }: PriceRow): string {
  const parts = [
    from && `from ${from}`,
    to && `until ${to}`,
    promptAbove !== undefined && `prompts above ${promptAbove.toLocaleString('en-US')} tokens`,
    promptUpTo !== undefined && `prompts up to ${promptUpTo.toLocaleString('en-US')} tokens`,
    utcWindow && `${utcWindow.from} to ${utcWindow.to} UTC`,
  ].filter(Boolean);
  return parts.join(', ') || 'always';
}

/** The prices of a row, in words. */
export const pricesInWords = (row: Partial<Record<(typeof priceBuckets)[number], string>>): string =>
  priceBuckets.flatMap((bucket) => (row[bucket] === undefined ? [] : [`${names[bucket]} ${row[bucket]}`])).join(', ');

const names: Record<(typeof priceBuckets)[number], string> = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache read',
  cacheWrite5m: 'cache write',
  cacheWrite1h: 'cache write for an hour',
};
