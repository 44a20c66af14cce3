import { trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { App } from '../src/app.ts';
import type { Actor } from '../src/core/actor.ts';
import type { CallTracker } from '../src/core/cost.ts';
import type { LlmRequest } from '../src/core/llm.ts';
import type { Tracing } from '../src/core/tracing.ts';
import { createLlm } from '../src/llm/index.ts';
import { createOffline } from '../src/llm/offline/provider.ts';
import type { Provider } from '../src/llm/provider.ts';
import type { Connected } from '../src/llm/router/route.ts';
import { createLog } from '../src/log.ts';
import { tracingOf } from '../src/net/tracing.ts';
import { inTurn, print, row } from './figures.ts';
import { onFreshGround } from './ground.ts';
import { benchReservations } from './reservations.ts';
import { benchRouterClassifier } from './router-classifier.ts';
import { benchRouterWire } from './router-wire.ts';

/** Our own time a call, and what it is made of. Baseline: the same provider, asked without anything between. */
export async function benchRouter(): Promise<void> {
  await onFreshGround(overhead);
  await benchRouterWire(requestOf({ tenantId: 't', userId: 'u' }));
  await benchReservations();
  await benchRouterClassifier();
}

async function overhead(app: App, owner: Actor): Promise<void> {
  print('router: what it adds to a call, on a provider that answers at once');
  const provider = instant();
  // models that have a price: guessing at one that has none is no part of an ordinary call
  const models = {
    cerebras: ['gpt-oss-120b', 'gpt-oss-120b'],
    deepseek: ['deepseek-flash', 'deepseek-v4-pro'],
    anthropic: ['claude-haiku-5-5', 'claude-sonnet-5-5'],
    gemini: ['gemini-3.5-flash-lite', 'gemini-3.5-flash-lite'],
  };
  const connected = new Map<string, Connected>(
    Object.entries(models).map(([id, [fast = '', smart = '']]) => [
      id,
      { id, label: id, provider, models: { fast, cheap: fast, smart } },
    ]),
  );
  const signal = new AbortController().signal;
  const nowhere = { record: () => undefined };
  const off = tracingOf(trace.getTracer('bench'));
  const routed = (tracker: Pick<CallTracker, 'record'>, tracing: Tracing) => {
    const { llm } = createLlm({ connected, tracker, tracing, log: createLog('silent') });
    return (request: LlmRequest) => heard(llm.stream(request));
  };
  const ways = {
    'the provider alone (baseline)': ({ messages, tools, maxTokens }: LlmRequest) =>
      heard(provider.stream({ model: 'm', messages, tools, maxTokens, signal })),
    'through the router': routed(nowhere, off),
    '... calls written down, ahead of the database': routed(app.calls, off),
    '... and spans recorded (OTLP switched on)': routed(app.calls, tracingOf(new BasicTracerProvider().getTracer('bench'))),
  };
  const [bare, ...others] = await inTurn(ways, requestOf(owner));
  row(bare!.name, bare!.figures);
  for (const { name, figures: of } of others) row(name, of, `adds ${(of.p50 - bare!.figures.p50).toFixed(3)} ms`);
  const offline = createOffline();
  const [rules] = await inTurn(
    { 'the offline rules, for comparison': (request) => heard(offline.stream(request)) },
    requestOf(owner),
    200,
  );
  row(rules!.name, rules!.figures);
  print('');
}

const texts = [
  'who are my top leads today?',
  'Compare our pipeline by state for the last two quarters, say where we lose deals and propose a plan for each region.',
  'draft a short follow-up to Cedar Creek about the generator quote',
];

/** The requests of a chat agent, a new object each. */
function requestOf({ tenantId, userId }: Pick<Actor, 'tenantId' | 'userId'>): () => LlmRequest {
  let next = 0;
  return () => ({
    messages: [
      { role: 'system', text: 'You help sales people.' },
      { role: 'user', text: texts[next++ % texts.length]! },
    ],
    tools: [],
    maxTokens: 500,
    purpose: { tenantId, userId, agent: 'sr-bdr', mode: 'smart_router', now: new Date(), timeZone: 'UTC' },
  });
}

async function heard(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const instant = (): Provider => ({
  models: async () => [],
  async *stream() {
    for (let i = 0; i < 5; i++) yield { type: 'text', text: 'word ' };
    yield { type: 'usage', usage: { input: 200, output: 5 } };
    yield { type: 'finish', reason: 'stop' };
  },
});
