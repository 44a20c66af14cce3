import type { Change, Fields } from '../core/change.ts';
import type { LeadFields } from '../core/lead.ts';
import { AppError } from '../errors.ts';
import { type Handle, lockRow, plain } from './handle.ts';
import { leads } from './leads.ts';
import { setPriceRemoved } from './price-overrides.ts';
import { activeName, activeProfile, holdSwitch, reactivate, removeVersion } from './profiles.ts';
import { setDecision } from './reviews.ts';

/** What undo needs of the records: their present values, and a way to put values back. Restoring is a change like any other. */

const tables = {
  lead: 'leads',
  contact: 'contacts',
  deal: 'deals',
  account: 'accounts',
  task: 'tasks',
  activity: 'activities',
  import: 'imports',
  review: 'import_rows',
  mail: 'mail_outbox',
  profile: 'icp_profiles',
  price: 'price_overrides',
} as const;

export async function current(
  handle: Handle,
  entity: Change['entity'],
  id: string,
  names: string[],
): Promise<{ fields: Fields; deleted: boolean } | undefined> {
  if (entity === 'workspace') await holdSwitch(handle);
  else await lockRow(handle, tables[entity], id);
  const row = await read(handle, entity, id);
  if (!row) return undefined;
  return { fields: Object.fromEntries(names.map((name) => [name, plain(row[name])])), deleted: row['deletedAt'] != null };
}

async function read(handle: Handle, entity: Change['entity'], id: string): Promise<Record<string, unknown> | null> {
  const where = { id, tenantId: handle.scope.tenantId };
  if (entity === 'lead') {
    const row = await handle.prisma.lead.findFirst({ where, include: { owner: { select: { name: true } } } });
    return row && { ...row, ownerName: row.owner?.name ?? null };
  }
  if (entity === 'task') {
    const row = await handle.prisma.task.findFirst({
      where,
      include: { lead: { select: { name: true } }, assignee: { select: { name: true } } },
    });
    return row && { ...row, leadName: row.lead?.name ?? null, assigneeName: row.assignee?.name ?? null };
  }
  if (entity === 'review') return handle.prisma.importRow.findFirst({ where: { ...where, id: BigInt(id) } });
  if (entity === 'contact') return handle.prisma.contact.findFirst({ where });
  if (entity === 'deal') return handle.prisma.deal.findFirst({ where });
  if (entity === 'account') return handle.prisma.account.findFirst({ where });
  if (entity === 'activity') return handle.prisma.activity.findFirst({ where });
  if (entity === 'import') return handle.prisma.import.findFirst({ where });
  if (entity === 'profile') return handle.prisma.icpProfile.findFirst({ where });
  if (entity === 'price') {
    const row = await handle.prisma.priceOverride.findFirst({ where });
    return row && { ...(row.row as Fields), deletedAt: row.removedAt };
  }
  if (entity === 'workspace') return { profile: activeName(await activeProfile(handle)) };
  return handle.prisma.mail.findFirst({ where });
}

export async function restore(
  handle: Handle,
  entity: Change['entity'],
  id: string,
  to: { fields?: Fields; deleted?: boolean; label: string },
): Promise<void> {
  if (to.deleted !== undefined) await setDeleted(handle, entity, id, to.deleted, to.label);
  if (to.fields && Object.keys(to.fields).length) await setFields(handle, entity, id, to.fields, to.label);
}

async function setDeleted(handle: Handle, entity: Change['entity'], id: string, deleted: boolean, label: string): Promise<void> {
  const data = { deletedAt: deleted ? handle.now() : null, version: { increment: 1 }, updatedAt: handle.now() };
  if (entity === 'lead') await handle.prisma.lead.update({ where: { id }, data });
  else if (entity === 'task') await handle.prisma.task.update({ where: { id }, data });
  else if (entity === 'activity') await handle.prisma.activity.update({ where: { id }, data });
  else if (entity === 'contact') await handle.prisma.contact.update({ where: { id }, data });
  else if (entity === 'deal') await handle.prisma.deal.update({ where: { id }, data });
  else if (entity === 'account') await handle.prisma.account.update({ where: { id }, data });
  else if (entity === 'profile') await removeVersion(handle, id, deleted);
  else if (entity === 'price') await setPriceRemoved(handle, id, deleted);
  else throw new AppError('conflict', `A ${entity} cannot be taken back.`);
  handle.changes.push({ entity, id, label, op: deleted ? 'delete' : 'restore', before: null, after: null });
}

const dates = new Set(['lastContactedAt', 'dueAt', 'doneAt', 'at']);
/** Names shown beside an id follow from it. */
const derived = new Set(['ownerName', 'leadName', 'assigneeName']);

async function setFields(handle: Handle, entity: Change['entity'], id: string, fields: Fields, label: string): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !derived.has(name))
      .map(([name, value]) => [name, dates.has(name) && typeof value === 'string' ? new Date(value) : value]),
  );
  if (entity === 'lead') {
    await leads(handle).update(id, data as LeadFields);
    return;
  }
  if (entity === 'workspace') return reactivate(handle, String(fields['profile']));
  if (entity === 'review') return setDecision(handle, id, fields, label);
  if (entity !== 'task') throw new AppError('conflict', `A ${entity} cannot be put back field by field.`);
  const before = await current(handle, 'task', id, Object.keys(fields));
  await handle.prisma.task.update({ where: { id }, data: { ...data, version: { increment: 1 }, updatedAt: handle.now() } });
  handle.changes.push({ entity, id, label, op: 'update', before: before?.fields ?? null, after: fields });
}
