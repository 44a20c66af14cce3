import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LlmMessage } from '../../../src/core/llm.ts';
import type { ProviderDeclaration, ProviderDelta, ProviderRequest } from '../../../src/llm/provider.ts';
import { providers } from '../../../src/llm/registry.ts';
import { answered, callsOf, getLead, partsOf, said, textOf, usageOf, user } from './asking.ts';

/** The providers against an emulator that nobody here wrote: its wire formats are its authors' reading of the same documents. */
const mock = new LLMock({ port: 0, logLevel: 'silent' });
beforeAll(async () => {
  mock.onMessage('hello', { content: 'Hi there, how are you?', usage: { input_tokens: 1000, output_tokens: 50 } });
  mock.addFixture({
    match: { userMessage: 'look', hasToolResult: false },
    response: {
      toolCalls: [
        { name: 'get_lead', arguments: '{"lead":"One"}' },
        { name: 'get_lead', arguments: '{"lead":"Two"}' },
      ],
    },
  });
  mock.addFixture({ match: { userMessage: 'look', hasToolResult: true }, response: { content: 'Both are there.' } });
  mock.addFixture({
    match: { userMessage: 'busy' },
    response: { error: { message: 'slow', type: 'rate_limit_error' }, status: 429, retryAfter: 7 },
  });
  mock.addFixture({ match: { userMessage: 'overloaded' }, response: { error: { message: 'Overloaded' }, status: 529 } });
  mock.addFixture({ match: { userMessage: 'key' }, response: { error: { message: 'bad key' }, status: 401 } });
  const long = { content: 'A long answer that goes on and on, and is cut before it ends, which nobody should take for whole.' };
  mock.addFixture({ match: { userMessage: 'cut' }, response: long, chunkSize: 8, latency: 15, disconnectAfterMs: 70 });
  mock.addFixture({ match: { userMessage: 'few' }, response: long, chunkSize: 8, truncateAfterChunks: 3, latency: 5 });
  mock.addFixture({ match: { userMessage: 'slow' }, response: long, chunkSize: 4, latency: 200 });
  mock.addFixture({
    match: { userMessage: 'ponder' },
    response: { content: 'So.', reasoning: 'Let me think.', reasoningSignature: 'sig-1' },
  });
  mock.addFixture({ match: { userMessage: 'processing' }, response: { content: 'Done.' }, openRouterProcessing: true });
  await mock.start();
});
afterAll(() => mock.stop());
afterEach(() => {
  mock.clearChaos();
});

const models: Record<string, string> = {
  anthropic: 'claude-haiku-5-5',
  openai: 'gpt-5.6-luna',
  gemini: 'gemini-3.5-flash-lite',
  cerebras: 'gpt-oss-120b',
  deepseek: 'deepseek-flash',
  openrouter: 'deepseek/deepseek-v4.1-flash',
  ollama: 'qwen3:8b',
  vllm: 'qwen',
};

describe.each<ProviderDeclaration>([...providers])('$label, emulated', (declaration) => {
  const { id } = declaration;
  async function ask(text: string | LlmMessage[], more: Partial<ProviderRequest> = {}): Promise<ProviderDelta[]> {
    const names = Object.keys(declaration.settings);
    const provider = declaration.create(
      Object.fromEntries(
        names
          .filter((name) => /_(API_KEY|BASE_URL)$/.test(name))
          .map((name) => [name, name.endsWith('URL') ? mock.url : 'test-key']),
      ),
    );
    const deltas: ProviderDelta[] = [];
    const messages = typeof text === 'string' ? [user(text)] : text;
    const signal = new AbortController().signal;
    for await (const delta of provider.stream({ model: models[id]!, messages, tools: [], maxTokens: 300, signal, ...more }))
      deltas.push(delta);
    return deltas;
  }
  const failing = (text: string) =>
    ask(text).then(
      (deltas) => expect.fail(`it answered: ${JSON.stringify(deltas)}`),
      (error) => error,
    );

  it('streams, ends and counts', async () => {
    const deltas = await ask([{ role: 'system', text: 'Be kind.' }, user('hello')]);
    expect(textOf(deltas)).toBe('Hi there, how are you?');
    expect(deltas.find(({ type }) => type === 'finish')).toEqual({ type: 'finish', reason: 'stop' });
    expect(usageOf(deltas)).toMatchObject({ input: 1000, output: 50, cacheRead: 0 });
  });

  it('calls tools together, and takes what they answered', async () => {
    const first = await ask('look', { tools: [getLead] });
    expect(callsOf(first).map(({ name, input }) => [name, input])).toEqual([
      ['get_lead', { lead: 'One' }],
      ['get_lead', { lead: 'Two' }],
    ]);
    const [one, two] = callsOf(first);
    const messages = [user('look'), said(id, first), answered(one!.id), answered(two!.id)];
    expect(textOf(await ask(messages, { tools: [getLead] }))).toBe('Both are there.');
  });

  it('is made to call', async () => {
    expect(callsOf(await ask('look', { tools: [getLead], mustCall: 'get_lead' })).length).toBeGreaterThan(0);
  });

  it('thinks without being heard', async () => {
    const deltas = await ask('ponder');
    expect(textOf(deltas)).toBe('So.');
    if (id === 'anthropic') expect(JSON.stringify(partsOf(deltas))).toContain('sig-1');
  });

  it('fails in the ways it documents', async () => {
    expect(await failing('busy')).toMatchObject({ kind: 'rate_limit', status: 429, retryAfterMs: 7000 });
    expect(await failing('overloaded')).toMatchObject({ kind: 'server', status: 529 });
    expect(await failing('key')).toMatchObject({ kind: 'auth', status: 401 });
    expect(await failing('nobody prepared this')).toMatchObject({ kind: 'no_model', status: 404 });
  });

  it('that is cut is not taken for whole', async () => {
    for (const text of ['cut', 'few']) expect(['transport', 'truncated']).toContain((await failing(text)).kind);
  });

  it.each([
    [{ dropRate: 1 }, ['server']],
    [{ rateLimitRate: 1 }, ['rate_limit']],
    [{ disconnectRate: 1 }, ['transport']],
    [{ malformedRate: 1 }, ['malformed']],
  ])('under chaos (%o) fails in one attempt, and well', async (chaos, kinds) => {
    mock.setChaos(chaos);
    const before = mock.getRequests().length;
    const error = await failing('hello');
    expect(error.name).toBe('ProviderFailure');
    expect(kinds).toContain(error.kind);
    expect(mock.getRequests().length - before).toBeLessThanOrEqual(1);
  });

  it('lets itself be stopped in the middle', async () => {
    const stop = new AbortController();
    const running = ask('slow', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(running).rejects.toThrow('enough');
  });
});

describe('OpenRouter, emulated', () => {
  it('sends comments while it works, which are no part of the answer', async () => {
    const { openrouter } = await import('../../../src/llm/providers/openrouter.ts');
    const provider = openrouter.create({ OPENROUTER_API_KEY: 'k', OPENROUTER_BASE_URL: mock.url });
    const deltas: ProviderDelta[] = [];
    const signal = new AbortController().signal;
    for await (const delta of provider.stream({ model: 'x/y', messages: [user('processing')], tools: [], maxTokens: 9, signal }))
      deltas.push(delta);
    expect(textOf(deltas)).toBe('Done.');
  });
});
