import { z } from 'zod';
import { priceFields, priceRowSchema } from '../core/price.ts';
import { AppError } from '../errors.ts';
import { defineTool } from './define.ts';
import { pricesInWords } from './list-prices.ts';

/** A price per token has more decimals than one per million: it is read, so that what is wrong with it can be said. */
const amount = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,12})?$/, 'must be decimal text such as "0.25": USD per million tokens')
  .optional();
const amounts = { input: amount, output: amount, cacheRead: amount, cacheWrite5m: amount, cacheWrite1h: amount };

export const setPrice = defineTool({
  name: 'set_price',
  title: 'Set a price of a model',
  description:
    'A price of this workspace\'s own for a model, in USD per million tokens as decimal text: a contract, a newer price, or "0" for a server of one\'s own. It goes before the price that comes with the product and counts for calls from within a minute on; what was counted before stays. A kind of token without a price is unpriced, never free.',
  input: z.strictObject({ ...priceFields, ...amounts }),
  output: z.object({ price: priceRowSchema }),
  risk: 'write',
  minRole: 'admin',
  async run(input, { records }) {
    return { price: await records.prices.add(input) };
  },
  sentence: ({ price }) => `Set the price of ${price.model} (${price.provider}): ${pricesInWords(price)} USD per million tokens`,
});

export const removePrice = defineTool({
  name: 'remove_price',
  title: "Remove a price of one's own",
  description: 'Takes a price away that set_price made; the one that comes with the product holds again. Ids: list_prices.',
  input: z.strictObject({ id: z.string().min(1).max(100) }),
  output: z.object({ id: z.string() }),
  risk: 'write',
  minRole: 'admin',
  async run({ id }, { records }) {
    if (!(await records.prices.remove(id)))
      throw new AppError('not_found', 'There is no price of your own with this id. list_prices shows those that there are.');
    return { id };
  },
});
