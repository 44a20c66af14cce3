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
import { type Figures, figures, print } from './figures.ts';
import { startPortkey, stop } from './portkey.ts';

const rounds = 1500;
const warm = 200;
const model = 'bench';

/** A way to the same provider, to the last word of its answer. */
interface Way {
  name: string;
  /** Whose time is taken off, to see what this one adds. */
  beside?: string;
  ask(request: LlmRequest): Promise<unknown>;
}

/** What a call costs in time over the wire: by the vendor's SDK, by our router, by a gateway beside us. One after the other, so that what else runs on the machine is in all of them. */
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
    table(ways, await inTurn(ways, request));
  } finally {
    await Promise.all([stop(provider), gateway?.stop()]);
  }
}

const sdkName = "the vendor's SDK";
const adapterName = 'our adapter alone';

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
  const bySdk = (baseURL: string, defaultHeaders = {}) => {
    const sdk = new OpenAI({ apiKey: 'k', baseURL, defaultHeaders, maxRetries: 0 });
    return async ({ messages, maxTokens }: LlmRequest) =>
      all(
        await sdk.chat.completions.create({
          model,
          max_tokens: maxTokens,
          stream: true,
          stream_options: { include_usage: true },
          messages: messages.map((message) => ({ role: message.role as 'user', content: message.text })),
        }),
      );
  };
  return [
    { name: sdkName, ask: bySdk(url) },
    {
      name: adapterName,
      beside: sdkName,
      ask: ({ messages, tools, maxTokens }) => all(adapter.stream({ model, messages, tools, maxTokens, signal: never })),
    },
    { name: 'our router', beside: adapterName, ask: (request) => all(llm.stream(request)) },
    ...(gateway
      ? [
          {
            name: gateway.name,
            beside: sdkName,
            ask: bySdk(gateway.url, { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': url }),
          },
        ]
      : []),
  ];
}

async function inTurn(ways: readonly Way[], request: () => LlmRequest): Promise<Map<string, Figures>> {
  const samples = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = -warm; round < rounds; round++)
    for (let at = 0; at < ways.length; at++) {
      // nobody always comes after the same one
      const { name, ask } = ways[(at + round + warm) % ways.length]!;
      const asked = request();
      const started = performance.now();
      await ask(asked);
      if (round >= 0) samples.get(name)!.push(performance.now() - started);
    }
  return new Map([...samples].map(([name, times]) => [name, figures(times)]));
}

/** As it goes into docs/router.md. */
function table(ways: readonly Way[], measured: ReadonlyMap<string, Figures>): void {
  print(`  | a streamed call, n=${rounds} each | median ms | p95 ms | adds at the median | adds at p95 |`);
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
