import { describe, expect, it } from 'vitest';
import type { Budgets } from '../../../src/core/budget.ts';
import { type Act, asked, fails, heard, policy, request, routerOf, says, scripted } from './stand-ins.ts';

describe('a hedge', () => {
  const hedging = policy();
  hedging.tiers.moderate = { ...hedging.tiers.moderate, hedgeAfterSeconds: 0.03, firstTokenSeconds: 0.5 };
  const slow = (ms: number, text: string): Act[] => [{ waitMs: ms }, ...says(text)];

  it('asks the next one too when the first is silent, and gives the answer that begins first', async () => {
    const run = routerOf(
      { a: scripted(slow(400, 'late')), b: scripted(says('soon')), c: scripted(says('never')) },
      { policy: hedging },
    );
    const { text, finish } = await heard(run.router, request());
    expect([text, finish?.provider]).toEqual(['soon', 'b']);
    expect(asked(run).sort()).toEqual(['a aborted', 'b ok']);
    expect(new Set(run.reports.map(({ attempt }) => attempt))).toEqual(new Set([1, 2]));
  });

  it('stops the second when the first begins after all', async () => {
    const run = routerOf({ a: scripted(slow(80, 'first')), b: scripted(slow(400, 'second')) }, { policy: hedging });
    expect((await heard(run.router, request())).text).toBe('first');
    expect(asked(run).sort()).toEqual(['a ok', 'b aborted']);
  });

  it('goes on with the other one when either fails, and with the chain when both do', async () => {
    const failsLater = [{ waitMs: 60 }, ...fails('server', { status: 500 })];
    const one = routerOf({ a: scripted(failsLater), b: scripted(slow(120, 'second')) }, { policy: hedging });
    expect((await heard(one.router, request())).text).toBe('second');
    const both = routerOf({ a: scripted(failsLater), b: scripted(failsLater), c: scripted(says('third')) }, { policy: hedging });
    expect((await heard(both.router, request())).text).toBe('third');
    expect(asked(both)).toEqual(['a failed server', 'b failed server', 'c ok']);
  });

  it('is not made for who answers in time', async () => {
    const b = scripted(says('second'));
    const run = routerOf({ a: scripted(slow(5, 'first')), b }, { policy: hedging });
    expect((await heard(run.router, request())).text).toBe('first');
    expect(b.asked).toHaveLength(0);
  });

  it('is paid for by both, and both end when the caller goes away', async () => {
    const settled: (string | null)[] = [];
    const budgets: Budgets = { reserve: async () => ({ ok: true }), settle: async (_s, _id, usd) => void settled.push(usd) };
    const run = routerOf({ a: scripted(slow(400, 'a')), b: scripted(slow(400, 'b')) }, { policy: hedging, budgets });
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), 80);
    await expect(heard(run.router, request({ signal: caller.signal }))).rejects.toThrow('gone');
    expect(asked(run)).toEqual(['a aborted', 'b aborted']);
    expect(settled).toHaveLength(2);
  });
});
