import { implausible, type PriceOverrides, type PriceRow, priceRowSchema } from '../core/price.ts';
import { priceTable } from '../core/price-table.ts';
import { AppError, messageOf } from '../errors.ts';
import type { PrismaClient } from './generated/client.ts';
import { type Handle, isId, json, newId } from './handle.ts';

export interface PriceOptions {
  knownPrices?: readonly PriceRow[];
}

/** The prices of models that a workspace has of its own. */
export function priceOverrides(handle: Handle, { knownPrices = [] }: PriceOptions): PriceOverrides {
  const { prisma, scope } = handle;
  const list = async () => {
    const where = { tenantId: scope.tenantId, removedAt: null };
    return (await prisma.priceOverride.findMany({ where, orderBy: { id: 'asc' } })).map(({ row }) => row as PriceRow);
  };
  return {
    list,
    async add({ source = 'entered by hand', ...price }) {
      const known = knownPrices.findLast(({ provider, model }) => provider === price.provider && model === price.model);
      const doubt = implausible(price, known);
      if (doubt) throw new AppError('invalid_input', `This price was not kept: ${doubt}`);
      const checked = handle.now().toISOString().slice(0, 10);
      const parsed = priceRowSchema.safeParse({ id: newId(), ...price, source, checked, verified: true });
      if (!parsed.success) {
        const { path, message } = parsed.error.issues[0]!;
        throw new AppError('invalid_input', `This price was not kept: ${[path.join('.'), message].filter(Boolean).join(' ')}.`);
      }
      const row = parsed.data;
      try {
        priceTable([...(await list()), row]);
      } catch (error) {
        throw new AppError('conflict', `This price was not kept: ${messageOf(error)}. Remove the other one first, or end it.`);
      }
      await prisma.priceOverride.create({
        data: { id: row.id, tenantId: scope.tenantId, row: json(row), userId: scope.userId },
      });
      return row;
    },
    async remove(id) {
      if (!isId(id)) return false;
      const where = { id, tenantId: scope.tenantId, removedAt: null };
      return (await prisma.priceOverride.updateMany({ where, data: { removedAt: handle.now() } })).count > 0;
    },
  };
}

/** Of every workspace, for keeping them at hand. */
export async function allPriceOverrides(prisma: PrismaClient): Promise<{ tenantId: string; rows: PriceRow[] }[]> {
  const all = await prisma.priceOverride.findMany({ where: { removedAt: null }, orderBy: { id: 'asc' } });
  const tenants = [...new Set(all.map(({ tenantId }) => tenantId))];
  return tenants.map((tenantId) => ({
    tenantId,
    rows: all.filter((one) => one.tenantId === tenantId).map(({ row }) => row as PriceRow),
  }));
}
