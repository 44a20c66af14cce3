import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Actor, atLeast } from '../core/actor.ts';
import { decisions, mayDecide, mayLookAt, type Proposal, proposalStatuses } from '../core/proposal.ts';
import { AppError } from '../errors.ts';
import { checkConversation, decide, supersede } from '../tools/decide.ts';
import { decideMany, mostAtOnce } from '../tools/decide-many.ts';
import { delegate } from '../tools/delegate.ts';
import { scopeOf } from '../tools/gate.ts';
import { actorOf, personCall } from './auth.ts';
import { replyOf } from './conversations.ts';
import type { ApiParts } from './server.ts';
import { answers, idParams, limitOf, proposalShape, receiptShape, replyShape } from './shapes.ts';

const decisionBody = z.strictObject({
  decision: z.enum(decisions),
  note: z.string().max(5000).optional().describe('For respond: what to ask or change.'),
  patch: z.record(z.string(), z.unknown()).optional().describe('For edit: fields of the input to replace.'),
  paramsHash: z.string().max(100).optional().describe('Of what you saw; when given, only exactly that is accepted.'),
  confirmCount: z.number().int().optional().describe('For bulk: the number of records, typed by a person.'),
});

const decisionsBody = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(mostAtOnce),
  decision: z.enum(['accept', 'ignore']),
  paramsHashes: z
    .record(z.uuid(), z.string().max(100))
    .optional()
    .describe('By id, of what you saw; those that are given are accepted exactly like that.'),
});

const delegationBody = z.strictObject({
  to: z.string().trim().min(1).max(200).describe('Handle, id or name of who shall decide.'),
  note: z.string().max(5000).optional().describe('Why, for whoever decides.'),
});

const resultShape = z.object({
  id: z.uuid(),
  title: z.string().optional(),
  ok: z.boolean(),
  message: z.string(),
  code: z.string().optional().describe('Why it was not decided.'),
  proposal: proposalShape.optional(),
  receipt: receiptShape.optional(),
});

/** A key alone is no press: what a viewer may not start, they may not let happen either. */
function checkMayDecide({ role }: Actor): void {
  if (!atLeast(role, 'rep')) throw new AppError('forbidden', 'Deciding needs the role rep; you are a viewer.');
}

/** The approval queue. */
export const proposalRoutes =
  ({ gate, converser }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['proposals'];
    const recordsOf = (actor: Actor) => gate.deps.db.records(scopeOf({ actor, by: 'person' }));

    app.get(
      '/proposals',
      {
        schema: {
          tags,
          summary: 'Proposals that are mine to decide, that I asked for or that I handed on, newest first',
          querystring: z.object({ status: z.enum(proposalStatuses).optional(), limit: limitOf(200, 50) }),
          ...answers({ 200: z.object({ proposals: z.array(proposalShape), total: z.number() }) }),
        },
      },
      async (request) => {
        const actor = actorOf(request);
        const { items, total } = await recordsOf(actor).proposals.list({ ...request.query, visibleTo: actor });
        return { proposals: items, total };
      },
    );

    app.get(
      '/proposals/:id',
      { schema: { tags, summary: 'One proposal', params: idParams, ...answers({ 200: proposalShape }) } },
      async (request) => {
        const actor = actorOf(request);
        const proposal = await recordsOf(actor).proposals.get(request.params.id);
        if (!proposal || !mayLookAt(proposal, actor)) throw new AppError('not_found', 'There is no such proposal.');
        return proposal;
      },
    );

    app.post(
      '/proposals/:id/decision',
      {
        schema: {
          tags,
          summary: 'Accept, edit, respond to or ignore a proposal',
          description:
            'Happens at most once: 409 when it was decided, expired or went stale, 403 when it is not yours. 202 while its effect is still under way. `respond` keeps it pending and answers with the reply of its conversation; a new proposal in that reply supersedes it.',
          params: idParams,
          body: decisionBody,
          ...answers({
            200: z.object({
              proposal: proposalShape,
              receipt: receiptShape.optional(),
              reply: replyShape.optional(),
              replacement: proposalShape.optional(),
            }),
            202: z.object({ status: z.literal('executing'), proposal: proposalShape }),
          }),
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        checkMayDecide(actor);
        const { body } = request;
        if (body.decision === 'respond') {
          const proposal = await recordsOf(actor).proposals.get(request.params.id);
          if (proposal && mayDecide(proposal, actor)) await checkConversation(recordsOf(actor), proposal);
        }
        const decided = await decide(gate, request.params.id, body, personCall(request));
        if (decided.proposal.status === 'accepted')
          return reply.code(202).send({ status: 'executing', proposal: decided.proposal });
        if (body.decision !== 'respond') return decided;
        // what was not asked for in a conversation begins one
        const conversationId = decided.proposal.conversationId ?? (await converser.open(actor)).id;
        return talk(decided.proposal, conversationId, body.note!, actor, request.id);
      },
    );

    app.post(
      '/proposals/decisions',
      {
        schema: {
          tags,
          summary: 'Accept or ignore several proposals at once',
          description:
            'Each is decided for itself, in this order: one that was decided already, expired, went stale or is not yours says so in its own result and stops none of the others. One that asks for a typed number (`confirmCount`) is never decided among others.',
          body: decisionsBody,
          ...answers({ 200: z.object({ results: z.array(resultShape) }) }),
        },
      },
      async (request) => {
        checkMayDecide(actorOf(request));
        const { ids, ...input } = request.body;
        return { results: await decideMany(gate, ids, input, personCall(request)) };
      },
    );

    app.post(
      '/proposals/:id/delegate',
      {
        schema: {
          tags,
          summary: 'Hand the decision on to somebody else',
          description:
            'By whoever may decide it now, while it is pending; from then on it is the other person’s alone. They need the role that the call needs, at least rep, and admin where an admin has to decide. 403 when it is not yours or they may not decide it, 409 when it was decided or has expired.',
          params: idParams,
          body: delegationBody,
          ...answers({ 200: z.object({ proposal: proposalShape }) }),
        },
      },
      async (request) => ({ proposal: await delegate(gate, request.params.id, request.body, personCall(request)) }),
    );

    async function talk(proposal: Proposal, conversationId: string, note: string, actor: Actor, requestId: string) {
      const reply = await replyOf((await converser.say({ actor, conversationId, text: note, requestId })).events);
      const replacement = await supersede(gate, proposal, reply.proposals, { actor, by: 'person' });
      const now = (await recordsOf(actor).proposals.get(proposal.id)) ?? proposal;
      return { proposal: now, reply, ...(replacement && { replacement }) };
    }
  };
