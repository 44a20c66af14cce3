import { describe, expect, it } from 'vitest';
import { formatWhen, parseWhen } from '../../src/core/when.ts';

const now = new Date('2026-03-10T15:00:00Z');
const timeZone = 'America/New_York';
const local = (text: string, at = now, zone = timeZone): string | undefined => {
  const when = parseWhen(text, at, zone);
  return when && new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(when.at);
};

// It is Tuesday the 10th, 11:00 in New York.
describe('points in time in everyday words', () => {
  it.each([
    ['tomorrow', '2026-03-11 09:00'],
    ['tomorrow at 9', '2026-03-11 09:00'],
    ['tmrw at 2pm', '2026-03-11 14:00'],
    ['at five', '2026-03-10 17:00'],
    ['tomorrow at two pm', '2026-03-11 14:00'],
    ['tomorrow at ten', '2026-03-11 10:00'],
    ['at 5', '2026-03-10 17:00'],
    ['at 10', '2026-03-11 10:00'],
    ['half past 3', '2026-03-10 15:30'],
    ['at half three', '2026-03-10 15:30'],
    ['at 4 o’clock'.replace('’', "'"), '2026-03-10 16:00'],
    ['quarter to 5', '2026-03-10 16:45'],
    ['friday', '2026-03-13 09:00'],
    ['thursday 9am', '2026-03-12 09:00'],
    ['next week', '2026-03-16 09:00'],
    ['in two hours', '2026-03-10 13:00'],
    ['in half an hour', '2026-03-10 11:30'],
    ['in a fortnight', '2026-03-24'],
    ['day after tomorrow', '2026-03-12 09:00'],
    ['a week from today', '2026-03-17 09:00'],
    ['in 3 business days', '2026-03-13 09:00'],
    ['end of day', '2026-03-10 17:00'],
    ['end of the week', '2026-03-13 09:00'],
    ['first thing tomorrow', '2026-03-11 09:00'],
    ['tomorrow afternoon', '2026-03-11 14:00'],
    ['on the 15th', '2026-03-15 09:00'],
    ['wensday', '2026-03-11 09:00'],
  ])('reads "%s" as %s', (text, wanted) => {
    expect(local(text)).toContain(wanted);
  });

  it.each(['call Sun Electric', 'May & Sons', 'a 30 minute demo', '(713) 555-0100', 'for two weeks', 'now', ''])(
    'finds none in "%s"',
    (text) => {
      expect(parseWhen(text, now, timeZone)).toBeUndefined();
    },
  );

  it('leaves the rest of the text without the date and its preposition', () => {
    expect(parseWhen('call Abacus on Friday at 2pm about the quote', now, timeZone)?.rest).toBe('call Abacus about the quote');
    expect(parseWhen('tomorrow send the invoice', now, timeZone)?.rest).toBe('send the invoice');
  });

  it('tells a day from a moment', () => {
    expect(parseWhen('friday', now, timeZone)?.hasTime).toBe(false);
    expect(parseWhen('friday at 3', now, timeZone)?.hasTime).toBe(true);
  });

  it('counts in the time zone of the user, over the change of clocks', () => {
    const saturday = new Date('2026-03-07T15:00:00Z');
    expect(parseWhen('tomorrow at 9', saturday, timeZone)?.at.toISOString()).toBe('2026-03-08T13:00:00.000Z');
    expect(parseWhen('tomorrow at 9', saturday, 'America/Phoenix')?.at.toISOString()).toBe('2026-03-08T16:00:00.000Z');
  });

  it('takes the next one when the time has passed, and the past when the past is named', () => {
    expect(local('at 9am')).toBe('2026-03-11 09:00');
    expect(local('tuesday at 9am')).toBe('2026-03-17 09:00');
    expect(local('yesterday')).toBe('2026-03-09 09:00');
    expect(local('last friday')).toBe('2026-03-06 09:00');
  });

  it('knows no unknown time zone and bears any length', () => {
    expect(parseWhen('tomorrow', now, 'Mars/Olympus')).toBeUndefined();
    parseWhen(`tomorrow ${'at 9 in the morning '.repeat(5000)}`, now, timeZone);
  });
});

describe('points in time as they are said', () => {
  it.each([
    ['2026-03-10T20:00:00Z', 'today at 4:00 PM'],
    ['2026-03-11T13:00:00Z', 'tomorrow at 9:00 AM'],
    ['2026-03-09T13:00:00Z', 'yesterday at 9:00 AM'],
    ['2026-03-13T18:30:00Z', 'Friday at 2:30 PM'],
    ['2026-04-06T13:00:00Z', 'Mon, Apr 6 at 9:00 AM'],
    ['2027-04-06T13:00:00Z', 'Tue, Apr 6, 2027 at 9:00 AM'],
  ])('says %s as "%s"', (at, wanted) => {
    expect(formatWhen(new Date(at), now, timeZone)).toBe(wanted);
  });
});
