import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { CallRecord } from '../../src/core/cost.ts';
import { type Delta, type Llm, type LlmRequest, noUsage } from '../../src/core/llm.ts';
import type { PriceRow } from '../../src/core/price.ts';
import { priceTable } from '../../src/core/price-table.ts';
import { createLlm, type GivenLlm, policyFrom } from '../../src/llm/index.ts';
import { connected } from '../../src/llm/registry.ts';
import { createLog } from '../../src/log.ts';
import { modelServer } from '../contracts/model-server.ts';
import { anthropicWire } from '../contracts/wires.ts';

const calls: CallRecord[] = [];
// at this hour no price has a window of its own
const now = () => new Date('2026-11-01T12:00:00Z');
const door = (env: Record<string, string> = {}, given?: GivenLlm) =>
  createLlm({
    connected: connected(loadConfig(env)),
    tracker: { record: (call) => void calls.push(call) },
    log: createLog('silent'),
    now,
    given,
  });
const claude = { ANTHROPIC_API_KEY: 'sk-test' };

describe('the name of who answers', () => {
  it('is every provider that is switched on, with its best model', () => {
    expect(door().name).toBe('offline rules');
    expect(door(claude).name).toBe('claude-sonnet-5-5 (Anthropic)');
    expect(door({ CEREBRAS_API_KEY: 'k', ...claude }).name).toBe('claude-sonnet-5-5 (Anthropic), gpt-oss-120b (Cerebras)');
  });

  it('says whose price is not known', () => {
    expect(door({ ...claude, ANTHROPIC_CHEAP_MODEL: 'claude-small' }).name).toBe(
      'claude-sonnet-5-5 (Anthropic); the price of claude-small is not known: limits count it as the dearest',
    );
    expect(door({ ...claude, ANTHROPIC_MODEL: 'claude-next', ANTHROPIC_CHEAP_MODEL: 'claude-small' }).name).toBe(
      'claude-next (Anthropic); the prices of claude-small, claude-next are not known: limits count them as the dearest',
    );
  });

  it('says that a server of one’s own costs nothing by the token, as far as is known', () => {
    expect(door({ OLLAMA_BASE_URL: 'http://127.0.0.1:1', OLLAMA_MODEL: 'qwen3:8b' }).name).toBe(
      'qwen3:8b (Ollama); the price of qwen3:8b is not known: limits count it as of a server of your own, which costs nothing by the token',
    );
  });

  it('goes with whether a model is behind it', () => {
    expect([door().reasons, door(claude).reasons]).toEqual([false, true]);
  });
});

describe('what a call will cost', () => {
  it('follows from the tier, the length and the day', () => {
    const { estimate } = door(claude);
    expect(estimate(3000, 200, 'default', 't')).toBe('0.008000000000');
    expect(estimate(3000, 200, 'cheap', 't')).toBe('0.000400000000');
    expect(estimate(100_001, 200, 'cheap', 't')).toBe('0.050500500000');
  });

  it('is what the dearest of those costs who may be asked', () => {
    const both = { ...claude, CEREBRAS_API_KEY: 'k' };
    expect(door({ CEREBRAS_API_KEY: 'k' }).estimate(3000, 200, 'cheap', 't')).toBe('0.001200000000');
    expect(door(both).estimate(3000, 200, 'cheap', 't')).toBe('0.001200000000');
    expect(door(both).estimate(3000, 200, 'default', 't')).toBe('0.008000000000');
  });

  it('is what it costs this workspace, where it has prices of its own', () => {
    const own = (model: string, output: string): PriceRow => ({
      ...{ id: `own-${model}`, provider: 'anthropic', model, input: '0.1', output },
      ...{ source: 'a contract', checked: '2026-11', verified: true },
    });
    const table = priceTable([own('claude-small', '1'), own('claude-sonnet-5-5', '30')]);
    const { estimate } = createLlm({
      connected: connected(loadConfig({ ...claude, ANTHROPIC_CHEAP_MODEL: 'claude-small' })),
      tracker: { record: () => undefined },
      log: createLog('silent'),
      now,
      overridesOf: (tenantId) => (tenantId === 't' ? table : undefined),
    });
    expect(estimate(3000, 200, 'cheap', 't')).toBe('0.000500000000');
    expect(estimate(3000, 200, 'default', 't')).toBe('0.006300000000');
    expect(estimate(3000, 200, 'cheap', 'another')).toBeNull();
  });

  it('is not known when the price of one of them is not, or when there is no model', () => {
    expect(door({ ...claude, ANTHROPIC_CHEAP_MODEL: 'claude-small' }).estimate(1, 1, 'cheap', 't')).toBeNull();
    expect(
      door({ ...claude, OLLAMA_BASE_URL: 'http://127.0.0.1:1', OLLAMA_MODEL: 'qwen3:8b' }).estimate(1, 1, 'cheap', 't'),
    ).toBeNull();
    expect(door().estimate(3000, 200, 'cheap', 't')).toBeNull();
  });
});

const request = (more: Partial<LlmRequest> = {}): LlmRequest => ({
  messages: [{ role: 'user', text: 'Does it fit?' }],
  tools: [],
  maxTokens: 200,
  purpose: { tenantId: 't', userId: 'u', agent: 'enrichment', mode: 'passthrough', now: now(), timeZone: 'UTC' },
  ...more,
});
async function finishOf(llm: Llm, asked: LlmRequest) {
  const deltas: Delta[] = [];
  for await (const delta of llm.stream(asked)) deltas.push(delta);
  return deltas.at(-1) as Extract<Delta, { type: 'finish' }>;
}

describe('a model door that was given', () => {
  const given: Llm = {
    async *stream() {
      yield { type: 'text', text: 'Yes.' };
      const said = { reason: 'stop' as const, usage: { ...noUsage, input: 3, output: 2 }, degraded: false, costUsd: '0.5' };
      yield { type: 'finish', provider: 'own', model: 'mine', ...said };
    },
  };

  it('stands in place of all others, and is expected to be free unless it says otherwise', () => {
    expect(door(claude, given)).toMatchObject({ reasons: true, name: 'a model of its own' });
    expect(door({}, given).estimate(3000, 200, 'default', 't')).toBe('0.000000000000');
    expect(door({}, { ...given, estimate: () => '0.5' }).estimate(3000, 200, 'default', 't')).toBe('0.5');
  });

  it('has its calls written down like any other', async () => {
    calls.length = 0;
    await finishOf(door({}, given).llm, request());
    expect(calls).toMatchObject([
      { provider: 'own', model: 'mine', status: 'ok', price: { costUsd: '0.5' }, agentType: 'enrichment' },
    ]);
  });
});

describe('an agent that names its model', () => {
  it('gets a better one where it asks for that, and the price is of the one that answered', async () => {
    const usage = { prompt: 3000, answer: 200 };
    const server = await modelServer(() => ({ chunks: anthropicWire.events({ text: 'Yes.', usage }) }));
    try {
      const { llm } = door({ ...claude, ANTHROPIC_BASE_URL: server.url });
      calls.length = 0;
      expect(await finishOf(llm, request({ tier: 'cheap' }))).toMatchObject({
        model: 'claude-haiku-5-5',
        costUsd: '0.000400000000',
      });
      expect(await finishOf(llm, request({ tier: 'default' }))).toMatchObject({
        model: 'claude-sonnet-5-5',
        costUsd: '0.008000000000',
      });
      expect(server.asked.map(({ body }) => body.model)).toEqual(['claude-haiku-5-5', 'claude-sonnet-5-5']);
      expect(calls.map(({ price }) => price)).toMatchObject([
        { status: 'priced', costUsd: '0.000400000000' },
        { costUsd: '0.008000000000' },
      ]);
    } finally {
      await server.close();
    }
  });
});

describe('a policy of one’s own', () => {
  const policy = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'policy-')), 'router.yaml');
    writeFileSync(file, text);
    return file;
  };
  const ours = readFileSync(new URL('../../src/llm/router/policy.yaml', import.meta.url), 'utf8');

  it('decides who is asked', () => {
    const file = policy(
      ours.replace(
        'enrichment: { mode: passthrough, first: [anthropic/cheap] }',
        'enrichment: { mode: passthrough, first: [openai/smart] }',
      ),
    );
    expect(policyFrom(file).agents['enrichment']).toEqual({ mode: 'passthrough', first: ['openai/smart'] });
  });

  it.each([
    ['no YAML', 'agents: {', /cannot be read: .*ROUTER_POLICY/s],
    ['nonsense', ours.replace('answerSeconds: 40', 'answerSeconds: soon'), /tiers\.simple\.answerSeconds/],
    ['a word nobody knows', `${ours}\nhedging: on\n`, /hedging/],
  ])('with %s in it is refused in our words', (_what, text, message) => {
    expect(() => policyFrom(policy(text))).toThrow(message);
  });

  it('that is not there is missed by name', () => {
    expect(() => policyFrom('/no/such/router.yaml')).toThrow(/no such file.*ROUTER_POLICY/s);
  });
});
