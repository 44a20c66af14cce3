import { describe, expect, it } from 'vitest';
import { ollama } from '../../../src/llm/providers/ollama.ts';
import { vllm } from '../../../src/llm/providers/vllm.ts';
import { asking, callsOf, chunk, done, events, getLead, saysYes, textOf, usageOf, user } from './asking.ts';

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

  it('that tells its calls apart in no way but by their names still calls', async () => {
    const piece = (more: object, args: string) => ({ ...more, function: { name: 'get_lead', arguments: args } });
    const [one, two] = ['{"lead":"One"}', '{"lead":"Two"}'];
    for (const pieces of [
      [chunk({ tool_calls: [piece({}, one)] }), chunk({ tool_calls: [piece({}, two)] })],
      [chunk({ tool_calls: [piece({ index: 0, id: '' }, one), piece({ index: 0, id: '' }, two)] })],
      [
        chunk({ tool_calls: [piece({ index: 0, id: 'same' }, one)] }),
        chunk({ tool_calls: [piece({ index: 0, id: 'same' }, two)] }),
      ],
    ]) {
      const { deltas } = await askVllm({ chunks: [...events(...pieces, chunk({}, 'tool_calls')), done] });
      expect(callsOf(deltas).map(({ input }) => input)).toEqual([{ lead: 'One' }, { lead: 'Two' }]);
      expect(new Set(callsOf(deltas).map(({ id }) => id)).size).toBe(2);
    }
    // the same name with every piece of one call, the last of which brings nothing
    const repeated = ['{"lead"', ':"One"}', ''].map((args) => chunk({ tool_calls: [piece({ index: 0 }, args)] }));
    const { deltas } = await askVllm({ chunks: [...events(...repeated, chunk({}, 'tool_calls')), done] });
    expect(callsOf(deltas).map(({ input }) => input)).toEqual([{ lead: 'One' }]);
  });

  it('that writes an input as null, or as the JSON of its JSON, is understood', async () => {
    const inputOf = async (args: string) => {
      const called = chunk({ tool_calls: [{ index: 0, id: 'x', function: { name: 'get_lead', arguments: args } }] });
      return callsOf((await askVllm({ chunks: [...events(called, chunk({}, 'tool_calls')), done] })).deltas)[0]?.input;
    };
    expect(await inputOf('null')).toEqual({});
    expect(await inputOf(JSON.stringify('{"lead":"One"}'))).toEqual({ lead: 'One' });
  });

  it('that says why it ends before it has said all of it is heard out', async () => {
    const counts = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } };
    const { deltas, error } = await askVllm({
      chunks: [...events(chunk({ content: 'Three' }), chunk({}, 'stop'), chunk({ content: ' words more.' }), counts), done],
    });
    expect(error).toBeUndefined();
    expect(textOf(deltas)).toBe('Three words more.');
    expect(deltas.filter(({ type }) => type === 'finish')).toHaveLength(1);
    expect(usageOf(deltas)).toMatchObject({ input: 9, output: 3 });
  });

  it('counts what it thought once, whether that is a part of the answer’s count or stands beside it', async () => {
    const counted = async (completion_tokens: number, total_tokens: number | undefined, reasoning_tokens: number) => {
      const usage = { prompt_tokens: 10_120, completion_tokens, total_tokens, completion_tokens_details: { reasoning_tokens } };
      const chunks = [...events(chunk({ content: 'Yes.' }), chunk({}, 'stop'), { choices: [], usage }), done];
      const { output, reasoning } = usageOf((await askVllm({ chunks })).deltas) as { output: number; reasoning: number };
      return [output, reasoning];
    };
    expect(await counted(1499, 14_428, 2809)).toEqual([4308, 2809]);
    expect(await counted(4308, 14_428, 2809)).toEqual([4308, 2809]);
    expect(await counted(4308, undefined, 2809)).toEqual([4308, 2809]);
    expect(await counted(4308, 1, 2809)).toEqual([4308, 2809]);
  });

  it('that calls an event an error is believed, whatever stands in it', async () => {
    const failing = async (data: string) =>
      (
        await askVllm({
          chunks: [...events(chunk({ content: 'Half' })), `event: error\ndata: ${data}\n\n`, ...events(chunk({}, 'stop')), done],
        })
      ).error;
    expect(await failing('{"id":"x","message":"Overloaded","code":429}')).toMatchObject({ kind: 'rate_limit', status: 429 });
    expect(await failing('{"message":"Overloaded","code":529}')).toMatchObject({ kind: 'server', status: 529 });
    expect(await failing('{"error":{"message":"Slow down","type":"rate_limit_error"}}')).toMatchObject({ kind: 'rate_limit' });
    expect(await failing('upstream timed out')).toMatchObject({ kind: 'server' });
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
