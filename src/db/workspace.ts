import type { Role, User, Users } from '../core/actor.ts';
import type { Mail, Mails } from '../core/mail.ts';
import { fold } from '../core/names.ts';
import type { AuditEntry, Workspace } from '../core/records.ts';
import type { Mail as MailRow, User as UserRow } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';

/** People, settings, mail and the audit trail of one tenant. */

export function users(handle: Handle): Users {
  const { prisma, scope } = handle;
  const all = async () =>
    (await prisma.user.findMany({ where: { tenantId: scope.tenantId }, orderBy: { name: 'asc' } })).map(toUser);
  return {
    list: all,
    async get(id) {
      const row = isId(id) ? await prisma.user.findFirst({ where: { tenantId: scope.tenantId, id } }) : null;
      return row ? toUser(row) : undefined;
    },
    async find(reference) {
      const wanted = fold(reference);
      const people = await all();
      const named = people.filter((user) => user.id === reference || fold(user.handle) === wanted || fold(user.name) === wanted);
      return named.length ? named : people.filter((user) => fold(user.name).split(' ').includes(wanted));
    },
  };
}

const toUser = ({ id, handle, name, email, role, demo, disabledAt }: UserRow): User => ({
  id,
  handle,
  name,
  email,
  role: role as Role,
  demo,
  disabled: disabledAt !== null,
});

export async function workspace(handle: Handle): Promise<Workspace> {
  const tenantId = handle.scope.tenantId;
  const [tenant, count] = await Promise.all([
    handle.prisma.tenant.findUniqueOrThrow({ where: { id: tenantId } }),
    handle.prisma.lead.count({ where: { tenantId, deletedAt: null } }),
  ]);
  const { name, timeZone, country, profile, profileVersion, demo } = tenant;
  return { name, timeZone, country, profile, profileVersion, demo: demo as Workspace['demo'], leads: count };
}

/** The demo steps aside by the same soft deletion as everything else, so nothing that reads records needs to know of it. */
export async function showDemo(handle: Handle, visible: boolean): Promise<number> {
  const { prisma, scope } = handle;
  const changed = await prisma.tenant.updateMany({
    where: { id: scope.tenantId, demo: visible ? 'hidden' : 'shown' },
    data: { demo: visible ? 'shown' : 'hidden' },
  });
  if (!changed.count) return 0;
  const where = { tenantId: scope.tenantId, demo: true, ...(visible ? {} : { deletedAt: null }) };
  const data = { deletedAt: visible ? null : handle.now() };
  await prisma.contact.updateMany({ where, data });
  await prisma.account.updateMany({ where, data });
  await prisma.deal.updateMany({ where, data });
  await prisma.activity.updateMany({ where, data });
  await prisma.task.updateMany({ where, data });
  return (await prisma.lead.updateMany({ where, data })).count;
}

export async function audit(handle: Handle, entry: AuditEntry): Promise<void> {
  const { tenantId, userId, surface } = handle.scope;
  await handle.prisma.auditEntry.create({ data: { tenantId, userId, surface, ...entry } });
}

export function mails(handle: Handle): Mails {
  const { prisma, scope } = handle;
  return {
    async list(limit) {
      return (await prisma.mail.findMany({ where: { tenantId: scope.tenantId }, orderBy: { id: 'desc' }, take: limit })).map(
        toMail,
      );
    },
    async get(id) {
      const row = isId(id) ? await prisma.mail.findFirst({ where: { tenantId: scope.tenantId, id } }) : null;
      return row ? toMail(row) : undefined;
    },
    async put({ proposalId, recipients, ...mail }) {
      if (proposalId) {
        const sent = await prisma.mail.findUnique({ where: { proposalId } });
        if (sent) return toMail(sent);
      }
      const row = await prisma.mail.create({
        data: {
          id: newId(),
          tenantId: scope.tenantId,
          userId: scope.userId,
          ...mail,
          recipients: json(recipients),
          proposalId: proposalId ?? null,
        },
      });
      handle.changes.push({
        entity: 'mail',
        id: row.id,
        label: `"${mail.subject}"`,
        op: 'create',
        before: null,
        after: { to: recipients.join(', '), subject: mail.subject, body: mail.body },
      });
      return toMail(row);
    },
  };
}

const toMail = (row: MailRow): Mail => ({
  id: row.id,
  leadId: row.leadId,
  sender: row.sender,
  recipients: row.recipients as string[],
  subject: row.subject,
  body: row.body,
  status: 'delivered_locally',
  createdAt: row.createdAt,
});
