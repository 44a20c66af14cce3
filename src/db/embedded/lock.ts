import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import { announce, neighbours, type Presence } from './presence.ts';

/** Creating a cluster takes seconds and recovery after a crash perhaps minutes; whoever holds the lock is alive all the while. */
const PATIENCE_MS = 10 * 60_000;
const EXPLAIN_AFTER_MS = 5_000;

/** Runs `work` while no other process does anything under the same lock. */
export async function withLock<T>(folder: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const claim = await claimAlone(folder, log);
  try {
    return await work();
  } finally {
    await claim.withdraw();
  }
}

/**
 * Everybody puts a claim of his own into the folder and then looks: who sees no other living claim has the lock.
 * Of two who look at the same moment at least one sees the other, so never both go on. There is no file to take over
 * from the dead, which is where lock files usually go wrong: their claims simply do not count.
 */
async function claimAlone(folder: string, log: (line: string) => void): Promise<Presence> {
  const since = Date.now();
  let claim: Presence | undefined;
  let explained = false;
  try {
    for (;;) {
      const mine = claim?.name;
      const others = (await neighbours(folder)).filter((other) => other.name !== mine);
      if (others.length === 0) {
        if (claim) return claim;
        claim = await announce(folder);
        continue;
      }
      // One of the waiting keeps its claim (the first by name), otherwise all could step back for ever.
      if (claim && others.some((other) => other.name < claim!.name)) {
        await claim.withdraw();
        claim = undefined;
      }
      const waitedMs = Date.now() - since;
      const holders = others.map((other) => other.pid).join(', ');
      if (waitedMs > PATIENCE_MS) {
        throw new AppError(
          'unavailable',
          `The embedded database stayed locked by process ${holders}. End that process and start again.`,
        );
      }
      if (waitedMs > EXPLAIN_AFTER_MS && !explained) {
        explained = true;
        log(`Waiting for process ${holders}, which is starting or stopping the embedded database.`);
      }
      await sleep(10 + Math.random() * 30);
    }
  } catch (error) {
    await claim?.withdraw();
    throw error;
  }
}
