import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noUsage, type Usage } from '../../../src/core/llm.ts';
import { addUsd, compareUsd, usdOfTokens } from '../../../src/core/money.ts';
import { implausible, type PriceRow, priceBuckets, priceRowSchema } from '../../../src/core/price.ts';
import { priceTable } from '../../../src/core/price-table.ts';
import { bundledRows, estimateOf, guessOf, priceOf } from '../../../src/llm/costs/prices.ts';

const used = (usage: Partial<Usage>): Usage => ({ ...noUsage, ...usage });
const cost = (provider: string, model: string, usage: Partial<Usage>, at: string) => {
  const priced = priceOf({ provider, model, usage: used(usage), at: new Date(at) });
  return priced.status === 'priced' ? priced.costUsd : priced.because;
};
const row = (more: Partial<PriceRow>): PriceRow => ({
  id: crypto.randomUUID(),
  provider: 'own',
  model: 'm-1',
  input: '1',
  output: '2',
  source: 'a contract',
  checked: '2026-11-01',
  verified: true,
  ...more,
});

describe('a call is priced', () => {
  it.each([
    // 1200 x 2 + 300 x 10 + 50 000 x 0.1 + 2000 x 2.5 + 1000 x 4, in millionths
    [
      'every kind of token at its own price',
      { input: 1200, output: 300, cacheRead: 50_000, cacheWrite5m: 2000, cacheWrite1h: 1000 },
      '0.019400000000',
    ],
    ['one cached token', { cacheRead: 1 }, '0.000000100000'],
    ['reasoning once, as the output it is part of', { input: 10, output: 500, reasoning: 400 }, '0.005020000000'],
    ['nothing used', {}, '0.000000000000'],
    ['as much as a year of work', { input: 9_007_199_254_740_991 }, '18014398509.481982000000'],
  ])('%s', (_what, usage, expected) => {
    expect(cost('anthropic', 'claude-sonnet-5-5', usage, '2026-11-02T12:00:00Z')).toBe(expected);
  });

  it.each([
    ['2026-10-06T23:59:59.999Z', '0.000000200000'],
    ['2026-10-07T00:00:00.000Z', '0.000000100000'],
    ['2026-10-07T02:00:00+02:00', '0.000000100000'],
    ['2026-10-06T19:59:59-04:00', '0.000000200000'],
  ])('with the price of the second in which it began, UTC: %s', (at, expected) => {
    expect(cost('anthropic', 'claude-sonnet-5-5', { cacheRead: 1 }, at)).toBe(expected);
  });

  it.each([
    [{ input: 100_000 }, '0.010000000000'],
    [{ input: 100_001 }, '0.050000500000'],
    // the whole prompt decides the band: what is read from the cache and written to it too
    [{ input: 40_000, cacheRead: 60_000 }, '0.004600000000'],
    [{ input: 40_000, cacheRead: 60_000, cacheWrite5m: 1 }, '0.023000625000'],
    [{ input: 100_000, output: 1_000_000 }, '0.510000000000'],
    [{ input: 60_000, cacheWrite1h: 60_000 }, '0.090000000000'],
  ])('in the band of its prompt: %j', (usage, expected) => {
    expect(cost('anthropic', 'claude-haiku-5-5', usage, '2026-11-02T12:00:00Z')).toBe(expected);
  });

  it.each([
    // Monday the second of November
    ['2026-11-02T00:59:59.999Z', '0.150000000000'],
    ['2026-11-02T01:00:00.000Z', '0.300000000000'],
    ['2026-11-02T03:59:59.999Z', '0.300000000000'],
    ['2026-11-02T04:00:00.000Z', '0.150000000000'],
    ['2026-11-02T06:00:00.000Z', '0.300000000000'],
    ['2026-11-02T10:00:00.000Z', '0.150000000000'],
    ['2026-11-06T09:59:59.000Z', '0.300000000000'],
    // Saturday, Sunday
    ['2026-11-07T02:00:00.000Z', '0.150000000000'],
    ['2026-11-08T07:00:00.000Z', '0.150000000000'],
    // 21:30 on Sunday in New York is Monday 02:30 in UTC
    ['2026-11-08T21:30:00-05:00', '0.300000000000'],
  ])('in the hours of its window: %s', (at, expected) => {
    expect(cost('deepseek', 'deepseek-flash', { input: 1_000_000 }, at)).toBe(expected);
  });

  it.each([
    ['claude-sonnet', 'unknown model'],
    ['claude-sonnet-5-5-20261001', 'unknown model'],
    ['Claude-Sonnet-5-5', 'unknown model'],
    ['claude-sonnet-5-5 ', 'unknown model'],
    ['', 'unknown model'],
  ])('by the exact id only: "%s" is unpriced', (model, because) => {
    expect(cost('anthropic', model, { input: 1 }, '2026-11-02T12:00:00Z')).toBe(because);
  });

  it('by provider: the same id elsewhere is another model', () => {
    expect(cost('openrouter', 'claude-sonnet-5-5', { input: 1 }, '2026-11-02T12:00:00Z')).toBe('unknown model');
    expect(cost('cerebras', 'gpt-oss-120b', { input: 1_000_000, output: 1_000_000 }, '2026-11-02T12:00:00Z')).toBe(
      '1.100000000000',
    );
  });

  it('with a cache that is always on and saves time alone: tokens from there cost what others cost', () => {
    const at = '2026-11-02T12:00:00Z';
    const all = cost('cerebras', 'gpt-oss-120b', { input: 1000, output: 10 }, at);
    expect(cost('cerebras', 'gpt-oss-120b', { input: 100, cacheRead: 900, output: 10 }, at)).toBe(all);
    expect(all).toBe('0.000357500000');
  });

  it('or unpriced where a kind of token has no price, and priced where none of it was used', () => {
    expect(cost('gemini', 'gemini-3.8-flash', { input: 1000, cacheRead: 1 }, '2026-11-02T12:00:00Z')).toBe(
      'no price for cacheRead',
    );
    expect(cost('gemini', 'gemini-3.8-flash', { input: 1000 }, '2026-11-02T12:00:00Z')).toBe('0.000750000000');
  });

  it.each([Number.NaN, -1, 1.5, 1e30, '12', undefined])('not from a count that is none: %s', (input) => {
    expect(cost('anthropic', 'claude-sonnet-5-5', { input: input as number }, '2026-11-02T12:00:00Z')).toBe('usage not known');
  });

  it('or guessed for limits: every kind of token at the highest price in force', () => {
    const guess = (usage: Partial<Usage>, rows: PriceRow[] = [], at = '2026-11-02') =>
      guessOf({ usage: used(usage), at: new Date(at), overrides: priceTable(rows) });
    const highest = (bucket: 'input' | 'output', at: string) =>
      Math.max(
        ...bundledRows.filter(({ from = '2000', to = '3000' }) => from <= at && at < to).map((one) => Number(one[bucket] ?? 0)),
      );
    for (const bucket of ['input', 'output'] as const) {
      expect(Number(guess({ [bucket]: 1_000_000 }))).toBe(highest(bucket, '2026-11-02'));
      expect(highest(bucket, '2026-11-02')).toBeGreaterThan(1);
    }
    // no model is dearer for its time, its hours or its length
    for (const one of bundledRows)
      expect(Number(guess({ output: 1_000_000 }, [], one.from ?? '2026-11-02'))).toBeGreaterThanOrEqual(Number(one.output ?? 0));
    const own = row({ id: 'x', input: '400', output: '900', from: '2026-11-02', to: '2026-11-03' });
    expect(guess({ input: 1000, output: 1000 }, [own])).toBe('1.300000000000');
    expect(Number(guess({ input: 1000, output: 1000 }, [own], '2026-11-03'))).toBeLessThan(0.2);
    expect(guess({ input: -1 })).toBeNull();
  });

  it('the offline rules are free, and an estimate is what an uncached call costs', () => {
    expect(cost('offline', 'rules', { input: 5 }, '2026-11-02T12:00:00Z')).toBe('0.000000000000');
    const call = { provider: 'anthropic', model: 'claude-sonnet-5-5', input: 3000, output: 200, at: new Date('2026-11-01') };
    expect(estimateOf(call)).toBe('0.008000000000');
    expect(estimateOf({ ...call, model: 'claude-next' })).toBeNull();
  });
});

describe('own prices of a workspace', () => {
  const priced = (rows: PriceRow[], at: string, more: { provider?: string; model?: string; usage?: Partial<Usage> } = {}) =>
    priceOf({
      provider: more.provider ?? 'own',
      model: more.model ?? 'm-1',
      usage: used(more.usage ?? { input: 1_000_000 }),
      at: new Date(at),
      overrides: priceTable(rows),
    });

  it('go before ours while they hold, and ours hold otherwise', () => {
    const contract = row({
      id: 'c',
      provider: 'anthropic',
      model: 'claude-sonnet-5-5',
      from: '2026-11-10T12:00:00Z',
      to: '2026-12-01',
      input: '1.5',
    });
    const at = (when: string) => priced([contract], when, { provider: 'anthropic', model: 'claude-sonnet-5-5' });
    expect(at('2026-11-10T11:59:59Z')).toMatchObject({ costUsd: '2.000000000000', row: 'anthropic-sonnet-5-5' });
    expect(at('2026-11-10T12:00:00Z')).toMatchObject({ costUsd: '1.500000000000', row: 'c' });
    expect(at('2026-12-01T00:00:00Z')).toMatchObject({ costUsd: '2.000000000000' });
  });

  it('may say that a server of one’s own is free', () => {
    expect(priced([row({ input: '0', output: '0' })], '2026-11-02')).toMatchObject({
      status: 'priced',
      costUsd: '0.000000000000',
    });
  });

  it.each([
    // Friday 22:00 to Saturday 06:00, and so on; a weekday is that of the beginning
    ['2026-11-06T21:59:59Z', '1.000000000000'],
    ['2026-11-06T22:00:00Z', '0.500000000000'],
    ['2026-11-07T00:00:00Z', '0.500000000000'],
    ['2026-11-07T05:59:59Z', '0.500000000000'],
    ['2026-11-07T06:00:00Z', '1.000000000000'],
    ['2026-11-07T22:00:00Z', '1.000000000000'],
    // the night from Sunday to Monday began on Sunday
    ['2026-11-09T03:00:00Z', '1.000000000000'],
    ['2026-11-09T22:30:00Z', '0.500000000000'],
  ])('in windows that cross midnight: %s', (at, expected) => {
    const night = row({ id: 'night', input: '0.5', utcWindow: { from: '22:00', to: '06:00', weekdays: [1, 2, 3, 4, 5] } });
    expect(priced([row({ id: 'day' }), night], at)).toMatchObject({ costUsd: expected });
  });

  it('a window across the end of the week, and one that is a whole day', () => {
    const sunday = row({ id: 'n', input: '0.5', utcWindow: { from: '23:00', to: '01:00', weekdays: [7] } });
    expect(priced([row({ id: 'd' }), sunday], '2026-11-09T00:59:00Z')).toMatchObject({ row: 'n' });
    expect(priced([row({ id: 'd' }), sunday], '2026-11-09T01:00:00Z')).toMatchObject({ row: 'd' });
    const all = row({ id: 'a', utcWindow: { from: '00:00', to: '24:00' } });
    expect(priced([all], '2026-11-09T23:59:59Z')).toMatchObject({ row: 'a' });
  });

  it('rows that hold for the same calls are refused; rows that meet are not', () => {
    const clash = (a: Partial<PriceRow>, b: Partial<PriceRow>) => () => priceTable([row(a), row(b)]);
    expect(clash({}, {})).toThrow(/same calls/);
    expect(clash({ to: '2026-11-02' }, { from: '2026-11-01T23:59:59Z' })).toThrow(/same calls/);
    expect(clash({ promptUpTo: 100 }, { promptAbove: 99 })).toThrow(/same calls/);
    expect(
      clash({ utcWindow: { from: '22:00', to: '06:00' } }, { utcWindow: { from: '05:00', to: '07:00', weekdays: [3] } }),
    ).toThrow(/same calls/);
    expect(clash({ to: '2026-11-02' }, { from: '2026-11-02' })).not.toThrow();
    expect(clash({ promptUpTo: 100 }, { promptAbove: 100 })).not.toThrow();
    expect(clash({ utcWindow: { from: '22:00', to: '06:00' } }, { utcWindow: { from: '06:00', to: '07:00' } })).not.toThrow();
    expect(clash({}, { utcWindow: { from: '06:00', to: '07:00' } })).not.toThrow();
    expect(clash({}, { model: 'm-2' })).not.toThrow();
  });
});

describe('a price that was entered wrongly', () => {
  it.each([
    [{ input: '0.0000025' }, /per token.*did you mean 2\.5\?/],
    [{ input: '0.000002', output: '0.00001' }, /did you mean 2\?/],
    [{ output: '0.000015' }, /did you mean 15\?/],
    [{ cacheRead: '0.00000003' }, /did you mean 0\.03\?/],
    [{ input: '2000000' }, /more than any model costs/],
    [{ input: '0.002' }, /per thousand tokens.*Did you mean 2\?/],
    [{ output: '5000' }, /500 times the known price/],
  ])('is refused with advice: %j', (entered, advice) => {
    expect(
      implausible(
        entered,
        bundledRows.find(({ id }) => id === 'anthropic-sonnet-5-5'),
      ),
    ).toMatch(advice);
  });

  it.each([
    { input: '0', output: '0' },
    { input: '0.02', output: '0.05' },
    { cacheRead: '0.003' },
    { input: '150', output: '600' },
  ])('and a right one is not: %j', (entered) => expect(implausible(entered)).toBeUndefined());

  it('what is no price at all does not get that far', () => {
    for (const wrong of [
      { input: '2,5' },
      { input: '-1' },
      { input: '1e3' },
      { input: '0.0000001' },
      { from: '2026-02-30' },
      { from: 'May' },
    ])
      expect(priceRowSchema.safeParse(row(wrong)).success, JSON.stringify(wrong)).toBe(false);
    expect(priceRowSchema.safeParse(row({ from: '2026-11-02', to: '2026-11-01' })).success).toBe(false);
    expect(priceRowSchema.safeParse(row({ input: undefined, output: undefined })).success).toBe(false);
  });
});

describe('the price list that comes with us', () => {
  it('is whole: every row checked, none in the way of another, none implausible', () => {
    expect(() => priceTable(bundledRows)).not.toThrow();
    for (const one of bundledRows) expect(implausible(one), one.id).toBeUndefined();
  });
});

describe('exactness', () => {
  const count = fc.integer({ min: 0, max: 5_000_000 });
  const usage = fc.record({ input: count, cacheRead: count, cacheWrite5m: count, cacheWrite1h: count, output: count });
  const price = fc
    .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`);
  const prices = fc.record({ input: price, output: price, cacheRead: price, cacheWrite5m: price, cacheWrite1h: price });
  const costOf = (table: ReturnType<typeof priceTable>, one: Partial<Usage>) => {
    const priced = priceOf({ provider: 'own', model: 'm-1', usage: used(one), at: new Date(0), overrides: table });
    if (priced.status !== 'priced') throw new Error(priced.because);
    return priced.costUsd;
  };

  it('a call costs what its kinds of token cost each alone, to the last digit', () => {
    fc.assert(
      fc.property(usage, prices, (one, own) => {
        const table = priceTable([row(own)]);
        const parts = priceBuckets.map((bucket) => costOf(table, { [bucket]: one[bucket] }));
        expect(addUsd(...parts)).toBe(costOf(table, one));
        expect(addUsd(...priceBuckets.map((bucket) => usdOfTokens(one[bucket], own[bucket])))).toBe(costOf(table, one));
      }),
    );
  });

  it('many calls cost what one of all their tokens costs, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(usage, { minLength: 1, maxLength: 40 }), prices, fc.infiniteStream(fc.nat()), (calls, own, chance) => {
        const table = priceTable([row(own)]);
        const costs = calls.map((one) => costOf(table, one));
        const shuffled = costs
          .map((one) => ({ one, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const whole = Object.fromEntries(
          priceBuckets.map((bucket) => [bucket, calls.reduce((sum, one) => sum + one[bucket], 0)]),
        );
        expect(addUsd(...costs)).toBe(addUsd(...shuffled));
        expect(addUsd(...costs)).toBe(costOf(table, whole));
      }),
    );
  });

  it('more tokens never cost less', () => {
    fc.assert(
      fc.property(usage, usage, prices, (a, b, own) => {
        const table = priceTable([row(own)]);
        const both = Object.fromEntries(priceBuckets.map((bucket) => [bucket, a[bucket] + b[bucket]]));
        expect(compareUsd(costOf(table, a), costOf(table, both))).toBeLessThanOrEqual(0);
      }),
    );
  });
});
