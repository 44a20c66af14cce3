import type { Access } from '../core/access.ts';
import { calibrate, foretold } from '../core/calibration.ts';
import type { JobPayloads } from '../core/job.ts';
import type { ActiveProfile } from '../core/profile.ts';
import type { Records } from '../core/records.ts';
import type { TierSuggestion } from '../core/thresholds.ts';
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
  const { active, suggestion } = await db.tx(scope, async ({ profiles, calibrations }) => {
    const active = await profiles.active();
    let suggestion: TierSuggestion | undefined;
    for (const outcome of foretold) {
      const result = calibrate(await calibrations.outcomes(outcome), outcome, active.profile.tiers);
      await calibrations.save({ month, outcome, profile: { id: active.key, version: active.version }, result });
      suggestion ??= result.suggestion;
    }
    return { active, suggestion };
  });
  if (suggestion) await propose(gate, access, { tenantId, month }, active, suggestion);
}

/** Nobody waits for it, and whoever decides may be away. */
const answerWithinHours = 14 * 24;

async function propose(
  gate: Gate,
  access: Access,
  { tenantId, month }: JobPayloads['calibrate'],
  { key, version }: ActiveProfile,
  { tiers, because }: TierSuggestion,
): Promise<void> {
  const { users } = gate.deps.db.records({ tenantId, userId: '', surface: 'job' });
  // ids grow with time: the first admin is the owner, the same one whenever this runs
  const [owner] = (await users.list())
    .filter(({ role, demo }) => role === 'admin' && !demo)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const identity = owner && (await access.byUser(tenantId, owner.id));
  if (!identity) return;
  await gate.call(
    'update_profile',
    { profile: key, version, changes: { tiers }, activate: true, note: `Calibration ${month}: ${because}` },
    { actor: { ...identity, surface: 'job' }, by: 'assistant', idempotencyKey: `calibrate:${month}` },
    { propose: true, reason: because, ttlHours: answerWithinHours },
  );
}
