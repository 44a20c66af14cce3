import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chatCommand } from '../../src/bot/console/chat.ts';
import type { Delta, LlmRequest } from '../../src/core/llm.ts';
import { createAnthropic } from '../../src/llm/anthropic.ts';
import { costOf } from '../../src/llm/prices.ts';
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

async function ask(said: Said, more: Partial<LlmRequest> = {}, model = 'claude-sonnet-5-5'): Promise<Delta[]> {
  stand = await anthropicStandIn(() => said);
  const llm = createAnthropic({ apiKey: 'sk-test', baseUrl: stand.url, model }, () => new Date('2026-11-01'));
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
        usage: { input: 1000, cacheRead: 300, cacheWrite: 40, output: 77, reasoning: 0 },
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
    const gone = createAnthropic({ apiKey: 'k', baseUrl: stand.url, model: 'claude-sonnet-5-5' });
    await expect(gone.stream(request())[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('lets go of the connection when the turn is stopped', async () => {
    const stop = new AbortController();
    stand = await anthropicStandIn(() => ({ silent: true }));
    const llm = createAnthropic({ apiKey: 'sk-test', baseUrl: stand.url, model: 'claude-sonnet-5-5' });
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
  const used = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

  it('are exact, change on their day, and are unknown rather than nothing', async () => {
    stand = await anthropicStandIn(() => ({}));
    const cached = { ...used, cacheRead: 1 };
    expect(costOf('claude-sonnet-5-5', cached, new Date('2026-10-06T23:59:59Z'))).toBe('0.000000200000');
    expect(costOf('claude-sonnet-5-5', cached, new Date('2026-10-07T00:00:00Z'))).toBe('0.000000100000');
    expect(costOf('claude-haiku-5-5', { ...used, input: 100_000, output: 3 }, new Date())).toBe('0.010001500000');
    expect(costOf('claude-haiku-5-5', { ...used, input: 100_001 }, new Date())).toBeNull();
    expect(costOf('claude-sonnet-5-5-20260101', used, new Date())).toBeNull();
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
      const { rows } = await world.database.pool.query('SELECT cost_usd, cost_status FROM ai_cost_tracking');
      expect(rows).toEqual([{ cost_usd: null, cost_status: 'unpriced' }]);
    } finally {
      await world.close();
    }
  });
});
