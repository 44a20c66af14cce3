import type { CostReport } from '../core/cost-report.ts';
import { addUsd, divideUsd } from '../core/money.ts';

/** What the database answers to a report, and the report it makes. Sums come as text: JSON would round them. */

interface Sums {
  requests: string;
  unpriced: string;
  hits: string;
  cost: string;
  saved: string;
  latency: string;
}

export interface ReportRows {
  total: Sums;
  models: (Sums & { agent_type: string; agent_mode: string; provider: string; model: string })[];
  days: (Sums & { day: string })[];
  leads: {
    lead_id: string | null;
    cost: string;
    requests: number;
    others: number | null;
    name: string | null;
    agents: string[] | null;
  }[];
}

export function reportOf({ total, models, days, leads }: ReportRows): CostReport {
  return {
    totalCostUsd: total.cost,
    totalRequests: Number(total.requests),
    unpriced: Number(total.unpriced),
    byAgent: byAgentOf(models),
    byLead: leads.map(({ lead_id, cost, requests, others, name, agents }) => ({
      leadId: lead_id,
      companyName: others === null ? name : `${others} other ${others === 1 ? 'lead' : 'leads'}`,
      totalCostUsd: cost,
      totalRequests: Number(requests),
      agentsUsed: agents ?? [],
    })),
    cache: { totalRequests: Number(total.requests), cacheHits: Number(total.hits), estimatedSavingsUsd: total.saved },
    timeSeries: days.map(({ day, cost, requests }) => ({ date: day, totalCostUsd: cost, totalRequests: Number(requests) })),
  };
}

function byAgentOf(models: ReportRows['models']): CostReport['byAgent'] {
  const agents = new Map<string, ReportRows['models']>();
  for (const row of models) {
    const key = JSON.stringify([row.agent_type, row.agent_mode]);
    agents.set(key, [...(agents.get(key) ?? []), row]);
  }
  const lines = [...agents.values()].map((own) => {
    const requests = own.reduce((sum, row) => sum + Number(row.requests), 0);
    const cost = addUsd(...own.map((row) => row.cost));
    const latency = own.reduce((sum, row) => sum + Number(row.latency), 0);
    const most = [...own].sort((a, b) => Number(b.requests) - Number(a.requests) || (a.model < b.model ? -1 : 1))[0]!;
    return {
      agentType: most.agent_type,
      agentMode: most.agent_mode,
      totalRequests: requests,
      totalCostUsd: cost,
      avgCostPerRequest: divideUsd(cost, requests),
      avgLatencyMs: Math.round((latency / requests) * 10) / 10,
      primaryProvider: most.provider,
      primaryModel: most.model,
    };
  });
  return lines.sort((a, b) => Number(b.totalCostUsd) - Number(a.totalCostUsd) || (a.agentType < b.agentType ? -1 : 1));
}
