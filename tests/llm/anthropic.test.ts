import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chatCommand } from '../../src/bot/console/chat.ts';
import { type Delta, type LlmRequest, noUsage } from '../../src/core/llm.ts';
import { createAnthropic } from '../../src/llm/single.ts';
import { createLlm, type LlmSettings } from '../../src/llm/index.ts';
import { costOf } from '../../src/llm/prices.ts';
import { createLog } from '../../src/log.ts';
import { tools } from '../../src/tools/index.ts';
import { openApi } from '../api/client.ts';
import { FakeTerminal } from '../bot/terminal.ts';
import { openWorld } from '../world.ts';
import { type Asked, anthropicStandIn, type Said, type StandIn } from './anthropic-stand-in.ts';

let stand: StandIn;
afterEach(() => stand.close());

const request = (more: Partial<LlmRequest> = {}): LlmRequest => ({
  messages: [{ role: 'user', text: 'Good day' }],
  tools: [],
  maxTokens: 200,
  purpose: { tenantId: 't', userId: 'u', agent: 'sr-bdr', mode: 'passthrough', now: new Date(), timeZone: 'UTC' },
  ...more,
});

const connection = (model = 'claude-sonnet-5-5') => ({
  apiKey: 'sk-test',
  baseUrl: stand.url,
  model,
  cheapModel: 'claude-haiku-5-5',
});

async function ask(said: Said, more: Partial<LlmRequest> = {}, model = 'claude-sonnet-5-5'): Promise<Delta[]> {
  stand = await anthropicStandIn(() => said);
  const llm = createAnthropic(connection(model), () => new Date('2026-11-01'));
  const deltas: Delta[] = [];
  for await (const delta of llm.stream(request(more))) deltas.push(delta);
  return deltas;
}
const textOf = (deltas: Delta[]) => deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
const failing = async (said: Said, more: Partial<LlmRequest> = {}) =>
  ask(said, more).then(
    () => undefined,
    (error) => error,
  );

describe('Claude', () => {
  it('is asked as the Messages API wants it: system apart and cached, tools, and answers of tools together', async () => {
    await ask(
      { text: 'Done.' },
      {
        messages: [
          { role: 'system', text: 'You help sales people.' },
          { role: 'user', text: 'Two things' },
          {
            role: 'assistant',
            text: '',
            toolCalls: [
              { id: 'a', name: 'get_lead', input: { lead: 'One' } },
              { id: 'b', name: 'get_lead', input: { lead: 'Two' } },
            ],
          },
          { role: 'tool', text: '{"n":1}', toolCallId: 'a', toolName: 'get_lead' },
          { role: 'tool', text: '{"n":2}', toolCallId: 'b', toolName: 'get_lead' },
        ],
        tools: [{ name: 'get_lead', description: 'A lead', parameters: { type: 'object', properties: {} } }],
      },
    );
    const [{ headers, path, body }] = stand.asked as [Asked];
    expect(path).toBe('/v1/messages');
    expect(headers).toMatchObject({ authorization: 'Bearer sk-test', 'x-stainless-retry-count': '0' });
    expect(body).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 200,
      stream: true,
      system: [{ type: 'text', text: 'You help sales people.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'get_lead', description: 'A lead', input_schema: { type: 'object', properties: {} } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Two things' }] },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'a', name: 'get_lead', input: { lead: 'One' } },
            { type: 'tool_use', id: 'b', name: 'get_lead', input: { lead: 'Two' } },
          ],
        },
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
    const look = (n: number): LlmRequest['messages'] => [
      { role: 'assistant', text: '', toolCalls: [{ id: 'call_1', name: 'whoami', input: {} }] },
      { role: 'tool', text: `{"n":${n}}`, toolCallId: 'call_1', toolName: 'whoami' },
      { role: 'assistant', text: `Look ${n}.` },
    ];
    const user = (text: string) => ({ role: 'user' as const, text });
    await ask(
      { text: 'Yes.' },
      { messages: [{ role: 'system', text: 'Be kind.' }, ...look(0), user('a'), ...look(1), user('b'), ...look(2), user('c')] },
    );
    const { system, messages } = stand.asked[0]!.body;
    expect(system).toHaveLength(1);
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(
      Array.from({ length: 9 }, (_, i) => (i % 2 ? 'assistant' : 'user')),
    );
    const ids = messages.flatMap(({ content }: { content: { id?: string; tool_use_id?: string }[] }) =>
      content.map((block) => block.id ?? block.tool_use_id).filter(Boolean),
    );
    expect(ids).toEqual(['call_1', 'call_1', 'call_1_2', 'call_1_2']);
  });

  it('is offered every tool with a schema that is plainly an object', async () => {
    stand = await anthropicStandIn(() => ({}));
    for (const tool of tools.values()) {
      const schema = z.toJSONSchema(tool.input, { io: 'input' });
      expect(schema, tool.name).toMatchObject({ type: 'object' });
      for (const choice of ['anyOf', 'oneOf', 'allOf']) expect(schema, tool.name).not.toHaveProperty(choice);
    }
  });

  it('streams text and calls, and ends with what was used and what it cost to the last digit', async () => {
    const deltas = await ask({
      text: 'I will look that up for you.',
      calls: [{ id: 'x', name: 'get_lead', json: '{"lead":"Abacus Plumbing"}' }],
      usage: { input_tokens: 1000, cache_read_input_tokens: 300, cache_creation_input_tokens: 40, output_tokens: 77 },
    });
    expect(textOf(deltas)).toBe('I will look that up for you.');
    expect(deltas.filter(({ type }) => type === 'text').length).toBeGreaterThan(2);
    expect(deltas.slice(-2)).toEqual([
      { type: 'tool_call', call: { id: 'x', name: 'get_lead', input: { lead: 'Abacus Plumbing' } } },
      {
        type: 'finish',
        reason: 'tool_calls',
        usage: { ...noUsage, input: 1000, cacheRead: 300, cacheWrite5m: 40, output: 77 },
        provider: 'anthropic',
        model: 'claude-sonnet-5-5',
        degraded: false,
        costUsd: '0.002900000000',
      },
    ]);
  });

  it('takes a call without input as an empty one, and drops one that the token limit cut in two', async () => {
    expect(await ask({ calls: [{ id: 'x', name: 'whoami', json: '' }] })).toContainEqual({
      type: 'tool_call',
      call: { id: 'x', name: 'whoami', input: {} },
    });
    await stand.close();
    const cut = await ask({ text: 'Well', calls: [{ id: 'x', name: 'get_lead', json: '{"lead":"Ab' }], stop: 'max_tokens' });
    expect(cut.map(({ type }) => type)).toEqual(['text', 'finish']);
    expect(cut.at(-1)).toMatchObject({ reason: 'length' });
  });

  const form = { name: 'answer', description: 'The answer', parameters: { type: 'object', properties: {} } };

  it.each([
    'claude-haiku-5-5',
    'claude-haiku-4-5',
    'claude-haiku-4-5-20251001',
    'claude-sonnet-5',
    'claude-opus-5',
    'claude-opus-4-8',
  ])('%s is made to call the one tool, once', async (model) => {
    const said = { calls: [{ id: 'x', name: 'answer', json: '{"yes":true}' }] };
    const deltas = await ask(said, { tools: [form], mustCall: 'answer' }, model);
    expect(deltas).toContainEqual({ type: 'tool_call', call: { id: 'x', name: 'answer', input: { yes: true } } });
    expect(stand.asked[0]!.body).toMatchObject({
      model,
      tool_choice: { type: 'tool', name: 'answer', disable_parallel_tool_use: true },
      system: [],
    });
  });

  it.each(['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5-2', 'claude-next'])(
    '%s may refuse to be made to: it is told to, after what never changes',
    async (model) => {
      const said = { calls: [{ id: 'x', name: 'answer', json: '{"yes":true}' }] };
      const messages: LlmRequest['messages'] = [
        { role: 'system', text: 'Be kind.' },
        { role: 'user', text: 'Is it?' },
      ];
      const deltas = await ask(said, { messages, tools: [form], mustCall: 'answer' }, model);
      expect(deltas).toContainEqual({ type: 'tool_call', call: { id: 'x', name: 'answer', input: { yes: true } } });
      expect(stand.asked[0]!.body).toMatchObject({
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
        system: [
          { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: expect.stringContaining('calling the tool answer') },
        ],
      });
    },
  );

  it('leaves it to the model to call when nothing has to be called', async () => {
    await ask({ text: 'Yes.' }, { tools: [form] });
    expect(stand.asked[0]!.body).not.toHaveProperty('tool_choice');
  });

  it('has simple questions answered by the cheap model, at the price of that one', async () => {
    const usage = { input_tokens: 3000, output_tokens: 200 };
    const deltas = await ask({ text: 'Yes.', usage }, { tier: 'cheap' });
    expect(stand.asked[0]!.body.model).toBe('claude-haiku-5-5');
    expect(deltas.at(-1)).toMatchObject({ model: 'claude-haiku-5-5', costUsd: '0.000400000000' });
    await stand.close();
    expect((await ask({ text: 'Yes.', usage }, { tier: 'default' })).at(-1)).toMatchObject({
      model: 'claude-sonnet-5-5',
      costUsd: '0.008000000000',
    });
    await stand.close();
    const error = { status: 404, type: 'not_found_error', message: 'model: x' };
    expect(await failing({ error }, { tier: 'cheap' })).toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/"claude-haiku-5-5".*ANTHROPIC_CHEAP_MODEL/),
    });
  });

  it('says so when it declines', async () => {
    expect(textOf(await ask({ stop: 'refusal' }))).toContain('declined');
  });

  it.each([
    [
      'a wrong key',
      { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
      'misconfigured',
      /ANTHROPIC_API_KEY/,
    ],
    [
      'an unknown model',
      { status: 404, type: 'not_found_error', message: 'model: x' },
      'misconfigured',
      /"claude-sonnet-5-5".*ANTHROPIC_MODEL/,
    ],
    ['too many requests', { status: 429, type: 'rate_limit_error', message: 'slow', retryAfter: 7 }, 'unavailable', /wait 7 s/],
    ['too long a request', { status: 413, type: 'request_too_large', message: 'big' }, 'too_large', /new one/],
    [
      'a refused request',
      { status: 400, type: 'invalid_request_error', message: 'secret words' },
      'internal',
      /^Anthropic refused the request \(400\)\.$/,
    ],
    ['an overload', { status: 529, type: 'overloaded_error', message: 'Overloaded' }, 'unavailable', /529/],
  ])('tells %s in our words, after one attempt', async (_what, error, code, words) => {
    const thrown = await failing({ error });
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(stand.asked).toHaveLength(1);
  });

  it('that breaks off, writes calls nobody can read, or is not there, is unavailable and not silent', async () => {
    for (const said of [
      { text: 'A long answer that is cut', cutAfter: 4 },
      { text: 'No end', cutAfter: 0 },
      { calls: [{ id: 'x', name: 'get_lead', json: '{"lead":' }] },
      { calls: [{ id: 'x', name: 'get_lead', json: '[1]' }] },
    ]) {
      expect(await failing(said)).toMatchObject({ code: 'unavailable' });
      await stand.close();
    }
    const gone = createAnthropic(connection());
    await expect(gone.stream(request())[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('lets go of the connection when the turn is stopped', async () => {
    const stop = new AbortController();
    stand = await anthropicStandIn(() => ({ silent: true }));
    const llm = createAnthropic(connection());
    const waiting = llm
      .stream(request({ signal: stop.signal }))
      [Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => error);
    await expect.poll(() => stand.asked.length).toBe(1);
    stop.abort(new Error('stopped by the user'));
    expect(await waiting).toMatchObject({ message: 'stopped by the user' });
    await expect.poll(() => stand.abandoned()).toBe(1);
  });
});

describe('prices', () => {
  const used = noUsage;

  it('are exact, change on their day, and are unknown rather than nothing', async () => {
    stand = await anthropicStandIn(() => ({}));
    const cached = { ...used, cacheRead: 1 };
    expect(costOf('claude-sonnet-5-5', cached, new Date('2026-10-06T23:59:59Z'))).toBe('0.000000200000');
    expect(costOf('claude-sonnet-5-5', cached, new Date('2026-10-07T00:00:00Z'))).toBe('0.000000100000');
    expect(costOf('claude-haiku-5-5', { ...used, input: 100_000, output: 3 }, new Date())).toBe('0.010001500000');
    expect(costOf('claude-haiku-5-5', { ...used, input: 100_001 }, new Date())).toBe('0.050000500000');
    expect(costOf('claude-sonnet-5-5-20260101', used, new Date())).toBeNull();
  });
});

describe('the model door', () => {
  const door = (settings: LlmSettings) =>
    createLlm({ record: () => undefined }, settings, () => new Date('2026-11-01'));

  it('says whether a model is behind it, and what a call of either tier would cost today', async () => {
    stand = await anthropicStandIn(() => ({}));
    const claude = door({ anthropic: connection() });
    expect(claude.reasons).toBe(true);
    expect(claude.name).toBe('claude-sonnet-5-5 (Anthropic)');
    expect(claude.estimate(3000, 200, 'default')).toBe('0.008000000000');
    expect(claude.estimate(3000, 200, 'cheap')).toBe('0.000400000000');
    expect(claude.estimate(100_001, 200, 'cheap')).toBe('0.050500500000');

    const rules = door({});
    expect(rules.reasons).toBe(false);
    expect(rules.estimate(3000, 200, 'cheap')).toBeNull();
  });

  it('expects a model it was given to be free unless that says otherwise', async () => {
    stand = await anthropicStandIn(() => ({}));
    const given = createAnthropic(connection());
    expect(door({ given })).toMatchObject({ reasons: true });
    expect(door({ given }).estimate(3000, 200, 'default')).toBe('0.000000000000');
    expect(door({ given: { ...given, estimate: () => '0.5' } }).estimate(3000, 200, 'default')).toBe('0.5');
  });

  it('names each model whose price is not known', async () => {
    stand = await anthropicStandIn(() => ({}));
    const { name, estimate } = door({ anthropic: { ...connection(), cheapModel: 'claude-small' } });
    expect(name).toBe(
      'claude-sonnet-5-5 (Anthropic); simple questions go to claude-small, whose price is not known: its cost is not counted',
    );
    expect(estimate(1, 1, 'cheap')).toBeNull();
  });
});

/** Asks for a lead's score, and tells what it was told. */
const salesTalk = ({ body }: Asked): Said => {
  const last = body.messages.at(-1).content.at(-1);
  if (last.type === 'tool_result')
    return { text: `It says: ${/"tier":"(\w+)"/.exec(last.content)?.[1]}.`, usage: { input_tokens: 900, output_tokens: 12 } };
  return {
    calls: [{ id: 'toolu_1', name: 'explain_score', json: '{"lead":"Claude Cooling"}' }],
    usage: { input_tokens: 700, output_tokens: 30 },
  };
};
const settings = (model = 'claude-sonnet-5-5') => ({
  ANTHROPIC_API_KEY: 'sk-test',
  ANTHROPIC_BASE_URL: stand.url,
  ANTHROPIC_MODEL: model,
});

describe('a conversation with Claude', () => {
  it('uses our tools over HTTP and its stream, and each call is priced and kept', async () => {
    stand = await anthropicStandIn(salesTalk);
    const api = await openApi({ env: settings() });
    try {
      await api.world.gate.call('create_lead', { name: 'Claude Cooling' }, api.world.as(api.world.owner));
      const { id } = (await api.ask('POST', '/api/v1/conversations', {})).body;
      const { status, body } = await api.ask('POST', `/api/v1/conversations/${id}/messages`, {
        body: { text: 'How good is it?' },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        text: 'It says: BRONZE.',
        model: 'anthropic/claude-sonnet-5-5',
        degraded: false,
        costUsd: '0.003620000000',
      });
      const streamed = await fetch(`${api.url}/api/v1/conversations/${id}/messages`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'And now?' }),
      });
      const events = await streamed.text();
      expect(events).toContain('event: done');
      expect(events).toContain('It says: BRONZE.');
      await api.world.calls.flush();
      const { rows } = await api.world.database.pool.query(
        `SELECT provider, model, prompt_tokens, completion_tokens, cost_usd::text, cost_status, status FROM ai_cost_tracking ORDER BY timestamp LIMIT 2`,
      );
      expect(rows).toEqual([
        {
          provider: 'anthropic',
          model: 'claude-sonnet-5-5',
          prompt_tokens: 700,
          completion_tokens: 30,
          cost_usd: '0.001700000000',
          cost_status: 'priced',
          status: 'ok',
        },
        {
          provider: 'anthropic',
          model: 'claude-sonnet-5-5',
          prompt_tokens: 900,
          completion_tokens: 12,
          cost_usd: '0.001920000000',
          cost_status: 'priced',
          status: 'ok',
        },
      ]);
      expect((await api.ask('GET', '/health')).body.parts.model).toBe('claude-sonnet-5-5 (Anthropic)');
    } finally {
      await api.close();
    }
  });

  it('in the terminal names the model, and says under the answer what it cost', async () => {
    stand = await anthropicStandIn(salesTalk);
    const world = await openWorld({ env: settings() });
    const terminal = new FakeTerminal();
    try {
      await world.gate.call('create_lead', { name: 'Claude Cooling' }, world.as(world.owner));
      const actor = { ...world.owner, surface: 'terminal' as const };
      const parts = { ...world, actor, records: world.deps.db.records(actor), ...terminal.streams };
      const code = chatCommand([], parts);
      await terminal.until('Model: claude-sonnet-5-5 (Anthropic)');
      terminal.type('how good is Claude Cooling?\r');
      await terminal.until('It says: BRONZE.');
      await terminal.until('cost $0.00362\n');
      terminal.type('\u0004');
      expect(await code).toBe(0);
      expect(terminal.text).not.toContain('offline rules');
    } finally {
      await world.close();
    }
  });

  it('with a model of unknown price goes on, and its calls are unpriced, not free', async () => {
    stand = await anthropicStandIn(() => ({ text: 'Good day.', usage: { input_tokens: 10, output_tokens: 2 } }));
    const world = await openWorld({ env: settings('claude-next') });
    try {
      expect(world.model).toContain('whose price is not known');
      const { id } = await world.converser.open(world.owner);
      const { events } = await world.converser.say({ actor: world.owner, conversationId: id, text: 'Hello there' });
      for await (const event of events) if (event.type === 'error') throw new Error(event.message);
      await world.calls.flush();
      const { rows } = await world.database.pool.query('SELECT cost_usd, cost_status FROM ai_cost_tracking');
      expect(rows).toEqual([{ cost_usd: null, cost_status: 'unpriced' }]);
    } finally {
      await world.close();
    }
  });
});
