/** Spending limits, kept by setting money aside before a call and settling after it. Amounts are USD as decimal text. */

export interface BudgetScope {
  tenantId: string;
  userId: string;
  agent: string;
  leadId?: string;
  sessionId?: string;
}

export interface BudgetLimit {
  /** Window, whose, and which one: "day:tenant:<id>". */
  key: string;
  /** USD, or the number of requests an hour. */
  limit: string;
  /** "today's limit of 10 USD for this workspace" */
  words: string;
}

/** A limit is nearly, or wholly, used up. Told once for each of 50, 80, 95 and 100 percent of a window. */
export interface BudgetAlert extends BudgetLimit {
  tenantId: string;
  spentUsd: string;
  percent: number;
}

export type Reserved = { ok: true } | { ok: false; limit: BudgetLimit; left: string };

export interface Budgets {
  /**
   * Sets `usd` aside under every limit that applies, or under none: atomically, in any number of processes. What is never settled comes back by
   * itself after `ttlMs`. `requests` is 1 for a request and 0 for another try of it.
   */
  reserve(scope: BudgetScope, usd: string, options: { callId: string; requests: 0 | 1; ttlMs: number }): Promise<Reserved>;
  /** What it really cost; null when that is not known: then what was set aside counts. */
  settle(scope: BudgetScope, callId: string, usd: string | null): Promise<void>;
}
