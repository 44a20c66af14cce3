import { describe, expect, it } from 'vitest';
import { asked, fails, heard, request, routerOf, says, scripted } from './stand-ins.ts';

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
