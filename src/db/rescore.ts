import { factsOf } from '../core/facts.ts';
import type { Profile, Rescored } from '../core/profile.ts';
import { compileRating } from '../core/score.ts';
import type { Tier } from '../core/scoring.ts';
import { Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';

const batch = 5000;

interface Row {
  id: string;
  name: string;
  industry: string | null;
  attributes: Record<string, string>;
  score: number;
  tier: Tier;
  shown: boolean;
}

/**
 * Scores every lead by this profile, deleted ones too: they may come back. Only what changes is written, and versions stay: a score
 * follows from the record, so nobody's change is in its way.
 */
export async function rescore(
  handle: Handle,
  profile: Profile,
  { signal, onProgress, ids }: { signal?: AbortSignal; onProgress?(done: number, total: number): void; ids?: string[] } = {},
): Promise<Rescored> {
  const { prisma, scope } = handle;
  const rate = compileRating(profile);
  const counts: Rescored = { leads: 0, changedScore: 0, changeTier: 0 };
  const total = ids?.length ?? (onProgress ? await prisma.lead.count({ where: { tenantId: scope.tenantId } }) : 0);
  let after = '00000000-0000-0000-0000-000000000000';
  for (let done = 0; ; ) {
    signal?.throwIfAborted();
    const rows = await prisma.$queryRaw<Row[]>`
      SELECT id, name, industry, employees, city, state, zip, country, website, domain, attributes, findings, score, tier, deleted_at IS NULL AS shown
      FROM leads WHERE tenant_id = ${scope.tenantId}::uuid AND id > ${after}::uuid
        ${ids ? Prisma.sql`AND id = ANY(${ids}::uuid[])` : Prisma.empty} ORDER BY id LIMIT ${batch}`;
    const last = rows.at(-1);
    if (!last) return counts;
    after = last.id;
    const changed: { id: string; score: number; tier: Tier }[] = [];
    for (const row of rows) {
      const { score, tier } = rate(factsOf(row));
      if (row.shown) counts.leads++;
      if (score === row.score && tier === row.tier) continue;
      changed.push({ id: row.id, score, tier });
      if (!row.shown) continue;
      counts.changedScore++;
      if (tier !== row.tier) counts.changeTier++;
    }
    if (changed.length > 0)
      await prisma.$executeRaw`
        UPDATE leads l SET score = m.score, tier = m.tier
        FROM unnest(${changed.map(({ id }) => id)}::uuid[], ${changed.map(({ score }) => score)}::float8[], ${changed.map(({ tier }) => tier)}::text[])
          AS m (id, score, tier)
        WHERE l.id = m.id AND l.tenant_id = ${scope.tenantId}::uuid`;
    done += rows.length;
    onProgress?.(done, total);
  }
}
