import { describe, expect, it } from 'vitest';
import type { BudgetLimit, Budgets } from '../../../src/core/budget.ts';
import type { RouterParts } from '../../../src/llm/router/router.ts';
import { fails, heard, request, routerOf, says, scripted } from './stand-ins.ts';

describe('a budget', () => {
  const limit: BudgetLimit = {
    ...{ window: 'day', of: 'tenant', limit: '10' },
    ...{ key: 'day:tenant:t', words: "today's limit of 10 USD for this workspace" },
  };
  const only = (allowed: (usd: string | null) => boolean) => {
    const settled: (string | null)[] = [];
    const budgets: Budgets = {
      reserve: async (_scope, usd) => (allowed(usd) ? { ok: true } : { ok: false, limit, left: '0.009900000000' }),
      settle: async (_scope, _callId, usd) => void settled.push(usd),
    };
    return { budgets, settled };
  };

  it('that is used up lets the rules answer, and says so', async () => {
    const a = scripted(says('a'));
    const { budgets } = only(() => false);
    const run = routerOf({ a }, { budgets });
    const { text, finish } = await heard(run.router, request());
    expect(text).toBe('By the rules.');
    expect(finish).toMatchObject({
      degraded: true,
      notice: "The offline rules answered: today's limit of 10 USD for this workspace is used up.",
    });
    expect(a.asked).toHaveLength(0);
  });

  it('that is used up is why a form was not filled in', async () => {
    const tools = [{ name: 'form', description: '', parameters: {} }];
    const run = routerOf({ a: scripted(says('a')) }, { budgets: only(() => false).budgets });
    await expect(heard(run.router, request({ tools, mustCall: 'form' }))).rejects.toMatchObject({
      code: 'budget_exceeded',
      message: "No model may be asked: today's limit of 10 USD for this workspace is used up.",
    });
  });

  it('that a dear model would pass lets a cheaper one answer, and says so', async () => {
    const priceOf: RouterParts['priceOf'] = ({ model, usage }) => ({
      status: 'priced',
      costUsd: ((usage.input + usage.output) * (model === 'a-smart' ? 1 : 1e-6)).toFixed(12),
      row: 'test',
    });
    const { budgets, settled } = only((usd) => Number(usd) < 0.01);
    const run = routerOf({ a: scripted(says('a')), b: scripted(says('b')) }, { budgets, priceOf });
    const { text, finish } = await heard(run.router, request());
    expect(text).toBe('b');
    expect(finish?.notice).toBe("A cheaper model answered: today's limit of 10 USD for this workspace is nearly used up.");
    expect(settled).toEqual(['0.000110000000']);
  });

  it('that the whole chain would pass lets the cheapest model there is answer', async () => {
    const priceOf: RouterParts['priceOf'] = ({ model, usage }) => ({
      status: 'priced',
      costUsd: ((usage.input + usage.output) * (model === 'a-cheap' ? 1e-6 : 1)).toFixed(12),
      row: 'test',
    });
    const a = scripted(says('a'));
    const run = routerOf({ a }, { budgets: only((usd) => Number(usd) < 0.01).budgets, priceOf });
    expect((await heard(run.router, request())).finish).toMatchObject({ model: 'a-cheap', degraded: true });
  });

  it('is not asked about again for what needs more than it has left, nor for other models when it counts requests', async () => {
    const asking = (refusing: BudgetLimit) => {
      const asked: (string | null)[] = [];
      const budgets: Budgets = {
        reserve: async (_scope, usd) => {
          asked.push(usd);
          return { ok: false, limit: refusing, left: '0' };
        },
        settle: async () => {},
      };
      return { asked, run: routerOf({ a: scripted(says('a')), b: scripted(says('b')) }, { budgets }) };
    };
    const money = asking(limit);
    expect((await heard(money.run.router, request())).text).toBe('By the rules.');
    expect(money.asked).toHaveLength(1);
    const requests = asking({ ...limit, window: 'hour', words: 'the limit of 2 requests an hour for this assistant' });
    expect((await heard(requests.run.router, request())).finish?.notice).toBe(
      'The offline rules answered: the limit of 2 requests an hour for this assistant is used up.',
    );
    expect(requests.asked).toHaveLength(1);
  });

  it('takes a model whose price is not known for the dearest; its calls stay unpriced, and those of one’s own server cost nothing', async () => {
    const asked: (string | null)[] = [];
    const settled: (string | null)[] = [];
    const budgets: Budgets = {
      reserve: async (_scope, usd) => {
        asked.push(usd);
        return { ok: true };
      },
      settle: async (_scope, _callId, usd) => void settled.push(usd),
    };
    const priceOf: RouterParts['priceOf'] = () => ({ status: 'unpriced', because: 'unknown model' });
    const hired = routerOf({ a: scripted(says('a')) }, { budgets, priceOf });
    const own = routerOf({ a: scripted(says('a')) }, { budgets, priceOf }, ['a']);
    for (const { router, reports } of [hired, own]) {
      expect((await heard(router, request())).finish?.costUsd).toBeNull();
      expect(reports).toMatchObject([{ price: { status: 'unpriced', because: 'unknown model' } }]);
    }
    expect(asked.map((usd) => Number(usd) > 0)).toEqual([true, true]);
    expect(settled).toEqual(['0.001100000000', '0']);
  });

  it('holds back calls of unknown price that come together', async () => {
    let left = 0.05;
    const budgets: Budgets = {
      reserve: async (_scope, usd) => {
        if (Number(usd) > left) return { ok: false, limit, left: left.toFixed(12) };
        left -= Number(usd);
        return { ok: true };
      },
      settle: async () => {},
    };
    const a = scripted(says('a'));
    const priceOf: RouterParts['priceOf'] = () => ({ status: 'unpriced', because: 'unknown model' });
    const { router } = routerOf({ a }, { budgets, priceOf });
    const texts = (await Promise.all(Array.from({ length: 200 }, () => heard(router, request())))).map(({ text }) => text);
    const answered = texts.filter((text) => text === 'a').length;
    // 600 tokens of form, some of text and 100 of answer
    expect([answered, a.asked.length]).toEqual([6, 6]);
    expect(texts.filter((text) => text === 'By the rules.')).toHaveLength(194);
  });

  it('whose state cannot be read lets only models answer that cost nothing, and says so', async () => {
    const unreadable: Budgets = {
      reserve: () => Promise.reject(new Error('down')),
      settle: () => Promise.reject(new Error('down')),
    };
    const [a, b] = [scripted(says('a')), scripted(says('for nothing'))];
    const priceOf: RouterParts['priceOf'] = ({ provider }) => ({
      ...{ status: 'priced', row: 'test' },
      costUsd: provider === 'b' ? '0.000000000000' : '0.000100000000',
    });
    const free = routerOf({ a, b }, { budgets: unreadable, priceOf });
    expect((await heard(free.router, request())).text).toBe('for nothing');
    const paid = routerOf({ a }, { budgets: unreadable, priceOf });
    const { text, finish } = await heard(paid.router, request());
    expect([text, finish?.degraded, finish?.notice]).toEqual([
      'By the rules.',
      true,
      'The offline rules answered: the spending limits cannot be read just now.',
    ]);
    const tools = [{ name: 'form', description: '', parameters: {} }];
    await expect(heard(paid.router, request({ tools, mustCall: 'form' }))).rejects.toMatchObject({ code: 'unavailable' });
    expect(a.asked).toHaveLength(0);
  });

  it('of one request lets no second attempt pass it', async () => {
    // 100 tokens of input and 10 of output come to 0.00011 before it breaks off
    const counted = [{ type: 'usage' as const, usage: { input: 100, output: 10 } }];
    const [a, b] = [scripted(counted), scripted(counted)];
    const run = routerOf({ a, b });
    const { finish } = await heard(run.router, request({ maxCostUsd: '0.0001' }));
    expect([a.asked.length, b.asked.length]).toEqual([1, 0]);
    expect(finish).toMatchObject({ provider: 'offline', costUsd: '0.000110000000' });
    await heard(run.router, request({ maxCostUsd: '0.01' }));
    expect(b.asked.length).toBeGreaterThan(0);
  });

  it('of one request counts what has no known price with a guess, and a server of one’s own for nothing', async () => {
    const priceOf: RouterParts['priceOf'] = () => ({ status: 'unpriced', because: 'unknown model' });
    const counted = [{ type: 'usage' as const, usage: { input: 100, output: 10 } }];
    const asked = async (maxCostUsd: string, ownServers: string[]) => {
      const run = routerOf({ a: scripted(counted), b: scripted(says('b')) }, { priceOf }, ownServers);
      const { finish } = await heard(run.router, request({ maxCostUsd }));
      return { finish, guesses: run.reports.map(({ guessUsd }) => guessUsd) };
    };
    // some 700 tokens at the most, and 110 that were used, at 0.00001 each
    const little = await asked('0.005', []);
    expect(little.finish).toMatchObject({ provider: 'offline', costUsd: null, guessUsd: '0.001100000000' });
    expect(little.guesses).toEqual(['0.001100000000', undefined]);
    const enough = await asked('0.5', []);
    expect(enough.finish).toMatchObject({ provider: 'b', costUsd: null, guessUsd: '0.002200000000' });
    const own = await asked('0.000000000001', ['a', 'b']);
    expect(own.finish).toMatchObject({ provider: 'b', costUsd: null, guessUsd: '0.000000000000' });
    expect(own.guesses).toEqual(['0', '0']);
  });

  it('is settled by every attempt, also failed ones and those nobody listened to', async () => {
    const { budgets, settled } = only(() => true);
    const run = routerOf(
      { a: scripted(fails('server', { status: 500 })), b: scripted([{ type: 'text', text: 'x' }, { waitMs: 40 }, ...says('y')]) },
      { budgets },
    );
    for await (const delta of run.router.stream(request())) if (delta.type === 'text') break;
    expect(settled).toHaveLength(2);
  });
});
