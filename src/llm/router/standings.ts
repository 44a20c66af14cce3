import type { Standing } from '../../core/learning.ts';
import type { Log } from '../../log.ts';
import { type AtHand, atHand } from '../at-hand.ts';
import { type Standings, standingKey } from './learn.ts';

/** A vote counts after this long at the most. */
const refreshMs = 60_000;

/** How models stand by the votes of every workspace. */
export const standingsAtHand = (read: () => Promise<Standing[]>, log: Log): Promise<AtHand<Standings>> =>
  atHand(
    async () => {
      const all = new Map<string, Map<string, Standing>>();
      for (const standing of await read()) {
        const own = all.get(standing.tenantId) ?? new Map<string, Standing>();
        all.set(standing.tenantId, own);
        own.set(standingKey(standing.tier, standing.model), standing);
      }
      return all;
    },
    refreshMs,
    (error) => log.warn({ err: error }, 'votes could not be read: the last known standings hold'),
  );
