import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startSchedule } from '../../src/jobs/schedule.ts';
import { createLog } from '../../src/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What is asked for from this moment on, for some hours. */
async function ticks(from: string, hours: number, calibrateSoon: (month: string) => Promise<void> = async () => undefined) {
  vi.setSystemTime(new Date(from));
  const asked: string[] = [];
  const schedule = startSchedule({
    sweepSoon: async (slot) => void asked.push(`sweep ${slot}`),
    briefSoon: async (slot) => void asked.push(`brief ${slot}`),
    calibrateSoon: async (month) => {
      asked.push(`calibrate ${month} at ${new Date().toISOString().slice(0, 16)}`);
      await calibrateSoon(month);
    },
    timeZone: 'America/New_York',
    now: () => new Date(),
    log: createLog('silent'),
  });
  await vi.advanceTimersByTimeAsync(hours * 3_600_000);
  schedule.stop();
  await vi.advanceTimersByTimeAsync(3_600_000);
  return asked;
}
const calibrations = async (...about: Parameters<typeof ticks>) =>
  (await ticks(...about)).filter((line) => line.startsWith('calibrate'));

it('a sweep is asked for every minute, until it is stopped', async () => {
  expect(await ticks('2026-12-15T10:00:30Z', 0.05)).toEqual([
    'sweep 2026-12-15T10:01',
    'sweep 2026-12-15T10:02',
    'sweep 2026-12-15T10:03',
  ]);
});

it('the month that ended is calibrated from six on the first, in the time zone of the workspace', async () => {
  expect(await calibrations('2026-12-01T08:30:00Z', 4)).toEqual([
    'calibrate 2026-11 at 2026-12-01T11:00',
    'calibrate 2026-11 at 2026-12-01T12:00',
  ]);
});

it('a machine that was off then catches up within the week, and not later', async () => {
  expect((await calibrations('2026-12-07T14:10:00Z', 1))[0]).toBe('calibrate 2026-11 at 2026-12-07T15:00');
  expect(await calibrations('2026-12-08T08:30:00Z', 6)).toEqual([]);
});

it('briefs are asked for every quarter of an hour', async () => {
  const asked = await ticks('2026-12-15T10:10:00Z', 0.5);
  expect(asked.filter((line) => line.startsWith('brief'))).toEqual(['brief 2026-12-15T10:15', 'brief 2026-12-15T10:30']);
});

it('a calibration that cannot be planned is asked for again', async () => {
  const refuse = () => Promise.reject(new Error('the database is away'));
  expect(await calibrations('2026-12-01T10:30:00Z', 2, refuse)).toHaveLength(2);
});

it('a machine that slept for days wakes up without a word in the terminal, and goes on', async () => {
  const said = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  const sleep = async () => void vi.setSystemTime(new Date('2026-12-06T15:30:00Z'));
  const asked = await calibrations('2026-12-01T10:59:30Z', 2, sleep);
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
  expect(asked).toEqual(['calibrate 2026-11 at 2026-12-01T11:00', expect.stringMatching(/ at 2026-12-06T1[67]:00$/)]);
});
