import { DateTime } from 'luxon';

/** ISO 8601 with the user's offset, to the minute: what tools take as a due date. */
export const isoIn = (at: Date, timeZone: string): string => DateTime.fromJSDate(at, { zone: timeZone }).startOf('minute').toISO({ suppressMilliseconds: true }) ?? at.toISOString();
