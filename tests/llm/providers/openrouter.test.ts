import { describe, expect, it } from 'vitest';
import { openrouter } from '../../../src/llm/providers/openrouter.ts';
import { answered, asking, chunk, done, events, forced, said, saysYes, textOf, user } from './asking.ts';

const askOpenRouter = asking({
  declaration: openrouter,
  variables: (url) => ({ OPENROUTER_API_KEY: 'sk-3', OPENROUTER_BASE_URL: url }),
  model: 'deepseek/deepseek-v4.1-flash',
});

describe('OpenRouter', () => {
  it('breaks off with an error in the last piece of an answer, by the number in it', async () => {
    const broken = (error: object) => ({
      chunks: [
        ': OPENROUTER PROCESSING\n\n',
        ...events(chunk({ content: 'Half an' }), { ...chunk({ content: '' }, 'error'), error }),
      ],
    });
    const first = await askOpenRouter(broken({ code: 502, message: 'Provider disconnected' }));
    expect(textOf(first.deltas)).toBe('Half an');
    expect(first.error).toMatchObject({ kind: 'server', status: 502 });
    expect((await askOpenRouter(broken({ code: 'server_error', message: 'x' }))).error).toMatchObject({ kind: 'server' });
    expect((await askOpenRouter(broken({ code: 429, message: 'x' }))).error).toMatchObject({ kind: 'rate_limit', status: 429 });
    expect((await askOpenRouter({ chunks: [...events(chunk({}, 'error')), done] })).error).toMatchObject({ kind: 'server' });
  });

  it('breaks off with an error in the answer itself, too, and says what that cost by then', async () => {
    const broken = chunk({ content: '' }, 'stop');
    Object.assign(broken.choices[0]!, { error: { code: 502, message: 'Provider disconnected' } });
    const first = await askOpenRouter({ chunks: [...events(chunk({ content: 'Half an' }), broken), done] });
    expect(first.error).toMatchObject({ kind: 'server', status: 502 });
    const usage = { prompt_tokens: 194, completion_tokens: 2, cost: 0.0000142 };
    const paid = { ...chunk({}, 'error'), error: { code: 502, message: 'Provider disconnected' }, usage };
    const { deltas, error } = await askOpenRouter({ chunks: events(chunk({ content: 'Half an' }), paid) });
    expect(error).toMatchObject({ kind: 'server' });
    expect(deltas.at(-1)).toMatchObject({ type: 'usage', usage: { input: 194, output: 2 }, billedUsd: '0.000014200000' });
  });

  it('is believed what it bills, also where it counts nothing, and not where nothing can cost so much', async () => {
    const billed = async (usage: object) => {
      const { deltas } = await askOpenRouter({
        chunks: [...events(chunk({ content: 'Yes.' }), chunk({}, 'stop'), { choices: [], usage }), done],
      });
      return deltas.flatMap((delta) => (delta.type === 'usage' ? [delta.billedUsd] : []));
    };
    expect(await billed({ cost: 0.00012 })).toEqual(['0.000120000000']);
    expect(await billed({ prompt_tokens: null, completion_tokens: 'x', cost: 0 })).toEqual(['0.000000000000']);
    expect(await billed({ prompt_tokens: 10, completion_tokens: 5, cost: 99_999 })).toEqual([undefined]);
    for (const cost of [-1, '0.1', null, true])
      expect(await billed({ prompt_tokens: 10, completion_tokens: 5, cost })).toEqual([undefined]);
  });

  it('tells a moderated prompt from a key without rights', async () => {
    const refusedWith = async (error: object) =>
      (await askOpenRouter({ status: 403, headers: { 'content-type': 'application/json' }, chunks: [JSON.stringify({ error })] }))
        .error;
    expect(await refusedWith({ code: 403, message: 'flagged', metadata: { reasons: ['x'], flagged_input: 'y' } })).toMatchObject({
      kind: 'bad_request',
    });
    expect(await refusedWith({ code: 403, message: 'Key limit' })).toMatchObject({ kind: 'auth' });
  });

  it.each([
    ['what it is billed at', { cost: 0.0000142 }, '0.000014200000'],
    ['a very small amount', { cost: 4.5e-8 }, '0.000000045000'],
    [
      'the fee and the bill of the server behind it',
      { cost: 0.95, is_byok: true, cost_details: { upstream_inference_cost: 19 } },
      '19.950000000000',
    ],
    ['nothing for a free model', { cost: 0 }, '0.000000000000'],
    ['no amount where the bill behind it is not told', { cost: 0.95, is_byok: true }, undefined],
    ['no amount where it is no number', { cost: '0.1' }, undefined],
    ['no amount below nothing', { cost: -1 }, undefined],
  ])('says %s', async (_what, told, billedUsd) => {
    const counts = { ...chunk({}), choices: [], usage: { prompt_tokens: 194, completion_tokens: 2, ...told } };
    const { deltas } = await askOpenRouter({ chunks: [...events(chunk({ content: 'Yes.' }, 'stop'), counts), done] });
    const usage = deltas.findLast(({ type }) => type === 'usage');
    expect(usage).toMatchObject({ usage: { input: 194, output: 2 } });
    expect((usage as { billedUsd?: string }).billedUsd).toBe(billedUsd);
  });

  it('gets the blocks it thought back whole, in their order and unchanged', async () => {
    const detail = (more: object) => chunk({ content: '', reasoning_details: [more] });
    const call = chunk({
      tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'get_lead', arguments: '{}' } }],
    });
    const thinking = [
      detail({ type: 'reasoning.text', text: 'First ', format: 'anthropic-claude-v1', index: 0 }),
      detail({ type: 'reasoning.text', text: 'this.', index: 0 }),
      detail({ type: 'reasoning.text', signature: 'sig-1', index: 0 }),
      detail({ type: 'reasoning.encrypted', data: 'aa', index: 1 }),
      detail({ type: 'reasoning.encrypted', data: 'bb', index: 1 }),
    ];
    const { deltas } = await askOpenRouter({ chunks: [...events(...thinking, call, chunk({}, 'tool_calls')), done] });
    const { asked } = await askOpenRouter(saysYes, { messages: [user('Hi'), said('openrouter', deltas), answered('c1')] });
    expect(asked.body.messages[1].reasoning_details).toEqual([
      { type: 'reasoning.text', text: 'First this.', signature: 'sig-1', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'aa', index: 1 },
      { type: 'reasoning.encrypted', data: 'bb', index: 1 },
    ]);
  });

  it.each([
    ['deepseek/deepseek-v4.1-flash', { tool_choice: expect.anything(), reasoning: { enabled: false } }],
    ['anthropic/claude-haiku-5.5', { tool_choice: expect.anything() }],
  ])('makes %s call as that model takes it', async (model, takes) => {
    expect((await askOpenRouter(saysYes, { ...forced, model })).asked.body).toMatchObject(takes);
  });

  it('asks models in words that refuse to be made to', async () => {
    const { asked } = await askOpenRouter(saysYes, { ...forced, model: 'anthropic/claude-sonnet-5.5' });
    expect(asked.body).not.toHaveProperty('tool_choice');
    expect(asked.body.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining('get_lead') });
  });
});
