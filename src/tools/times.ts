import { z } from 'zod';

/** A point in time with its offset: "2026-03-11T09:00:00-05:00". A time without one would be read differently on every machine. */
export const isoTime = z.iso.datetime({ offset: true });
