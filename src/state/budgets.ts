import {
  type BudgetAlert,
  type BudgetLimit,
  type BudgetRule,
  type BudgetScope,
  type BudgetStanding,
  type Budgets,
  limitsOf,
  type SpendingBooks,
} from '../core/budget.ts';
import { windowAt } from '../core/budget-window.ts';
import { addUsd, compareUsd, percentOfUsd } from '../core/money.ts';
import { AppError } from '../errors.ts';
import { budgetKeys, countedTenants } from './budget-keys.ts';
import { budgetScript, budgetTable, settledKeptMs } from './budget-table.ts';
import type { RedisServer } from './redis.ts';
import { remembered } from './remembered.ts';

/** Counters live on for as long as a call that began in their window may still settle. */
const afterEndMs = 2 * 86_400_000;
/** A counter that nobody compared with the table for this long is compared before it is drawn on. */
const staleMs = 10 * 60_000;
/** A workspace that moves to another zone is noticed after this. */
const zoneMs = 15_000;
const mostUsd = '1000000000000000';

/** One limit of a call as the scripts read it; amounts with all twelve decimals. */
interface Line {
  counter: string;
  key: string;
  money: boolean;
  /** Absent: not known. */
  amount?: string;
  limit: string;
  plain: string;
  half: string;
  mostly: string;
  most: string;
  livesMs: number;
  /** What the counter begins with if it is not there. */
  seed?: string;
}

type ReserveReply =
  | ['ok']
  | ['refused', key: string, left: string, spent: string, percent: string]
  | ['look', epoch: string, absent: number[], stale: number[]];

/**
 * Limits as counters in Redis: one script looks at all of a call's and changes them together, in one round trip. Redis may lose them at any
 * time: a counter that is not there begins with what the table of calls holds for its window. What was set aside is lost then, what was spent is not.
 */
export function redisBudgets({
  redis,
  rules,
  books,
  onAlert,
}: {
  redis: RedisServer;
  rules: readonly BudgetRule[];
  books: SpendingBooks;
  onAlert(alert: BudgetAlert): void;
}): Budgets & { sweep(): Promise<void> } {
  const [reserve, settle] = [budgetScript(redis, 'reserve'), budgetScript(redis, 'settle')];
  const table = budgetTable(redis, books);
  const zoneOf = remembered((tenantId) => books.timeZone(tenantId), zoneMs);
  const seeding = new Map<string, Promise<string[]>>();
  const epochs = new Map<string, string>();

  const tell = (scope: BudgetScope, key: string, spent: string, percent: string) => {
    const limit = limitsOf(rules, scope).find((one) => one.key === key);
    if (limit && percent !== '') onAlert({ ...limit, tenantId: scope.tenantId, spent: plain(spent), percent: Number(percent) });
  };

  /** What is written down for counters that are not there; many who ask for the same at once ask once. */
  const seedsOf = (tenantId: string, counters: string[], epoch: string): Promise<string[]> => {
    const name = counters.join(' ');
    const asked =
      seeding.get(name) ??
      (async () => {
        await redis.client.sadd(countedTenants, tenantId);
        // Redis is new to us: what we recorded and counted elsewhere has to be in the table first
        if (epoch === '' || epoch !== epochs.get(tenantId)) await books.settle();
        const { windowOf } = budgetKeys(tenantId);
        return (await books.look(tenantId, counters.map(windowOf), [])).spent;
      })().finally(() => seeding.delete(name));
    seeding.set(name, asked);
    return asked;
  };

  return {
    async reserve(scope, usd, { callId, at, requests, ttlMs }) {
      const limits = limitsOf(rules, scope);
      if (limits.length === 0) return { ok: true };
      const { tenantId } = scope;
      const keys = budgetKeys(tenantId);
      const lines = linesOf(tenantId, limits, { usd, requests, at, zone: await zoneOf(tenantId) });
      const names = [keys.calls + callId, keys.due, keys.late, keys.touched, keys.halves, keys.epoch];
      // counters may go between two tries, but not for long
      for (let tries = 0; tries < 5; tries++) {
        const reply = (await reserve(
          [...names, ...lines.map(({ counter }) => counter)],
          [
            keys.calls,
            callId,
            ttlMs,
            ttlMs + settledKeptMs,
            JSON.stringify(lines),
            crypto.randomUUID(),
            tries === 0 ? staleMs : '',
          ],
        ).catch((error) => {
          // it may still be heard: then what it set aside comes back at once
          redis.client.zadd(keys.due, 'XX', 0, callId).catch(() => undefined);
          throw error;
        })) as ReserveReply;
        if (reply[0] === 'ok') return { ok: true };
        if (reply[0] === 'refused') {
          const [, key, left, spent, percent] = reply;
          tell(scope, key, spent, percent);
          return { ok: false, limit: limits.find((one) => one.key === key)!, left: plain(left) };
        }
        const [, epoch, absent, stale] = reply;
        const counters = (numbers: number[]) => numbers.map((n) => lines[n - 1]!.counter);
        if (absent.length > 0) {
          const seeds = await seedsOf(tenantId, counters(absent), epoch);
          absent.forEach((n, i) => {
            lines[n - 1]!.seed = seeds[i]!;
          });
        }
        if (epoch !== '') epochs.set(tenantId, epoch);
        // an old figure is better than none
        if (stale.length > 0) await table.compare(tenantId, counters(stale)).catch(() => undefined);
      }
      throw new AppError('unavailable', 'Redis lost the counters of the budgets again and again while money was set aside.');
    },

    async settle(scope, callId, usd) {
      const keys = budgetKeys(scope.tenantId);
      const told = (await settle(
        [keys.calls + callId, keys.due, keys.late, keys.settled, keys.touched, keys.halves],
        [callId, exact(usd) ?? ''],
      )) as [key: string, spent: string, percent: string][];
      for (const one of told) tell(scope, ...one);
    },

    sweep: () => table.sweep(),
  };
}

/** The limits of a workspace that are half used up, or were, in any window. */
export async function redisStandings({ client }: RedisServer, tenantId: string): Promise<BudgetStanding[]> {
  const { halves, windowOf } = budgetKeys(tenantId);
  const counters = await client.zrange(halves, '0', '-1');
  const found = await Promise.all(counters.map((counter) => client.hmget(counter, 'spent', 'limit')));
  return counters.flatMap((counter, n) => {
    const [spent, limit] = found[n]!;
    return spent && limit ? [{ ...windowOf(counter), spent, limit }] : [];
  });
}

/** In the order of their keys, so that of several limits that stand in the way always the same one is named. */
function linesOf(
  tenantId: string,
  limits: readonly BudgetLimit[],
  { usd, requests, at, zone }: { usd: string | null; requests: 0 | 1; at: Date; zone: string },
): Line[] {
  const { counter } = budgetKeys(tenantId);
  return limits
    .map(({ key, window, limit: plain }) => {
      const { name, endsAt } = windowAt(window, at, zone);
      const money = window !== 'hour';
      const asked = money ? usd : String(requests);
      const [limit, amount] = [exact(plain), exact(asked)];
      if (limit === undefined || (asked !== null && amount === undefined))
        throw new RangeError('a limit or an amount is no amount');
      return {
        counter: counter(zone, name, key),
        ...{ key, money, limit, plain },
        ...(amount !== undefined && { amount }),
        ...{ half: percentOfUsd(limit, 50), mostly: percentOfUsd(limit, 80), most: percentOfUsd(limit, 95) },
        // a window of long ago is asked for by whoever is very late
        livesMs: Math.max(endsAt.getTime() - Date.now(), 0) + afterEndMs,
      };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** With all twelve decimals; undefined for what is no amount that can be counted. */
function exact(usd: string | null): string | undefined {
  if (usd === null || !/^\d{1,16}(\.\d{1,12})?$/.test(usd)) return undefined;
  return compareUsd(usd, mostUsd) > 0 ? undefined : addUsd(usd);
}

/** "0.100000000000" as people write it. */
const plain = (usd: string): string => usd.replace(/\.?0+$/, '');
