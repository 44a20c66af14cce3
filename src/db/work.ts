import type { Activities, Activity, ActivityKind, Task, Tasks } from '../core/activity.ts';
import type { LeadFile } from '../core/lead.ts';
import { fold, wordsAlike } from '../core/names.ts';
import { AppError } from '../errors.ts';
import type { Prisma } from './generated/client.ts';
import { gone, type Handle, isId, lockRow, newId, plain } from './handle.ts';

/** Activities, tasks and what else hangs on a lead. */

const activityNames = { lead: { select: { name: true } }, user: { select: { name: true } } } satisfies Prisma.ActivityInclude;
const taskNames = { lead: { select: { name: true } }, assignee: { select: { name: true } } } satisfies Prisma.TaskInclude;

export function activities(handle: Handle): Activities {
  const { prisma, scope } = handle;
  return {
    async list(leadId, limit) {
      const rows = await prisma.activity.findMany({
        where: { tenantId: scope.tenantId, leadId, deletedAt: null },
        include: activityNames,
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: limit,
      });
      return rows.map(toActivity);
    },
    async log({ leadId, kind, text, outcome, at }) {
      const row = await prisma.activity.create({
        data: { id: newId(), tenantId: scope.tenantId, userId: scope.userId, leadId, kind, text, outcome: outcome ?? null, at },
        include: activityNames,
      });
      const activity = toActivity(row);
      handle.changes.push({
        entity: 'activity',
        id: row.id,
        label: `${kind} with ${row.lead.name}`,
        op: 'create',
        before: null,
        after: { kind, text, outcome: outcome ?? null, at: plain(at), leadId },
      });
      return activity;
    },
  };
}

const toActivity = (row: Prisma.ActivityGetPayload<{ include: typeof activityNames }>): Activity => ({
  id: row.id,
  leadId: row.leadId,
  leadName: row.lead.name,
  userName: row.user?.name ?? null,
  kind: row.kind as ActivityKind,
  text: row.text,
  outcome: row.outcome,
  at: row.at,
  version: row.version,
});

export function tasks(handle: Handle): Tasks {
  const { prisma, scope } = handle;
  // a task about a deleted lead is out of sight with it
  const mine = {
    tenantId: scope.tenantId,
    deletedAt: null,
    OR: [{ leadId: null }, { lead: { deletedAt: null } }],
  } satisfies Prisma.TaskWhereInput;
  const get = async (id: string) => {
    const row = isId(id) ? await prisma.task.findFirst({ where: { ...mine, id }, include: taskNames }) : null;
    return row ? toTask(row) : undefined;
  };
  return {
    get,
    async find(words) {
      const wanted = fold(words).split(' ').filter(Boolean);
      const rows = await prisma.task.findMany({
        where: { ...mine, status: 'open' },
        include: taskNames,
        orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
        take: 500,
      });
      return rows.filter((row) => hasWords(`${row.title} ${row.lead?.name ?? ''}`, wanted)).map(toTask);
    },
    async list(filter, limit) {
      const where: Prisma.TaskWhereInput = {
        ...mine,
        ...(filter.leadId && { leadId: filter.leadId }),
        ...(filter.assigneeId && { assigneeId: filter.assigneeId }),
        ...(filter.status && { status: filter.status }),
        ...((filter.dueFrom || filter.dueBefore) && { dueAt: { gte: filter.dueFrom, lt: filter.dueBefore } }),
      };
      const [total, rows] = await Promise.all([
        prisma.task.count({ where }),
        prisma.task.findMany({
          where,
          include: taskNames,
          orderBy: [{ dueAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
          take: limit,
        }),
      ]);
      return { total, items: rows.map(toTask) };
    },
    async create({ title, leadId, assigneeId, dueAt }) {
      const row = await prisma.task.create({
        data: { id: newId(), tenantId: scope.tenantId, title, leadId: leadId ?? null, assigneeId, dueAt: dueAt ?? null },
        include: taskNames,
      });
      const task = toTask(row);
      handle.changes.push({
        entity: 'task',
        id: task.id,
        label: `"${title}"`,
        op: 'create',
        before: null,
        after: {
          title,
          leadId: task.leadId,
          leadName: task.leadName,
          assigneeId,
          assigneeName: task.assigneeName,
          status: 'open',
          dueAt: plain(task.dueAt),
          doneAt: null,
        },
      });
      return task;
    },
    async complete(id) {
      await lockRow(handle, 'tasks', id);
      const before = await get(id);
      if (!before) throw gone('task');
      if (before.status === 'done') throw new AppError('conflict', `"${before.title}" is already done.`);
      const doneAt = handle.now();
      const row = await prisma.task.update({
        where: { id },
        data: { status: 'done', doneAt, version: { increment: 1 }, updatedAt: doneAt },
        include: taskNames,
      });
      handle.changes.push({
        entity: 'task',
        id,
        label: `"${row.title}"`,
        op: 'update',
        before: { status: 'open', doneAt: null },
        after: { status: 'done', doneAt: plain(doneAt) },
      });
      return toTask(row);
    },
  };
}

function hasWords(text: string, wanted: string[]): boolean {
  const words = fold(text).split(' ');
  return wanted.length > 0 && wanted.every((want) => words.some((word) => wordsAlike(word, want)));
}

const toTask = (row: Prisma.TaskGetPayload<{ include: typeof taskNames }>): Task => ({
  id: row.id,
  title: row.title,
  leadId: row.leadId,
  leadName: row.lead?.name ?? null,
  assigneeId: row.assigneeId,
  assigneeName: row.assignee?.name ?? null,
  status: row.status as Task['status'],
  dueAt: row.dueAt,
  doneAt: row.doneAt,
  version: row.version,
});

export async function leadFile(handle: Handle, leadId: string): Promise<LeadFile> {
  const where = { tenantId: handle.scope.tenantId, leadId, deletedAt: null };
  const [contacts, deals] = await Promise.all([
    handle.prisma.contact.findMany({ where, orderBy: { id: 'asc' }, take: 50 }),
    handle.prisma.deal.findMany({ where, orderBy: { id: 'asc' }, take: 50 }),
  ]);
  return {
    contacts: contacts.map(({ id, name, title, email, phone }) => ({ id, name, title, email, phone })),
    deals: deals.map(({ id, name, stage, amountUsd, closesAt }) => ({
      id,
      name,
      stage,
      amountUsd: amountUsd?.toFixed(2) ?? null,
      closesAt,
    })),
  };
}
