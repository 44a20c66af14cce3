import { z } from 'zod';
import { riskWords } from '../core/approval.ts';
import type { Risk } from '../core/policy.ts';
import { formatWhen } from '../core/when.ts';
import { defineTool } from './define.ts';

export const listPending = defineTool({
  name: 'list_pending',
  title: 'What waits for a decision',
  description:
    'Proposals that wait for this user’s decision, newest first. Deciding is a person’s press: there is no tool for it.',
  input: z.strictObject({ limit: z.number().int().min(1).max(50).default(20) }),
  output: z.object({
    proposals: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        risk: z.string(),
        tool: z.string(),
        reason: z.string().nullable(),
        requestedBy: z.string(),
        delegatedBy: z.string().nullable().describe('Who handed the decision on to this user.'),
        expiresAt: z.string(),
      }),
    ),
    total: z.number(),
  }),
  risk: 'read',
  async run({ limit }, { records }, ctx) {
    const { items, total } = await records.proposals.list({
      status: 'pending',
      decidableBy: { userId: ctx.actor.userId, role: ctx.actor.role },
      limit,
    });
    const people = items.some((p) => p.delegatedById) ? await records.users.list() : [];
    return {
      total,
      proposals: items.map((p) => ({
        id: p.id,
        title: p.title,
        risk: p.risk,
        tool: p.tool,
        reason: p.reason,
        requestedBy: p.requestedBy,
        delegatedBy: people.find(({ id }) => id === p.delegatedById)?.name ?? null,
        expiresAt: p.expiresAt.toISOString(),
      })),
    };
  },
  card: ({ proposals }, { now, timeZone }) =>
    proposals.length
      ? {
          title: 'Waiting for you',
          blocks: [
            {
              type: 'table',
              columns: ['#', 'What', 'Risk', 'Until'],
              rows: proposals.map((p, i) => [
                String(i + 1),
                p.delegatedBy ? `${p.title} (from ${p.delegatedBy})` : p.title,
                riskWords[p.risk as Risk] ?? p.risk,
                formatWhen(new Date(p.expiresAt), now, timeZone),
              ]),
            },
          ],
        }
      : undefined,
  shows: ({ proposals }) => proposals.map((p) => ({ entity: 'proposal', id: p.id, label: p.title })),
});
