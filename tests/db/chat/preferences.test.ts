import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isQuiet, localDay, usualPreferences } from '../../../src/core/preferences.ts';
import { openWorld, type World } from '../../world.ts';
import { forgetAll } from './messages.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(() => forgetAll(world.database));
afterAll(() => world.close());

const preferences = () => world.database.chat.preferences;
const me = () => world.owner.userId;
/** Noon in New York, where this workspace is. */
const noon = new Date('2026-11-24T17:00:00Z');
const ask = (key: string, now = noon, kind = 'reminder') => preferences().maySpeak(me(), now, { kind, key });

describe('preferences', () => {
  it('are the usual ones until somebody says otherwise, and each change leaves the rest', async () => {
    expect(await preferences().of(me())).toEqual(usualPreferences);
    expect(await preferences().change(me(), { muted: ['morning'] })).toEqual({ ...usualPreferences, muted: ['morning'] });
    const night = { from: 20, until: 7 };
    await preferences().change(me(), { quiet: night, muted: ['digest', 'digest'] });
    expect(await preferences().of(me())).toEqual({ ...usualPreferences, quiet: night, muted: ['digest'] });
    const eve = await world.person('eve', 'rep');
    expect(await preferences().of(eve.userId)).toEqual(usualPreferences);
  });

  it('have a zone of the person’s own, else the workspace’s', async () => {
    expect(await preferences().timeZone(me())).toBe('America/New_York');
    await preferences().change(me(), { timeZone: 'Europe/Berlin' });
    expect(await preferences().timeZone(me())).toBe('Europe/Berlin');
    await preferences().change(me(), { timeZone: null });
    expect(await preferences().timeZone(me())).toBe('America/New_York');
  });

  it.each([
    { quiet: { from: 18, until: 24 } },
    { quiet: { from: -1, until: 8 } },
    { quiet: { from: 8.5, until: 9 } },
    { timeZone: 'Mars/Base' },
  ])('refuse %j', async (change) => {
    await expect(preferences().change(me(), change)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await preferences().of(me())).toEqual(usualPreferences);
  });
});

describe('speaking up unasked', () => {
  it('happens three times in a day of the person’s at the most, and the same thing counts once', async () => {
    for (const key of ['a', 'b', 'b', 'c']) expect(await ask(key)).toEqual({ may: true });
    expect(await ask('d')).toEqual({ may: false, because: 'enough' });
    expect(await ask('a')).toEqual({ may: true });
    // half past eight in the evening of New York is the next day in Greenwich, and not there
    await preferences().change(me(), { quiet: { from: 0, until: 0 } });
    expect(await ask('e', new Date('2026-11-25T01:30:00Z'))).toEqual({ may: false, because: 'enough' });
    expect(await ask('e', new Date('2026-11-25T05:30:00Z'))).toEqual({ may: true });
  });

  it('happens three times at the most also when two processes want to at the same moment', async () => {
    const second = await world.second();
    const tries = Array.from({ length: 12 }, (_, i) =>
      (i % 2 ? world : second).database.chat.preferences.maySpeak(me(), noon, { kind: 'reminder', key: String(i) }),
    );
    expect((await Promise.all(tries)).filter(({ may }) => may)).toHaveLength(3);
  });

  it('does not happen in quiet hours, which are those of where the person is', async () => {
    const evening = new Date('2026-11-24T23:30:00Z');
    expect(await ask('a', evening)).toEqual({ may: false, because: 'quiet' });
    expect(await ask('a', new Date('2026-11-25T13:00:00Z'))).toEqual({ may: true });
    await preferences().change(me(), { timeZone: 'Asia/Tokyo' });
    expect(await ask('b', new Date('2026-11-26T00:00:00Z'))).toEqual({ may: true });
    expect(await ask('c')).toEqual({ may: false, because: 'quiet' });
  });

  it('does not happen for what the person wants less of, nor for somebody who is shut out or gone', async () => {
    await preferences().change(me(), { muted: ['digest'] });
    expect(await ask('a', noon, 'digest')).toEqual({ may: false, because: 'muted' });
    expect(await ask('a')).toEqual({ may: true });
    const out = await world.person('out', 'rep');
    await world.access.setDisabled('out', true);
    expect(await preferences().maySpeak(out.userId, noon, { kind: 'x', key: 'x' })).toMatchObject({ may: false });
    expect(await preferences().maySpeak('0193a000-0000-7000-8000-000000000001', noon, { kind: 'x', key: 'x' })).toMatchObject({
      may: false,
    });
  });
});

describe('quiet hours', () => {
  it.each([
    ['over midnight, in the evening', { from: 18, until: 8 }, '2026-11-24T18:00', '2026-11-25T08:00'],
    ['over midnight, in the morning', { from: 18, until: 8 }, '2026-11-25T07:59', '2026-11-25T08:00'],
    ['within a day', { from: 12, until: 14 }, '2026-11-24T13:00', '2026-11-24T14:00'],
    ['over the night that has an hour twice', { from: 18, until: 8 }, '2026-10-31T20:00', '2026-11-01T08:00'],
    ['over the night that lacks an hour', { from: 22, until: 6 }, '2026-03-08T01:30', '2026-03-08T06:00'],
  ])('last to their end and no longer: %s', (_when, quiet, at, end) => {
    const zone = 'America/New_York';
    const offsetOf = (local: string) => (local >= '2026-03-08T02' && local < '2026-11-01T02' ? '-04:00' : '-05:00');
    const utc = (local: string) => new Date(`${local}:00${offsetOf(local)}`);
    const minutes = (utc(end).getTime() - utc(at).getTime()) / 60_000;
    for (let minute = 0; minute < minutes; minute++)
      expect(isQuiet(quiet, new Date(utc(at).getTime() + minute * 60_000), zone)).toBe(true);
    expect(isQuiet(quiet, utc(end), zone)).toBe(false);
  });

  it('are none outside of them, and none at all when they begin as they end', () => {
    expect(isQuiet({ from: 18, until: 8 }, noon, 'America/New_York')).toBe(false);
    for (let hour = 0; hour < 24; hour += 1)
      expect(isQuiet({ from: 9, until: 9 }, new Date(noon.getTime() + hour * 3_600_000), 'UTC')).toBe(false);
  });

  it('know which day it is where the person is', () => {
    expect(localDay(new Date('2026-11-25T01:30:00Z'), 'America/New_York')).toBe('2026-11-24');
    expect(localDay(new Date('2026-11-25T01:30:00Z'), 'Asia/Tokyo')).toBe('2026-11-25');
  });
});
