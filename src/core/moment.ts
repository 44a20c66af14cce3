import { DateTime } from 'luxon';

/** Points in time as forms show and take them: to the minute, on somebody's own clock. */

/** "2026-03-11T09:00:00-05:00"; nothing for what is no point in time. */
export function localMoment(iso: string, timeZone: string): string | undefined {
  const at = DateTime.fromISO(iso, { setZone: true }).setZone(timeZone);
  return at.isValid ? at.toFormat("yyyy-MM-dd'T'HH:mm':00'ZZ") : undefined;
}

const offset = /(?:Z|[+-]\d\d:?\d\d)$/i;
const whole = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/** With its offset, or by the clock on somebody's wall. */
export function readMoment(text: string, timeZone: string): DateTime<true> | 'unreadable' | 'skipped' {
  if (!whole.test(text)) return 'unreadable';
  const at = DateTime.fromISO(text.replace(' ', 'T'), { zone: timeZone });
  if (!at.isValid) return 'unreadable';
  // clocks that go forward leave an hour out, and what was picked there would silently become another
  if (offset.test(text)) return at;
  if (at.toFormat('HH:mm') !== text.slice(11, 16)) return 'skipped';
  // an hour that clocks show twice is meant the first time
  return at.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis())[0] as DateTime<true>;
}

export const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text).isValid;
export const isTimeOfDay = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
