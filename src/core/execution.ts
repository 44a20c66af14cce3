import type { CallRecord } from './cost.ts';

/** One run of an agent, kept in agent_executions. Text is stored only where the run's own record needs it. */
export interface Execution {
  tenantId: string;
  agentType: string;
  status: 'succeeded' | 'failed' | 'stopped';
  errorCode?: string;
  latencyMs: number;
  costUsd: string;
  leadId?: string;
  threadId?: string;
  input: unknown;
  output?: unknown;
}

/** Where finished model calls and agent runs are written. */
export interface Ledger {
  /** The same callId is kept once. */
  call(record: CallRecord): Promise<void>;
  run(execution: Execution): Promise<void>;
}
