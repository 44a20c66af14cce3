import { fillableFields, type ReviewDecision } from '../core/importing.ts';
import type { ReviewCompany, ReviewRow, Reviews } from '../core/review.ts';
import type { Import, ImportRow, Lead } from './generated/client.ts';
import { Prisma } from './generated/client.ts';
import { gone, type Handle, isId, json, newId, plain } from './handle.ts';

const waits = { outcome: 'review', decision: null } as const;

export function reviews(handle: Handle): Reviews {
  const { prisma, scope } = handle;
  const mine = { tenantId: scope.tenantId };

  return {
    async list({ importId }, { limit, after }) {
      if (importId !== undefined && !isId(importId)) return { rows: [], total: 0 };
      const all = await prisma.import.findMany({
        where: { ...mine, ...(importId && { id: importId }) },
        select: { id: true, state: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
      const standing = all.filter(({ state }) => state === 'done').map(({ id }) => id);
      const counts = await prisma.importRow.groupBy({
        by: ['importId'],
        where: { ...mine, ...waits, importId: { in: standing } },
        _count: true,
      });
      const rows: ImportRow[] = [];
      const from = after ? all.findIndex(({ id }) => id === after.importId) : 0;
      for (const { id } of from < 0 ? [] : all.slice(from)) {
        if (rows.length === limit) break;
        if (!counts.some((one) => one.importId === id)) continue;
        const further = after?.importId === id && { line: { gt: after.line } };
        rows.push(
          ...(await prisma.importRow.findMany({
            where: { ...mine, ...waits, importId: id, ...further },
            orderBy: { line: 'asc' },
            take: limit - rows.length,
          })),
        );
      }
      return { rows: await toRows(handle, rows), total: counts.reduce((sum, { _count }) => sum + _count, 0) };
    },

    async hold(importId, which) {
      if (!isId(importId)) return [];
      const where = { ...mine, importId, outcome: 'review' };
      const rows = await prisma.importRow.findMany({
        where: 'lines' in which ? { ...where, line: { in: which.lines } } : { ...where, ...waits },
        select: { id: true },
        orderBy: { line: 'asc' },
        ...('first' in which && { take: which.first }),
      });
      const ids = rows.map(({ id }) => id);
      // in one order, so that two people who decide the same rows wait for one another and not each for the other
      await prisma.$queryRaw`SELECT 1 FROM import_rows WHERE id = ANY(${ids}::bigint[]) ORDER BY id FOR UPDATE`;
      const held = await prisma.importRow.findMany({
        where: 'lines' in which ? { id: { in: ids } } : { id: { in: ids }, decision: null },
        orderBy: { line: 'asc' },
      });
      return toRows(handle, held);
    },

    async decide(row, decision, became) {
      const { leadId = row.leadId, filled } = became ?? {};
      await prisma.importRow.update({
        where: { id: BigInt(row.id) },
        data: {
          decision,
          leadId,
          decidedById: scope.userId,
          decidedAt: handle.now(),
          ...(filled && { filled: json(filled) }),
        },
      });
      handle.changes.push({
        entity: 'review',
        id: row.id,
        label: `line ${row.line} of ${row.fileName}, ${row.company.name}`,
        op: 'update',
        before: { decision: null, leadId: row.leadId },
        after: { decision, leadId },
      });
    },

    async attach({ importId }, lead, { people, deal, account, contacts = {} }) {
      const ids = () => ({ id: newId(), ...mine, leadId: lead.id, importId });
      const note = (entity: 'contact' | 'deal' | 'account', id: string, name: string, made: object) =>
        handle.changes.push({
          entity,
          id,
          label: `${name} of ${lead.name}`,
          op: 'create',
          before: null,
          after: { leadId: lead.id, ...Object.fromEntries(Object.entries(made).map(([field, value]) => [field, plain(value)])) },
        });
      for (const [id, lacked] of Object.entries(contacts)) {
        const contact = await prisma.contact.update({ where: { id }, data: { ...lacked, version: { increment: 1 } } });
        const before = Object.fromEntries(Object.keys(lacked).map((field) => [field, null]));
        handle.changes.push({
          entity: 'contact',
          id,
          label: `${contact.name} of ${lead.name}`,
          op: 'update',
          before,
          after: { ...lacked },
        });
      }
      for (const { name, title, email, phone } of people) {
        const data = { name, title: title ?? null, email: email ?? null, phone: phone ?? null };
        note('contact', (await prisma.contact.create({ data: { ...ids(), ...data } })).id, name, data);
      }
      if (deal) {
        const closesAt = deal.closesAt ? new Date(deal.closesAt) : null;
        const data = { name: deal.name, stage: deal.stage ?? 'new', amountUsd: deal.amountUsd ?? null, closesAt };
        const { id, amountUsd } = await prisma.deal.create({ data: { ...ids(), ...data } });
        note('deal', id, deal.name, { ...data, amountUsd });
      }
      if (account) {
        const since = account.since ? new Date(account.since) : handle.now();
        const data = { name: lead.name, since, mrrUsd: account.mrrUsd ?? null, health: account.health ?? null };
        const { id, mrrUsd } = await prisma.account.create({ data: { ...ids(), ...data } });
        note('account', id, 'account', { ...data, mrrUsd });
      }
    },
  };
}

/** Puts a row back among those that wait, or closes it again: the inverse of a decision and the inverse of that. */
export async function setDecision(handle: Handle, id: string, fields: Record<string, unknown>, label: string): Promise<void> {
  const row = await handle.prisma.importRow.findFirst({ where: { id: BigInt(id), tenantId: handle.scope.tenantId } });
  if (!row) throw gone('row');
  const decision = fields['decision'] === undefined ? row.decision : (fields['decision'] as ReviewDecision | null);
  const leadId = fields['leadId'] === undefined ? row.leadId : (fields['leadId'] as string | null);
  await handle.prisma.importRow.update({
    where: { id: row.id },
    data: {
      decision,
      leadId,
      filled: Prisma.DbNull,
      decidedById: decision && handle.scope.userId,
      decidedAt: decision && handle.now(),
    },
  });
  const before = { decision: row.decision, leadId: row.leadId };
  handle.changes.push({ entity: 'review', id, label, op: 'update', before, after: { decision, leadId } });
}

async function toRows(handle: Handle, rows: ImportRow[]): Promise<ReviewRow[]> {
  const mine = { tenantId: handle.scope.tenantId };
  const every = (key: 'importId' | 'leadId' | 'decidedById') => [...new Set(rows.flatMap((row) => row[key] ?? []))];
  const leadIds = every('leadId');
  const [imports, leads, people, deciders] = await Promise.all([
    handle.prisma.import.findMany({ where: { ...mine, id: { in: every('importId') } } }),
    handle.prisma.lead.findMany({ where: { ...mine, id: { in: leadIds }, deletedAt: null } }),
    handle.prisma.contact.findMany({ where: { ...mine, leadId: { in: leadIds }, deletedAt: null }, orderBy: { id: 'asc' } }),
    handle.prisma.user.findMany({ where: { ...mine, id: { in: every('decidedById') } }, select: { id: true, name: true } }),
  ]);
  const known = new Map(leads.map((lead): [string, Known] => [lead.id, { ...lead, people: [] }]));
  for (const person of people) known.get(person.leadId!)?.people.push(person);
  const lists = new Map(imports.map((list) => [list.id, list]));
  const names = new Map(deciders.map(({ id, name }) => [id, name]));
  return rows.map((row) => toRow(row, lists.get(row.importId), known.get(row.leadId ?? ''), names.get(row.decidedById ?? '')));
}

type Known = Lead & { people: { name: string; title: string | null; email: string | null; phone: string | null }[] };

function toRow(row: ImportRow, list: Import | undefined, lead: Known | undefined, decider: string | undefined): ReviewRow {
  const company = row.company as unknown as Partial<ReviewCompany> & Record<string, unknown>;
  return {
    id: String(row.id),
    importId: row.importId,
    fileName: list?.fileName ?? '',
    line: row.line,
    reason: row.reason,
    confidence: row.confidence,
    company: {
      name: company?.name ?? '',
      ...(company?.status && { status: company.status }),
      fields: fieldsOf(company ?? {}),
      attributes: company?.attributes ?? {},
      people: company?.people ?? [],
      ...(company?.deal && { deal: company.deal }),
      ...(company?.account && { account: company.account }),
    },
    leadId: row.leadId,
    ...(lead && {
      lead: {
        id: lead.id,
        name: lead.name,
        fields: fieldsOf(lead),
        people: lead.people.map(({ name, title, email, phone }) => ({
          name,
          ...(title && { title }),
          ...(email && { email }),
          ...(phone && { phone }),
        })),
      },
    }),
    ...(row.decision && {
      decided: { decision: row.decision as ReviewDecision, by: decider ?? 'somebody', at: row.decidedAt ?? new Date(0) },
    }),
  };
}

const fieldsOf = (from: Record<string, unknown>): ReviewCompany['fields'] =>
  Object.fromEntries(fillableFields.flatMap((field) => (from[field] == null ? [] : [[field, from[field] as string | number]])));
