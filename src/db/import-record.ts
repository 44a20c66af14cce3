import type { ImportCounts, ImportSummary, Imports, LeftOutRow } from '../core/importing.ts';
import { rowOutcomes } from '../core/importing.ts';
import type { Import } from './generated/client.ts';
import { type Handle, isId } from './handle.ts';

/** What is kept of imports, for those who look back at them. */

type LeftOut = Omit<LeftOutRow, 'leadName'>;

export async function toSummaries(handle: Handle, rows: Import[]): Promise<ImportSummary[]> {
  const waiting = await handle.prisma.importRow.groupBy({
    by: ['importId'],
    where: {
      tenantId: handle.scope.tenantId,
      importId: { in: rows.filter(({ state }) => state === 'done').map(({ id }) => id) },
      outcome: 'review',
      decision: null,
    },
    _count: true,
  });
  const counted = new Map(waiting.map(({ importId, _count }) => [importId, _count]));
  return rows.map((row) => {
    const mapping = row.mapping as [string, string][] | Record<string, string>;
    const pairs = Array.isArray(mapping) ? mapping : Object.entries(mapping);
    return {
      id: row.id,
      fileName: row.fileName,
      state: row.state as ImportSummary['state'],
      headers: pairs.map(([header]) => header),
      mapping: Object.fromEntries(pairs),
      ...({
        rows: 0,
        imported: 0,
        merged: 0,
        duplicates: 0,
        review: 0,
        failed: 0,
        ...(row.counts as object),
      } satisfies ImportCounts),
      waiting: counted.get(row.id) ?? 0,
      createdAt: row.createdAt,
      finishedAt: row.finishedAt,
    };
  });
}

export async function leftOut(
  handle: Handle,
  ...[id, { outcome, undecided }, { limit, after }]: Parameters<Imports['leftOut']>
): Promise<LeftOutRow[]> {
  const { prisma, scope } = handle;
  if (!isId(id)) return [];
  // each outcome lies in the order of lines; all of them together do not, and a page must not cost a look at every row
  const rows = await prisma.$queryRaw<LeftOut[]>`
    SELECT r.line, r.outcome, r.reason, r.confidence, r.raw, r.lead_id AS "leadId", r.decision
    FROM unnest(${outcome ?? [...rowOutcomes]}::text[]) AS kind CROSS JOIN LATERAL (
      SELECT * FROM import_rows
      WHERE import_id = ${id}::uuid AND outcome = kind AND tenant_id = ${scope.tenantId}::uuid AND line > ${after ?? -1}::int
        AND (decision IS NULL OR NOT ${undecided ?? false}::boolean)
      ORDER BY line LIMIT ${limit}::int
    ) r ORDER BY r.line LIMIT ${limit}::int`;
  const leadIds = [...new Set(rows.flatMap((row) => row.leadId ?? []))];
  const leads = await prisma.lead.findMany({
    where: { tenantId: scope.tenantId, id: { in: leadIds } },
    select: { id: true, name: true },
  });
  const names = new Map(leads.map((lead) => [lead.id, lead.name]));
  return rows.map((row) => ({
    line: row.line,
    outcome: row.outcome,
    reason: row.reason,
    confidence: row.confidence,
    raw: row.raw,
    leadId: row.leadId,
    leadName: (row.leadId && names.get(row.leadId)) || null,
    decision: row.decision,
  }));
}
