import { describe, expect, it } from 'vitest';
import { ollama } from '../../../src/llm/providers/ollama.ts';
import { vllm } from '../../../src/llm/providers/vllm.ts';
import { asking, callsOf, chunk, done, events, getLead, saysYes, user } from './asking.ts';

const askOllama = asking({ declaration: ollama, variables: (url) => ({ OLLAMA_BASE_URL: url }), model: 'qwen3:8b' });
const askVllm = asking({ declaration: vllm, variables: (url) => ({ VLLM_BASE_URL: `${url}/v1` }), model: 'qwen' });

describe('a server of one’s own', () => {
  it('needs no key, and is sent none', async () => {
    for (const ask of [askOllama, askVllm]) {
      const { asked } = await ask(saysYes);
      expect(asked.path).toBe('/v1/chat/completions');
      expect(asked.headers).not.toHaveProperty('authorization');
    }
    const withKey = asking({
      declaration: vllm,
      variables: (url) => ({ VLLM_BASE_URL: url, VLLM_API_KEY: 'secret' }),
      model: 'qwen',
    });
    expect((await withKey(saysYes)).asked.headers['authorization']).toBe('Bearer secret');
  });

  it('that numbers all calls the same, gives no ids, or says that it only stopped, still calls', async () => {
    const piece = (index: number, id: string | undefined, name: string, args: unknown) =>
      chunk({ tool_calls: [{ index, ...(id && { id }), type: 'function', function: { name, arguments: args } }] });
    const same = [piece(0, 'call_1', 'get_lead', '{"lead":"One"}'), piece(0, 'call_2', 'get_lead', '{"lead":"Two"}')];
    const { deltas } = await askOllama({ chunks: [...events(...same, chunk({}, 'stop')), done] });
    expect(callsOf(deltas)).toEqual([
      { id: 'call_1', name: 'get_lead', input: { lead: 'One' } },
      { id: 'call_2', name: 'get_lead', input: { lead: 'Two' } },
    ]);
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
    const bare = [piece(0, undefined, 'get_lead', { lead: 'One' }), piece(1, undefined, 'get_lead', '{"lead":"Two"}')];
    const calls = callsOf((await askOllama({ chunks: [...events(...bare, chunk({}, 'tool_calls')), done] })).deltas);
    expect(calls.map(({ input }) => input)).toEqual([{ lead: 'One' }, { lead: 'Two' }]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    const repeating = [piece(0, 'call_1', 'get_lead', '{"lead"'), piece(0, 'call_1', 'get_lead', ':"One"}')];
    expect(callsOf((await askVllm({ chunks: [...events(...repeating, chunk({}, 'tool_calls')), done] })).deltas)).toEqual([
      { id: 'call_1', name: 'get_lead', input: { lead: 'One' } },
    ]);
  });

  it('that calls nothing, nobody, or in a way that cannot be read is not understood', async () => {
    const call = (name: string, args: string) =>
      chunk({ tool_calls: [{ index: 0, id: 'x', function: { name, arguments: args } }] });
    for (const chunks of [
      events(chunk({}, 'tool_calls')),
      events(call('', '{}'), chunk({}, 'tool_calls')),
      events(call('get_lead', '{"lead":'), chunk({}, 'tool_calls')),
      events(call('get_lead', '[1]'), chunk({}, 'stop')),
      events({ hello: 'world' }),
      events({ choices: 'none' }),
      events({ id: 'c', choices: [{ delta: 'text' }] }),
      ['data: 42\n\n'],
      ['data: null\n\n'],
    ]) {
      expect((await askVllm({ chunks })).error, chunks.join('')).toMatchObject({ kind: 'malformed' });
    }
  });

  it('tells its errors in its own shapes', async () => {
    const bare = {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens",
      type: 'BadRequestError',
      code: 400,
    };
    expect((await askVllm({ chunks: events(bare) })).error).toMatchObject({ kind: 'too_large', status: 400 });
    expect((await askVllm({ chunks: events({ error: bare }) })).error).toMatchObject({ kind: 'too_large', status: 400 });
    const missing = { error: { message: 'model "qwen3:8b" not found, try pulling it first', type: 'not_found_error' } };
    const error = { status: 404, headers: { 'content-type': 'application/json' }, chunks: [JSON.stringify(missing)] };
    expect((await askOllama(error)).error).toMatchObject({ kind: 'no_model', status: 404 });
    expect(
      (await askOllama({ chunks: [`${JSON.stringify({ error: 'an error was encountered while running the model' })}\n`] })).error,
    ).toMatchObject({
      kind: 'server',
    });
    expect((await askVllm({ chunks: [...events(chunk({ content: 'We' }), chunk({}, 'abort')), done] })).error).toMatchObject({
      kind: 'truncated',
    });
  });

  it('that never ends a line is given up before it fills the memory', async () => {
    const { error } = await askVllm({ chunks: Array.from({ length: 6 }, () => 'x'.repeat(1024 * 1024)) });
    expect(error).toMatchObject({ kind: 'malformed' });
  });

  it('is given a temperature, one system text, and tools as they are', async () => {
    const messages = [{ role: 'system' as const, text: 'Be kind.' }, { role: 'system' as const, text: 'Be brief.' }, user('Hi')];
    const { asked } = await askVllm(saysYes, { messages, temperature: 0.2, tools: [getLead] });
    expect(asked.body).toEqual({
      model: 'qwen',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 200,
      temperature: 0.2,
      messages: [
        { role: 'system', content: 'Be kind.\n\nBe brief.' },
        { role: 'user', content: 'Hi' },
      ],
      tools: [{ type: 'function', function: getLead }],
    });
  });
});
