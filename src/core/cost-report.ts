import type { CostAlert } from './cost-alerts.ts';

/** From the first moment to before the last. */
export interface CostRange {
  from: Date;
  until: Date;
}

export interface CostFilter extends CostRange {
  agentType?: string;
  leadId?: string;
  userId?: string;
}

/** What models cost in a range. Amounts are exact decimal USD: the agents, the leads and the days each add up to the total. */
export interface CostReport {
  totalCostUsd: string;
  totalRequests: number;
  /** Calls whose price is not known; they are in no sum of money. */
  unpriced: number;
  byAgent: {
    agentType: string;
    agentMode: string;
    totalRequests: number;
    totalCostUsd: string;
    avgCostPerRequest: string;
    avgLatencyMs: number;
    /** The model that was asked most. */
    primaryProvider: string;
    primaryModel: string;
  }[];
  /** The dearest first; a line without an id holds the calls about no lead, and one more, where there are many leads, all the others. */
  byLead: {
    leadId: string | null;
    companyName: string | null;
    totalCostUsd: string;
    totalRequests: number;
    agentsUsed: string[];
  }[];
  cache: { totalRequests: number; cacheHits: number; estimatedSavingsUsd: string };
  /** Days of the workspace's time zone on which there were calls. */
  timeSeries: { date: string; totalCostUsd: string; totalRequests: number }[];
}

export interface CostLine {
  key: string;
  requests: number;
  unpriced: number;
  costUsd: string;
}

/** What one tenant spent on models. */
export interface Costs {
  /** Sums, grouped; the sum of the lines is the total to the last digit. */
  summary(
    filter: { from?: Date; until?: Date; sessionId?: string; userId?: string },
    by: 'agent' | 'model' | 'day',
  ): Promise<{ total: CostLine; lines: CostLine[] }>;
  report(filter: CostFilter, options?: { leads?: number }): Promise<CostReport>;
  /** Today so far, in the workspace's time zone. */
  dailySpend(): Promise<{ costUsd: string; requests: number; unpriced: number }>;
  /** What was spent on calls about leads, by lead they were about, today and the six days before; null without such calls. */
  averageCostPerLead(): Promise<string | null>;
  /** The share of requests of the last 24 hours that the response cache answered, 0 to 1; null without requests. */
  cacheHitRate(): Promise<number | null>;
  /**
   * Everything that was spent in the range, by lead that calls of it were about and that is qualified by now (or has come further: a meeting,
   * won); null when there is none.
   */
  costPerQualifiedLead(range: CostRange & { userId?: string }): Promise<{ leads: number; costUsd: string | null }>;
  alerts(): Promise<CostAlert[]>;
}
