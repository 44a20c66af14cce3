import type { Ledger } from '../core/execution.ts';
import type { PrismaClient } from './generated/client.ts';
import { json, newId } from './handle.ts';

export function ledger(prisma: PrismaClient): Ledger {
  return {
    async call({ leadId, sessionId, userId, ttftMs, costUsd, latencyMs, ...record }) {
      await prisma.aiCost.createMany({
        data: {
          ...record,
          costUsd,
          costStatus: costUsd === null ? 'unpriced' : 'priced',
          latencyMs: Math.round(latencyMs),
          leadId: leadId ?? null,
          sessionId: sessionId ?? null,
          userId: userId ?? null,
          ttftMs: ttftMs === undefined ? null : Math.round(ttftMs),
        },
        skipDuplicates: true,
      });
    },
    async run({ input, output, latencyMs, ...execution }) {
      await prisma.agentExecution.create({
        data: { id: newId(), ...execution, latencyMs: Math.round(latencyMs), input: json(input), output: json(output ?? null) },
      });
    },
  };
}
