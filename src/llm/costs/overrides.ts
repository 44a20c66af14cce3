import type { PriceRow } from '../../core/price.ts';
import { type PriceTable, priceTable } from '../../core/price-table.ts';
import type { Log } from '../../log.ts';

/** Everybody's own prices, at hand without waiting. */
export interface OverridesAtHand {
  of(tenantId: string): PriceTable | undefined;
  /** Reads them anew: after a change that should count at once. */
  refresh(): Promise<void>;
  stop(): void;
}

/** Another process's change counts here after this long at the most. */
const refreshMs = 30_000;

/**
 * A price is asked for in the middle of a stream, where nobody waits for a database; so the rows are kept here and read anew now and then.
 * While they cannot be read, the last ones known hold.
 */
export async function overridesAtHand(
  read: () => Promise<{ tenantId: string; rows: PriceRow[] }[]>,
  log: Log,
): Promise<OverridesAtHand> {
  let tables = new Map<string, PriceTable>();
  const refresh = async () => {
    const fresh = new Map<string, PriceTable>();
    for (const { tenantId, rows } of await read())
      try {
        fresh.set(tenantId, priceTable(rows));
      } catch (error) {
        // two that were entered at the same moment: one workspace's muddle is not everybody's
        log.error({ err: error, tenantId }, 'price overrides contradict each other: the last good ones hold');
        const known = tables.get(tenantId);
        if (known) fresh.set(tenantId, known);
      }
    tables = fresh;
  };
  await refresh();
  const timer = setInterval(
    () =>
      void refresh().catch((error) => log.warn({ err: error }, 'price overrides could not be read: the last known ones hold')),
    refreshMs,
  );
  timer.unref();
  return { of: (tenantId) => tables.get(tenantId), refresh, stop: () => clearInterval(timer) };
}
