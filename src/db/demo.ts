import { type DemoPerson, demoWorkspace } from '../core/demo.ts';
import { hostDomain } from '../core/domains.ts';
import { factsOf } from '../core/facts.ts';
import { nameKey, searchText } from '../core/names.ts';
import { score } from '../core/score.ts';
import type { PrismaClient } from './generated/client.ts';
import { json, newId } from './handle.ts';
import { activeProfile } from './profiles.ts';

/** Fills an empty workspace with the sample companies, once; everything made here is marked and can be removed. */
export async function seedDemo(
  prisma: PrismaClient,
  own: { tenantId: string; ownerId: string },
  options: { seed: number; now: Date; timeZone: string },
): Promise<boolean> {
  const { tenantId } = own;
  const demo = demoWorkspace(options.seed, options.now, options.timeZone);
  const mark = { tenantId, demo: true };
  const userIds = new Map<DemoPerson, string>([
    ['local', own.ownerId],
    ...demo.users.map((user): [DemoPerson, string] => [user.key, newId()]),
  ]);
  const leadIds = new Map(demo.leads.map((lead) => [lead.key, newId()]));
  const accountIds = new Map(demo.accounts.map((account) => [account.key, newId()]));
  const leadId = (key: string | null) => (key && leadIds.get(key)) || null;
  const accountId = (key: string | null) => (key && accountIds.get(key)) || null;
  const person = (key: DemoPerson | null) => (key && userIds.get(key)) || null;

  return prisma.$transaction(
    async (tx) => {
      // the update is the claim: of many processes that start at once, one seeds
      const claimed = await tx.tenant.updateMany({ where: { id: tenantId, demo: null }, data: { demo: 'shown' } });
      if (!claimed.count) return false;
      const { profile } = await activeProfile({
        prisma: tx,
        scope: { tenantId, userId: '', surface: 'start' },
        changes: [],
        inTransaction: true,
        afterwards: [],
        now: () => options.now,
      });
      await tx.user.createMany({ data: demo.users.map(({ key, ...user }) => ({ id: userIds.get(key)!, ...mark, ...user })) });
      await tx.lead.createMany({
        data: demo.leads.map(({ key, owner, attributes, ...lead }) => {
          const domain = hostDomain(lead.website ?? '') ?? null;
          const { score: points, tier } = score(profile, factsOf({ ...lead, domain, attributes }));
          const derived = { domain, nameKey: nameKey(lead.name), score: points, tier };
          return {
            ...lead,
            ...derived,
            id: leadIds.get(key)!,
            ...mark,
            ownerId: person(owner),
            attributes: json(attributes),
            source: 'demo',
          };
        }),
      });
      await tx.leadSearch.createMany({
        data: demo.leads.map(({ key, ...lead }) => ({
          leadId: leadIds.get(key)!,
          tenantId,
          text: searchText({ ...lead, domain: hostDomain(lead.website ?? '') ?? null }),
        })),
      });
      await tx.account.createMany({
        data: demo.accounts.map(({ key, lead, owner, ...account }) => ({
          ...account,
          id: accountIds.get(key)!,
          ...mark,
          leadId: leadId(lead),
          ownerId: person(owner),
        })),
      });
      await tx.contact.createMany({
        data: demo.contacts.map(({ lead, account, ...contact }) => ({
          ...contact,
          id: newId(),
          ...mark,
          leadId: leadId(lead),
          accountId: accountId(account),
        })),
      });
      await tx.deal.createMany({
        data: demo.deals.map(({ lead, account, owner, ...deal }) => ({
          ...deal,
          id: newId(),
          ...mark,
          leadId: leadId(lead),
          accountId: accountId(account),
          ownerId: person(owner),
        })),
      });
      await tx.activity.createMany({
        data: demo.activities.map(({ lead, by, ...activity }) => ({
          ...activity,
          id: newId(),
          ...mark,
          leadId: leadIds.get(lead)!,
          userId: person(by),
        })),
      });
      await tx.task.createMany({
        data: demo.tasks.map(({ lead, assignee, ...task }) => ({
          ...task,
          id: newId(),
          ...mark,
          leadId: leadId(lead),
          assigneeId: person(assignee),
        })),
      });
      return true;
    },
    { timeout: 60_000 },
  );
}

/** Deletes every demo row for good, and what was written about demo leads; returns how many leads went. */
export async function removeDemo(prisma: PrismaClient, tenantId: string): Promise<number> {
  return prisma.$transaction(
    async (tx) => {
      const where = { tenantId, demo: true };
      await tx.task.deleteMany({ where });
      await tx.activity.deleteMany({ where });
      await tx.deal.deleteMany({ where });
      await tx.contact.deleteMany({ where });
      await tx.account.deleteMany({ where });
      const { count } = await tx.lead.deleteMany({ where });
      await tx.lead.updateMany({ where: { tenantId, owner: { demo: true } }, data: { ownerId: null } });
      await tx.task.updateMany({ where: { tenantId, assignee: { demo: true } }, data: { assigneeId: null } });
      // people whose name stands on a receipt or in a conversation stay: history needs them
      await tx.user.deleteMany({
        where: { ...where, receipts: { none: {} }, conversations: { none: {} }, activities: { none: {} }, apiKeys: { none: {} } },
      });
      await tx.tenant.update({ where: { id: tenantId }, data: { demo: 'removed' } });
      return count;
    },
    { timeout: 60_000 },
  );
}
