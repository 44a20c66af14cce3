import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobsCommand } from '../../src/bot/console/jobs.ts';
import { lastMonth } from '../../src/core/calibration.ts';
import { calibrateMonth, calibrateSoon } from '../../src/jobs/calibrate.ts';
import { decide } from '../../src/tools/decide.ts';
import { FakeTerminal } from '../bot/terminal.ts';
import { addDecided, addTenant, split } from '../decided-leads.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const records = () => world.deps.db.records(world.owner);
const proposals = async () => (await records().proposals.list({ limit: 50 })).items;
const suggested = { PLATINUM: 80, GOLD: 45, SILVER: 40 };

/** Through the queue, to its end. */
async function run(month: string): Promise<void> {
  await records().enqueue('calibrate', { tenantId: world.owner.tenantId, month }, { key: `calibrate@${month}`, maxAttempts: 1 });
  await idle();
}
async function idle(): Promise<void> {
  for (;;) {
    const { waiting, running } = await world.queue.depth();
    if (!waiting && !running) break;
    await sleep(20);
  }
  expect(await world.queue.deadLetters()).toEqual([]);
}

describe('the calibration of a month', () => {
  it('keeps the figures of both outcomes and proposes the tiers they ask for, once however often it runs', async () => {
    await addDecided(world, split);
    await run('2026-11');
    await addDecided(world, [{ score: 10, status: 'lost' }]);
    await run('2026-11');

    const { rows } = await world.database.pool.query('SELECT month, outcome FROM calibrations ORDER BY outcome');
    expect(rows).toEqual([
      { month: '2026-11', outcome: 'meeting' },
      { month: '2026-11', outcome: 'won' },
    ]);
    const [kept] = await records().calibrations.history('won', 12);
    expect(kept).toMatchObject({
      month: '2026-11',
      profile: { id: 'dealer', version: 1 },
      result: { leads: 241, positives: 81 },
    });

    const [proposal, ...others] = await proposals();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      tool: 'update_profile',
      status: 'pending',
      requestedBy: 'unasked',
      requesterId: world.owner.userId,
      surface: 'job',
      reason: 'GOLD from 45 instead of 60: of leads at 45 or more, 49 % were won, against 3 % below.',
      input: { changes: { tiers: suggested }, activate: true },
    });
    expect(proposal!.input['note']).toBe(`Calibration 2026-11: ${proposal!.reason}`);
  });

  it('changes nothing until a person approves', async () => {
    await addDecided(world, split);
    await run('2026-11');
    expect((await records().profiles.active()).profile.tiers).toEqual({ PLATINUM: 80, GOLD: 60, SILVER: 40 });
    const [proposal] = await proposals();
    await decide(world.gate, proposal!.id, { decision: 'accept' }, world.as(world.owner));
    await idle();
    expect((await records().proposals.get(proposal!.id))?.status).toBe('executed');
    expect(await records().profiles.active()).toMatchObject({ key: 'dealer', version: 2, profile: { tiers: suggested } });
  });

  it('goes on from the version that scores, not from a newer one that nobody has switched on', async () => {
    await world.gate.call('update_profile', { changes: { weights: { 'Multi-OEM': 40 } } }, world.as(world.owner));
    await addDecided(world, split);
    await run('2026-11');
    const [proposal] = await proposals();
    expect(proposal!.input).toMatchObject({ version: 1 });
    // whoever decides may be away for a week
    expect(proposal!.expiresAt.getTime() - proposal!.createdAt.getTime()).toBeGreaterThan(10 * 86_400_000);
    await decide(world.gate, proposal!.id, { decision: 'accept' }, world.as(world.owner));
    await idle();
    const [before, after] = [(await records().profiles.get('dealer', 1))!, await records().profiles.active()];
    expect(after).toMatchObject({ key: 'dealer', version: 3 });
    expect(after.profile).toEqual({ ...before.profile, tiers: suggested });
  });

  it('does not ask again in the same month when a person said no, and does in the next', async () => {
    await addDecided(world, split);
    await run('2026-11');
    const [proposal] = await proposals();
    await decide(world.gate, proposal!.id, { decision: 'ignore' }, world.as(world.owner));
    await run('2026-11');
    expect((await proposals()).map(({ status }) => status)).toEqual(['ignored']);
    await run('2026-12');
    expect((await proposals()).map(({ status }) => status)).toEqual(['pending', 'ignored']);
    expect((await records().calibrations.history('meeting', 12)).map(({ month }) => month)).toEqual(['2026-11', '2026-12']);
  });

  it('is one, in two processes at the same time', async () => {
    await addDecided(world, split);
    const other = await world.second({ worker: false });
    const payload = { tenantId: world.owner.tenantId, month: '2026-11' };
    await Promise.all([world, other, world, other].map(({ gate, access }) => calibrateMonth(gate, access, payload)));
    expect(await proposals()).toHaveLength(1);
    expect((await world.database.pool.query('SELECT count(*)::int AS n FROM calibrations')).rows).toEqual([{ n: 2 }]);
  });

  it('with few outcomes keeps the figures and proposes nothing', async () => {
    await addDecided(world, [
      { score: 90, status: 'won', count: 9 },
      { score: 10, status: 'lost', count: 60 },
    ]);
    await run('2026-11');
    const [kept] = await records().calibrations.history('won', 12);
    expect(kept!.result).toMatchObject({ leads: 69, positives: 9, enough: false });
    expect(await proposals()).toEqual([]);
  });

  it('goes by meetings where wins ask for nothing', async () => {
    await addDecided(
      world,
      split.map((lead) => (lead.status === 'won' ? { ...lead, status: 'meeting' } : lead)),
    );
    await run('2026-11');
    const [proposal] = await proposals();
    expect(proposal).toMatchObject({
      reason: expect.stringContaining('49 % came to a meeting, against 3 % below.'),
      input: { changes: { tiers: suggested } },
    });
  });

  it('is for the first admin to decide, not for a demo person or a colleague', async () => {
    await world.person('Aaron', 'admin');
    await world.database.pool.query(
      `INSERT INTO users (id, tenant_id, handle, name, role, demo) VALUES ('00000000-0000-7000-8000-000000000000', $1, 'a', 'Aa Demo', 'admin', true)`,
      [world.owner.tenantId],
    );
    await addDecided(world, split);
    await run('2026-11');
    expect(await proposals()).toMatchObject([{ requesterId: world.owner.userId }]);
  });

  it('looks at its own workspace only', async () => {
    await addDecided(world, split);
    const tenantId = await addTenant(world);
    await addDecided(world, [{ score: 50, status: 'won', count: 70, tenantId }]);
    await run('2026-11');
    const { rows } = await world.database.pool.query('SELECT DISTINCT tenant_id FROM calibrations');
    expect(rows).toEqual([{ tenant_id: world.owner.tenantId }]);
    expect((await records().calibrations.history('won', 1))[0]!.result.leads).toBe(240);
  });
});

describe('a calibration', () => {
  it('is put into the queue until its figures are there', async () => {
    const payload = { tenantId: world.owner.tenantId, month: '2026-11' };
    await calibrateSoon(records(), payload);
    await idle();
    expect(await records().calibrations.history('won', 12)).toMatchObject([{ month: '2026-11', result: { leads: 0 } }]);
    await addDecided(world, [{ score: 50, status: 'won' }]);
    await calibrateSoon(records(), payload);
    await idle();
    expect(await records().calibrations.history('won', 12)).toMatchObject([{ month: '2026-11', result: { leads: 0 } }]);
    await calibrateSoon(records(), { ...payload, month: '2026-12' });
    await idle();
    expect(await records().calibrations.history('won', 12)).toMatchObject([{}, { month: '2026-12', result: { leads: 1 } }]);
  });

  it('can be told at the terminal not to wait', async () => {
    await addDecided(world, split);
    const terminal = new FakeTerminal({ tty: false });
    const actor = { ...world.owner, surface: 'terminal' as const };
    expect(await jobsCommand(['calibrate'], { ...world, actor, records: records(), ...terminal.streams })).toBe(0);
    const month = lastMonth(new Date(), world.owner.timeZone);
    expect(terminal.all).toContain(`The calibration of ${month} is in the queue.`);
    await idle();
    expect(await records().calibrations.history('won', 12)).toMatchObject([{ month }]);
    expect(await proposals()).toHaveLength(1);
  });
});
