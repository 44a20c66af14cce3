import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { ProviderFailure } from '../../../src/llm/provider.ts';
import { Breaker } from '../../../src/llm/router/breaker.ts';
import { type Act, asked, fails, heard, policy, request, routerOf, says, scripted } from './stand-ins.ts';

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
    vi.useFakeTimers();
    try {
      const thinks: Act[] = [{ type: 'thinking', characters: 40 }, { waitMs: 150 }];
      const long = [...thinks, ...thinks, ...thinks, ...says('thought through')];
      const run = routerOf({ a: scripted(long), b: scripted(says('from b')) }, { policy: patient });
      const answer = heard(run.router, request());
      await vi.advanceTimersByTimeAsync(3 * 150);
      expect((await answer).text).toBe('thought through');
      const silent = scripted([...thinks, { waitMs: 5000 }, ...says('late')]);
      const stuck = routerOf({ a: silent, b: scripted(says('from b')) }, { policy: patient });
      const second = heard(stuck.router, request());
      await vi.advanceTimersByTimeAsync(150 + 200);
      expect((await second).text).toBe('from b');
      expect(asked(stuck)).toEqual(['a failed timeout', 'b ok']);
      // what it thought by then was not for nothing, although it never counted
      expect(stuck.reports[0]).toMatchObject({ usage: { output: 10, reasoning: 10, source: 'partial' } });
    } finally {
      vi.useRealTimers();
    }
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

  it('who refused the request is not asked again when the others are', async () => {
    const a = scripted(fails('bad_request', { status: 400 }));
    const run = routerOf({ a, b: scripted(fails('server', { status: 503 }), says('from b')) });
    expect((await heard(run.router, request())).text).toBe('from b');
    expect(asked(run)).toEqual(['a failed bad_request', 'b failed server', 'b ok']);
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

describe('the policy', () => {
  it.each([
    [{ chain: [] }, /chain/],
    [{ chain: ['claude'] }, /is a provider and an alias/],
    [{ breakers: { a: { failures: 0, recoverySeconds: 1 } } }, /breakers\.a\.failures/],
  ])('with nonsense in it is refused: %j', (change, message) => {
    expect(() => policy(change as never)).toThrow(message);
  });
});
