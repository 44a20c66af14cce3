import type { Change } from '../core/change.ts';
import type { Receipt, Receipts } from '../core/receipt.ts';
import type { Prisma } from './generated/client.ts';
import { type Handle, isId, json, lockRow, newId } from './handle.ts';

const withUser = { user: { select: { name: true } } } satisfies Prisma.ReceiptInclude;

export function receipts(handle: Handle): Receipts {
  const { prisma, scope } = handle;
  const get = async (id: string) => {
    const row = isId(id) ? await prisma.receipt.findFirst({ where: { tenantId: scope.tenantId, id }, include: withUser }) : null;
    return row ? toReceipt(row) : undefined;
  };
  return {
    get,
    async list({ userId, conversationId, limit }) {
      const where = { tenantId: scope.tenantId, ...(userId && { userId }), ...(conversationId && { conversationId }) };
      const rows = await prisma.receipt.findMany({ where, include: withUser, orderBy: { id: 'desc' }, take: limit });
      return rows.map(toReceipt);
    },
    async create({ changes, ...receipt }) {
      const row = await prisma.receipt.create({
        data: {
          id: newId(),
          tenantId: scope.tenantId,
          userId: scope.userId,
          surface: scope.surface,
          changes: json(changes),
          ...receipt,
        },
        include: withUser,
      });
      return toReceipt(row);
    },
    async newestUndoable({ userId, conversationId }) {
      const where = {
        tenantId: scope.tenantId,
        userId,
        undoable: true,
        undoneById: null,
        undoOfId: null,
        ...(conversationId && { conversationId }),
      };
      const row = await prisma.receipt.findFirst({ where, include: withUser, orderBy: { id: 'desc' } });
      return row ? toReceipt(row) : undefined;
    },
    async markUndone(id, byReceiptId) {
      const done = await prisma.receipt.updateMany({
        where: { id, tenantId: scope.tenantId, undoneById: null },
        data: { undoneById: byReceiptId },
      });
      return done.count === 1;
    },
    async lock(id) {
      await lockRow(handle, 'receipts', id);
      return get(id);
    },
  };
}

const toReceipt = ({ user, ...row }: Prisma.ReceiptGetPayload<{ include: typeof withUser }>): Receipt => ({
  id: row.id,
  tool: row.tool,
  title: row.title,
  changes: row.changes as unknown as Change[],
  userId: row.userId,
  userName: user.name,
  requestedBy: row.requestedBy as Receipt['requestedBy'],
  surface: row.surface as Receipt['surface'],
  risk: row.risk as Receipt['risk'],
  reach: row.reach as Receipt['reach'],
  costUsd: row.costUsd.toFixed(12),
  conversationId: row.conversationId,
  proposalId: row.proposalId,
  undoOfId: row.undoOfId,
  undoneById: row.undoneById,
  undoable: row.undoable,
  createdAt: row.createdAt,
});
