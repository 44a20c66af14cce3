import type { CallLine, CostMetrics } from '../../core/cost.ts';
import type { Log } from '../../log.ts';

const quietMs = 3_600_000;
const mostModels = 1000;

/** Tells of calls whose price is not known: each is counted, and a model that is used again and again is in the log once an hour. */
export function unpricedAlerts(log: Log, metrics: CostMetrics | undefined): (line: CallLine) => void {
  const told = new Map<string, number>();
  return ({ provider, model, costUsd, because }) => {
    // what a broken call used is nobody's fault to mend
    if (costUsd !== null || because === 'usage not known') return;
    metrics?.unpriced(provider);
    const key = `${provider}/${model}: ${because}`;
    const now = performance.now();
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    if (told.size >= mostModels) told.clear();
    told.set(key, now);
    log.warn({ provider, model, because }, 'a model call has no known price: it counts as unpriced, not as free. Add its price');
  };
}
