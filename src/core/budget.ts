/** Spending limits, kept by setting money aside before a call and settling after it. Amounts are USD as decimal text. */

export interface BudgetScope {
  tenantId: string;
  userId: string;
  agent: string;
  leadId?: string;
  sessionId?: string;
}

/** A configured limit: how much, for each of whom, over which window. */
export interface BudgetRule {
  window: 'day' | 'month' | 'hour';
  of: 'tenant' | 'user' | 'agent' | 'lead' | 'session';
  /** USD as decimal text; for an hour the number of requests. */
  limit: string;
}

export interface BudgetLimit extends BudgetRule {
  /** Window, whose, and which one: "day:tenant:<id>". */
  key: string;
  /** "today's limit of 10 USD for this workspace" */
  words: string;
}

/**
 * A limit is nearly, or wholly, used up. Told once for each of 50, 80, 95 and 100 percent of a window. At 100 it stands in the way, also when a
 * rest of it is left that no call fits into.
 */
export interface BudgetAlert extends BudgetLimit {
  tenantId: string;
  /** USD, or requests. */
  spent: string;
  percent: number;
}

export type Reserved = { ok: true } | { ok: false; limit: BudgetLimit; left: string };

export interface Budgets {
  /**
   * Sets `usd` aside under every limit that applies, or under none: atomically, in any number of processes. Nothing always fits; an amount that
   * is not known (null) fits as long as anything is left. What is never settled comes back by itself after `ttlMs`. `requests` is 1 for a
   * request and 0 for another try of it. `at` is when the call began: it decides which day, month and hour pay.
   */
  reserve(
    scope: BudgetScope,
    usd: string | null,
    options: { callId: string; at: Date; requests: 0 | 1; ttlMs: number },
  ): Promise<Reserved>;
  /** What it really cost; null when that is not known: then what was set aside counts. */
  settle(scope: BudgetScope, callId: string, usd: string | null): Promise<void>;
}

/** The limits of a call, and of no one but those it is about. */
export function limitsOf(rules: readonly BudgetRule[], scope: BudgetScope): BudgetLimit[] {
  const ids = { tenant: scope.tenantId, user: scope.userId, agent: scope.agent, lead: scope.leadId, session: scope.sessionId };
  return rules.flatMap((rule) => {
    const id = ids[rule.of];
    return id ? [{ ...rule, key: `${rule.window}:${rule.of}:${id}`, words: wordsOf(rule) }] : [];
  });
}

const whose = { tenant: 'this workspace', user: 'you', agent: 'this assistant', lead: 'this lead', session: 'this conversation' };

function wordsOf({ window, of, limit }: BudgetRule): string {
  if (window === 'hour') return `the limit of ${limit} requests an hour for ${whose[of]}`;
  return `${window === 'day' ? "today's" : "this month's"} limit of ${limit} USD for ${whose[of]}`;
}

/** A limit in one of its windows. */
export interface BudgetWindow {
  /** As in BudgetLimit. */
  key: string;
  /** The zone whose days these are, and the first day of the window: "2026-11-21". */
  zone: string;
  day: string;
}

/** How a limit stands that is counted outside of the database. */
export interface BudgetStanding extends BudgetWindow {
  spent: string;
  limit: string;
}

/** What the database knows of spending: counters that are kept elsewhere begin with it, and are put right by it. */
export interface SpendingBooks {
  timeZone(tenantId: string): Promise<string>;
  /** Puts into the database what this process has recorded so far. */
  settle(): Promise<void>;
  /** One look: what was spent in each window, and which of these calls are in those sums, with their cost. */
  look(
    tenantId: string,
    windows: readonly BudgetWindow[],
    callIds: readonly string[],
  ): Promise<{ spent: string[]; calls: [callId: string, usd: string][] }>;
}
