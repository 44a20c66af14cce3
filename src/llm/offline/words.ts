import { DateTime } from 'luxon';

/** ISO 8601 with the user's offset, to the minute: what tools take as a due date. */
export const isoIn = (at: Date, timeZone: string): string =>
  DateTime.fromJSDate(at, { zone: timeZone }).startOf('minute').toISO({ suppressMilliseconds: true }) ?? at.toISOString();

/** A title begins with a capital and has no double spaces. */
export const sentenceCase = (text: string): string => {
  const title = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return title.charAt(0).toUpperCase() + title.slice(1);
};
