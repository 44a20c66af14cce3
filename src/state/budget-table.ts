import { readFileSync } from 'node:fs';
import type { SpendingBooks } from '../core/budget.ts';
import { budgetKeys, countedTenants } from './budget-keys.ts';
import { type RedisServer, script } from './redis.ts';

/** A script with what all of them share. */
export const budgetScript = ({ client }: RedisServer, name: 'reserve' | 'settle' | 'release' | 'compare') =>
  script(
    client,
    ['common', name].map((part) => readFileSync(new URL(`./budget-scripts/${part}.lua`, import.meta.url), 'utf8')).join('\n'),
  );

/** As long as calls that ended may take to reach the table, such as from the files of a machine that was off. */
export const settledKeptMs = 7 * 86_400_000;
const lateKeptMs = 86_400_000;
const countersAtOnce = 500;
const callsAtOnce = 5000;
/** What is used all the time would be compared all the time. */
const roundsASweep = 20;

/**
 * Keeps the counters in Redis in step with the table of calls, which is the truth: whatever Redis lost, missed or heard twice is put right when
 * a counter is compared. A call is between the two for a moment, settled here and not written there, or the other way round; that is why
 * counters are compared again for as long as they are in use.
 */
export function budgetTable(redis: RedisServer, books: SpendingBooks) {
  const { client } = redis;
  const [release, compareAll] = [budgetScript(redis, 'release'), budgetScript(redis, 'compare')];

  /** Gives whether anything came of it. */
  async function compare(tenantId: string, counters: readonly string[]): Promise<boolean> {
    const keys = budgetKeys(tenantId);
    const [looked, settled, late] = await Promise.all([
      Promise.all(counters.map((counter) => client.hget(counter, 'looked'))),
      client.zrange(keys.settled, '0', String(callsAtOnce - 1)),
      client.zrange(keys.late, '0', String(callsAtOnce - 1)),
    ]);
    const windows = counters.map((counter) => keys.windowOf(counter));
    // after the calls were read and not before: one that settles now is in the table's sum at the latest next time
    const { spent, calls } = await books.look(tenantId, windows, [...settled, ...late]);
    const compared = counters.map((counter, n) => [counter, looked[n] ?? '', spent[n]!]);
    const done = await compareAll(
      [keys.settled, keys.late, keys.touched, keys.halves, ...counters],
      [keys.calls, JSON.stringify(calls), JSON.stringify(compared)],
    );
    return calls.length > 0 || Number(done) > 0;
  }

  return {
    compare,
    /** Gives back what leaked, and compares what was used since the last time. */
    async sweep(): Promise<void> {
      for (const tenantId of await client.smembers(countedTenants)) {
        const keys = budgetKeys(tenantId);
        const sets = [keys.due, keys.late, keys.settled, keys.halves];
        while (Number(await release(sets, [keys.calls, lateKeptMs, settledKeptMs])) > 0);
        for (let round = 0; round < roundsASweep; round++)
          if (!(await compare(tenantId, await client.srandmember(keys.touched, countersAtOnce)))) break;
      }
    },
  };
}
