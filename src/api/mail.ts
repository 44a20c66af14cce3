import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import { AppError } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { actorOf } from './auth.ts';
import type { ApiParts } from './server.ts';
import { answers, idParams, limitOf, mailShape } from './shapes.ts';

/** The local outbox: what would have left the building if a mail server were connected. */
export const mailRoutes =
  ({ gate }: ApiParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.addHook('onRequest', async (request) => {
      if (!atLeast(actorOf(request).role, 'rep')) throw new AppError('forbidden', 'Mail needs the role rep.');
    });
    app.get(
      '/mail',
      {
        schema: {
          tags: ['mail'],
          summary: 'The local mail outbox, newest first',
          querystring: z.object({ limit: limitOf(200, 50) }),
          ...answers({ 200: z.object({ mail: z.array(mailShape) }) }),
        },
      },
      async (request) => {
        const { mails } = gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' }));
        return { mail: await mails.list(request.query.limit) };
      },
    );
    app.get(
      '/mail/:id',
      { schema: { tags: ['mail'], summary: 'One mail', params: idParams, ...answers({ 200: mailShape }) } },
      async (request) => {
        const { mails } = gate.deps.db.records(scopeOf({ actor: actorOf(request), by: 'person' }));
        const mail = await mails.get(request.params.id);
        if (!mail) throw new AppError('not_found', 'There is no such mail.');
        return mail;
      },
    );
  };
