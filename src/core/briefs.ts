import { DateTime } from 'luxon';

/** When people are told of their day: at the beginning of it, and at its end what was done. */
export type Brief = 'morning' | 'evening';

const begins: Record<Brief, number> = { morning: 8 * 60, evening: 17 * 60 + 30 };
/** Late is better than never, for a machine that was off or a person who was not to be disturbed. */
const windowMinutes = 120;

/** Which brief it is time for there. */
export function briefAt(now: Date, timeZone: string): Brief | undefined {
  const { hour, minute } = DateTime.fromJSDate(now, { zone: timeZone });
  const at = hour * 60 + minute;
  return (['morning', 'evening'] as const).find((brief) => at >= begins[brief] && at < begins[brief] + windowMinutes);
}

/** The day that it is there, from its first moment to before the last. */
export function dayAt(now: Date, timeZone: string): { from: Date; until: Date } {
  const from = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day');
  // in some zones the clocks go forward at midnight, and such a day begins at one
  return { from: from.toJSDate(), until: from.plus({ days: 1 }).startOf('day').toJSDate() };
}
