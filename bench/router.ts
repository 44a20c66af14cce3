import type { LlmRequest } from '../src/core/llm.ts';
import { createLlm } from '../src/llm/index.ts';
import { createOffline } from '../src/llm/offline/provider.ts';
import type { Provider } from '../src/llm/provider.ts';
import type { Connected } from '../src/llm/router/route.ts';
import { createLog } from '../src/log.ts';
import { figures, print, ratio, row } from './figures.ts';
import { benchReservations } from './reservations.ts';
import { benchRouterClassifier } from './router-classifier.ts';

const calls = 3000;
const warm = 500;

/** Our own time a call: route, breaker, records, prices. Baseline: the same provider, asked without anything between. */
export async function benchRouter(): Promise<void> {
  print('router: what it adds to a call, on a provider that answers at once');
  const provider = instant();
  const connected = new Map<string, Connected>(
    ['cerebras', 'deepseek', 'anthropic', 'gemini'].map((id) => [
      id,
      { id, label: id, provider, models: { fast: 'claude-haiku-5-5', cheap: 'claude-haiku-5-5', smart: 'claude-sonnet-5-5' } },
    ]),
  );
  const { llm } = createLlm({ connected, tracker: { record: () => undefined }, log: createLog('silent') });
  const signal = new AbortController().signal;
  const bare = await timings(async ({ messages, tools, maxTokens }) => {
    for await (const _ of provider.stream({ model: 'm', messages, tools, maxTokens, signal }));
  });
  const routed = await timings(async (request) => {
    for await (const _ of llm.stream(request));
  });
  row('the provider alone (baseline)', bare);
  row('through the router', routed, `adds ${(routed.p50 - bare.p50).toFixed(3)} ms, ${ratio(routed, bare)}`);
  const offline = createOffline();
  row(
    'the offline rules, for comparison',
    await timings(async (request) => {
      for await (const _ of offline.stream(request));
    }, 200),
  );
  await benchReservations();
  await benchRouterClassifier();
}

const texts = [
  'who are my top leads today?',
  'Compare our pipeline by state for the last two quarters, say where we lose deals and propose a plan for each region.',
  'draft a short follow-up to Cedar Creek about the generator quote',
];

async function timings(work: (request: LlmRequest) => Promise<void>, times = calls) {
  const samples: number[] = [];
  for (let i = 0; i < times + warm; i++) {
    const request: LlmRequest = {
      messages: [
        { role: 'system', text: 'You help sales people.' },
        { role: 'user', text: texts[i % texts.length]! },
      ],
      tools: [],
      maxTokens: 500,
      purpose: { tenantId: 't', userId: 'u', agent: 'sr-bdr', mode: 'smart_router', now: new Date(), timeZone: 'UTC' },
    };
    const started = performance.now();
    await work(request);
    if (i >= warm) samples.push(performance.now() - started);
  }
  return figures(samples);
}

const instant = (): Provider => ({
  models: async () => [],
  async *stream() {
    for (let i = 0; i < 5; i++) yield { type: 'text', text: 'word ' };
    yield { type: 'usage', usage: { input: 200, output: 5 } };
    yield { type: 'finish', reason: 'stop' };
  },
});
