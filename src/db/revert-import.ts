import { factsOf } from '../core/facts.ts';
import { type FillableField, fillableFields } from '../core/importing.ts';
import { searchText } from '../core/names.ts';
import { score } from '../core/score.ts';
import { type Lead, Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';
import { activeProfile } from './profiles.ts';
import { showDemo } from './workspace.ts';

/** What a merge of an import filled, as its row keeps it. */
interface Filled {
  fields?: Partial<Record<FillableField, string | number>>;
  attributes?: Record<string, string>;
  contacts?: Record<string, { title?: string; email?: string; phone?: string }>;
}

type Kept = { id: string; label: string; field?: string };

const listed = 100;
const batch = 500;

/**
 * Takes an import back: leads nobody touched since are deleted, and what it filled in other leads is emptied where it still
 * stands. Everything else is kept and named.
 */
export async function revertImport(handle: Handle, id: string): Promise<{ removed: number; keptCount: number; kept: Kept[] }> {
  const { prisma, scope } = handle;
  // nobody added to it, and no other list that is still here says something of it; one condition each, so that the
  // database goes through each table once and not once a lead
  const others = (table: Prisma.Sql) =>
    Prisma.sql`NOT EXISTS (SELECT 1 FROM ${table} o WHERE o.lead_id = l.id AND o.deleted_at IS NULL AND o.import_id IS DISTINCT FROM l.import_id)`;
  const removed = await prisma.$executeRaw`
    UPDATE leads l SET deleted_at = now(), updated_at = now(), version = version + 1
    WHERE l.tenant_id = ${scope.tenantId}::uuid AND l.import_id = ${id}::uuid AND l.deleted_at IS NULL AND NOT l.edited
      AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.lead_id = l.id AND a.deleted_at IS NULL)
      AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.lead_id = l.id AND t.deleted_at IS NULL)
      AND ${others(Prisma.sql`contacts`)} AND ${others(Prisma.sql`deals`)} AND ${others(Prisma.sql`accounts`)}
      AND NOT EXISTS (SELECT 1 FROM import_rows r JOIN imports i ON i.id = r.import_id
        WHERE r.lead_id = l.id AND r.import_id <> ${id}::uuid AND i.state = 'done'
          AND (r.outcome IN ('merged', 'duplicate') OR r.decision = 'same'))`;
  for (const table of [Prisma.sql`contacts`, Prisma.sql`deals`, Prisma.sql`accounts`])
    await prisma.$executeRaw`
      UPDATE ${table} made SET deleted_at = now(), updated_at = now(), version = version + 1
      WHERE tenant_id = ${scope.tenantId}::uuid AND import_id = ${id}::uuid AND deleted_at IS NULL AND version = 1
        AND NOT EXISTS (SELECT 1 FROM leads l WHERE l.id = made.lead_id AND l.import_id = made.import_id AND l.deleted_at IS NULL)`;

  const where = { tenantId: scope.tenantId, importId: id, deletedAt: null };
  const keptCount = await prisma.lead.count({ where });
  const kept: Kept[] = await prisma.lead
    .findMany({ where, select: { id: true, name: true }, orderBy: { name: 'asc' }, take: listed })
    .then((leads) => leads.map((lead) => ({ id: lead.id, label: lead.name })));
  const unfilled = await emptyWhatItFilled(handle, id);

  await prisma.import.update({ where: { id }, data: { state: 'undone' } });
  // the demo stepped aside for a list; with no list left it is what there is to see
  if (!(await prisma.lead.findFirst({ where: { tenantId: scope.tenantId, deletedAt: null }, select: { id: true } })))
    await showDemo(handle, true);
  handle.changes.push({
    entity: 'import',
    id,
    label: '',
    op: 'delete',
    before: { leads: removed + keptCount },
    after: { leads: keptCount },
  });
  return { removed, keptCount: keptCount + unfilled.length, kept: [...kept, ...unfilled].slice(0, listed) };
}

/** Merges only ever filled what was empty, so taking one back means emptying it again. */
async function emptyWhatItFilled(handle: Handle, importId: string): Promise<Kept[]> {
  const { prisma, scope } = handle;
  const kept: Kept[] = [];
  let after: bigint | undefined;
  for (;;) {
    const rows = await prisma.importRow.findMany({
      where: {
        tenantId: scope.tenantId,
        importId,
        outcome: { in: ['merged', 'review'] },
        filled: { not: Prisma.DbNull },
        ...(after && { id: { gt: after } }),
      },
      select: { id: true, leadId: true, filled: true },
      orderBy: { id: 'asc' },
      take: batch,
    });
    if (rows.length === 0) return kept;
    after = rows.at(-1)!.id;
    const ids = rows.flatMap((row) => row.leadId ?? []);
    await prisma.$queryRaw`SELECT 1 FROM leads WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`;
    // leads that the import itself made were just deleted, or are kept as they are
    const leads = await prisma.lead.findMany({
      where: {
        tenantId: scope.tenantId,
        id: { in: ids },
        deletedAt: null,
        OR: [{ importId: null }, { importId: { not: importId } }],
      },
    });
    const byId = new Map(leads.map((lead) => [lead.id, lead]));
    const changed = new Map<string, Emptied>();
    for (const row of rows) {
      const lead = byId.get(row.leadId ?? '');
      if (lead) await empty(handle, lead, row.filled as Filled, changed, kept);
    }
    await write(handle, [...changed.values()]);
  }
}

interface Emptied {
  lead: Lead;
  cleared: FillableField[];
}

/** Takes out of the lead, in memory, what still stands as it was filled. */
async function empty(
  { prisma, scope }: Handle,
  lead: Lead,
  filled: Filled,
  changed: Map<string, Emptied>,
  kept: Kept[],
): Promise<void> {
  const cleared = changed.get(lead.id)?.cleared ?? [];
  for (const [field, value] of Object.entries(filled.fields ?? {}) as [FillableField, string | number][]) {
    if (lead[field] === value) {
      (lead as Record<FillableField, unknown>)[field] = null;
      cleared.push(field);
    } else if (lead[field] !== null) kept.push({ id: lead.id, label: lead.name, field });
  }
  const attributes = lead.attributes as Record<string, string>;
  for (const [key, value] of Object.entries(filled.attributes ?? {})) if (attributes[key] === value) delete attributes[key];
  for (const [id, lacked] of Object.entries(filled.contacts ?? {}))
    for (const [field, value] of Object.entries(lacked))
      await prisma.contact.updateMany({ where: { id, tenantId: scope.tenantId, [field]: value }, data: { [field]: null } });
  changed.set(lead.id, { lead, cleared });
}

async function write(handle: Handle, changed: Emptied[]): Promise<void> {
  if (changed.length === 0) return;
  const { prisma, scope } = handle;
  const { profile } = await activeProfile(handle);
  const sets = fillableFields.map((field) => `${field} = CASE WHEN m.cleared ? '${field}' THEN NULL ELSE l.${field} END`);
  const rows = changed.map(({ lead, cleared }) => {
    const attributes = lead.attributes as Record<string, string>;
    const { score: value, tier } = score(profile, factsOf(lead));
    return { id: lead.id, cleared, attributes, score: value, tier, text: searchText(lead) };
  });
  const parameters = [JSON.stringify(rows), scope.tenantId] as const;
  await prisma.$executeRawUnsafe(
    `UPDATE leads l SET ${sets.join(', ')}, attributes = m.attributes, score = m.score, tier = m.tier, version = l.version + 1, updated_at = now()
     FROM jsonb_to_recordset($1::jsonb) AS m (id uuid, cleared jsonb, attributes jsonb, score float8, tier text)
     WHERE l.id = m.id AND l.tenant_id = $2::uuid`,
    ...parameters,
  );
  await prisma.$executeRawUnsafe(
    `UPDATE lead_search s SET text = m.text FROM jsonb_to_recordset($1::jsonb) AS m (id uuid, text text)
     WHERE s.lead_id = m.id AND s.tenant_id = $2::uuid AND s.text <> m.text`,
    ...parameters,
  );
}
