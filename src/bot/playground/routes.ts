import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Happening } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';
import { deliver } from './deliver.ts';
import { type Door, type Visitor, visitorOf } from './door.ts';
import { channelEvents, positionIn } from './events.ts';
import { me } from './me.ts';
import { deliveryWays } from './page/wire.ts';
import { pageRoutes } from './page-routes.ts';
import type { PlaygroundParts } from './parts.ts';
import { pressed } from './press.ts';
import { facesOf } from './shown.ts';
import { placeOf } from './surface.ts';

const longestText = 40_000;
const mostFiles = 10;
const words = z.string().max(longestText);

const messageBody = z.strictObject({
  key: z.uuid(),
  text: words.default(''),
  files: z
    .array(z.strictObject({ uploadId: z.uuid(), name: z.string().min(1).max(300), bytes: z.number().int().min(0) }))
    .max(mostFiles)
    .default([]),
});
const editBody = z.strictObject({
  key: z.uuid(),
  messageId: z.string().regex(/^\d{1,18}$/),
  text: words.refine((text) => text.trim() !== '', 'says nothing'),
});
const deliverBody = z.strictObject({
  text: words.refine((text) => text.trim() !== '', 'says nothing'),
  how: z.enum(deliveryWays),
});
const pressBody = z.strictObject({
  token: z.string().min(1).max(200),
  messageId: z.string().max(40).optional(),
  values: z.record(z.string().max(200), z.string().max(longestText)).default({}),
});
const emptyBody = z.strictObject({}).nullish();

/** The playground's doors: the page at the root, and what it talks to. */
export const playgroundRoutes =
  (parts: PlaygroundParts) =>
  async (server: FastifyInstance, door: Door): Promise<void> => {
    const { chat, messages, signals, now } = parts;
    const asks = (request: FastifyRequest) => visitorOf(request, door);
    const inbound = <What extends Happening>({ user }: Visitor, key: string, what: What, at = now()) => ({
      ...{ key: `playground:${user.externalUser}:${key}`, user, place: placeOf(user), at: at.toISOString() },
      ...what,
    });
    const stop = async (visitor: Visitor) => ({
      stopping: await chat.stop(inbound(visitor, randomUUID(), { kind: 'stop' as const })),
    });

    await server.register(pageRoutes(parts.log));

    server.get('/playground/me', { schema: { hide: true } }, async (request) => me(parts, await asks(request), request, door));

    server.get('/playground/events', { schema: { hide: true } }, async (request, reply) => {
      const visitor = await asks(request);
      const position = positionIn(request.headers['last-event-id']);
      const events = channelEvents(
        { messages, signals, event: door.event, log: parts.log },
        visitor,
        position,
        door.hungUp(reply, () => asks(request)),
      );
      return door.sendEvents(reply, events);
    });

    server.post('/playground/messages', { schema: { hide: true, body: messageBody } }, async (request) => {
      const visitor = await asks(request);
      const { key, text, files } = request.body as z.infer<typeof messageBody>;
      if (!text.trim() && !files.length) throw new AppError('invalid_input', 'Say something, or send a file.');
      const sent = files.map(({ uploadId: id, name, bytes }) => ({ id, name, bytes }));
      const at = now();
      // shown first: an answer must not stand above its question. A client that hears nothing of us sends the same key again.
      const shown = files.length ? { text, files: sent.map(({ name, bytes }) => ({ name, bytes })) } : { text };
      await messages.add(visitor.user.externalUser, { speaker: 'you', content: shown, key, at });
      const message: Happening = { kind: 'message', messageId: key, text, files: sent };
      return { outcome: await chat.hear(inbound(visitor, key, message, at)) };
    });

    server.post('/playground/edit', { schema: { hide: true, body: editBody } }, async (request) => {
      const visitor = await asks(request);
      const { key, messageId, text } = request.body as z.infer<typeof editBody>;
      const channel = visitor.user.externalUser;
      const said = await messages.own(channel, messageId);
      if (!said) throw new AppError('not_found', 'This message is not here any more, so it cannot be changed.');
      if (said.content.files) throw new AppError('invalid_input', 'A message with a list cannot be changed. Send it again.');
      await messages.write(channel, messageId, { ...said.content, text, edited: true });
      return { outcome: await chat.hear(inbound(visitor, key, { kind: 'edited', messageId: said.key, text })) };
    });

    server.post('/playground/deliver', { schema: { hide: true, body: deliverBody } }, async (request) => {
      const visitor = await asks(request);
      const { text, how } = request.body as z.infer<typeof deliverBody>;
      const deliveries = await deliver(how, text, {
        now,
        show: async ({ key, text, saidAt }) =>
          void (await messages.add(visitor.user.externalUser, { speaker: 'you', content: { text }, key, at: saidAt })),
        hear: ({ key, text, saidAt }) =>
          chat.hear(inbound(visitor, key, { kind: 'message', messageId: key, text, files: [] }, saidAt)),
      });
      return { deliveries };
    });

    server.post('/playground/press', { schema: { hide: true, body: pressBody } }, async (request) =>
      pressed(parts, await asks(request), request.body as z.infer<typeof pressBody>),
    );

    server.post('/playground/stop', { schema: { hide: true, body: emptyBody } }, async (request) => stop(await asks(request)));

    server.get('/playground/queue', { schema: { hide: true } }, async (request) => {
      const { actor } = await asks(request);
      const waiting = actor ? await chat.waiting(actor) : [];
      return {
        approvals: waiting.map(({ proposal, said, mine }) => ({
          ...{ proposalId: proposal.id, state: proposal.status, mine, said },
          ...facesOf(said),
        })),
      };
    });

    server.post('/playground/clear', { schema: { hide: true, body: emptyBody } }, async (request) => {
      const visitor = await asks(request);
      await stop(visitor);
      await messages.remove(visitor.user.externalUser);
      if (visitor.actor) await chat.beginAnew(visitor.actor.userId);
      return {};
    });
  };
