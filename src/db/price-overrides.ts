import type { Fields } from '../core/change.ts';
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
      handle.changes.push({ entity: 'price', id: row.id, label: labelOf(row), op: 'create', before: null, after: shown(row) });
      return row;
    },
    async remove(id) {
      if (!isId(id)) return false;
      const row = (await list()).find((one) => one.id === id);
      if (!row) return false;
      await setPriceRemoved(handle, id, true);
      handle.changes.push({ entity: 'price', id, label: labelOf(row), op: 'delete', before: shown(row), after: null });
      return true;
    },
    known: (provider, model) => knownPrices.filter((row) => row.provider === provider && row.model === model),
  };
}

const labelOf = ({ provider, model }: PriceRow): string => `${model} (${provider})`;

/** What a reader of a receipt wants to see of it. */
const shown = ({ input, output, cacheRead, cacheWrite5m, cacheWrite1h, from, to }: PriceRow): Fields => ({
  ...{ input, output, cacheRead, cacheWrite5m, cacheWrite1h, from, to },
});

/** Takes a price away, or brings it back; it is never deleted, because it explains older costs. Throws `conflict` when another one holds by now. */
export async function setPriceRemoved({ prisma, scope, now }: Handle, id: string, removed: boolean): Promise<void> {
  const rows = await prisma.priceOverride.findMany({ where: { tenantId: scope.tenantId, OR: [{ removedAt: null }, { id }] } });
  if (!removed)
    try {
      priceTable(rows.map(({ row }) => row as PriceRow));
    } catch (error) {
      throw new AppError('conflict', `This price cannot come back: ${messageOf(error)}.`);
    }
  await prisma.priceOverride.update({ where: { id }, data: { removedAt: removed ? now() : null } });
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
