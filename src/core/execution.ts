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
  /** Of everything the output follows from. */
  cacheKey?: string;
}

/** Where agent runs are written. */
export interface Ledger {
  /** Gives the id under which it is kept. */
  run(execution: Execution): Promise<string>;
  /** The newest run of this key that succeeded. */
  cached(tenantId: string, agentType: string, cacheKey: string): Promise<{ id: string; output: unknown } | undefined>;
}

/** Runs of agents, many at a time. */
export interface Executions {
  /** Which of these keys have a run that succeeded. */
  known(agentType: string, cacheKeys: string[]): Promise<Set<string>>;
  add(executions: (Omit<Execution, 'tenantId'> & { cacheKey: string })[]): Promise<void>;
}
