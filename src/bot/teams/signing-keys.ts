/** The keys that Microsoft signs with, as botbuilder keeps them. */
export interface KeptKeys {
  /** In milliseconds; 0 before they were read. */
  lastUpdated: number;
  getKey(id: string): Promise<SigningKey | null>;
  refreshCache(): Promise<void>;
  findKey(id: string): SigningKey | null;
}

export interface SigningKey {
  key: string;
  endorsements?: string[];
}

const dayMs = 24 * 3_600_000;
/** Microsoft has been out of reach for so long that a key may have been taken back. */
const staleMs = 7 * dayMs;
/** Anybody may name a key that there is not: that asks Microsoft once a minute at the most. */
const pauseMs = 60_000;

const patient = new WeakSet<KeptKeys>();

/**
 * botbuilder takes a new key only after an hour, and gives up the keys it has when they are a day old and Microsoft is out of reach. Here a key that
 * is not known is looked for at once, and one that is known opens for a week. botbuilder itself asks the same keys.
 */
export function signingKeys(kept: KeptKeys): KeptKeys {
  if (patient.has(kept)) return kept;
  patient.add(kept);
  let reading: Promise<void> | undefined;
  let failed: unknown;
  /** When looking was in vain last. */
  let inVain: number | undefined;
  const read = (): Promise<void> => {
    reading ??= kept
      .refreshCache()
      .then(
        () => {
          failed = undefined;
        },
        (error: unknown) => {
          failed = error;
          inVain = Date.now();
        },
      )
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  kept.getKey = async (id) => {
    const known = kept.findKey(id);
    const age = Date.now() - kept.lastUpdated;
    if (known && age < dayMs) return known;
    // without any key everybody waits for them
    const due = !kept.lastUpdated || inVain === undefined || Date.now() - inVain >= pauseMs;
    if (known && age < staleMs) {
      if (due) void read();
      return known;
    }
    if (due) await read();
    if (failed) throw failed;
    const found = kept.findKey(id);
    if (!found && due) inVain = Date.now();
    return found;
  };
  return kept;
}
