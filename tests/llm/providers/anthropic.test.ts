import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LlmMessage } from '../../../src/core/llm.ts';
import type { ProviderRequest } from '../../../src/llm/provider.ts';
import { anthropic } from '../../../src/llm/providers/anthropic.ts';
import { tools } from '../../../src/tools/index.ts';
import { anthropicWire } from '../../contracts/wires.ts';
import { answered, asking, callsOf, getLead, named, partsOf, said, textOf, thoughtOf, usageOf, user } from './asking.ts';

const ask = asking({
  declaration: anthropic,
  variables: (url) => ({ ANTHROPIC_API_KEY: 'sk-ant-1', ANTHROPIC_BASE_URL: `${url}/v1` }),
  model: 'claude-sonnet-5-5',
});
const yes = { chunks: anthropicWire.events({ text: 'Yes.' }) };

const start = (usage: object = { input_tokens: 10, output_tokens: 1 }) => ({
  type: 'message_start',
  message: { role: 'assistant', content: [], usage },
});
const end = (stop_reason: string | null, usage: object = { output_tokens: 20 }) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];
const block = (index: number, content_block: object, ...deltas: object[]) => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
const thinking = (index: number, thought: string, signature: string) =>
  block(
    index,
    { type: 'thinking', thinking: '', signature: '' },
    ...(thought ? [{ type: 'thinking_delta', thinking: thought }] : []),
    { type: 'signature_delta', signature },
  );
const text = (index: number, words: string) => block(index, { type: 'text', text: '' }, { type: 'text_delta', text: words });
const call = (index: number, id: string) =>
  block(
    index,
    { type: 'tool_use', id, name: 'get_lead', input: {} },
    { type: 'input_json_delta', partial_json: '{"lead":"One"}' },
  );

describe('Claude', () => {
  it('is asked with the key, over its address with or without the version', async () => {
    const { asked } = await ask(yes);
    expect(asked.path).toBe('/v1/messages');
    expect(asked.headers['authorization'] ?? asked.headers['x-api-key']).toContain('sk-ant-1');
  });

  it('is asked as the Messages API wants it: system apart and cached, tools, and answers of tools together', async () => {
    const calls = ['a', 'b'].map((id) => ({ id, name: 'get_lead', input: { lead: id } }));
    const messages: LlmMessage[] = [
      { role: 'system', text: 'You help sales people.' },
      user('Two things'),
      { role: 'assistant', text: '', toolCalls: calls },
      answered('a', '{"n":1}'),
      answered('b', '{"n":2}'),
    ];
    const { asked } = await ask(yes, { messages, tools: [getLead] });
    expect(asked.headers).toMatchObject({ 'x-stainless-retry-count': '0' });
    expect(asked.body).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 200,
      stream: true,
      system: [{ type: 'text', text: 'You help sales people.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'get_lead', description: 'A lead', input_schema: getLead.parameters }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Two things' }] },
        { role: 'assistant', content: calls.map((call) => ({ type: 'tool_use', ...call })) },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: '{"n":1}' },
            { type: 'tool_result', tool_use_id: 'b', content: '{"n":2}' },
          ],
        },
      ],
    });
  });

  it('is given a conversation that was cut, and ids that another model used twice, in a form it takes', async () => {
    const look = (n: number): LlmMessage[] => [
      { role: 'assistant', text: '', toolCalls: [{ id: 'call_1', name: 'get_lead', input: {} }] },
      answered('call_1', `{"n":${n}}`),
      { role: 'assistant', text: `Look ${n}.` },
    ];
    const messages = [
      { role: 'system' as const, text: 'Be kind.' },
      ...look(0),
      user('a'),
      ...look(1),
      user('b'),
      ...look(2),
      user('c'),
    ];
    const { asked } = await ask(yes, { messages });
    expect(asked.body.messages.map(({ role }: { role: string }) => role)).toEqual(
      Array.from({ length: 9 }, (_, i) => (i % 2 ? 'assistant' : 'user')),
    );
    const ids = asked.body.messages.flatMap(({ content }: { content: { id?: string; tool_use_id?: string }[] }) =>
      content.map((block) => block.id ?? block.tool_use_id).filter(Boolean),
    );
    expect(ids).toEqual(['call_1', 'call_1', 'call_1_2', 'call_1_2']);
  });

  it('can be offered every tool there is: each schema is plainly an object', () => {
    for (const tool of tools.values()) {
      const schema = z.toJSONSchema(tool.input, { io: 'input' });
      expect(schema, tool.name).toMatchObject({ type: 'object' });
      for (const choice of ['anyOf', 'oneOf', 'allOf']) expect(schema, tool.name).not.toHaveProperty(choice);
    }
  });

  it.each([
    ['claude-haiku-4-5', true],
    ['claude-haiku-4-5-20251001', true],
    ['claude-sonnet-4-6', true],
    ['claude-opus-4-6', true],
    ['claude-opus-4-8', false],
    ['claude-sonnet-5', false],
    ['claude-sonnet-5-5', false],
    ['claude-haiku-5-5', false],
    ['claude-opus-5', false],
    ['claude-next', false],
  ])('%s is given a temperature: %s', async (model, takes) => {
    const { asked } = await ask(yes, { model, temperature: 0 });
    expect('temperature' in asked.body).toBe(takes);
  });

  it.each([
    ['claude-haiku-5-5', 'form'],
    ['claude-sonnet-5', 'form'],
    ['claude-opus-4-8', 'form'],
    ['claude-sonnet-5-5', 'words'],
    ['claude-opus-5-5', 'words'],
    ['claude-next', 'words'],
  ])('%s is made to call in its %s', async (model, way) => {
    const { asked } = await ask(yes, { model, tools: [getLead], mustCall: 'get_lead' });
    expect(asked.body.tool_choice.type).toBe(way === 'form' ? 'tool' : 'auto');
    expect(JSON.stringify(asked.body.system).includes('get_lead')).toBe(way === 'words');
  });

  describe('counts', () => {
    const used = async (first: object, last: object = { output_tokens: 20 }) =>
      usageOf((await ask({ chunks: named(start(first), ...text(0, 'Yes.'), ...end('end_turn', last)) })).deltas);

    it('what it wrote to its cache for five minutes and for an hour apart', async () => {
      expect(
        await used(
          {
            input_tokens: 100,
            cache_read_input_tokens: 2000,
            cache_creation_input_tokens: 700,
            cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
            output_tokens: 1,
          },
          { output_tokens: 50, output_tokens_details: { thinking_tokens: 30 } },
        ),
      ).toEqual({
        input: 100,
        cacheRead: 2000,
        cacheWrite5m: 300,
        cacheWrite1h: 400,
        output: 50,
        reasoning: 30,
        source: 'provider',
      });
    });

    it('the old total as five minutes, also when the end repeats it', async () => {
      const first = { input_tokens: 5, cache_creation_input_tokens: 700, output_tokens: 1 };
      expect(await used(first)).toMatchObject({ cacheWrite5m: 700, cacheWrite1h: 0 });
      const split = { ...first, cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 700 } };
      const repeated = { input_tokens: 5, cache_creation_input_tokens: 700, cache_read_input_tokens: 0, output_tokens: 50 };
      expect(await used(split, repeated)).toMatchObject({ input: 5, cacheWrite5m: 0, cacheWrite1h: 700, output: 50 });
    });

    it('the prompt where it is counted, when the other place holds zeros', async () => {
      const none = { input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
      const some = { input_tokens: 77, cache_read_input_tokens: 11, cache_creation_input_tokens: 5 };
      const counted = { input: 77, cacheRead: 11, cacheWrite5m: 5, output: 9 };
      expect(await used({ ...some, output_tokens: 1 }, { ...none, output_tokens: 9 })).toMatchObject(counted);
      expect(await used({ ...none, output_tokens: 1 }, { ...some, output_tokens: 9 })).toMatchObject(counted);
      // what the end says of a prompt goes before what the start said
      expect(await used({ ...some, output_tokens: 1 }, { input_tokens: 120, output_tokens: 9 })).toMatchObject({
        ...{ input: 120, cacheRead: 11, cacheWrite5m: 5 },
      });
    });

    it('nothing twice and nothing below zero, however the numbers come', async () => {
      expect(
        await used({ input_tokens: 5, output_tokens: 1, cache_creation: null, cache_read_input_tokens: null }),
      ).toMatchObject({
        input: 5,
        cacheRead: 0,
        cacheWrite5m: 0,
      });
      expect(await used({ input_tokens: -5, output_tokens: 'x' }, { output_tokens: 20.5 })).toEqual({});
    });

    it('what was used up to where it broke off', async () => {
      const { deltas, error } = await ask({
        chunks: named(start({ input_tokens: 40, output_tokens: 1 }), ...text(0, 'Half an')),
        end: 'cut',
      });
      expect(usageOf(deltas)).toMatchObject({ input: 40 });
      expect(error).toMatchObject({ kind: 'transport' });
    });
  });

  describe('thinking', () => {
    const began: LlmMessage[] = [{ role: 'system', text: 'Be kind.' }, user('Who is it?')];
    const more = { messages: began, tools: [getLead] } satisfies Partial<ProviderRequest>;
    const answer = {
      chunks: named(
        start(),
        ...thinking(0, 'Let me see.', 'sig-1'),
        ...text(1, 'I look. '),
        ...thinking(2, '', 'sig-2'),
        ...block(3, { type: 'redacted_thinking', data: 'xyz' }),
        ...text(4, 'Now.'),
        ...call(5, 'toolu_1'),
        ...call(6, 'toolu_2'),
        ...end('tool_use'),
      ),
    };
    const assistantIn = (body: { messages: { role: string; content: unknown[] }[] }) => body.messages[1]!.content;

    it('is shown to nobody, and goes back in a tool loop exactly where it stood', async () => {
      const { deltas } = await ask(answer, more);
      expect(textOf(deltas)).toBe('I look. Now.');
      expect(partsOf(deltas)).toHaveLength(3);
      expect(thoughtOf(deltas)).toBe('Let me see.'.length);
      const loop = [...began, said('anthropic', deltas), answered('toolu_1'), answered('toolu_2')];
      const { asked } = await ask(yes, { ...more, messages: loop });
      expect(assistantIn(asked.body)).toEqual([
        { type: 'thinking', thinking: 'Let me see.', signature: 'sig-1' },
        { type: 'text', text: 'I look. ' },
        { type: 'thinking', thinking: '', signature: 'sig-2' },
        { type: 'redacted_thinking', data: 'xyz' },
        { type: 'text', text: 'Now.' },
        { type: 'tool_use', id: 'toolu_1', name: 'get_lead', input: { lead: 'One' } },
        { type: 'tool_use', id: 'toolu_2', name: 'get_lead', input: { lead: 'One' } },
      ]);
    });

    it('goes back at every further step, and in later turns while nothing before it changed', async () => {
      const first = said('anthropic', (await ask(answer, more)).deltas);
      const loop = [...began, first, answered('toolu_1'), answered('toolu_2')];
      const second = await ask(
        { chunks: named(start(), ...thinking(0, '', 'sig-3'), ...call(1, 'toolu_3'), ...end('tool_use')) },
        { ...more, messages: loop },
      );
      const further = [...loop, said('anthropic', second.deltas), answered('toolu_3')];
      const { asked } = await ask(yes, {
        ...more,
        messages: [...further, { role: 'assistant', text: 'It is One.' }, user('Thanks')],
      });
      expect([...JSON.stringify(asked.body).matchAll(/sig-\d/g)].map(([sig]) => sig)).toEqual(['sig-1', 'sig-2', 'sig-3']);
    });

    it.each<[string, Partial<ProviderRequest>]>([
      ['instructions', { messages: [{ role: 'system', text: 'Be brief.' }, user('Who is it?')] }],
      ['question', { messages: [{ role: 'system', text: 'Be kind.' }, user('Who was it?')] }],
      ['tools', { messages: began, tools: [] }],
      ['beginning of the conversation', { messages: [began[0]!, user('Before'), { role: 'assistant', text: 'Ah.' }, began[1]!] }],
    ])('stays out where the %s changed since, because it is bound to what came before', async (_what, changed) => {
      const { deltas } = await ask(answer, more);
      const { asked } = await ask(yes, {
        ...more,
        ...changed,
        messages: [...changed.messages!, said('anthropic', deltas), answered('toolu_1'), answered('toolu_2')],
      });
      expect(JSON.stringify(asked.body)).not.toContain('sig-1');
      expect(JSON.stringify(asked.body)).toContain('toolu_2');
    });

    it('is not taken from another provider’s parts', async () => {
      const { deltas } = await ask(answer, more);
      const loop = [...began, said('openrouter', deltas), answered('toolu_1'), answered('toolu_2')];
      expect(JSON.stringify((await ask(yes, { ...more, messages: loop })).asked.body)).not.toContain('sig-1');
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
  ])('that stops for %s ends with %s', async (reason, finish) => {
    const { deltas } = await ask({ chunks: named(start(), ...text(0, 'Well'), ...end(reason)) });
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: finish });
  });

  it('that declines is counted all the same', async () => {
    const { deltas, error } = await ask({ chunks: named(start(), ...end('refusal')) });
    expect(usageOf(deltas)).toMatchObject({ input: 10, output: 20 });
    expect(error).toMatchObject({ kind: 'bad_request' });
  });

  it('that ends without a reason, or without an end, broke off', async () => {
    expect((await ask({ chunks: named(start(), ...text(0, 'Well'), ...end(null)) })).error).toMatchObject({ kind: 'truncated' });
    const [reason] = end('end_turn');
    expect((await ask({ chunks: named(start(), ...text(0, 'Well'), reason!) })).error).toMatchObject({ kind: 'truncated' });
  });

  it('may put a whole block where it begins', async () => {
    const whole = block(1, { type: 'tool_use', id: 'x', name: 'get_lead', input: { lead: 'One' } });
    const said = block(0, { type: 'text', text: 'I ' }, { type: 'text_delta', text: 'look.' });
    const { deltas } = await ask({ chunks: named(start(), ...said, ...whole, ...end('tool_use')) });
    expect(textOf(deltas)).toBe('I look.');
    expect(callsOf(deltas)).toEqual([{ id: 'x', name: 'get_lead', input: { lead: 'One' } }]);
  });

  it('may say things that we do not know yet', async () => {
    const { deltas } = await ask({
      chunks: named(
        start(),
        ...block(0, { type: 'server_tool_use', id: 's', name: 'x', input: {} }, { type: 'input_json_delta', partial_json: '{}' }),
        { type: 'some_new_event', with: 'things' },
        ...block(1, { type: 'text', text: '' }, { type: 'citations_delta', citation: {} }, { type: 'text_delta', text: 'Yes.' }),
        ...end('end_turn'),
      ),
    });
    expect(textOf(deltas)).toBe('Yes.');
    expect(callsOf(deltas)).toEqual([]);
  });

  it('is not understood when its pieces are of no known form', async () => {
    for (const pieces of [
      block(0, { type: 'text', text: '' }, { type: 'text_delta', text: null }),
      block(0, { type: 'tool_use', id: 'x', input: {} }),
      [{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta' } }],
    ])
      expect((await ask({ chunks: named(start(), ...pieces, ...end('end_turn')) })).error).toMatchObject({ kind: 'malformed' });
  });

  it('whose thinking came unsigned does not get it back', async () => {
    const unsigned = block(0, { type: 'thinking', thinking: '' }, { type: 'thinking_delta', thinking: 'Hm.' });
    const { deltas } = await ask({ chunks: named(start(), ...unsigned, ...text(1, 'Yes.'), ...end('end_turn')) });
    expect(partsOf(deltas)).toEqual([]);
    expect(textOf(deltas)).toBe('Yes.');
  });

  it('is not understood when its calls cannot be read', async () => {
    for (const json of ['{"lead":', '[1]', '"text"']) {
      const bad = block(
        0,
        { type: 'tool_use', id: 'x', name: 'get_lead', input: {} },
        { type: 'input_json_delta', partial_json: json },
      );
      expect((await ask({ chunks: named(start(), ...bad, ...end('tool_use')) })).error).toMatchObject({ kind: 'malformed' });
    }
  });
});
