/** Something of each workspace that a request needs at once, kept here because nobody waits for a database in the middle of a stream. */
export interface AtHand<T> {
  of(tenantId: string): T | undefined;
  /** Reads it anew: for whoever cannot wait until that happens by itself. */
  refresh(): Promise<void>;
  stop(): void;
}

/** Read anew every so often: another process's change counts here after that at the most. While it cannot be read, what was known last holds. */
export async function atHand<T>(
  read: (last: ReadonlyMap<string, T>) => Promise<ReadonlyMap<string, T>>,
  everyMs: number,
  failed: (error: unknown) => void,
): Promise<AtHand<T>> {
  let known: ReadonlyMap<string, T> = new Map();
  const refresh = async () => {
    known = await read(known);
  };
  await refresh();
  const timer = setInterval(() => void refresh().catch(failed), everyMs);
  timer.unref();
  return { of: (tenantId) => known.get(tenantId), refresh, stop: () => clearInterval(timer) };
}
