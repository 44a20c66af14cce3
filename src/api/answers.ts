import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Outcome } from '../tools/gate.ts';
import { changesShape, flag, proposalShape, receiptShape } from './shapes.ts';

/** How a call may be asked for over HTTP: `?propose=true`, `?dryRun=true`. */
export const callQuery = z.object({
  propose: flag.describe('Make a proposal of a write instead of running it.'),
  dryRun: flag.describe('Show what would change and change nothing.'),
});

export const doneShape = z.object({ result: z.unknown(), receipt: receiptShape.optional() });
const previewShape = z.object({ dryRun: z.literal(true), result: z.unknown(), changes: changesShape, title: z.string() });
const pendingShape = z.object({ status: z.literal('pending_approval'), proposalId: z.uuid(), proposal: proposalShape });
const runningShape = z.object({ status: z.literal('running'), jobId: z.uuid() });
export const doneOrPreview = z.union([doneShape, previewShape]);
export const waiting = z.union([pendingShape, runningShape]);

/** The outcome of a call as HTTP: done or shown 200 (or the status of the route), waiting for a person or for a job 202. */
export function sendOutcome(reply: FastifyReply, outcome: Outcome, { done = 200, flat = false } = {}): FastifyReply {
  const open = (result: unknown) => (flat ? (result as Record<string, unknown>) : { result });
  switch (outcome.status) {
    case 'done':
      return reply.code(done).send({ ...open(outcome.result), ...(outcome.receipt && { receipt: outcome.receipt }) });
    case 'preview':
      return reply.send({ dryRun: true, ...open(outcome.result), changes: outcome.changes, title: outcome.title });
    case 'pending_approval':
      return reply.code(202).send({ status: 'pending_approval', proposalId: outcome.proposal.id, proposal: outcome.proposal });
    case 'running':
      return reply.code(202).send({ status: 'running', jobId: outcome.job.id });
  }
}
