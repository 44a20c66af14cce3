import cron from 'node-cron';
import type { Log } from '../log.ts';

/** What time starts. A tick only puts one job into the queue; its key makes it one over any number of processes. */
export function startSchedule({
  sweepSoon,
  now,
  log,
}: {
  sweepSoon: (slot: string) => Promise<void>;
  now: () => Date;
  log: Log;
}): { stop(): void } {
  const everyMinute = cron.schedule('* * * * *', () => {
    const slot = now().toISOString().slice(0, 16);
    sweepSoon(slot).catch((error) => log.warn({ err: error }, 'could not plan the sweep'));
  });
  return { stop: () => void everyMinute.stop() };
}
