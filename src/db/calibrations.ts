import type { Calibration, CalibrationRecord, Calibrations, Foretold } from '../core/calibration.ts';
import type { Tally } from '../core/proportion.ts';
import { Prisma, type Calibration as Row } from './generated/client.ts';
import { type Handle, json, newId } from './handle.ts';

/** What became of leads by score, counted where they are, and the months that were kept. */
export function calibrations(handle: Handle): Calibrations {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId };
  return {
    // a tenth is cut, not rounded: 79.96 is GOLD and must not be counted with 80
    outcomes: (outcome) => prisma.$queryRaw<Tally[]>`
      SELECT avg(score) AS score, count(*)::int AS leads, count(*) FILTER (WHERE positive)::int AS positives
      FROM (${decided[outcome](scope.tenantId)}) AS decided
      GROUP BY floor(score * 10) ORDER BY 1`,
    async save({ month, outcome, profile, result }) {
      const kept = { profile: profile.id, profileVersion: profile.version, result: json(result) };
      await prisma.calibration.upsert({
        where: { tenantId_month_outcome: { ...mine, month, outcome } },
        create: { id: newId(), ...mine, month, outcome, ...kept, createdAt: handle.now() },
        update: { ...kept, createdAt: handle.now() },
      });
    },
    async history(outcome, months) {
      const rows = await prisma.calibration.findMany({ where: { ...mine, outcome }, orderBy: { month: 'desc' }, take: months });
      return rows.reverse().map(toRecord);
    },
  };
}

const decided: Record<Foretold, (tenantId: string) => Prisma.Sql> = {
  won: (tenantId) => Prisma.sql`
    SELECT score, status = 'won' AS positive FROM leads
    WHERE tenant_id = ${tenantId}::uuid AND deleted_at IS NULL AND status IN ('won', 'lost', 'disqualified')`,
  meeting: (tenantId) => Prisma.sql`
    SELECT l.score, l.status IN ('meeting', 'won') OR m.lead_id IS NOT NULL AS positive
    FROM leads l LEFT JOIN (
      SELECT DISTINCT lead_id FROM activities WHERE tenant_id = ${tenantId}::uuid AND kind = 'meeting' AND deleted_at IS NULL
    ) m ON m.lead_id = l.id
    WHERE l.tenant_id = ${tenantId}::uuid AND l.deleted_at IS NULL
      AND (l.status IN ('meeting', 'won', 'lost', 'disqualified') OR m.lead_id IS NOT NULL)`,
};

const toRecord = ({ month, outcome, profile, profileVersion, result }: Row): CalibrationRecord => ({
  month,
  outcome: outcome as Foretold,
  profile: { id: profile, version: profileVersion },
  result: result as unknown as Calibration,
});
