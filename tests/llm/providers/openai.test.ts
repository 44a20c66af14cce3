import { afterEach, describe, expect, it } from 'vitest';
import { cerebras } from '../../../src/llm/providers/cerebras.ts';
import { deepseek } from '../../../src/llm/providers/deepseek.ts';
import { openai } from '../../../src/llm/providers/openai.ts';
import { openrouter } from '../../../src/llm/providers/openrouter.ts';
import { modelServer } from '../../contracts/model-server.ts';
import { asking, chunk, done, events, getLead, saysYes, textOf, usageOf, user } from './asking.ts';

const askOpenAi = asking({
  declaration: openai,
  variables: (url) => ({ OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: url }),
  model: 'gpt-5.6-luna',
});
const askDeepSeek = asking({
  declaration: deepseek,
  variables: (url) => ({ DEEPSEEK_API_KEY: 'sk-2', DEEPSEEK_BASE_URL: url }),
  model: 'deepseek-flash',
});
const askOpenRouter = asking({
  declaration: openrouter,
  variables: (url) => ({ OPENROUTER_API_KEY: 'sk-3', OPENROUTER_BASE_URL: url }),
  model: 'deepseek/deepseek-v4.1-flash',
});
const askCerebras = asking({
  declaration: cerebras,
  variables: (url) => ({ CEREBRAS_API_KEY: 'sk-4', CEREBRAS_BASE_URL: url }),
  model: 'gpt-oss-120b',
});

describe('OpenAI', () => {
  it.each([
    ['gpt-5.6-luna', { max_completion_tokens: 200, reasoning_effort: 'none' }],
    ['gpt-5.4-mini', { max_completion_tokens: 200, reasoning_effort: 'none' }],
    ['gpt-5.2-pro', { max_completion_tokens: 200 }],
    ['gpt-5-mini', { max_completion_tokens: 200 }],
    ['o4-mini', { max_completion_tokens: 200 }],
    ['gpt-next', { max_completion_tokens: 200 }],
    ['gpt-4.1-mini', { max_tokens: 200, temperature: 0 }],
    ['gpt-4o', { max_tokens: 200, temperature: 0 }],
    ['gpt-3.5-turbo', { max_tokens: 200, temperature: 0 }],
  ])('%s is given the parameters that it takes, and no others', async (model, takes) => {
    const { asked } = await askOpenAi(saysYes, { model, temperature: 0, tools: [getLead] });
    const { messages: _messages, tools: _tools, ...rest } = asked.body;
    expect(rest).toEqual({ model, stream: true, stream_options: { include_usage: true }, ...takes });
  });

  it('is left to reason as it likes where no tools are offered', async () => {
    expect((await askOpenAi(saysYes)).asked.body).not.toHaveProperty('reasoning_effort');
  });

  const kept = { ...process.env };
  afterEach(() => {
    process.env = { ...kept };
  });

  it('is asked with the key it was given and nothing that lies about in the environment; nor is anybody else', async () => {
    Object.assign(process.env, {
      OPENAI_ORG_ID: 'org-x',
      OPENAI_PROJECT_ID: 'proj-x',
      OPENAI_ADMIN_KEY: 'sk-admin',
      OPENAI_API_KEY: 'sk-env',
    });
    for (const [ask, key] of [
      [askOpenAi, 'sk-1'],
      [askDeepSeek, 'sk-2'],
      [askOpenRouter, 'sk-3'],
      [askCerebras, 'sk-4'],
    ] as const) {
      const { asked } = await ask(saysYes);
      expect(asked.headers['authorization']).toBe(`Bearer ${key}`);
      expect(Object.keys(asked.headers).filter((name) => name.startsWith('openai-'))).toEqual([]);
    }
  });

  it('counts what it wrote to its cache apart from what it read there', async () => {
    const usage = {
      prompt_tokens: 5000,
      completion_tokens: 90,
      prompt_tokens_details: { cached_tokens: 3000, cache_write_tokens: 1500 },
      completion_tokens_details: { reasoning_tokens: 60 },
    };
    const { deltas } = await askOpenAi({
      chunks: [...events(chunk({ content: 'Yes.' }), chunk({}, 'stop'), { choices: [], usage }), done],
    });
    expect(usageOf(deltas)).toMatchObject({ input: 500, cacheRead: 3000, cacheWrite5m: 1500, output: 90, reasoning: 60 });
  });

  it('is not believed when its counts cannot be', async () => {
    const counted = async (usage: unknown) =>
      usageOf((await askOpenAi({ chunks: [...events(chunk({ content: 'Yes.' }), chunk({}, 'stop', { usage })), done] })).deltas);
    expect(await counted({ prompt_tokens: 'many', completion_tokens: 2 })).toEqual({});
    expect(await counted({ prompt_tokens: -5, completion_tokens: 2 })).toEqual({});
    expect(await counted({ prompt_tokens: 10 })).toEqual({});
    expect(await counted('none')).toEqual({});
    expect(
      await counted({ prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 99 } }),
    ).toMatchObject({
      input: 0,
      cacheRead: 10,
    });
    expect(
      await counted({ prompt_tokens: 10, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 9 } }),
    ).toMatchObject({
      output: 2,
      reasoning: 2,
    });
    expect(await counted({ prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: null })).toMatchObject({ input: 10 });
  });

  it('declines in words of its own', async () => {
    const { deltas } = await askOpenAi({
      chunks: [...events(chunk({ refusal: 'I cannot help with that.' }), chunk({}, 'stop')), done],
    });
    expect(textOf(deltas)).toBe('I cannot help with that.');
  });

  it('takes an address with or without the version in it', async () => {
    for (const path of ['', '/', '/v1', '/v1/']) {
      const server = await modelServer(() => saysYes);
      const provider = openai.create({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url + path });
      const signal = new AbortController().signal;
      for await (const _ of provider.stream({ model: 'm', messages: [user('Hi')], tools: [], maxTokens: 1, signal }));
      expect(server.asked[0]!.path).toBe('/v1/chat/completions');
      await server.close();
    }
  });
});
