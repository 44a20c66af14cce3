import type { BudgetWindow } from '../core/budget.ts';
import { keyPrefix } from './redis.ts';

/** Names in Redis. The braces keep all keys of a workspace in one slot of a cluster, so that one script may change them together. */
export function budgetKeys(tenantId: string) {
  const own = `${keyPrefix}{${tenantId}}:budget:`;
  const counters = `${own}counter:`;
  return {
    /** One for each call that is under way, or not known to be in the table yet: what it set aside and where. */
    calls: `${own}call:`,
    /** Calls by when what they set aside comes back. */
    due: `${own}due`,
    /** Calls whose money came back, by when. */
    late: `${own}late`,
    /** Calls that settled, by when, until they are found in the table. */
    settled: `${own}settled`,
    /** Counters to be compared with the table. */
    touched: `${own}touched`,
    /** Counters that are half used up, or were. */
    halves: `${own}halves`,
    /** Another one means that Redis has lost what it held. */
    epoch: `${own}epoch`,
    counter: (zone: string, window: string, key: string) => `${counters}${zone}:${window}:${key}`,
    /** What a counter counts. */
    windowOf(counter: string): BudgetWindow {
      const [zone, day, ...key] = counter.slice(counters.length).split(':') as [string, string, ...string[]];
      return { zone, day, key: key.join(':') };
    },
  };
}

/** Workspaces that have counters. */
export const countedTenants = `${keyPrefix}budget:tenants`;
