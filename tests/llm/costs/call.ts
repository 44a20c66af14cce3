import type { CallRecord } from '../../../src/core/cost.ts';
import { noUsage } from '../../../src/core/llm.ts';

/** A model call as the router records it. */
export const aCall = (tenantId: string, more: Partial<CallRecord> = {}): CallRecord => ({
  callId: crypto.randomUUID(),
  at: new Date('2026-11-21T12:00:00Z'),
  tenantId,
  agentType: 'qualification',
  agentMode: 'passthrough',
  provider: 'cerebras',
  model: 'gpt-oss-120b',
  usage: { ...noUsage, input: 1000, output: 200 },
  price: { status: 'priced', costUsd: '0.000500000000', row: 'cerebras-gpt-oss-120b' },
  latencyMs: 321.4,
  status: 'ok',
  degraded: false,
  ...more,
});
