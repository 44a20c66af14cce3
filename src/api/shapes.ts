import { z } from 'zod';
import { roles } from '../core/actor.ts';
import { votes } from '../core/feedback.ts';
import { decisions, proposalStatuses } from '../core/proposal.ts';

/** What leaves over HTTP, as the documentation shows it. Dates are ISO 8601 text. */
const date = z.iso.datetime({ offset: true });
const id = z.uuid();
const amount = z.string().describe('Exact decimal text, USD.');
const risk = z.enum(['read', 'draft', 'write', 'send', 'bulk']);
const fields = z.record(z.string(), z.unknown()).nullable();

export const errorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

const changeShape = z.object({
  entity: z.string(),
  id: z.string(),
  label: z.string(),
  op: z.enum(['create', 'update', 'delete', 'restore']),
  before: fields,
  after: fields,
});
export const changesShape = z.array(changeShape);

export const proposalShape = z.object({
  id,
  tool: z.string(),
  input: z.record(z.string(), z.unknown()),
  paramsHash: z.string(),
  risk,
  reach: z.enum(['one', 'many']),
  title: z.string(),
  reason: z.string().nullable(),
  changes: changesShape,
  preview: z.unknown(),
  evidence: z.array(z.unknown()),
  confirmCount: z.number().nullable().describe('Set for bulk: the number a person must type to accept.'),
  status: z.enum(proposalStatuses),
  requesterId: id,
  requestedBy: z.string(),
  surface: z.string(),
  deciderId: id.nullable(),
  deciderRole: z.enum(roles).nullable(),
  delegatedById: id.nullable().describe('Who handed the decision on to the decider, last.'),
  delegatedAt: date.nullable(),
  conversationId: id.nullable(),
  threadId: z.string().nullable(),
  decidedById: id.nullable(),
  decidedAt: date.nullable(),
  decision: z.enum(decisions).nullable(),
  note: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  receiptId: id.nullable(),
  createdAt: date,
  expiresAt: date,
});

export const receiptShape = z.object({
  id,
  tool: z.string(),
  title: z.string(),
  changes: changesShape,
  userId: id,
  userName: z.string(),
  requestedBy: z.string(),
  surface: z.string(),
  risk,
  reach: z.enum(['one', 'many']),
  costUsd: amount,
  conversationId: id.nullable(),
  proposalId: id.nullable(),
  undoOfId: id.nullable(),
  undoneById: id.nullable(),
  undoable: z.boolean(),
  createdAt: date,
});

export const replyShape = z.object({
  turnId: id.describe('To rate this reply: POST /api/v1/conversations/{id}/turns/{turnId}/feedback.'),
  text: z.string(),
  agent: z.string(),
  cards: z.array(z.object({ title: z.string().optional(), blocks: z.array(z.record(z.string(), z.unknown())) })),
  receipts: z.array(receiptShape),
  proposals: z.array(proposalShape),
  sources: z.array(z.string()),
  costUsd: amount,
  degraded: z.boolean(),
  model: z.string(),
});

export const conversationShape = z.object({
  id,
  userId: id,
  kind: z.enum(['assistant', 'contact']),
  agent: z.string(),
  surface: z.string(),
  title: z.string().nullable(),
  createdAt: date,
  updatedAt: date,
});

export const messageShape = z.object({
  id,
  turnId: id,
  role: z.enum(['user', 'assistant', 'system']),
  text: z.string(),
  reply: replyShape.nullable(),
  vote: z.enum(votes).nullable().describe('My vote on this reply.'),
  createdAt: date,
});

export const ratingShape = z.object({
  conversationId: id,
  turnId: id,
  vote: z.enum(votes).nullable(),
  comment: z.string().nullable(),
});

export const uploadShape = z.object({ uploadId: id, fileName: z.string(), bytes: z.number(), expiresAt: date });

export const mailShape = z.object({
  id,
  leadId: id.nullable(),
  sender: z.string(),
  recipients: z.array(z.string()),
  subject: z.string(),
  body: z.string(),
  status: z.string(),
  createdAt: date,
});

/** Answers by status. They document; what is sent is the handler's own, so a shape that is wrong here fails no request. */
export const answers = (byStatus: Record<number, z.ZodType>): { response: Record<string, z.ZodType<unknown>> } => ({
  response: { ...byStatus, '4xx': errorShape },
});

/** A yes or no in a query string: `?dryRun=true`, or just `?dryRun`. */
export const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((text) => text !== 'false' && text !== '0');

export const idParams = z.object({ id });
export const limitOf = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);
