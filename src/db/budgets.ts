import type { Pool } from 'pg';
import type { BudgetAlert, BudgetLimit, BudgetScope, Budgets } from '../core/budget.ts';
import { compareUsd } from '../core/money.ts';

/** A configured limit: how much, of whom, over which window. */
export interface BudgetRule {
  window: 'day' | 'month' | 'hour';
  of: 'tenant' | 'user' | 'agent' | 'lead' | 'session';
  /** Only of this one; absent: of each. */
  id?: string;
  /** USD as decimal text, or for an hour the number of requests. */
  limit: string;
}

interface Applied extends BudgetRule {
  key: string;
  words: string;
}

/**
 * Limits as rows: each has what was spent in its window and what is set aside. All rows of a call are locked in the order of their keys,
 * looked at, and changed together by one function in the database, in one round trip: any number of processes together never pass a limit.
 */
export function budgets({
  pool,
  rules,
  timeZone,
  onAlert,
}: {
  pool: Pool;
  rules: readonly BudgetRule[];
  timeZone: string;
  onAlert(alert: BudgetAlert): void;
}): Budgets {
  return {
    async reserve(scope, usd, { callId, requests, ttlMs }) {
      const applied = appliedTo(rules, scope);
      if (applied.length === 0) return { ok: true };
      const { rows } = await pool.query<{ key: string; available: string }>(
        `SELECT key, available::text FROM reserve_budget($1, $2::uuid, $3, $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::int)`,
        [
          scope.tenantId,
          callId,
          timeZone,
          applied.map(({ key }) => key),
          applied.map(({ window }) => window),
          applied.map(({ limit }) => limit),
          applied.map(({ window }) => (window === 'hour' ? String(requests) : usd)),
          ttlMs,
        ],
      );
      const [refused] = rows;
      if (!refused) return { ok: true };
      const limit = applied.find(({ key }) => key === refused.key)!;
      return { ok: false, limit: limitOf(limit), left: compareUsd(refused.available, '0') < 0 ? '0' : refused.available };
    },

    async settle(scope, callId, usd) {
      const { rows } = await pool.query<{ key: string; spent: string; percent: number }>(
        `SELECT key, spent::text, percent FROM settle_budget($1::uuid, $2::numeric)`,
        [callId, usd],
      );
      for (const { key, spent, percent } of rows) {
        const limit = appliedTo(rules, scope).find((one) => one.key === key);
        if (limit) onAlert({ ...limitOf(limit), tenantId: scope.tenantId, spentUsd: spent, percent });
      }
    },
  };
}

/** Gives back what was set aside by calls that never settled; what they are known to have cost counts. */
export const releaseLeaked = async (pool: Pool): Promise<number> =>
  (await pool.query<{ n: number }>('SELECT release_leaked_budgets() AS n')).rows[0]!.n;

function appliedTo(rules: readonly BudgetRule[], scope: BudgetScope): Applied[] {
  const ids = { tenant: scope.tenantId, user: scope.userId, agent: scope.agent, lead: scope.leadId, session: scope.sessionId };
  return rules
    .flatMap((rule) => {
      const id = ids[rule.of];
      if (id === undefined || (rule.id !== undefined && rule.id !== id)) return [];
      return [{ ...rule, key: `${rule.window}:${rule.of}:${id}`, words: wordsOf(rule) }];
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

const whose = { tenant: 'this workspace', user: 'you', agent: 'this assistant', lead: 'this lead', session: 'this conversation' };

function wordsOf({ window, of, limit }: BudgetRule): string {
  if (window === 'hour') return `the limit of ${limit} requests an hour for ${whose[of]}`;
  return `${window === 'day' ? "today's" : "this month's"} limit of ${Number(limit)} USD for ${whose[of]}`;
}

const limitOf = ({ key, limit, words }: Applied): BudgetLimit => ({ key, limit, words });
