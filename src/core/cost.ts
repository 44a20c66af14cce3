/** One finished, failed or aborted model call, as it is kept in ai_cost_tracking. */
export interface CallRecord {
  callId: string;
  tenantId: string;
  agentType: string;
  agentMode: 'passthrough' | 'smart_router';
  leadId?: string;
  sessionId?: string;
  userId?: string;
  provider: string;
  model: string;
  promptTokens: number;
  completionTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  /** Exact decimal text; null when the price is unknown, never zero in its place. */
  costUsd: string | null;
  latencyMs: number;
  ttftMs?: number;
  status: 'ok' | 'failed' | 'aborted';
  degraded: boolean;
}

export interface CostLine {
  key: string;
  requests: number;
  unpriced: number;
  costUsd: string;
}

export interface Costs {
  /** Sums of what this tenant spent, grouped; the sum of the lines is the total to the last digit. */
  summary(
    filter: { from?: Date; until?: Date; sessionId?: string; userId?: string },
    by: 'agent' | 'model' | 'day',
  ): Promise<{ total: CostLine; lines: CostLine[] }>;
}
