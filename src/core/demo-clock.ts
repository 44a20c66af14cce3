import { DateTime } from 'luxon';
import type { Seeded } from './seeded.ts';

/** When things happen in the sample workspace: in its own zone, relative to the moment it is made. */
export interface DemoClock {
  /** A moment in office hours, that many days ago or on the working day before; never in the future. */
  officeHours(daysAgo: number, random: Seeded): Date;
  /** That hour, that many days from today; negative is past. */
  dueIn(days: number, hour: number): Date;
}

export function demoClock(now: Date, timeZone: string): DemoClock {
  const here = DateTime.fromJSDate(now).setZone(timeZone);
  return {
    officeHours(daysAgo, random) {
      let day = here.minus({ days: daysAgo }).startOf('day');
      while (day.weekday > 5) day = day.minus({ days: 1 });
      const at = day.set({ hour: random.int(8, 16), minute: random.int(0, 59) });
      return (at > here ? here.minus({ minutes: 5 }) : at).toJSDate();
    },
    dueIn(days, hour) {
      const at = here.plus({ days }).set({ hour, minute: 0, second: 0, millisecond: 0 });
      if (days !== 0 || at > here) return at.toJSDate();
      // What is due today stays ahead of now, even when the workspace is opened in the evening.
      return DateTime.min(here.plus({ hours: 2 }).startOf('hour'), here.endOf('day')).toJSDate();
    },
  };
}
