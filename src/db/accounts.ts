import type { Account, AccountFilter, AccountSort, Accounts } from '../core/account.ts';
import { isClosedStage } from '../core/deal.ts';
import { addUsd, inCents } from '../core/money.ts';
import { Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';

const orders: Record<AccountSort, Prisma.Sql> = {
  mrr: Prisma.sql`a.mrr_usd DESC NULLS LAST, a.id`,
  name: Prisma.sql`lower(a.name), a.id`,
  newest: Prisma.sql`a.since DESC, a.id DESC`,
};

export function accounts(handle: Handle): Accounts {
  const { prisma, scope } = handle;
  return {
    async list(filter, { sort, limit }) {
      const from = Prisma.sql`
        FROM accounts a
          LEFT JOIN leads l ON l.id = a.lead_id AND l.tenant_id = a.tenant_id AND l.deleted_at IS NULL
          LEFT JOIN users u ON u.id = a.owner_id AND u.tenant_id = a.tenant_id
        WHERE a.tenant_id = ${scope.tenantId}::uuid AND a.deleted_at IS NULL ${conditions(filter)}`;
      const [rows, [sum]] = await Promise.all([
        prisma.$queryRaw<Row[]>`
          SELECT a.id, a.name, a.since, a.mrr_usd::text AS "mrrUsd", a.health, l.id AS "leadId", l.city, l.state, l.phone,
            a.owner_id AS "ownerId", u.name AS "ownerName", a.demo ${from} ORDER BY ${orders[sort]} LIMIT ${limit}`,
        prisma.$queryRaw<{ total: number; mrrUsd: string }[]>`
          SELECT count(*)::int AS total, coalesce(sum(a.mrr_usd), 0)::numeric(20, 2)::text AS "mrrUsd" ${from}`,
      ]);
      const open = await openDeals(handle, rows);
      return { items: rows.map((row) => ({ ...row, ...(open.get(row.id) ?? { openDeals: 0, openUsd: '0.00' }) })), ...sum! };
    },
  };
}

type Row = Omit<Account, 'openDeals' | 'openUsd'>;

function conditions({ query, ownerId, health, state, city }: AccountFilter): Prisma.Sql {
  const words = (query ?? '')
    .split(/[\s,;:"]+/)
    .filter(Boolean)
    .slice(0, 8);
  const all = [
    ...words.map((word) => Prisma.sql`AND a.name ILIKE ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`),
    ...(ownerId === null ? [Prisma.sql`AND a.owner_id IS NULL`] : ownerId ? [Prisma.sql`AND a.owner_id = ${ownerId}::uuid`] : []),
    ...(health?.length ? [Prisma.sql`AND lower(a.health) = ANY(${health.map((one) => one.toLowerCase())})`] : []),
    ...(state ? [Prisma.sql`AND lower(l.state) = lower(${state})`] : []),
    ...(city ? [Prisma.sql`AND lower(l.city) = lower(${city})`] : []),
  ];
  return all.length ? Prisma.join(all, ' ') : Prisma.empty;
}

/** By account, of the deals that are neither won nor lost. */
async function openDeals(
  { prisma, scope: { tenantId } }: Handle,
  rows: { id: string }[],
): Promise<Map<string, { openDeals: number; openUsd: string }>> {
  const groups = await prisma.deal.groupBy({
    by: ['accountId', 'stage'],
    where: {
      tenantId,
      deletedAt: null,
      accountId: { in: rows.map(({ id }) => id) },
      OR: [{ leadId: null }, { lead: { deletedAt: null } }],
    },
    _count: { _all: true },
    _sum: { amountUsd: true },
  });
  const open = new Map<string, { openDeals: number; openUsd: string }>();
  for (const { accountId, stage, _count, _sum } of groups) {
    if (!accountId || isClosedStage(stage)) continue;
    const before = open.get(accountId) ?? { openDeals: 0, openUsd: '0.00' };
    const openUsd = inCents(addUsd(before.openUsd, _sum.amountUsd?.toFixed(2) ?? '0'));
    open.set(accountId, { openDeals: before.openDeals + _count._all, openUsd });
  }
  return open;
}
