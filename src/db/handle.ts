import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../core/change.ts';
import type { Scope } from '../core/records.ts';
import { AppError } from '../errors.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';

/** One tenant's view of the database: inside a transaction, or on its own. Every query of this folder goes through one. */
export interface Handle {
  prisma: PrismaClient | Prisma.TransactionClient;
  scope: Scope;
  /** Filled by every write, in order. */
  changes: Change[];
  inTransaction: boolean;
  /** Tidying for when the transaction has ended, however it ended. */
  afterwards: (() => Promise<unknown>)[];
  now(): Date;
}

/** Time-ordered ids, made here because Postgres before 18 cannot. */
export const newId = (): string => uuidv7();

export const isId = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

export const gone = (what: string): AppError => new AppError('not_found', `That ${what} is not here (any more).`);

/** Takes and holds the row until the transaction ends, so that what is read next cannot change under us. */
export async function lockRow(
  handle: Handle,
  table:
    | 'leads'
    | 'contacts'
    | 'deals'
    | 'accounts'
    | 'tasks'
    | 'activities'
    | 'mail_outbox'
    | 'receipts'
    | 'proposals'
    | 'jobs'
    | 'imports'
    | 'import_rows'
    | 'icp_profiles'
    | 'price_overrides',
  id: string,
): Promise<void> {
  if (!handle.inTransaction) return;
  await handle.prisma.$queryRawUnsafe(
    `SELECT 1 FROM ${table} WHERE id = $1::${table === 'import_rows' ? 'text::bigint' : 'uuid'} AND tenant_id = $2::uuid FOR UPDATE`,
    id,
    handle.scope.tenantId,
  );
}

export const json = (value: unknown): Prisma.InputJsonValue => JSON.parse(JSON.stringify(value ?? null)) as Prisma.InputJsonValue;

/** A value as it is kept in a change or a receipt: dates as ISO text, so that stored and fresh values compare equal. */
export function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value && typeof value === 'object' && 'toFixed' in value) return String(value);
  return value ?? null;
}
