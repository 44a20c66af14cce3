import type { PriceRow } from '../../core/price.ts';
import { type PriceTable, priceTable } from '../../core/price-table.ts';
import type { Log } from '../../log.ts';
import { type AtHand, atHand } from '../at-hand.ts';

const refreshMs = 30_000;

export type OverridesAtHand = AtHand<PriceTable>;

/** Everybody's own prices. */
export const overridesAtHand = (
  read: () => Promise<{ tenantId: string; rows: PriceRow[] }[]>,
  log: Log,
): Promise<OverridesAtHand> =>
  atHand(
    async (last) => {
      const tables = new Map<string, PriceTable>();
      for (const { tenantId, rows } of await read())
        try {
          tables.set(tenantId, priceTable(rows));
        } catch (error) {
          // two that were entered at the same moment: one workspace's muddle is not everybody's
          log.error({ err: error, tenantId }, 'price overrides contradict each other: the last good ones hold');
          const known = last.get(tenantId);
          if (known) tables.set(tenantId, known);
        }
      return tables;
    },
    refreshMs,
    (error) => log.warn({ err: error }, 'price overrides could not be read: the last known ones hold'),
  );
