import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { trace } from '@opentelemetry/api';
import { OpenAI } from 'openai';
import type { LlmRequest } from '../src/core/llm.ts';
import { createLlm } from '../src/llm/index.ts';
import { openAiChat } from '../src/llm/openai-chat.ts';
import { createLog } from '../src/log.ts';
import { tracingOf } from '../src/net/tracing.ts';
import { type Figures, inTurn, print } from './figures.ts';
import { startPortkey, stop } from './portkey.ts';

const rounds = 1500;
const model = 'bench';

/** A way to the same provider, to the last word of its answer. */
interface Way {
  name: string;
  /** Whose time is taken off, to see what this one adds. */
  beside?: string;
  ask(request: LlmRequest): Promise<unknown>;
}

/** How long a call takes over the wire: by the vendor's SDK, by our router, by a gateway beside us. */
export async function benchRouterWire(request: () => LlmRequest): Promise<void> {
  print('router: over the wire, one streaming provider in a process of its own');
  const provider = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./fake-provider.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gateway = await startPortkey();
  try {
    const [port] = (await once(provider.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${Number(port.toString())}/v1`;
    const ways = waysTo(url, gateway);
    const measured = await inTurn(Object.fromEntries(ways.map(({ name, ask }) => [name, ask])), request, rounds);
    table(ways, new Map(measured.map(({ name, figures: of }) => [name, of])));
  } finally {
    await Promise.all([stop(provider), gateway?.stop()]);
  }
}

const sdkName = "the vendor's SDK";
const adapterName = 'our adapter alone';
const wholeName = `${sdkName}, not streamed`;

function waysTo(url: string, gateway: { name: string; url: string } | undefined): Way[] {
  const adapter = openAiChat({ id: 'vllm', label: 'bench', baseUrl: url, apiKey: 'k' });
  const models = { fast: model, cheap: model, smart: model };
  const { llm } = createLlm({
    connected: new Map([['vllm', { id: 'vllm', label: 'bench', provider: adapter, models }]]),
    tracker: { record: () => undefined },
    tracing: tracingOf(trace.getTracer('bench')),
    log: createLog('silent'),
  });
  const never = new AbortController().signal;
  const all = async (stream: AsyncIterable<unknown>) => {
    for await (const _ of stream);
  };
  const bySdk = (stream: boolean, baseURL: string, defaultHeaders = {}) => {
    const sdk = new OpenAI({ apiKey: 'k', baseURL, defaultHeaders, maxRetries: 0 });
    return async ({ messages, maxTokens }: LlmRequest) => {
      const body = {
        model,
        max_tokens: maxTokens,
        messages: messages.map((message) => ({ role: message.role as 'user', content: message.text })),
      };
      if (!stream) await sdk.chat.completions.create(body);
      else await all(await sdk.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } }));
    };
  };
  const ways: Way[] = [
    { name: sdkName, ask: bySdk(true, url) },
    {
      name: adapterName,
      beside: sdkName,
      ask: ({ messages, tools, maxTokens }) => all(adapter.stream({ model, messages, tools, maxTokens, signal: never })),
    },
    { name: 'our router', beside: sdkName, ask: (request) => all(llm.stream(request)) },
  ];
  if (!gateway) return ways;
  const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': url };
  return [
    ...ways,
    { name: gateway.name, beside: sdkName, ask: bySdk(true, gateway.url, headers) },
    // it holds the first piece of a stream back for 25 ms: what it adds without that shows in answers that come whole
    { name: wholeName, ask: bySdk(false, url) },
    { name: `${gateway.name}, not streamed`, beside: wholeName, ask: bySdk(false, gateway.url, headers) },
  ];
}

/** As it goes into docs/router.md. */
function table(ways: readonly Way[], measured: ReadonlyMap<string, Figures>): void {
  print(`  | a call, n=${rounds} each | median ms | p95 ms | adds at the median | adds at p95 |`);
  print('  |---|---|---|---|---|');
  for (const { name, beside } of ways) {
    const { p50, p95 } = measured.get(name)!;
    const other = beside === undefined ? undefined : measured.get(beside);
    const added = (ours: number, theirs: number | undefined) =>
      theirs === undefined ? '' : `${(ours - theirs).toFixed(3)} over ${beside}`;
    print(`  | ${name} | ${p50.toFixed(3)} | ${p95.toFixed(3)} | ${added(p50, other?.p50)} | ${added(p95, other?.p95)} |`);
  }
  print('');
}
