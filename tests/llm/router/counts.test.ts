import { describe, expect, it } from 'vitest';
import type { Budgets } from '../../../src/core/budget.ts';
import type { Usage } from '../../../src/core/llm.ts';
import type { RouterParts } from '../../../src/llm/router/router.ts';
import { type Act, fails, heard, request, routerOf, says, scripted } from './stand-ins.ts';

describe('what an attempt used', () => {
  it('is nothing where it was refused, and costs nothing although its price is not known', async () => {
    const priceOf: RouterParts['priceOf'] = ({ provider, usage }) =>
      provider === 'a'
        ? { status: 'unpriced', because: 'unknown model' }
        : { status: 'priced', costUsd: `0.${String(usage.input).padStart(12, '0')}`, row: 'test' };
    const run = routerOf({ a: scripted(fails('rate_limit', { status: 429 })), b: scripted(says('b')) }, { priceOf });
    expect((await heard(run.router, request())).finish?.costUsd).toBe('0.000000000100');
    expect(run.reports.map(({ price }) => price)).toMatchObject([
      { status: 'priced', costUsd: '0.000000000000', row: 'nothing used' },
      { status: 'priced', row: 'test' },
    ]);
  });

  it('is what was said by then where it was refused in the middle of an answer', async () => {
    const broken = [{ type: 'text' as const, text: 'Half an answer' }, ...fails('server', { status: 529 })];
    const run = routerOf({ a: scripted(broken) });
    await expect(heard(run.router, request())).rejects.toMatchObject({ code: 'unavailable' });
    expect(run.reports[0]).toMatchObject({ status: 'failed', usage: { source: 'partial', output: 4 } });
    expect(run.reports[0]!.usage.input).toBeGreaterThan(0);
  });

  it('is what was thought by then where it was refused before a word', async () => {
    const broken: Act[] = [{ type: 'thinking', characters: 400 }, ...fails('server', { status: 502 })];
    const counts: Act = { type: 'usage', usage: { input: 90, output: 1 } };
    const run = routerOf({ a: scripted(broken), b: scripted([counts, ...broken]), c: scripted(says('c')) });
    await heard(run.router, request());
    expect(run.reports.map(({ usage }) => usage)).toMatchObject([
      { output: 100, reasoning: 100, source: 'partial' },
      { input: 90, output: 100, reasoning: 100, source: 'partial' },
      { input: 100, output: 10, reasoning: 0 },
    ]);
  });

  it('costs what holds when the attempt begins, also where its request began before', async () => {
    let minute = 59;
    const now = () => new Date(Date.UTC(2026, 10, 23, 0, minute++));
    const priceOf: RouterParts['priceOf'] = ({ at }) => ({
      ...{ status: 'priced', costUsd: at.getUTCHours() === 0 ? '0.000000000001' : '0.000000000002', row: 'by the hour' },
    });
    const asked: Date[] = [];
    const budgets: Budgets = {
      reserve: async (_scope, _usd, { at }) => {
        asked.push(at);
        return { ok: true };
      },
      settle: async () => undefined,
    };
    const failing: Act[] = [{ type: 'usage', usage: { input: 9 } }, ...fails('server')];
    const run = routerOf({ a: scripted(failing), b: scripted(says('b')) }, { now, priceOf, budgets });
    await heard(run.router, request());
    expect(run.reports.map(({ price }) => price)).toMatchObject([{ costUsd: '0.000000000001' }, { costUsd: '0.000000000002' }]);
    expect(run.reports.map(({ at }) => at)).toEqual(asked);
  });

  it.each([
    ['no prompt', { input: 0, output: 7 }, { input: expect.any(Number), output: 7, source: 'estimated' }],
    ['no answer', { input: 90, output: 0 }, { input: 90, output: 3, source: 'estimated' }],
    ['only thoughts', { input: 90, output: 30, reasoning: 30 }, { input: 90, output: 33, reasoning: 30, source: 'estimated' }],
    ['a cached prompt', { cacheRead: 90, output: 5 }, { input: 0, cacheRead: 90, output: 5, source: 'provider' }],
    ['a prompt without bounds', { input: 9_000_000_000, output: 7 }, { output: 3, source: 'estimated' }],
    ['an answer without bounds', { input: 90, output: 2 ** 40 }, { output: 3, source: 'estimated' }],
  ])('is what the provider counts, as far as that can be: %s', async (_what, usage, expected) => {
    const run = routerOf({ a: scripted(says('some word', usage as { input: number; output: number })) });
    await heard(run.router, request());
    const found: Usage = run.reports[0]!.usage;
    expect(found).toMatchObject(expected);
    expect(found.input + found.cacheRead).toBeGreaterThan(0);
    expect(found.input).toBeLessThan(1000);
  });
});
