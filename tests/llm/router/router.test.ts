import { describe, expect, it } from 'vitest';
import type { BudgetLimit, Budgets } from '../../../src/core/budget.ts';
import { AppError } from '../../../src/errors.ts';
import { ProviderFailure } from '../../../src/llm/provider.ts';
import { Breaker } from '../../../src/llm/router/breaker.ts';
import type { RouterParts } from '../../../src/llm/router/router.ts';
import { type Act, fails, heard, policy, request, routerOf, says, scripted } from './stand-ins.ts';

const asked = ({ reports }: { reports: { provider: string; status: string; failure?: string }[] }) =>
  reports.map(({ provider, status, failure }) => `${provider} ${status}${failure ? ` ${failure}` : ''}`);

/** The whole answer may take long, its beginning may not. */
const patient = policy();
patient.tiers.moderate = { ...patient.tiers.moderate, firstTokenSeconds: 0.2, answerSeconds: 30 };

describe('before the first word', () => {
  it.each([
    'rate_limit',
    'server',
    'transport',
    'truncated',
    'malformed',
    'auth',
    'no_model',
    'bad_request',
    'too_large',
  ] as const)('the next in the chain takes over after %s, and both are written down', async (kind) => {
    const b = scripted(says('from b'));
    const run = routerOf({ a: scripted(fails(kind, { status: 500 })), b });
    const { text, finish } = await heard(run.router, request());
    expect(text).toBe('from b');
    expect(finish).toMatchObject({ provider: 'b', model: 'b-smart', degraded: false, tier: 'moderate' });
    expect(asked(run)).toEqual([`a failed ${kind}`, 'b ok']);
    expect(run.reports[1]).toMatchObject({ attempt: 2, fallbackFrom: 'a/a-smart', requestId: run.reports[0]!.requestId });
    // refused before anything was said: nothing was used
    expect(run.reports[0]).toMatchObject({ price: { costUsd: '0.000000000000' } });
  });

  it('a stream without a finish is a failure', async () => {
    const run = routerOf({ a: scripted([{ type: 'usage', usage: { input: 7 } }]), b: scripted(says('from b')) });
    expect((await heard(run.router, request())).text).toBe('from b');
    expect(asked(run)).toEqual(['a failed truncated', 'b ok']);
    // what the one who broke off had counted is kept, and said to be a part
    expect(run.reports[0]!.usage).toMatchObject({ input: 7, source: 'partial' });
  });

  it('who is too slow to begin is left', async () => {
    const run = routerOf({ a: scripted([{ waitMs: 5000 }, ...says('late')]), b: scripted(says('from b')) });
    expect((await heard(run.router, request())).text).toBe('from b');
    expect(asked(run)).toEqual(['a failed timeout', 'b ok']);
  });

  it('who counts the prompt at once and then says nothing is left too', async () => {
    const counts: Act = { type: 'usage', usage: { input: 100, output: 0 } };
    const run = routerOf(
      { a: scripted([counts, { waitMs: 5000 }, ...says('late')]), b: scripted(says('from b')) },
      { policy: patient },
    );
    expect((await heard(run.router, request())).text).toBe('from b');
    expect(asked(run)).toEqual(['a failed timeout', 'b ok']);
    // the wait for the first word ends with the first word
    const slow = routerOf({ a: scripted([counts, { waitMs: 60 }, ...says('now')]) }, { policy: patient });
    await heard(slow.router, request());
    expect(slow.reports[0]!.ttftMs).toBeGreaterThanOrEqual(50);
  });

  it('who thinks is waited for as long as the whole answer may take, and left when it stops', async () => {
    const thinks: Act[] = [{ type: 'thinking', characters: 40 }, { waitMs: 60 }];
    const long = Array.from({ length: 6 }, () => thinks).flat();
    const run = routerOf(
      { a: scripted([...long, ...says('thought through')]), b: scripted(says('from b')) },
      { policy: patient },
    );
    expect((await heard(run.router, request())).text).toBe('thought through');
    const silent = scripted([...thinks, { waitMs: 5000 }, ...says('late')]);
    const stuck = routerOf({ a: silent, b: scripted(says('from b')) }, { policy: patient });
    expect((await heard(stuck.router, request())).text).toBe('from b');
    expect(asked(stuck)).toEqual(['a failed timeout', 'b ok']);
    // what it thought by then was not for nothing, although it never counted
    expect(stuck.reports[0]).toMatchObject({ usage: { output: 10, reasoning: 10, source: 'partial' } });
  });

  it('when everybody failed in passing, the chain is tried again after a pause', async () => {
    const run = routerOf({
      a: scripted(fails('server', { status: 503 }), says('again')),
      b: scripted(fails('server', { status: 503 })),
    });
    expect((await heard(run.router, request())).text).toBe('again');
    expect(asked(run)).toEqual(['a failed server', 'b failed server', 'a ok']);
  });

  it('what the server asks to wait is waited, and not when it is too long', async () => {
    const soon = routerOf({ a: scripted(fails('rate_limit', { status: 429, retryAfterMs: 120 }), says('after')) });
    const started = performance.now();
    expect((await heard(soon.router, request())).text).toBe('after');
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
    const late = routerOf({ a: scripted(fails('rate_limit', { status: 429, retryAfterMs: 3_600_000 }), says('never')) });
    expect((await heard(late.router, request())).text).toBe('By the rules.');
    expect(asked(late)).toEqual(['a failed rate_limit', 'offline ok']);
  });

  it('what will not pass is not tried again', async () => {
    const a = scripted(fails('auth', { status: 401 }));
    const run = routerOf({ a });
    const { text, finish } = await heard(run.router, request());
    expect(text).toBe('By the rules.');
    expect(finish).toMatchObject({ degraded: true, notice: 'The offline rules answered: It failed (auth).' });
    expect(a.asked).toHaveLength(1);
  });

  it('a wrong key is wrong for all models of a provider', async () => {
    const b = scripted(fails('auth', { status: 401 }));
    const run = routerOf({ b }, { classify: () => ({ tier: 'simple', because: 'told so' }) });
    await heard(run.router, request());
    expect(b.asked.map(({ model }) => model)).toEqual(['b-fast']);
  });

  it('who says nothing at all is left, unless it is to what a tool answered', async () => {
    const [a, b] = [scripted(says('').slice(1)), scripted(says('from b'))];
    const run = routerOf({ a, b });
    expect((await heard(run.router, request())).text).toBe('from b');
    expect(asked(run)).toEqual(['a failed malformed', 'b ok']);
    expect(run.reports[0]).toMatchObject({ usage: { input: 100, output: 10, source: 'provider' } });
    const answered = { role: 'tool' as const, text: '{}', toolCallId: '1', toolName: 'x' };
    const messages = [...request().messages, { role: 'assistant' as const, text: '', toolCalls: [] }, answered];
    expect((await heard(run.router, request({ messages }))).finish).toMatchObject({ provider: 'a', reason: 'stop' });
  });

  it('who asks to wait for ever is asked again after a while', async () => {
    let now = 0;
    const breaker = new Breaker({ failures: 3, recoverySeconds: 1 }, () => now);
    breaker.rest(Number.POSITIVE_INFINITY);
    now = 14 * 60_000;
    expect(await breaker.admit()).toBeUndefined();
    now = 16 * 60_000;
    (await breaker.admit())!.succeed();
  });

  it('who cannot be connected to has used nothing', async () => {
    const refused = new ProviderFailure('transport', 'It cannot be reached.', {
      cause: new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }),
    });
    const run = routerOf({ a: scripted([refused], fails('transport')), b: scripted(says('from b')) });
    await heard(run.router, request());
    await heard(run.router, request());
    const failed = run.reports.filter(({ status }) => status === 'failed');
    expect(failed.map(({ usage }) => [usage.source, usage.input > 0])).toEqual([
      ['provider', false],
      // cut off: what it had read by then is not known
      ['partial', true],
    ]);
  });

  it('all that failed are named, and so are those that are left alone since', async () => {
    const bad = fails('server', { status: 500 });
    const run = routerOf({ a: scripted(bad), b: scripted(fails('auth', { status: 401 })), c: scripted(bad) });
    const noticed = async () => (await heard(run.router, request())).finish?.notice;
    expect(await noticed()).toMatch(
      /^The offline rules answered: It failed \(server\)\. It failed \(server\)\. 1 more did not answer either\.$/,
    );
    const alone = routerOf({ a: scripted(fails('rate_limit', { status: 429, retryAfterMs: 60_000 })) });
    await heard(alone.router, request());
    expect((await heard(alone.router, request())).finish).toMatchObject({
      degraded: true,
      notice: 'The offline rules answered: A failed a moment ago and is left alone for now.',
    });
    const tools = [{ name: 'form', description: '', parameters: {} }];
    await expect(heard(alone.router, request({ tools, mustCall: 'form' }))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'A failed a moment ago and is left alone for now. Try again later.',
    });
  });

  it('a form that no rule can fill in ends in our words', async () => {
    const tools = [{ name: 'form', description: '', parameters: {} }];
    const run = routerOf({ a: scripted(fails('auth', { status: 401 })) });
    await expect(heard(run.router, request({ tools, mustCall: 'form' }))).rejects.toMatchObject({
      code: 'misconfigured',
      message: 'It failed (auth). npm run doctor looks at every provider.',
    });
  });
});

describe('after the first word', () => {
  it('nobody else’s words are put behind it', async () => {
    const b = scripted(says('from b'));
    const run = routerOf({ a: scripted([{ type: 'text', text: 'Half of ' }, ...fails('transport')]), b });
    const heardUntil: string[] = [];
    const listening = (async () => {
      for await (const delta of run.router.stream(request())) if (delta.type === 'text') heardUntil.push(delta.text);
    })();
    await expect(listening).rejects.toMatchObject({
      code: 'unavailable',
      message: 'A broke off in the middle of its answer. Ask again.',
    });
    expect(heardUntil).toEqual(['Half of ']);
    expect(b.asked).toHaveLength(0);
    expect(run.reports[0]).toMatchObject({ status: 'failed', usage: { source: 'partial', output: 2 } });
  });

  it('an answer that never ends is cut, and said to be', async () => {
    const run = routerOf({ a: scripted([{ type: 'text', text: 'and' }, { waitMs: 5000 }]) });
    await expect(heard(run.router, request())).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked(run)).toEqual(['a failed timeout']);
  });
});

describe('whoever asked', () => {
  it('may go away at any moment; the attempt is written down as aborted, and nobody else is asked', async () => {
    const b = scripted(says('from b'));
    const run = routerOf({ a: scripted([{ waitMs: 5000 }, ...says('late')]), b });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('gone')), 30);
    await expect(heard(run.router, request({ signal: stop.signal }))).rejects.toThrow('gone');
    expect(asked(run)).toEqual(['a aborted']);
    expect(b.asked).toHaveLength(0);
  });

  it('may go away while everybody rests, too, for the reason that it gives', async () => {
    const slow = policy();
    slow.strategies.standard = { retries: 1, firstPauseSeconds: 30, longestPauseSeconds: 60 };
    const run = routerOf({ a: scripted(fails('server', { status: 503 })) }, { policy: slow });
    const stop = new AbortController();
    const running = heard(run.router, request({ signal: stop.signal }));
    running.catch(() => undefined);
    await expect.poll(() => asked(run)).toEqual(['a failed server']);
    stop.abort(new AppError('unavailable', 'gone'));
    await expect(running).rejects.toThrow('gone');
    expect(asked(run)).toEqual(['a failed server']);
  });

  it('may stop listening', async () => {
    const run = routerOf({ a: scripted([{ type: 'text', text: 'one' }, { waitMs: 50 }, ...says('two')]) });
    for await (const delta of run.router.stream(request())) if (delta.type === 'text') break;
    expect(asked(run)).toEqual(['a aborted']);
    expect(run.router.states()['a']).toBe('closed');
  });
});

describe('a provider that fails again and again', () => {
  it('is left alone, tried by one call when it has rested, and used again when that went well', async () => {
    const bad = fails('server', { status: 500 });
    const a = scripted(bad, bad, bad, says('a is back'));
    const run = routerOf({ a, b: scripted(says('from b')) });
    for (let i = 0; i < 5; i++) expect((await heard(run.router, request())).text).toBe('from b');
    expect(a.asked).toHaveLength(3);
    expect(run.router.states()).toEqual({ a: 'open', b: 'closed' });
    await new Promise((resolve) => setTimeout(resolve, 130));
    const together = await Promise.all(Array.from({ length: 4 }, () => heard(run.router, request())));
    expect(together.map(({ text }) => text).sort()).toEqual(['a is back', 'from b', 'from b', 'from b']);
    expect(run.router.states()['a']).toBe('closed');
  });

  it('is not blamed for requests that are wrong, nor for callers that go away', async () => {
    const wrong = scripted(fails('bad_request', { status: 400 }));
    const run = routerOf({ a: wrong, b: scripted(says('from b')) });
    for (let i = 0; i < 6; i++) await heard(run.router, request());
    expect(wrong.asked).toHaveLength(6);
    expect(run.router.states()['a']).toBe('closed');
  });

  it('a caller who leaves during the probe does not leave it probing for good', async () => {
    const bad = fails('server', { status: 500 });
    const a = scripted(bad, bad, bad, [{ waitMs: 5000 }], says('a is back'));
    const run = routerOf({ a, b: scripted(says('from b')) });
    for (let i = 0; i < 3; i++) await heard(run.router, request());
    await new Promise((resolve) => setTimeout(resolve, 130));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('gone')), 20);
    await expect(heard(run.router, request({ signal: stop.signal }))).rejects.toThrow('gone');
    await new Promise((resolve) => setTimeout(resolve, 130));
    expect((await heard(run.router, request())).text).toBe('a is back');
  });
});

describe('the route', () => {
  const told = (tier: 'simple' | 'moderate' | 'complex') => ({ classify: () => ({ tier, because: 'told so' }) });

  it.each([
    ['simple', 'b-fast'],
    ['moderate', 'a-smart'],
    ['complex', 'c-smart'],
  ] as const)('a %s request goes to %s', async (tier, model) => {
    const all = { a: scripted(says('a')), b: scripted(says('b')), c: scripted(says('c')) };
    expect((await heard(routerOf(all, told(tier)).router, request())).finish).toMatchObject({ model, tier });
  });

  it('a tool loop stays with whoever began it, whatever the words are taken for', async () => {
    const run = routerOf({ a: scripted(says('a')), b: scripted(says('b')), c: scripted(says('c')) }, told('simple'));
    const messages = [
      { role: 'user' as const, text: 'plan my quarter' },
      {
        role: 'assistant' as const,
        text: '',
        toolCalls: [{ id: '1', name: 't', input: {} }],
        by: { provider: 'c', model: 'c-smart', tier: 'complex' as const },
      },
      { role: 'tool' as const, text: '{}', toolCallId: '1', toolName: 't' },
    ];
    expect((await heard(run.router, request({ messages }))).finish).toMatchObject({ model: 'c-smart', tier: 'complex' });
    const down = routerOf({ a: scripted(says('a')), c: scripted(fails('server', { status: 500 })) }, told('simple'));
    expect((await heard(down.router, request({ messages }))).finish).toMatchObject({ provider: 'a', tier: 'complex' });
  });

  it.each([
    ['and in Texas?', 'complex'],
    ['why?', 'complex'],
    ['Write the second one as an e-mail to each of their dispatchers, please', 'complex'],
    ['thanks', 'complex'],
    ['How many dealers in Ohio have we called since Monday?', 'simple'],
  ] as const)('words that go on with a task are not answered by less than began it: %s', async (text, tier) => {
    const run = routerOf({ a: scripted(says('a')), b: scripted(says('b')), c: scripted(says('c')) }, told('simple'));
    const said = (more: object, by?: object) => ({ role: 'assistant' as const, text: 'Here is the plan.', ...more, ...by });
    const by = { by: { provider: 'c', model: 'c-smart', tier: 'complex' as const } };
    const asks = { role: 'user' as const, text };
    const first = { role: 'user' as const, text: 'plan my quarter' };
    expect((await heard(run.router, request({ messages: [first, said({}, by), asks] }))).finish?.tier).toBe(tier);
    // also when the turn between them failed
    const failed = [first, said({}, by), { role: 'user' as const, text: 'go on' }, said({ text: 'It broke off.' }), asks];
    expect((await heard(run.router, request({ messages: failed }))).finish?.tier).toBe(tier);
    // an answer that asks something is not the end of a task
    expect((await heard(run.router, request({ messages: [first, said({ text: 'By state?' }, by), asks] }))).finish?.tier).toBe(
      'complex',
    );
  });

  it('a task may rise', async () => {
    const run = routerOf({ b: scripted(says('b')), c: scripted(says('c')) }, told('complex'));
    const by = { provider: 'b', model: 'b-fast', tier: 'simple' as const };
    const messages = [
      { role: 'user' as const, text: 'hi' },
      { role: 'assistant' as const, text: 'Hello?', by },
      { role: 'user' as const, text: 'compare all of them' },
    ];
    expect((await heard(run.router, request({ messages }))).finish).toMatchObject({ tier: 'complex', provider: 'c' });
  });

  it('what only one provider understands is shown to that one alone', async () => {
    const [a, c] = [scripted(says('a')), scripted(fails('server', { status: 500 }))];
    const thought = { provider: 'c', parts: [{ signature: 'x' }] };
    const messages = [
      { role: 'user' as const, text: 'hi' },
      { role: 'assistant' as const, text: 'thinking', opaque: thought },
      { role: 'user' as const, text: 'go on' },
    ];
    await heard(routerOf({ a, c }, told('complex')).router, request({ messages }));
    expect(c.asked[0]!.messages[1]).toMatchObject({ opaque: thought });
    expect(a.asked[0]!.messages[1]).toEqual({ role: 'assistant', text: 'thinking' });
  });

  it('what a provider thought before it failed is not put down to the next', async () => {
    const a = scripted([{ type: 'opaque', part: 'thought by a' }, ...fails('server', { status: 500 })]);
    const b = scripted([{ type: 'opaque', part: 'thought by b' }, ...says('from b')]);
    const thoughts: unknown[] = [];
    for await (const delta of routerOf({ a, b }).router.stream(request())) if (delta.type === 'opaque') thoughts.push(delta);
    expect(thoughts).toEqual([{ type: 'opaque', provider: 'b', part: 'thought by b' }]);
  });

  it('an agent that names its model gets it, and the chain behind it', async () => {
    const run = routerOf({ a: scripted(fails('server', { status: 500 })), b: scripted(says('b')) }, told('complex'));
    const purpose = { ...request().purpose, agent: 'named', mode: 'passthrough' as const };
    expect((await heard(run.router, request({ purpose }))).finish).toMatchObject({ model: 'b-smart' });
    expect(asked(run)).toEqual(['a failed server', 'b ok']);
  });

  it('without any provider the rules answer, which is no failure', async () => {
    const run = routerOf({});
    const { text, finish } = await heard(run.router, request());
    expect([text, finish?.notice]).toEqual(['By the rules.', undefined]);
  });
});

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

describe('the policy', () => {
  it.each([
    [{ chain: [] }, /chain/],
    [{ chain: ['claude'] }, /is a provider and an alias/],
    [{ breakers: { a: { failures: 0, recoverySeconds: 1 } } }, /breakers\.a\.failures/],
  ])('with nonsense in it is refused: %j', (change, message) => {
    expect(() => policy(change as never)).toThrow(message);
  });
});
