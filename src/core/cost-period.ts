import { DateTime } from 'luxon';
import { AppError } from '../errors.ts';
import type { CostRange } from './cost-report.ts';

/** How far back a report reaches that does not say. */
const usualDays = 30;
const mostYears = 10;
/** Nobody asked a model before. */
const firstYear = 1900;

/**
 * What a report is asked for, as a range. A day alone means all of it, in the workspace's zone: an end of "2026-11-21" includes the 21st. A
 * time ends the range at that moment. Without an end it reaches to the end of today, without a start it is thirty days long.
 */
export function costRange(asked: { start?: string; end?: string }, now: Date, zone: string): CostRange {
  const until = asked.end ? momentOf(asked.end, zone, 'end_date', true) : today(now, zone).plus({ days: 1 });
  const from = asked.start
    ? momentOf(asked.start, zone, 'start_date', false)
    : until
        .minus({ milliseconds: 1 })
        .startOf('day')
        .minus({ days: usualDays - 1 });
  if (from >= until) throw new AppError('invalid_input', 'start_date must be before end_date.');
  if (from.year < firstYear) throw new AppError('invalid_input', `A report begins in ${firstYear} at the earliest.`);
  if (until.diff(from, 'years').years > mostYears)
    throw new AppError('invalid_input', `A report covers ${mostYears} years at the most.`);
  return { from: from.toJSDate(), until: until.toJSDate() };
}

const today = (now: Date, zone: string): DateTime => DateTime.fromJSDate(now, { zone }).startOf('day');

function momentOf(text: string, zone: string, name: string, whole: boolean): DateTime {
  const read = DateTime.fromISO(text, { zone });
  if (!read.isValid || !/^\d{4}-\d{2}-\d{2}(T|$)/.test(text))
    throw new AppError('invalid_input', `${name} must be a day such as 2026-11-01, or a time such as 2026-11-01T12:00:00Z.`);
  return whole && text.length === 10 ? read.plus({ days: 1 }) : read;
}
