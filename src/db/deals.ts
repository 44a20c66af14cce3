import { type DealFilter, type DealRow, type DealSort, type Deals, inStageOrder, isClosedStage, stageKey } from '../core/deal.ts';
import type { Prisma } from './generated/client.ts';
import type { Handle } from './handle.ts';

const orders: Record<DealSort, Prisma.DealOrderByWithRelationInput[]> = {
  amount: [{ amountUsd: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
  closes: [{ closesAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
  newest: [{ id: 'desc' }],
};

export function deals(handle: Handle): Deals {
  const { prisma, scope } = handle;
  const { tenantId } = scope;
  /** Which stages there are is known only from the rows: lists bring names of their own. */
  const stagesOf = async (where: Prisma.DealWhereInput, { stage, open }: DealFilter) => {
    const rows = await prisma.deal.groupBy({ by: ['stage'], where, _count: { _all: true }, _sum: { amountUsd: true } });
    const wanted = stage && new Set(stage.map(stageKey));
    return inStageOrder(
      rows
        .filter(
          (row) => (!wanted || wanted.has(stageKey(row.stage))) && (open === undefined || open !== isClosedStage(row.stage)),
        )
        .map((row) => ({ stage: row.stage, count: row._count._all, amountUsd: row._sum.amountUsd?.toFixed(2) ?? '0.00' })),
    );
  };
  return {
    async list(filter, { sort, limit }) {
      const where: Prisma.DealWhereInput = {
        tenantId,
        deletedAt: null,
        ...(filter.ownerId !== undefined && { ownerId: filter.ownerId }),
        ...((filter.closesFrom || filter.closesBefore) && { closesAt: { gte: filter.closesFrom, lt: filter.closesBefore } }),
        AND: [
          // a deal with a deleted lead is out of sight with it
          { OR: [{ leadId: null }, { lead: { deletedAt: null } }] },
          ...(filter.about ? await about(handle, filter.about) : []),
        ],
      };
      const stages = await stagesOf(where, filter);
      const rows = await prisma.deal.findMany({
        where: { ...where, stage: { in: stages.map(({ stage }) => stage) } },
        include: { lead: { select: { name: true } } },
        orderBy: orders[sort],
        take: limit,
      });
      const named = await namesOf(handle, rows);
      return { items: rows.map((row) => toDeal(row, named)), stages };
    },
  };
}

/** Each word in the name of the deal, of its account or of its lead. */
async function about({ prisma, scope: { tenantId } }: Handle, text: string): Promise<Prisma.DealWhereInput[]> {
  const words = text
    .split(/[\s,;:"]+/)
    .filter(Boolean)
    .slice(0, 8);
  return Promise.all(
    words.map(async (word): Promise<Prisma.DealWhereInput> => {
      const has = { contains: word, mode: 'insensitive' as const };
      const accounts = await prisma.account.findMany({
        where: { tenantId, deletedAt: null, name: has },
        select: { id: true },
        take: 1000,
      });
      return { OR: [{ name: has }, { lead: { name: has } }, { accountId: { in: accounts.map(({ id }) => id) } }] };
    }),
  );
}

async function namesOf({ prisma, scope: { tenantId } }: Handle, rows: { accountId: string | null; ownerId: string | null }[]) {
  const ids = (list: (string | null)[]) => [...new Set(list.filter((id) => id !== null))];
  const [accounts, owners] = await Promise.all([
    prisma.account.findMany({
      where: { tenantId, id: { in: ids(rows.map((row) => row.accountId)) } },
      select: { id: true, name: true },
    }),
    prisma.user.findMany({
      where: { tenantId, id: { in: ids(rows.map((row) => row.ownerId)) } },
      select: { id: true, name: true },
    }),
  ]);
  return new Map([...accounts, ...owners].map(({ id, name }) => [id, name]));
}

type Row = Prisma.DealGetPayload<{ include: { lead: { select: { name: true } } } }>;
const toDeal = (row: Row, names: Map<string, string>): DealRow => ({
  id: row.id,
  name: row.name,
  stage: row.stage,
  amountUsd: row.amountUsd?.toFixed(2) ?? null,
  closesAt: row.closesAt,
  leadId: row.leadId,
  leadName: row.lead?.name ?? null,
  accountId: row.accountId,
  accountName: (row.accountId && names.get(row.accountId)) || null,
  ownerId: row.ownerId,
  ownerName: (row.ownerId && names.get(row.ownerId)) || null,
  demo: row.demo,
});
