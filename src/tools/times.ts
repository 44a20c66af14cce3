import { z } from 'zod';

const years = { first: 1970, last: 2200 };

/**
 * A point in time with its offset: "2026-03-11T09:00:00-05:00". A time without one would be read differently on every
 * machine; one of another age is a slip, and further out no database or calendar keeps it.
 */
export const isoTime = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();
  return year >= years.first && year <= years.last;
}, `the year must lie between ${years.first} and ${years.last}`);
