import type { CallRecord } from '../../../src/core/cost.ts';
import type { Delta, Llm, LlmRequest } from '../../../src/core/llm.ts';
import { noUsage } from '../../../src/core/llm.ts';
import { AppError } from '../../../src/errors.ts';
import { type Provider, type ProviderDelta, ProviderFailure, type ProviderRequest } from '../../../src/llm/provider.ts';
import { type Policy, parsePolicy } from '../../../src/llm/router/policy.ts';
import type { Connected } from '../../../src/llm/router/route.ts';
import { createRouter, type RouterParts } from '../../../src/llm/router/router.ts';
import { createLog } from '../../../src/log.ts';

/** What a provider does with its next call: deltas, failures, waiting. */
export type Act = ProviderDelta | ProviderFailure | { waitMs: number };

export const says = (text: string, usage = { input: 100, output: 10 }): Act[] => [
  { type: 'text', text },
  { type: 'usage', usage },
  { type: 'finish', reason: 'stop' },
];
export const fails = (kind: ProviderFailure['kind'], more: { status?: number; retryAfterMs?: number } = {}): Act[] => [
  new ProviderFailure(kind, `It failed (${kind}).`, more),
];

/** A provider that does what it is told, call by call; the last is repeated. */
export function scripted(...calls: Act[][]): Provider & { asked: ProviderRequest[] } {
  const asked: ProviderRequest[] = [];
  return {
    asked,
    models: async () => ['m'],
    async *stream(request) {
      asked.push(request);
      for (const act of calls[Math.min(asked.length, calls.length) - 1] ?? []) {
        request.signal.throwIfAborted();
        if (act instanceof Error) throw act;
        if ('waitMs' in act) {
          await new Promise<void>((resolve, reject) => {
            const timer = setTimeout(resolve, act.waitMs);
            request.signal.addEventListener('abort', () => {
              clearTimeout(timer);
              reject(request.signal.reason);
            });
          });
        } else yield act;
      }
    },
  };
}

/** Says that it is the rules, and cannot fill in forms. */
const rules: Llm = {
  async *stream({ mustCall }) {
    if (mustCall) throw new AppError('unavailable', 'No rule fills in forms.');
    yield { type: 'text', text: 'By the rules.' };
    yield {
      type: 'finish',
      reason: 'stop',
      usage: { ...noUsage },
      provider: 'offline',
      model: 'rules',
      degraded: true,
      costUsd: '0',
    };
  },
};

export const policy = (change: Partial<Policy> = {}): Policy =>
  parsePolicy({
    agents: { named: { mode: 'passthrough', first: ['a/smart'] } },
    otherwise: { mode: 'smart_router' },
    chain: ['a/smart', 'b/smart', 'c/smart'],
    tiers: Object.fromEntries(
      (['simple', 'moderate', 'complex'] as const).map((tier) => [
        tier,
        {
          first: tier === 'simple' ? ['b/fast'] : tier === 'complex' ? ['c/smart'] : [],
          strategy: 'standard',
          firstTokenSeconds: 0.15,
          answerSeconds: 0.6,
        },
      ]),
    ),
    strategies: {
      aggressive: { retries: 0, firstPauseSeconds: 0.01, longestPauseSeconds: 0.02 },
      standard: { retries: 2, firstPauseSeconds: 0.01, longestPauseSeconds: 0.2 },
      conservative: { retries: 3, firstPauseSeconds: 0.01, longestPauseSeconds: 0.2 },
    },
    breakers: Object.fromEntries(['a', 'b', 'c'].map((id) => [id, { failures: 3, recoverySeconds: 0.1 }])),
    ...change,
  });

export function routerOf(providers: Record<string, Provider>, more: Partial<RouterParts> = {}, ownServers: string[] = []) {
  const reports: CallRecord[] = [];
  const connected = new Map<string, Connected>(
    Object.entries(providers).map(([id, provider]) => [
      id,
      {
        ...{ id, label: id.toUpperCase(), provider, ownServer: ownServers.includes(id) },
        models: { fast: `${id}-fast`, cheap: `${id}-cheap`, smart: `${id}-smart` },
      },
    ]),
  );
  const router = createRouter({
    connected,
    offline: rules,
    policy: policy(),
    classify: () => ({ tier: 'moderate', because: 'told so' }),
    priceOf: ({ usage }) => ({ status: 'priced', costUsd: ((usage.input + usage.output) / 1e6).toFixed(12), row: 'test' }),
    guessOf: ({ usage }) => ((usage.input + usage.output) / 1e5).toFixed(12),
    record: (report) => void reports.push(report),
    log: createLog('silent'),
    random: () => 0.5,
    ...more,
  });
  return { router, reports };
}

export const request = (more: Partial<LlmRequest> = {}): LlmRequest => ({
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  maxTokens: 100,
  purpose: { tenantId: 't', userId: 'u', agent: 'sr-bdr', mode: 'smart_router', now: new Date(), timeZone: 'UTC' },
  ...more,
});

export async function heard(
  router: Llm,
  asked: LlmRequest,
): Promise<{ text: string; finish?: Extract<Delta, { type: 'finish' }> }> {
  const said: { text: string; finish?: Extract<Delta, { type: 'finish' }> } = { text: '' };
  for await (const delta of router.stream(asked)) {
    if (delta.type === 'text') said.text += delta.text;
    if (delta.type === 'finish') said.finish = delta;
  }
  return said;
}

/** Who was asked in their order, and what came of it. */
export const asked = ({ reports }: { reports: { provider: string; status: string; failure?: string }[] }) =>
  reports.map(({ provider, status, failure }) => `${provider} ${status}${failure ? ` ${failure}` : ''}`);
