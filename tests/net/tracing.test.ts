import { INVALID_SPAN_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Answer, openReader } from '../agents/reader.ts';
import { scripted } from '../agents/scripted-llm.ts';
import { type Asked, modelServer } from '../contracts/model-server.ts';
import { anthropicWire, chatWire, type Said, type Wire } from '../contracts/wires.ts';
import { openWorld, type World } from '../world.ts';
import { type Collector, collector, type SeenSpan } from './collector.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
const later = <T extends { close(): Promise<unknown> }>(one: T): T => {
  open.push(one);
  return one;
};

/** A vendor's server that is overloaded, or says these things one after the other. */
async function vendor(wire: Wire, says: Said[] | 'overloaded') {
  let next = 0;
  return later(
    await modelServer((_asked: Asked) =>
      says === 'overloaded'
        ? { status: 529, headers: { 'content-type': 'application/json' }, chunks: [wire.errorBody('overloaded_error', 'no')] }
        : {
            chunks: wire.events({
              usage: { prompt: 1000, cached: 200, answer: 100 },
              ...says[Math.min(next++, says.length - 1)]!,
            }),
          },
    ),
  );
}

/** An end of the product that is not waited for twice. */
async function world(env: Record<string, string>, more: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  const opened = await openWorld({ env, ...more });
  const close = opened.close;
  let closed: Promise<void> | undefined;
  return later({ ...opened, close: () => (closed ??= close()) });
}

async function say(
  { converser, owner }: World,
  text: string,
  signal?: AbortSignal,
): Promise<{ type: string; conversationId: string }> {
  const { id } = await converser.open(owner);
  const { events } = await converser.say({ actor: owner, conversationId: id, text, ...(signal && { signal }) });
  let last = '';
  for await (const event of events) last = event.type;
  return { type: last, conversationId: id };
}

const both: Answer = { criterion: 'resimercial', answer: 'Both', source: 'about', quote: 'commercial and residential customers' };
const tracedTo = (to: Collector) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: to.url });
const named = (spans: SeenSpan[], name: string): SeenSpan[] => spans.filter((span) => span.name === name);
const one = (spans: SeenSpan[], name: string): SeenSpan => {
  const found = named(spans, name);
  expect(found, `${name} among ${spans.map((span) => span.name).join(', ')}`).toHaveLength(1);
  return found[0]!;
};
const eventually = async (check: () => void): Promise<void> => {
  for (let left = 60; ; left--)
    try {
      return check();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
};

describe('spans', () => {
  it('tell a turn as a tree: the turn, every attempt at a model, the tool; and nobody is in them', async () => {
    const seen = later(await collector());
    const overloaded = await vendor(chatWire, 'overloaded');
    const answers = await vendor(chatWire, [
      { calls: [{ id: 'call_a', name: 'search_leads', json: '{"query":"Jane Roe"}' }] },
      { text: 'Jane Roe has the number 512-555-0143.' },
    ]);
    const product = await world({
      ...tracedTo(seen),
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=abc%2C1,x-team=sales',
      OTEL_SERVICE_NAME: 'sales-test',
      CEREBRAS_API_KEY: 'key-of-cerebras',
      CEREBRAS_BASE_URL: overloaded.url,
      DEEPSEEK_API_KEY: 'key-of-deepseek',
      DEEPSEEK_BASE_URL: answers.url,
    });
    const text = 'Find gold leads of Jane Roe (jane.roe@example.com) and add a task for each of them';
    const { type, conversationId } = await say(product, text);
    expect(type).toBe('done');
    await product.close();

    const spans = seen.spans().filter((span) => !span.name.startsWith('job '));
    const turn = one(spans, 'invoke_agent sr-bdr');
    expect(turn).toMatchObject({
      parentId: '',
      status: 0,
      service: 'sales-test',
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'sr-bdr',
        'gen_ai.conversation.id': conversationId,
        'sales_agent.tool_calls': 1,
      },
    });
    expect(spans.every(({ traceId }) => traceId === turn.traceId)).toBe(true);
    expect(spans.filter((span) => span !== turn).every(({ parentId }) => parentId === turn.id)).toBe(true);

    const about = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.agent.name': 'sr-bdr',
      'sales_agent.tier': 'moderate',
      'sales_agent.cache_hit': false,
    };
    const failed = one(spans, 'chat gpt-oss-120b');
    expect(failed).toMatchObject({
      kind: 3,
      status: 2,
      attributes: {
        ...about,
        'gen_ai.provider.name': 'cerebras',
        'gen_ai.request.model': 'gpt-oss-120b',
        'error.type': 'server',
        'sales_agent.status': 'failed',
        'gen_ai.usage.output_tokens': 0,
      },
    });
    expect(failed.attributes).not.toHaveProperty(['gen_ai.response.model']);
    const [first, second, ...others] = named(spans, 'chat deepseek-flash');
    expect(others).toEqual([]);
    const answered = {
      ...about,
      'gen_ai.provider.name': 'deepseek',
      'gen_ai.system': 'deepseek',
      'gen_ai.response.model': 'deepseek-flash',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.cache_read.input_tokens': 200,
      'gen_ai.usage.output_tokens': 100,
      'sales_agent.cost_usd': expect.any(Number),
    };
    expect(first).toMatchObject({
      kind: 3,
      status: 0,
      attributes: {
        ...answered,
        'sales_agent.fallback_from': 'cerebras/gpt-oss-120b',
        'gen_ai.response.finish_reasons': ['tool_calls'],
      },
    });
    expect(second!.attributes).toMatchObject({ ...answered, 'gen_ai.response.finish_reasons': ['stop'] });
    expect(second!.attributes).not.toHaveProperty(['sales_agent.fallback_from']);
    expect(Number(turn.attributes['sales_agent.cost_usd'])).toBeCloseTo(
      Number(first!.attributes['sales_agent.cost_usd']) + Number(second!.attributes['sales_agent.cost_usd']),
      12,
    );
    expect(one(spans, 'execute_tool search_leads').attributes).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search_leads',
      'sales_agent.outcome': 'done',
    });
    expect(turn.ms).toBeGreaterThanOrEqual(first!.ms);

    expect(seen.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf', 'x-api-key': 'abc,1', 'x-team': 'sales' },
    });
    const sent = Buffer.concat(seen.requests.map(({ body }) => body)).toString('latin1');
    for (const personal of ['Jane', 'example', '0143', product.owner.userName, product.owner.userId, 'key-of', 'Find gold'])
      expect(sent.includes(personal), personal).toBe(false);
  });

  it('tell of a model that was stopped, and of a tool that there is not, in words of ours', async () => {
    const seen = later(await collector());
    const llm = scripted([{ call: 'email_jane_roe' }, { wait: 60_000 }]);
    const product = await world(tracedTo(seen), { llm });
    const stop = new AbortController();
    const turn = say(product, 'write to her', stop.signal);
    await eventually(() => expect(llm.requests).toHaveLength(2));
    stop.abort();
    expect((await turn).type).toBe('error');
    await product.close();

    const spans = seen.spans();
    expect(one(spans, 'invoke_agent sr-bdr')).toMatchObject({ status: 2, attributes: { 'error.type': 'cancelled' } });
    expect(one(spans, 'chat unknown')).toMatchObject({ status: 2, attributes: { 'error.type': 'aborted' } });
    expect(seen.requests.every(({ body }) => !body.includes('jane'))).toBe(true);
    await expect(product.gate.call('email_jane_roe', {}, product.as(product.owner))).rejects.toThrow('no tool');
  });

  it('follow a long tool into its job and to the models that it asks', async () => {
    const seen = later(await collector());
    const product = await openReader({ env: tracedTo(seen) });
    open.push(product);
    product.says([both]);
    await product.add('Quill Larch', { about: 'We look after commercial and residential customers.' });
    await product.result('qualify_leads', { model: true, maxCostUsd: 1 });
    open.splice(open.indexOf(product), 1);
    await product.close();

    const spans = seen.spans();
    const started = named(spans, 'execute_tool qualify_leads').find(({ parentId }) => parentId === '')!;
    const job = one(spans, 'job tool');
    expect(job).toMatchObject({ parentId: started.id, traceId: started.traceId });
    const inside = named(spans, 'execute_tool qualify_leads').find(({ parentId }) => parentId === job.id)!;
    const agent = one(spans, 'invoke_agent qualification');
    expect(agent.parentId).toBe(inside.id);
    expect(one(spans, 'chat one')).toMatchObject({ parentId: agent.id, attributes: { 'sales_agent.cost_usd': 0.0003 } });
    expect(seen.requests.every(({ body }) => !body.includes('Quill Larch'))).toBe(true);
  });

  it('say that an answer came from the cache', async () => {
    const seen = later(await collector());
    const answers = await vendor(chatWire, [{ text: 'From a model.' }]);
    const product = await world({ ...tracedTo(seen), DEEPSEEK_API_KEY: 'k', DEEPSEEK_BASE_URL: answers.url });
    expect(product.deps.agents.model).toBeDefined();
    const { tenantId, userId, timeZone } = product.owner;
    const purpose = { tenantId, userId, agent: 'growth', mode: 'passthrough', now: new Date(), timeZone } as const;
    const door = (product.deps.agents.model as unknown as { llm: import('../../src/core/llm.ts').Llm }).llm;
    for (let i = 0; i < 2; i++)
      for await (const _ of door.stream({
        messages: [{ role: 'user', text: 'What is a generator?' }],
        tools: [],
        maxTokens: 50,
        cacheable: true,
        purpose,
      }));
    await product.close();
    expect(named(seen.spans(), 'chat deepseek-flash').map(({ attributes }) => attributes['sales_agent.cache_hit'])).toEqual([
      false,
      true,
    ]);
  });
});

describe('a collector that is not well', () => {
  it.each(['hangs', 'refuses', 'is not there'] as const)('and %s holds up neither a turn nor the end', async (how) => {
    const seen = later(await collector(how === 'hangs' ? 'hangs' : 'refuses'));
    if (how === 'is not there') await seen.close().then(() => open.splice(open.indexOf(seen), 1));
    const product = await world(tracedTo(seen), { llm: scripted([{ call: 'whoami' }, { text: 'You are the owner.' }]) });
    expect((await say(product, 'who am I?')).type).toBe('done');
    expect((await say(product, 'who am I?')).type).toBe('done');
    await product.close();
    if (how !== 'is not there') expect(seen.requests.length).toBeGreaterThan(0);
  });
});

describe('without a collector', () => {
  it('nothing is sent, also when a model is asked', async () => {
    const seen = later(await collector());
    const answers = await vendor(anthropicWire, [{ text: 'Hello.' }]);
    const product = await world({
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: answers.url,
    });
    expect((await say(product, 'hello')).type).toBe('done');
    await product.close();
    expect(seen.requests).toEqual([]);
  });

  it('a program around us that has a tracer provider gets our spans', async () => {
    const names: string[] = [];
    const tracer = {
      startSpan: (name: string): Span => {
        names.push(name);
        return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
      },
      startActiveSpan: () => {
        throw new Error('not used');
      },
    };
    const seen = later(await collector());
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    try {
      const product = await world(tracedTo(seen), { llm: scripted([{ text: 'Hello.' }]) });
      await say(product, 'hello');
      await product.close();
    } finally {
      trace.disable();
    }
    expect(names).toEqual(expect.arrayContaining(['invoke_agent sr-bdr', 'chat one']));
    expect(seen.requests).toEqual([]);
  });
});

describe('settings of the collector', () => {
  it('that cannot be read are refused, and a key among them is not shown', () => {
    const read = (headers: string) => () => loadConfig({ OTEL_EXPORTER_OTLP_HEADERS: headers });
    expect(read('x-api-key=a%2Cb, y=c=d')().OTEL_EXPORTER_OTLP_HEADERS).toEqual({ 'x-api-key': 'a,b', y: 'c=d' });
    expect(read('my-secret')).toThrow('OTEL_EXPORTER_OTLP_HEADERS must be name=value');
    expect(read('my-secret')).not.toThrow('my-secret');
  });
});
