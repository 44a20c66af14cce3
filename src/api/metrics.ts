import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CostMetrics } from '../core/cost.ts';
import type { Metrics } from '../core/metrics.ts';

/** What models cost, as far as operations want to see it. */
export interface Spending {
  todayUsd: number;
  costPerLeadUsd: number | null;
  cacheHitRate: number | null;
  alerts: { severity: string }[];
}

export interface PrometheusMetrics extends Metrics {
  http(route: string, method: string, status: number, seconds: number): void;
  costs: CostMetrics;
  /** A limit of a day, month or hour passed 50, 80, 95 or 100 percent. */
  budgetReached(window: string, of: string, percent: number): void;
  /** Everything in the text format Prometheus reads; `fresh` fills the gauges first. */
  page(fresh: {
    jobs: { waiting: number; running: number; dead: number };
    proposalsPending: number;
    spending: Spending;
  }): Promise<{ type: string; body: string }>;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function prometheus(): PrometheusMetrics {
  const registers = [new Registry()];
  const registry = registers[0]!;
  collectDefaultMetrics({ register: registry });
  const agentSeconds = new Histogram({
    name: 'agent_processing_seconds',
    help: 'Time an agent took for one turn or run',
    labelNames: ['agent_type'],
    buckets: seconds,
    registers,
  });
  const agentOk = new Counter({
    name: 'agent_success_total',
    help: 'Agent runs that ended well',
    labelNames: ['agent_type'],
    registers,
  });
  const agentErrors = new Counter({
    name: 'agent_errors_total',
    help: 'Agent runs that failed',
    labelNames: ['agent_type', 'error_code'],
    registers,
  });
  const gateSeconds = new Histogram({
    name: 'tool_call_seconds',
    help: 'Tool calls through the gate, by how they ended',
    labelNames: ['tool', 'outcome'],
    buckets: seconds,
    registers,
  });
  const jobSeconds = new Histogram({
    name: 'job_seconds',
    help: 'Jobs run by this process',
    labelNames: ['name', 'outcome'],
    buckets: seconds,
    registers,
  });
  const decisions = new Counter({
    name: 'proposal_decisions_total',
    help: 'Decisions on proposals, by what came of them',
    labelNames: ['outcome'],
    registers,
  });
  const httpSeconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'HTTP requests',
    labelNames: ['route', 'method', 'status'],
    buckets: seconds,
    registers,
  });
  const unpriced = new Counter({
    name: 'ai_calls_unpriced_total',
    help: 'Model calls whose price is not known',
    labelNames: ['provider'],
    registers,
  });
  const calls = new Counter({
    name: 'ai_calls_written_total',
    help: 'Model calls by what became of their record: stored, replayed after a crash, rejected by the table, dropped',
    labelNames: ['outcome'],
    registers,
  });
  const budgetSteps = new Counter({
    name: 'ai_budget_steps_total',
    help: 'Limits of model use that passed 50, 80, 95 or 100 percent, each once in a window',
    labelNames: ['window', 'of', 'percent'],
    registers,
  });
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const spentToday = gauge('ai_cost_today_usd', 'What models cost today, in the time zone of the workspace');
  const costPerLead = gauge('ai_cost_per_lead_usd', 'Average cost by lead that model calls were about, seven days');
  const cacheHits = gauge('ai_cache_hit_ratio', 'Share of model requests the response cache answered, 24 hours');
  const costAlerts = gauge('ai_cost_alerts', 'Alerts about spending that hold now', ['severity']);
  const queue = new Gauge({ name: 'jobs', help: 'Jobs in the queue', labelNames: ['state'], registers });
  const pending = new Gauge({ name: 'proposals_pending', help: 'Proposals that wait for a person', registers });
  return {
    agentRun(agent_type, run) {
      agentSeconds.observe({ agent_type }, run.seconds);
      if (run.errorCode) agentErrors.inc({ agent_type, error_code: run.errorCode });
      else agentOk.inc({ agent_type });
    },
    gateCall: (tool, outcome, took) => gateSeconds.observe({ tool, outcome }, took),
    jobRun: (name, outcome, took) => jobSeconds.observe({ name, outcome }, took),
    decision: (outcome) => decisions.inc({ outcome }),
    http: (route, method, status, took) => httpSeconds.observe({ route, method, status }, took),
    costs: {
      unpriced: (provider) => unpriced.inc({ provider }),
      calls: (outcome, count) => calls.inc({ outcome }, count),
    },
    budgetReached: (window, of, percent) => budgetSteps.inc({ window, of, percent }),
    async page({ jobs, proposalsPending, spending }) {
      spentToday.set(spending.todayUsd);
      costPerLead.set(spending.costPerLeadUsd ?? 0);
      cacheHits.set(spending.cacheHitRate ?? 0);
      for (const severity of ['info', 'warning', 'critical'])
        costAlerts.set({ severity }, spending.alerts.filter((alert) => alert.severity === severity).length);
      for (const [state, count] of Object.entries(jobs)) queue.set({ state }, count);
      pending.set(proposalsPending);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}
