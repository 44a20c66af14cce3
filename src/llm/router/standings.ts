import type { Standing } from '../../core/learning.ts';
import type { Log } from '../../log.ts';
import { type Standings, standingKey } from './learn.ts';

/** How models stand in every workspace, at hand without waiting. */
export interface StandingsAtHand {
  of(tenantId: string): Standings | undefined;
  /** Reads them anew: for whoever cannot wait until it happens by itself. */
  refresh(): Promise<void>;
  stop(): void;
}

/** A vote counts after this long at the most. */
const refreshMs = 60_000;

/** A request does not wait for a database to learn who answers it; so standings are kept here and read anew now and then. While they cannot be
 * read, the last ones known hold. */
export async function standingsAtHand(read: () => Promise<Standing[]>, log: Log): Promise<StandingsAtHand> {
  let all = new Map<string, Map<string, Standing>>();
  const refresh = async () => {
    const fresh: typeof all = new Map();
    for (const standing of await read()) {
      const own = fresh.get(standing.tenantId) ?? new Map<string, Standing>();
      fresh.set(standing.tenantId, own);
      own.set(standingKey(standing.tier, standing.model), standing);
    }
    all = fresh;
  };
  await refresh();
  const timer = setInterval(
    () => void refresh().catch((error) => log.warn({ err: error }, 'votes could not be read: the last known standings hold')),
    refreshMs,
  );
  timer.unref();
  return { of: (tenantId) => all.get(tenantId), refresh, stop: () => clearInterval(timer) };
}
