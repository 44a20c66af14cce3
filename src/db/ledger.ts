import type { Pool, PoolClient } from 'pg';
import type { Executions, Ledger } from '../core/execution.ts';
import { rowText } from '../core/rowtext.ts';
import type { Connections } from './connections.ts';
import { copyIn, inBatches } from './copy.ts';
import type { PrismaClient } from './generated/client.ts';
import { type Handle, json, newId } from './handle.ts';

export function ledger(prisma: PrismaClient): Ledger {
  return {
    async run({ input, output, latencyMs, ...execution }) {
      const id = newId();
      await prisma.agentExecution.create({
        data: { id, ...execution, latencyMs: Math.round(latencyMs), input: json(input), output: json(output ?? null) },
      });
      return id;
    },
    async cached(tenantId, agentType, cacheKey) {
      const row = await prisma.agentExecution.findFirst({
        where: { tenantId, agentType, cacheKey, status: 'succeeded' },
        orderBy: { createdAt: 'desc' },
        select: { id: true, output: true },
      });
      return row ?? undefined;
    },
  };
}

const columns = ['id', 'tenant_id', 'agent_type', 'lead_id', 'status', 'latency_ms', 'cost_usd', 'input', 'output', 'cache_key'];

export function executions(handle: Handle, { pool, connections }: { pool: Pool; connections: Connections }): Executions {
  const { prisma, scope } = handle;
  return {
    async known(agentType, cacheKeys) {
      const rows = await prisma.agentExecution.findMany({
        where: { tenantId: scope.tenantId, agentType, cacheKey: { in: cacheKeys }, status: 'succeeded' },
        select: { cacheKey: true },
      });
      return new Set(rows.map(({ cacheKey }) => cacheKey!));
    },
    async add(all) {
      const lines = async function* () {
        for (const { agentType, leadId, status, latencyMs, costUsd, input, output, cacheKey } of all) {
          const cells = [newId(), scope.tenantId, agentType, leadId, status, String(Math.round(latencyMs)), costUsd];
          yield rowText([...cells, JSON.stringify(input), JSON.stringify(output ?? null), cacheKey]);
        }
      };
      if (all.length === 0) return;
      const copy = (client: PoolClient) => copyIn(client, 'agent_executions', columns, inBatches(lines()));
      if (handle.inTransaction) return void (await copy(await connections.of(handle)));
      const client = await pool.connect();
      await copy(client).finally(() => client.release());
    },
  };
}
