import { ChatPromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda } from '@langchain/core/runnables';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LlmCallOptions, LlmChatModel } from '../../src/agents/chat-model.ts';
import { costOfAll } from '../../src/agents/structured-output.ts';
import { loadConfig } from '../../src/config.ts';
import type { CallRecord } from '../../src/core/cost.ts';
import type { LlmPurpose } from '../../src/core/llm.ts';
import { createLlm } from '../../src/llm/index.ts';
import { connected } from '../../src/llm/registry.ts';
import { createLog } from '../../src/log.ts';
import { anthropicStandIn, type Said, type StandIn } from '../llm/anthropic-stand-in.ts';
import { type Move, scripted } from './scripted-llm.ts';

let stand: StandIn | undefined;
afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

const purpose: LlmPurpose = {
  tenantId: 't',
  userId: 'u',
  agent: 'qualifier',
  mode: 'passthrough',
  now: new Date('2026-11-01'),
  timeZone: 'UTC',
};
const verdict = z
  .strictObject({ fits: z.boolean(), why: z.string().max(80), stars: z.number().int().min(1).max(5).default(3) })
  .describe('Whether the company fits.');
const good = { fits: true, why: 'It fits.', stars: 4 };
const bad = { fits: 'yes', why: 'It fits.', stars: 9 };

const asking = (moves: Move[], costUsd = '0.000300000000') => {
  const llm = scripted(moves, costUsd);
  return { llm, model: new LlmChatModel(llm) };
};
const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an answer in a form', () => {
  it('is the checked input of a call that the model has to make', async () => {
    const { llm, model } = asking([{ call: 'verdict', input: { fits: true, why: 'It fits.' } }]);
    const signal = new AbortController().signal;
    const answer = await model
      .withStructuredOutput(verdict, { name: 'verdict' })
      .invoke('Does it fit?', { purpose, tier: 'cheap', maxTokens: 300, signal });
    expect(answer).toEqual({ fits: true, why: 'It fits.', stars: 3 });
    expect(llm.requests).toHaveLength(1);
    expect(llm.requests[0]).toMatchObject({ mustCall: 'verdict', tier: 'cheap', maxTokens: 300, purpose });
    expect(llm.requests[0]!.messages).toEqual([{ role: 'user', text: 'Does it fit?' }]);
    const [tool] = llm.requests[0]!.tools;
    expect(tool).toMatchObject({ name: 'verdict', description: 'Whether the company fits.' });
    expect(tool!.parameters).toMatchObject({ type: 'object', required: ['fits', 'why'], additionalProperties: false });
    expect(tool!.parameters).not.toHaveProperty('$schema');
  });

  it('is a step of a chain like any other, with options bound to it or given to the chain', async () => {
    const { llm, model } = asking([{ call: 'verdict', input: good }]);
    const prompt = ChatPromptTemplate.fromMessages([
      ['system', 'You judge companies.'],
      ['user', 'Does {company} fit?'],
    ]);
    const chain = prompt
      .pipe(model.withStructuredOutput(verdict, { name: 'verdict' }).withConfig({ tier: 'cheap', maxTokens: 300 }))
      .pipe(RunnableLambda.from(({ stars }: z.output<typeof verdict>) => '*'.repeat(stars)));
    const options: LlmCallOptions = { purpose };
    expect(await chain.invoke({ company: 'Abacus Plumbing' }, options)).toBe('****');
    expect(llm.requests[0]).toMatchObject({
      tier: 'cheap',
      maxTokens: 300,
      purpose,
      messages: [
        { role: 'system', text: 'You judge companies.' },
        { role: 'user', text: 'Does Abacus Plumbing fit?' },
      ],
    });
    expect(await chain.batch([{ company: 'One' }, { company: 'Two' }], options)).toEqual(['****', '****']);
  });

  it('that does not fit is sent back once with what is wrong, and both attempts have their price', async () => {
    const { llm, model } = asking([
      { call: 'verdict', input: bad },
      { call: 'verdict', input: good },
    ]);
    const step = model.withStructuredOutput(verdict, { name: 'verdict', includeRaw: true });
    const { parsed, raw, attempts } = await step.invoke('Does it fit?', { purpose });
    expect(parsed).toEqual(good);
    expect(attempts).toHaveLength(2);
    expect(attempts[1]).toBe(raw);
    expect(costOfAll(attempts)).toBe('0.000600000000');
    expect(attempts.map((attempt) => attempt.usage_metadata?.total_tokens)).toEqual([150, 150]);
    const [, said, objection] = llm.requests[1]!.messages;
    expect(said).toMatchObject({ role: 'assistant', toolCalls: [{ id: 'c1-0', name: 'verdict', input: bad }] });
    expect(objection).toMatchObject({ role: 'tool', toolCallId: 'c1-0', toolName: 'verdict' });
    expect(objection!.text).toMatch(/expected boolean[\s\S]*at fits[\s\S]*<=5[\s\S]*at stars/);
    expect(llm.requests[1]).toMatchObject({ mustCall: 'verdict', purpose });
  });

  it('that never fits is an error in our words that tells what was spent', async () => {
    const { llm, model } = asking([{ call: 'verdict', input: bad }]);
    const error = await thrownBy(model.withStructuredOutput(verdict, { name: 'verdict' }).invoke('Fit?', { purpose }));
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'unavailable',
      message: 'The model gave no answer that can be used, even when asked again. Try again later.',
      details: { costUsd: '0.000600000000' },
    });
    expect(llm.requests).toHaveLength(2);
  });

  it('that was given as text, or to another tool, is asked for again', async () => {
    const text = asking([{ text: 'I think it fits.' }, { call: 'verdict', input: good }]);
    expect(await text.model.withStructuredOutput(verdict, { name: 'verdict' }).invoke('Fit?', { purpose })).toEqual(good);
    expect(text.llm.requests[1]!.messages.slice(1)).toEqual([
      { role: 'assistant', text: 'I think it fits.' },
      { role: 'user', text: expect.stringContaining('The tool verdict was not called.') },
    ]);

    const other = asking([
      { call: 'search_leads', input: good },
      { call: 'verdict', input: good },
    ]);
    expect(await other.model.withStructuredOutput(verdict, { name: 'verdict' }).invoke('Fit?', { purpose })).toEqual(good);
    expect(other.llm.requests[1]!.messages.at(-1)).toMatchObject({
      role: 'tool',
      toolCallId: 'c1-0',
      text: expect.stringContaining('The tool verdict was not called.'),
    });

    const never = asking([{ text: 'I think it fits.' }]);
    const error = await thrownBy(never.model.withStructuredOutput(verdict, { name: 'verdict' }).invoke('Fit?', { purpose }));
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(never.llm.requests).toHaveLength(2);
  });

  it('that breaks off is not asked for again', async () => {
    const { llm, model } = asking([{ breakOff: true }]);
    expect(await thrownBy(model.withStructuredOutput(verdict).invoke('Fit?', { purpose }))).toBeInstanceOf(Error);
    expect(llm.requests).toHaveLength(1);
  });

  it('stops when it is stopped, also between the attempts', async () => {
    const waiting = asking([{ wait: 60_000 }]);
    const stop = new AbortController();
    const work = thrownBy(waiting.model.withStructuredOutput(verdict).invoke('Fit?', { purpose, signal: stop.signal }));
    await expect.poll(() => waiting.llm.requests.length).toBe(1);
    stop.abort(new Error('stopped by the user'));
    expect(await work).toMatchObject({ message: 'stopped by the user' });

    const between = new AbortController();
    const llm = scripted(() => {
      between.abort(new Error('stopped by the user'));
      return [{ text: 'No call.' }];
    });
    const step = new LlmChatModel(llm).withStructuredOutput(verdict);
    expect(await thrownBy(step.invoke('Fit?', { purpose, signal: between.signal }))).toMatchObject({
      message: 'stopped by the user',
    });
    expect(llm.requests).toHaveLength(1);
  });

  it('of unknown price makes the whole unpriced, not free', async () => {
    const llm = scripted([{ call: 'answer', input: good }]);
    const unpriced = {
      async *stream(request: Parameters<typeof llm.stream>[0]) {
        for await (const delta of llm.stream(request)) yield delta.type === 'finish' ? { ...delta, costUsd: null } : delta;
      },
    };
    const step = new LlmChatModel(unpriced).withStructuredOutput(verdict, { includeRaw: true });
    expect(costOfAll((await step.invoke('Fit?', { purpose })).attempts)).toBeNull();
  });
});

describe('an answer in a form, through the model door', () => {
  const through = (env: Record<string, string> = {}) => {
    const calls: CallRecord[] = [];
    const { llm } = createLlm({
      connected: connected(loadConfig(env)),
      tracker: { record: (call) => void calls.push(call) },
      log: createLog('silent'),
      now: () => new Date('2026-11-01'),
    });
    return { calls, step: new LlmChatModel(llm).withStructuredOutput(verdict, { name: 'verdict', includeRaw: true }) };
  };
  const claude = () => ({ ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: stand!.url });
  const call = (id: string, input: unknown): Said => ({
    calls: [{ id, name: 'verdict', json: JSON.stringify(input) }],
    usage: { input_tokens: 1000, output_tokens: 100 },
  });

  it.each([
    ['default', 'claude-sonnet-5-5', 'auto', '0.006000000000'],
    ['cheap', 'claude-haiku-5-5', 'tool', '0.000300000000'],
  ] as const)('%s: %s answers, is corrected, and both calls are paid and written down', async (tier, model, choice, cost) => {
    stand = await anthropicStandIn(() => (stand!.asked.length === 1 ? call('toolu_1', bad) : call('toolu_2', good)));
    const { step, calls } = through(claude());
    const { parsed, attempts } = await step.invoke('Does it fit?', { purpose, tier, maxTokens: 300 });
    expect(parsed).toEqual(good);
    expect(costOfAll(attempts)).toBe(cost);
    expect(calls.map((one) => [one.model, one.status, one.agentType])).toEqual([
      [model, 'ok', 'qualifier'],
      [model, 'ok', 'qualifier'],
    ]);
    expect(stand.asked.map(({ body }) => [body.model, body.tool_choice.type, body.max_tokens])).toEqual([
      [model, choice, 300],
      [model, choice, 300],
    ]);
    expect(stand.asked[1]!.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Does it fit?' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'verdict', input: bad }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: expect.stringContaining('at fits') }],
      },
    ]);
  });

  it('is asked for in fewer words when it was cut off', async () => {
    stand = await anthropicStandIn(() =>
      stand!.asked.length === 1
        ? { calls: [{ id: 'toolu_1', name: 'verdict', json: '{"fits":tr' }], stop: 'max_tokens' }
        : call('toolu_2', good),
    );
    const { parsed, attempts } = await through(claude()).step.invoke('Does it fit?', { purpose });
    expect(parsed).toEqual(good);
    expect(attempts).toHaveLength(2);
    expect(stand.asked[1]!.body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Does it fit?' },
          { type: 'text', text: expect.stringContaining('make it shorter') },
        ],
      },
    ]);
  });

  it('lets go of the connection when it is stopped', async () => {
    stand = await anthropicStandIn(() => ({ silent: true }));
    const { step, calls } = through(claude());
    const stop = new AbortController();
    const work = thrownBy(step.invoke('Does it fit?', { purpose, signal: stop.signal }));
    await expect.poll(() => stand!.asked.length).toBe(1);
    stop.abort(new Error('stopped by the user'));
    expect(await work).toMatchObject({ message: 'stopped by the user' });
    await expect.poll(() => stand!.abandoned()).toBe(1);
    await expect.poll(() => calls.map(({ status }) => status)).toEqual(['aborted']);
  });

  it('is not to be had from the offline rules, which say what connects a model', async () => {
    const error = await thrownBy(through().step.invoke('Does it fit?', { purpose }));
    expect(error).toMatchObject({
      code: 'unavailable',
      message: 'This needs a model, and none is connected. The key of a provider connects its models: npm run doctor names them.',
    });
  });

  it('that no model gives is refused with why, and what helps', async () => {
    const answering = async (error: Said['error']) => {
      await stand?.close();
      stand = await anthropicStandIn(() => ({ ...(error && { error }) }));
      return thrownBy(through(claude()).step.invoke('Does it fit?', { purpose }));
    };
    expect(await answering({ status: 401, type: 'authentication_error', message: 'x' })).toMatchObject({
      code: 'misconfigured',
      message: 'Anthropic does not accept this key (401). npm run doctor looks at every provider.',
    });
    expect(await answering({ status: 529, type: 'overloaded_error', message: 'x', retryAfter: 300 })).toMatchObject({
      code: 'unavailable',
      message: 'Anthropic does not answer well (529). Try again later.',
    });
    expect(await answering({ status: 413, type: 'request_too_large', message: 'x' })).toMatchObject({
      code: 'too_large',
      message: 'The request is too long for the model of Anthropic (413).',
    });
  });
});
