import type { Idempotency } from '../core/idempotency.ts';
import type { PrismaClient } from './generated/client.ts';
import { json } from './handle.ts';

/** After this long an unanswered claim belongs to a process that died. */
const abandonedAfter = '2 minutes';

export function idempotency(prisma: PrismaClient): Idempotency {
  return {
    async claim({ tenantId, userId }, { key, route, bodyHash }) {
      const won = await prisma.$executeRaw`
        INSERT INTO idempotency_keys (tenant_id, user_id, key, route, body_hash) VALUES (${tenantId}::uuid, ${userId}::uuid, ${key}, ${route}, ${bodyHash})
        ON CONFLICT (tenant_id, user_id, key) DO UPDATE SET created_at = now(), route = excluded.route, body_hash = excluded.body_hash, status = NULL, response = NULL
        WHERE idempotency_keys.created_at < now() - interval '24 hours'
          OR (idempotency_keys.status IS NULL AND idempotency_keys.created_at < now() - ${abandonedAfter}::text::interval)`;
      if (won) return { state: 'new' };
      const row = await prisma.idempotencyKey.findUnique({ where: { tenantId_userId_key: { tenantId, userId, key } } });
      if (!row) return { state: 'in_flight' };
      if (row.route !== route || row.bodyHash !== bodyHash) return { state: 'mismatch' };
      return row.status === null ? { state: 'in_flight' } : { state: 'replay', status: row.status, response: row.response };
    },
    async finish({ tenantId, userId }, key, { status, response }) {
      await prisma.idempotencyKey.updateMany({ where: { tenantId, userId, key }, data: { status, response: json(response) } });
    },
    async release({ tenantId, userId }, key) {
      await prisma.idempotencyKey.deleteMany({ where: { tenantId, userId, key, status: null } });
    },
  };
}
