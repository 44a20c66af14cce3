import { describe, expect, it } from 'vitest';
import { regionCode, regionName, regions } from '../../src/core/regions.ts';
import { formatWhen, parseWhen } from '../../src/core/when.ts';

const zone = 'America/Chicago';
/** Friday, 10:00 in Chicago. */
const now = new Date('2026-11-20T16:00:00Z');
const read = (text: string, timeZone = zone, at = now) => {
  const when = parseWhen(text, at, timeZone);
  return when && { local: when.at.toLocaleString('sv-SE', { timeZone }).slice(0, 16), hasTime: when.hasTime };
};

describe('reading points in time', () => {
  it.each([
    ['tomorrow at 9', '2026-11-21 09:00', true],
    ['tmrw', '2026-11-21 09:00', false],
    ['tommorow at 3', '2026-11-21 15:00', true],
    ['next Tuesday', '2026-11-24 09:00', false],
    ['in two weeks', '2026-12-04 09:00', false],
    ['in a fortnight', '2026-12-04 09:00', false],
    ['friday morning', '2026-11-27 09:00', true],
    ['thursday afternoon', '2026-11-26 14:00', true],
    ['in 30 minutes', '2026-11-20 10:30', true],
    ['in an hour and a half', '2026-11-20 11:30', true],
    ['3pm', '2026-11-20 15:00', true],
    ['at 5', '2026-11-20 17:00', true],
    ['half past 3', '2026-11-20 15:30', true],
    ['14:00', '2026-11-20 14:00', true],
    ['noon tomorrow', '2026-11-21 12:00', true],
    ['end of day', '2026-11-20 17:00', true],
    ['friday eod', '2026-11-20 17:00', true],
    ['next week', '2026-11-23 09:00', false],
    ['the 15th', '2026-12-15 09:00', false],
    ['march 3', '2027-03-03 09:00', false],
    ['day after tomorrow at 3', '2026-11-22 15:00', true],
    ['a week from monday', '2026-11-30 09:00', false],
    ['in 3 business days', '2026-11-25 09:00', false],
    ['first thing tomorrow', '2026-11-21 09:00', true],
    ['Nov 30 2026 at 4:15 pm', '2026-11-30 16:15', true],
    ['today', '2026-11-20 11:00', false],
  ])('"%s" is %s', (text, local, hasTime) => {
    expect(read(text)).toEqual({ local, hasTime });
  });

  it.each([
    ['9am', '2026-11-21 09:00'],
    ['at 9', '2026-11-21 09:00'],
    ['friday', '2026-11-27 09:00'],
  ])('takes "%s", which has passed, as the next one', (text, local) => {
    expect(read(text)?.local).toBe(local);
  });

  it.each([
    'for 30 minutes',
    'a 15 minute call',
    'sun electric',
    'call 713-812-7070',
    '24/7 service',
    'call 907 Solar',
    '',
    'asap',
    'May & Sons',
  ])('finds no date in "%s"', (text) => {
    expect(parseWhen(text, now, zone)).toBeUndefined();
  });

  it('joins a day and a time that stand apart, and leaves the rest of the text', () => {
    expect(parseWhen('tomorrow call Sun Electric at 3pm', now, zone)).toMatchObject({
      at: new Date('2026-11-21T21:00:00Z'),
      hasTime: true,
      rest: 'call Sun Electric',
    });
  });

  it("means the user's own clock", () => {
    expect(parseWhen('tomorrow at 9', now, 'Europe/Berlin')?.at.toISOString()).toBe('2026-11-21T08:00:00.000Z');
    // 20:00 UTC on Friday is already Saturday in Tokyo.
    expect(read('tomorrow', 'Asia/Tokyo', new Date('2026-11-20T20:00:00Z'))?.local).toBe('2026-11-22 09:00');
  });

  it('keeps nine in the morning across the change of clocks, and minutes exact', () => {
    const before = new Date('2026-10-31T16:00:00Z');
    expect(parseWhen('tomorrow at 9', before, zone)?.at.toISOString()).toBe('2026-11-01T15:00:00.000Z');
    expect(parseWhen('in 24 hours', before, zone)?.at.toISOString()).toBe('2026-11-01T16:00:00.000Z');
  });

  it('reads the past where the words say so', () => {
    expect(read('yesterday')?.local).toBe('2026-11-19 09:00');
    expect(read('last tuesday')?.local).toBe('2026-11-17 09:00');
    expect(read('this morning')?.local).toBe('2026-11-20 09:00');
  });

  it('refuses an unknown time zone and long text without hanging', () => {
    expect(parseWhen('tomorrow', now, 'Mars/Olympus')).toBeUndefined();
    const started = performance.now();
    parseWhen('tomorrow at 9 '.repeat(5000), now, zone);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('writing points in time', () => {
  it.each([
    ['2026-11-20T22:00:00Z', 'today at 4:00 PM'],
    ['2026-11-21T15:00:00Z', 'tomorrow at 9:00 AM'],
    ['2026-11-19T15:00:00Z', 'yesterday at 9:00 AM'],
    ['2026-11-25T15:00:00Z', 'Wednesday at 9:00 AM'],
    ['2026-12-07T15:00:00Z', 'Mon, Dec 7 at 9:00 AM'],
    ['2027-03-03T15:00:00Z', 'Wed, Mar 3, 2027 at 9:00 AM'],
  ])('%s is "%s"', (at, text) => {
    expect(formatWhen(new Date(at), now, zone)).toBe(text);
  });
});

describe('regions', () => {
  it.each([
    ['Texas', 'TX'],
    ['tx', 'TX'],
    ['N.Y.', 'NY'],
    ['Washington, D.C.', 'DC'],
    ['québec', 'QC'],
    ['  new   hampshire ', 'NH'],
    ['Calif.', 'CA'],
  ])('"%s" is %s', (text, code) => {
    expect(regionCode(text)).toBe(code);
  });

  it('knows every region both ways, and nothing else', () => {
    for (const { code, name } of regions) {
      expect(regionCode(name)).toBe(code);
      expect(regionName(code.toLowerCase())).toBe(name);
    }
    expect(regions).toHaveLength(64);
    expect(regionCode('Bavaria')).toBeUndefined();
    expect(regionName('ZZ')).toBeUndefined();
  });
});
