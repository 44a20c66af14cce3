import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { LlmMessage } from '../../../src/core/llm.ts';
import { gemini } from '../../../src/llm/providers/gemini.ts';
import { geminiWire } from '../../contracts/wires.ts';
import { answered, asking, callsOf, events, getLead, partsOf, said, textOf, thoughtOf, usageOf, user } from './asking.ts';

const ask = asking({
  declaration: gemini,
  variables: (url) => ({ GOOGLE_API_KEY: 'AIza-1', GOOGLE_BASE_URL: `${url}/v1beta` }),
  model: 'gemini-3.5-flash-lite',
});
const yes = { chunks: geminiWire.events({ text: 'Yes.' }) };
const turn = (parts: object[], finishReason?: string, more: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) }],
  ...more,
});
const functionCall = (name: string, more: object = {}) => ({ functionCall: { name, args: { lead: 'One' } }, ...more });

describe('Gemini', () => {
  it('is asked with its key in a header, over its address with or without the version', async () => {
    const { asked } = await ask(yes, { messages: [{ role: 'system', text: 'Be kind.' }, user('Hi')], tools: [getLead] });
    expect(asked.path).toBe('/v1beta/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse');
    expect(asked.headers['x-goog-api-key']).toBe('AIza-1');
    expect(asked.body).toEqual({
      systemInstruction: { role: 'system', parts: [{ text: 'Be kind.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      tools: [{ functionDeclarations: [{ name: 'get_lead', description: 'A lead', parameters: getLead.parameters }] }],
      generationConfig: { maxOutputTokens: 200 },
      safetySettings: [],
    });
  });

  it('is given a temperature only where one does no harm', async () => {
    expect((await ask(yes, { temperature: 0 })).asked.body.generationConfig).toEqual({ maxOutputTokens: 200 });
    expect((await ask(yes, { temperature: 0, model: 'gemini-2.5-flash' })).asked.body.generationConfig).toMatchObject({
      temperature: 0,
    });
  });

  describe('signatures', () => {
    const parallel = [
      turn([{ text: 'I look' }]),
      turn([{ text: ' them up.', thoughtSignature: 'sig-text' }]),
      turn([{ text: 'never shown', thought: true, thoughtSignature: 'sig-thought' }]),
      turn([functionCall('get_lead', { thoughtSignature: 'sig-call' }), functionCall('get_lead')]),
      turn([{ text: '' }], 'STOP'),
    ];

    it('go back on the very parts that had them, and on no others', async () => {
      const { deltas } = await ask({ chunks: events(...parallel) }, { tools: [getLead] });
      expect(textOf(deltas)).toBe('I look them up.');
      expect(thoughtOf(deltas)).toBe('never shown'.length);
      const [first, second] = callsOf(deltas);
      expect(first!.id).not.toBe(second!.id);
      const messages = [user('Hi'), said('gemini', deltas), answered(first!.id, '{"n":1}'), answered(second!.id, '[2]')];
      const { asked } = await ask(yes, { messages, tools: [getLead] });
      expect(asked.body.contents.slice(1)).toEqual([
        {
          role: 'model',
          parts: [
            { text: 'I look' },
            { text: ' them up.', thoughtSignature: 'sig-text' },
            { functionCall: { name: 'get_lead', args: { lead: 'One' } }, thoughtSignature: 'sig-call' },
            { functionCall: { name: 'get_lead', args: { lead: 'One' } } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'get_lead', response: { n: 1 } } },
            { functionResponse: { name: 'get_lead', response: { result: [2] } } },
          ],
        },
      ]);
    });

    it('at the end of a text come on an empty one, and go back so', async () => {
      const chunks = events(turn([{ text: 'Yes.' }]), turn([{ text: '', thoughtSignature: 'sig-end' }], 'STOP'));
      const { deltas } = await ask({ chunks });
      const { asked } = await ask(yes, { messages: [user('Hi'), said('gemini', deltas), user('And?')] });
      expect(asked.body.contents[1].parts).toEqual([{ text: 'Yes.' }, { text: '', thoughtSignature: 'sig-end' }]);
    });

    it('that no longer fit the text are left out', async () => {
      const { deltas } = await ask({ chunks: events(turn([{ text: 'A long text', thoughtSignature: 'sig-x' }], 'STOP')) });
      const cut = { ...said('gemini', deltas), text: 'A long' } as LlmMessage;
      const { asked } = await ask(yes, { messages: [user('Hi'), cut, user('And?')] });
      expect(asked.body.contents[1].parts).toEqual([{ text: 'A long' }]);
    });

    it('are stood in for where another model made the calls, for the models that insist', async () => {
      const foreign: LlmMessage[] = [
        user('Hi'),
        {
          role: 'assistant',
          text: '',
          toolCalls: [
            { id: 'toolu_1', name: 'get_lead', input: {} },
            { id: 'toolu_2', name: 'get_lead', input: {} },
          ],
          opaque: { provider: 'anthropic', parts: [{ call: 0, signature: 'sig-claude', id: 'x' }] },
        },
        answered('toolu_1'),
        answered('toolu_2'),
      ];
      const { asked } = await ask(yes, { messages: foreign });
      expect(asked.body.contents[1].parts).toEqual([
        { functionCall: { name: 'get_lead', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
        { functionCall: { name: 'get_lead', args: {} } },
      ]);
      const before3 = await ask(yes, { messages: foreign, model: 'gemini-2.5-flash' });
      expect(JSON.stringify(before3.asked.body)).not.toContain('ignature');
    });
  });

  it('is told its own ids of calls again, and by the name of the tool what was answered', async () => {
    const chunks = events(turn([{ functionCall: { id: 'gem-1', name: 'get_lead', args: {} } }], 'STOP'));
    const { deltas } = await ask({ chunks });
    expect(callsOf(deltas)[0]!.id).toBe('gem-1');
    const unnamed: LlmMessage = { role: 'tool', text: 'plain words', toolCallId: 'gem-1', toolName: '' };
    const { asked } = await ask(yes, { messages: [user('Hi'), said('gemini', deltas), unnamed, user('And?')] });
    expect(asked.body.contents[1].parts[0].functionCall).toEqual({ id: 'gem-1', name: 'get_lead', args: {} });
    expect(asked.body.contents[2].parts).toEqual([
      { functionResponse: { id: 'gem-1', name: 'get_lead', response: { result: 'plain words' } } },
    ]);
    expect(asked.body.contents[3].parts).toEqual([{ text: 'And?' }]);
    expect(partsOf(deltas)).toEqual([{ call: 0, id: 'gem-1' }]);
  });

  it('counts what it thought beside its answer, and what tools put into the prompt', async () => {
    const usageMetadata = {
      promptTokenCount: 900,
      cachedContentTokenCount: 600,
      toolUsePromptTokenCount: 50,
      candidatesTokenCount: 40,
      thoughtsTokenCount: 160,
    };
    const { deltas } = await ask({ chunks: events(turn([{ text: 'Yes.' }], 'STOP', { usageMetadata })) });
    expect(usageOf(deltas)).toEqual({
      input: 350,
      cacheRead: 600,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: 200,
      reasoning: 160,
      source: 'provider',
    });
  });

  it('counts on with every piece, so that a broken answer is counted up to there', async () => {
    const usageMetadata = { promptTokenCount: 900, candidatesTokenCount: 3 };
    const { deltas, error } = await ask({ chunks: events(turn([{ text: 'Half' }], undefined, { usageMetadata })), end: 'cut' });
    expect(usageOf(deltas)).toMatchObject({ input: 900, output: 3 });
    expect(error).toMatchObject({ kind: 'transport' });
  });

  it('keeps what one piece counted where a later one leaves it out', async () => {
    const pieces = [
      turn([{ text: 'Y' }], undefined, { usageMetadata: { promptTokenCount: 900, cachedContentTokenCount: 600 } }),
      turn([{ text: 'es.' }], 'STOP', { usageMetadata: { promptTokenCount: 900, candidatesTokenCount: 40 } }),
      { usageMetadata: { thoughtsTokenCount: 160, promptTokenCount: null } },
    ];
    const { deltas } = await ask({ chunks: events(...pieces) });
    expect(usageOf(deltas)).toMatchObject({ input: 300, cacheRead: 600, output: 200, reasoning: 160 });
  });

  it.each([
    ['SAFETY', 'bad_request'],
    ['RECITATION', 'bad_request'],
    ['BLOCKLIST', 'bad_request'],
    ['PROHIBITED_CONTENT', 'bad_request'],
    ['SPII', 'bad_request'],
    ['MISSING_THOUGHT_SIGNATURE', 'bad_request'],
    ['MALFORMED_FUNCTION_CALL', 'malformed'],
    ['UNEXPECTED_TOOL_CALL', 'malformed'],
    ['OTHER', 'server'],
  ])('that ends for %s did not answer: %s', async (reason, kind) => {
    expect((await ask({ chunks: events(turn([{ text: 'We' }], reason)) })).error).toMatchObject({ kind });
  });

  it('is not understood when its pieces are of no known form', async () => {
    for (const chunk of [
      turn([{ functionCall: { args: {} } }], 'STOP'),
      turn([{ functionCall: { name: 'get_lead', args: 'One' } }], 'STOP'),
      { candidates: [{ content: { parts: 5 }, finishReason: 'STOP' }] },
      [1, 2],
      { hello: 'world' },
    ])
      expect((await ask({ chunks: events(chunk) })).error, JSON.stringify(chunk)).toMatchObject({ kind: 'malformed' });
  });

  it('that blocks the prompt declines, and is counted', async () => {
    const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12 } };
    const { deltas, error } = await ask({ chunks: events(blocked) });
    expect(usageOf(deltas)).toMatchObject({ input: 12, output: 0 });
    expect(error).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('declined') });
  });

  it('says in the details how long to wait, and that a key is wrong with status 400', async () => {
    const refused = async (status: number, error: object) =>
      (await ask({ status, headers: { 'content-type': 'application/json' }, chunks: [JSON.stringify({ error })] })).error;
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' },
    ];
    expect(await refused(429, { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED', details })).toMatchObject({
      kind: 'rate_limit',
      status: 429,
      retryAfterMs: 34_070,
    });
    expect(
      await refused(400, { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' }),
    ).toMatchObject({
      kind: 'auth',
    });
    const inStream = await ask({ chunks: events({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details } }) });
    expect(inStream.error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 34_070 });
    const strange = [null, 'later', { retryDelay: '-5s' }, { retryDelay: 7 }, { retryDelay: {} }];
    expect(await refused(429, { code: 429, message: 'x', details: strange })).toMatchObject({ status: 429, retryAfterMs: 7000 });
    expect(await refused(429, { code: 429, message: 'x', details: 'none' })).toMatchObject({ kind: 'rate_limit', status: 429 });
  });

  it('may break as it likes without ending the process', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'tests/llm/providers/gemini-broken-child.ts'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += text));
    const [code] = await once(child, 'exit');
    expect(out).toBe('transport transport malformed malformed truncated truncated left stopped\n');
    expect(code).toBe(0);
  });
});
