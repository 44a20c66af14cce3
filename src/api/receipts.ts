import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Actor, atLeast } from '../core/actor.ts';
import type { Receipt } from '../core/receipt.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { doneShape, sendOutcome, waiting } from './answers.ts';
import { actorOf, personCall } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers, idParams, limitOf, receiptShape } from './shapes.ts';

/** Proof of what happened, and the way back. */
export const receiptRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    const recordsOf = (actor: Actor) => gate.deps.db.records(scopeOf({ actor, by: 'person' }));

    app.get(
      '/receipts',
      {
        schema: {
          tags: ['receipts'],
          summary: 'My receipts, newest first',
          querystring: z.object({ conversationId: z.uuid().optional(), limit: limitOf(200, 50) }),
          ...answers({ 200: z.object({ receipts: z.array(receiptShape) }) }),
        },
      },
      async (request) => {
        const actor = actorOf(request);
        return { receipts: await recordsOf(actor).receipts.list({ userId: actor.userId, ...request.query }) };
      },
    );

    app.get(
      '/receipts/:id',
      { schema: { tags: ['receipts'], summary: 'One receipt', params: idParams, ...answers({ 200: receiptShape }) } },
      async (request) => {
        const actor = actorOf(request);
        return visible(await recordsOf(actor).receipts.get(request.params.id), actor);
      },
    );

    app.post(
      '/receipts/:id/undo',
      {
        schema: {
          tags: ['receipts'],
          summary: 'Take this change back',
          description: 'Fields that somebody changed since stay as they are and are listed in `result.kept`.',
          params: idParams,
          ...answers({ 200: doneShape, 202: waiting }),
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const { id } = visible(await recordsOf(actor).receipts.get(request.params.id), actor);
        return sendOutcome(reply, await gate.call('undo', { receiptId: id }, personCall(request)));
      },
    );
  };

function visible(receipt: Receipt | undefined, actor: Actor): Receipt {
  if (receipt && (receipt.userId === actor.userId || atLeast(actor.role, 'manager'))) return receipt;
  throw new AppError('not_found', 'There is no such receipt.');
}
