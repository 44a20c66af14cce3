import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, settings } from '../../src/config.ts';
import { checkProvider } from '../../src/llm/check.ts';
import { connected, providers } from '../../src/llm/registry.ts';
import { modelServer, type Reply } from '../contracts/model-server.ts';
import { chatWire } from '../contracts/wires.ts';

const everything = {
  ANTHROPIC_API_KEY: 'a',
  OPENAI_API_KEY: 'b',
  GOOGLE_API_KEY: 'c',
  CEREBRAS_API_KEY: 'd',
  DEEPSEEK_API_KEY: 'e',
  OPENROUTER_API_KEY: 'f',
  OLLAMA_BASE_URL: 'http://127.0.0.1:11434/',
  OLLAMA_MODEL: 'qwen3:8b',
  VLLM_BASE_URL: 'http://127.0.0.1:8000/v1',
  VLLM_MODEL: 'qwen',
};

describe('the providers of models', () => {
  it('are off without their variables, and on with the required ones', () => {
    expect([...connected(loadConfig({})).keys()]).toEqual([]);
    const on = connected(loadConfig(everything));
    expect([...on.keys()]).toEqual(providers.map(({ id }) => id));
    for (const { models } of on.values()) for (const id of Object.values(models)) expect(id).toMatch(/\S/);
  });

  it.each([
    [
      { OLLAMA_BASE_URL: 'http://127.0.0.1:11434' },
      /OLLAMA_MODEL must be set too: OLLAMA_BASE_URL alone does not switch Ollama on/,
    ],
    [{ OLLAMA_MODEL: 'qwen3:8b' }, /OLLAMA_BASE_URL must be set too/],
    [{ VLLM_MODEL: 'qwen', VLLM_API_KEY: 'k' }, /VLLM_BASE_URL must be set too/],
    [{ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'not an address' }, /OPENAI_BASE_URL/],
    [{ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'file:///etc/passwd' }, /OPENAI_BASE_URL/],
  ])('that are half set (%o) are refused by the name of the variable', (env, words) => {
    expect(() => loadConfig(env)).toThrow(words);
    expect(() => loadConfig(env)).toThrow(expect.objectContaining({ code: 'misconfigured' }));
  });

  it('answer with the models that their variables name', () => {
    const models = (id: string, env: Record<string, string>) => connected(loadConfig({ ...everything, ...env })).get(id)!.models;
    expect(models('anthropic', {})).toEqual({ fast: 'claude-haiku-5-5', cheap: 'claude-haiku-5-5', smart: 'claude-sonnet-5-5' });
    expect(models('anthropic', { ANTHROPIC_MODEL: 'claude-opus-5-5' })).toMatchObject({
      smart: 'claude-opus-5-5',
      cheap: 'claude-haiku-5-5',
    });
    expect(models('anthropic', { ANTHROPIC_CHEAP_MODEL: 'x' })).toMatchObject({
      fast: 'x',
      cheap: 'x',
      smart: 'claude-sonnet-5-5',
    });
    expect(models('deepseek', { DEEPSEEK_MODEL: 'deepseek-v4-pro' })).toEqual({
      fast: 'deepseek-v4-pro',
      cheap: 'deepseek-v4-pro',
      smart: 'deepseek-v4-pro',
    });
    expect(models('ollama', {})).toEqual({ fast: 'qwen3:8b', cheap: 'qwen3:8b', smart: 'qwen3:8b' });
  });

  it('have variables of their own, each known to the configuration and explained', () => {
    const names = providers.flatMap((provider) => Object.keys(provider.settings));
    expect(new Set(names).size).toBe(names.length);
    for (const provider of providers)
      for (const [name, { about }] of Object.entries(provider.settings)) {
        expect(settings, name).toHaveProperty(name);
        expect(about.length, name).toBeGreaterThan(10);
      }
    for (const { required, settings: own } of providers) for (const name of required) expect(Object.keys(own)).toContain(name);
  });

  it('load no SDK before they are asked', () => {
    const files = readdirSync('src/llm', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const sdk = /^import (?!type\b)[^;]*from '(openai|@anthropic-ai\/sdk|@cerebras\/[^']*|@google\/generative-ai)'/m;
    expect(files.filter((file) => sdk.test(readFileSync(join('src/llm', file), 'utf8')))).toEqual([]);
  });
});

describe('looking at a provider', () => {
  async function look(answers: (path: string) => Reply): Promise<string> {
    const server = await modelServer(({ path }) => answers(path));
    try {
      const on = connected(loadConfig({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'small' }));
      return await checkProvider(on.get('openai')!);
    } finally {
      await server.close();
    }
  }
  const json = { 'content-type': 'application/json' };
  const list = (...ids: string[]): Reply => ({ headers: json, chunks: [chatWire.models(ids)] });
  const short = { chunks: chatWire.events({ finish: 'length' }) };

  it('says who answers, and which model it does not list', async () => {
    expect(await look((path) => (path.endsWith('/models') ? list('small', 'large') : short))).toMatch(
      /^small answers \(\d+ ms\); 2 models$/,
    );
    expect(await look((path) => (path.endsWith('/models') ? list('large') : short))).toMatch(
      /1 model, but small not among them$/,
    );
  });

  it('says what is wrong', async () => {
    await expect(look(() => ({ status: 401, headers: json, chunks: ['{}'] }))).rejects.toThrow(
      'OpenAI does not accept this key (401).',
    );
    await expect(look((path) => (path.endsWith('/models') ? list('small') : { end: 'cut' }))).rejects.toThrow(
      'OpenAI cannot be reached',
    );
  });
});
