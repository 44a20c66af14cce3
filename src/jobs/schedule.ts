import cron from 'node-cron';
import { lastMonth } from '../core/calibration.ts';
import type { Log } from '../log.ts';

/** What time starts. A tick only puts one job into the queue; its key makes it one over any number of processes. */
export function startSchedule({
  sweepSoon,
  briefSoon,
  calibrateSoon,
  timeZone,
  now,
  log,
}: {
  sweepSoon: (slot: string) => Promise<void>;
  briefSoon: (slot: string) => Promise<void>;
  /** Asked more than once for the same month. */
  calibrateSoon: (month: string) => Promise<void>;
  timeZone: string;
  now: () => Date;
  log: Log;
}): { stop(): void } {
  const everyMinute = cron.schedule(
    '* * * * *',
    () => {
      const slot = now().toISOString().slice(0, 16);
      sweepSoon(slot).catch((error) => log.warn({ err: error }, 'could not plan the sweep'));
    },
    quietly,
  );
  const everyQuarter = cron.schedule(
    '*/15 * * * *',
    () => {
      const slot = now().toISOString().slice(0, 16);
      briefSoon(slot).catch((error) => log.warn({ err: error }, 'could not plan the briefs'));
    },
    quietly,
  );
  // the first at six; the hours after it are for a machine that was off then
  const everyMonth = cron.schedule(
    '0 6-23 1-7 * *',
    () => {
      calibrateSoon(lastMonth(now(), timeZone)).catch((error) => log.warn({ err: error }, 'could not plan the calibration'));
    },
    { ...quietly, timezone: timeZone },
  );
  return {
    stop() {
      everyMinute.stop();
      everyQuarter.stop();
      everyMonth.stop();
    },
  };
}

/** A machine that slept would find a line in its terminal for every tick it missed; the next tick makes up for them. */
const quietly = { suppressMissedWarning: true };
