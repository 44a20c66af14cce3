import type { Access } from '../core/access.ts';
import { type Calibration, calibrate, foretold } from '../core/calibration.ts';
import type { JobPayloads } from '../core/job.ts';
import type { Records } from '../core/records.ts';
import type { Gate } from '../tools/gate.ts';

/** Puts a month into the queue unless its figures are here. */
export async function calibrateSoon({ calibrations, enqueue }: Records, payload: JobPayloads['calibrate']): Promise<void> {
  const kept = await calibrations.history('won', 2);
  if (kept.some(({ month }) => month === payload.month)) return;
  await enqueue('calibrate', payload, { key: `calibrate@${payload.month}` });
}

/**
 * Holds scores against what became of the leads, keeps the figures of the month, and where they clearly ask for other tiers,
 * proposes these to the owner. Run again, it refreshes the figures and proposes nothing new; nothing changes without a person.
 */
export async function calibrateMonth(gate: Gate, access: Access, { tenantId, month }: JobPayloads['calibrate']): Promise<void> {
  const { db } = gate.deps;
  const scope = { tenantId, userId: '', surface: 'job' };
  // one transaction: the scores that are read and the tiers that are held against them are of one profile
  const found = await db.tx(scope, async ({ profiles, calibrations }) => {
    const { key, version, profile } = await profiles.active();
    const results: Calibration[] = [];
    for (const outcome of foretold) {
      const result = calibrate(await calibrations.outcomes(outcome), outcome, profile.tiers);
      await calibrations.save({ month, outcome, profile: { id: key, version }, result });
      results.push(result);
    }
    return { profile: key, suggestion: results.find(({ suggestion }) => suggestion)?.suggestion };
  });
  if (found.suggestion) await propose(gate, access, { tenantId, month }, found.profile, found.suggestion);
}

async function propose(
  gate: Gate,
  access: Access,
  { tenantId, month }: JobPayloads['calibrate'],
  profile: string,
  { tiers, because }: NonNullable<Calibration['suggestion']>,
): Promise<void> {
  const people = await gate.deps.db.records({ tenantId, userId: '', surface: 'job' }).users.list();
  // ids grow with time: the first admin is the owner, the same one whenever this runs
  const [owner] = people.filter(({ role, demo }) => role === 'admin' && !demo).sort((a, b) => (a.id < b.id ? -1 : 1));
  const identity = owner && (await access.byUser(tenantId, owner.id));
  if (!identity) return;
  await gate.call(
    'update_profile',
    { profile, changes: { tiers }, activate: true, note: `Calibration ${month}: ${because}` },
    { actor: { ...identity, surface: 'job' }, by: 'assistant', idempotencyKey: `calibrate:${month}` },
    { propose: true, reason: because },
  );
}
