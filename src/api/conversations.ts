import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Actor } from '../core/actor.ts';
import type { Conversation, Conversations, Reply, StoredMessage, TurnEvent } from '../core/conversation.ts';
import { longestComment, votes } from '../core/feedback.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import { scopeOf } from '../tools/gate.ts';
import { actorOf, whoAsks } from './auth.ts';
import { statusOf } from './errors.ts';
import { follow, hasMore } from './follow.ts';
import type { Once } from './idempotency.ts';
import { liveIds, readPosition } from './position.ts';
import type { ApiParts } from './server.ts';
import { answers, conversationShape, idParams, limitOf, messageShape, ratingShape, replyShape } from './shapes.ts';
import { hungUp, sendEvents, sseEvent, wantsEvents } from './sse.ts';

/** Chat over HTTP. A turn belongs to its conversation, not to the connection that started it: hanging up does not stop it. */
export const conversationRoutes =
  (parts: ApiParts, { settle }: Once, closing: AbortSignal): FastifyPluginAsyncZod =>
  async (app) => {
    const { gate, converser } = parts;
    const recordsOf = (actor: Actor) => gate.deps.db.records(scopeOf({ actor, by: 'person' }));
    const of = (actor: Actor): Conversations => recordsOf(actor).conversations;
    const tags = ['conversations'];

    app.post(
      '/conversations',
      {
        schema: {
          tags,
          summary: 'Open a conversation',
          body: z.strictObject({ agent: z.string().max(60).optional() }).nullish(),
          ...answers({ 201: conversationShape }),
        },
      },
      async (request, reply) => reply.code(201).send(await converser.open(actorOf(request), request.body?.agent)),
    );

    app.get(
      '/conversations',
      {
        schema: {
          tags,
          summary: 'My conversations, the newest first',
          querystring: z.object({ kind: z.enum(['assistant', 'contact']).default('assistant'), limit: limitOf(200, 50) }),
          ...answers({ 200: z.object({ conversations: z.array(conversationShape) }) }),
        },
      },
      async (request) => ({ conversations: await of(actorOf(request)).list(request.query.kind, request.query.limit) }),
    );

    app.get(
      '/conversations/:id/messages',
      {
        schema: {
          tags,
          summary: 'What was said, oldest first',
          params: idParams,
          querystring: z.object({ limit: limitOf(500, 100) }),
          ...answers({ 200: z.object({ conversation: conversationShape, messages: z.array(messageShape) }) }),
        },
      },
      async (request) => {
        const { conversations, feedback } = recordsOf(actorOf(request));
        const conversation = await own(conversations, request.params.id);
        const messages = await conversations.messages(conversation.id, request.query.limit);
        const voted = await feedback.mine(conversation.id);
        const voteOn = ({ role, turnId }: StoredMessage) => (role === 'assistant' && voted.get(turnId)?.vote) || null;
        return {
          conversation,
          // tool calls and what they returned are the assistant's memory, not part of the talk
          messages: messages.map((message) => {
            const { steps: _steps, shown: _shown, ...told } = message;
            return { ...told, vote: voteOn(message) };
          }),
        };
      },
    );

    app.post(
      '/conversations/:id/messages',
      {
        schema: {
          tags,
          summary: 'Say something and get the reply',
          description:
            'With `Accept: text/event-stream` the reply comes as events: text, step, card, proposal, receipt, then done or error. After a cut connection, GET .../events with the last id goes on where it stopped.',
          params: idParams,
          body: z.strictObject({ text: z.string(), agent: z.string().max(60).optional() }),
          ...answers({ 200: replyShape }),
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const conversation = await own(of(actor), request.params.id);
        checkAgent(request.body.agent, conversation, converser.agentNames());
        const { turnId, events } = await converser.say({
          actor,
          conversationId: conversation.id,
          text: request.body.text,
          requestId: request.id,
        });
        if (!wantsEvents(request)) return reply.send(await replyOf(events));
        // the key is settled by the turn's end, whoever still listens then
        void replyOf(events).then(
          (answer) => settle(request, 200, answer),
          (error) =>
            settle(request, statusOf[(error as AppError).code] ?? 500, {
              error: { code: (error as AppError).code, message: (error as AppError).message, requestId: request.id },
            }),
        );
        return sendEvents(
          reply,
          live(turnId, events),
          // an answer is finished before the server closes
          hungUp(reply, undefined, () => whoAsks(request, parts)),
        );
      },
    );

    app.post(
      '/conversations/:id/turns/:turnId/feedback',
      {
        schema: {
          tags,
          summary: 'Say what I think of a reply: thumbs up or down',
          description: `One vote for each turn: again changes it, null takes it back. A comment has at most ${longestComment} characters, goes with a vote, and stays until the vote changes. The vote becomes quality_score and feedback_count of the model calls that made the reply.`,
          params: idParams.extend({ turnId: z.uuid() }),
          body: z.strictObject({ vote: z.enum(votes).nullable(), comment: z.string().optional() }),
          ...answers({ 200: ratingShape }),
        },
      },
      async (request) => {
        const { id: conversationId, turnId } = request.params;
        const { vote, comment } = request.body;
        return recordsOf(actorOf(request)).feedback.rate({
          conversationId,
          turnId,
          vote,
          ...(comment !== undefined && { comment }),
        });
      },
    );

    app.get(
      '/conversations/:id/events',
      {
        schema: {
          tags,
          summary: 'Follow the running turn, or go on after a cut connection',
          description:
            'Server-sent events after `Last-Event-ID` (or `after`), until the running turn is done. 204: nothing more is to come.',
          params: idParams,
          querystring: z.object({ after: z.string().max(80).optional() }),
          ...answers({}),
        },
      },
      async (request, reply) => {
        const conversations = of(actorOf(request));
        const { id } = await own(conversations, request.params.id);
        const header = request.headers['last-event-id'];
        const position = readPosition(typeof header === 'string' && header ? header : request.query.after);
        // an EventSource comes back after every end; 204 is how it is told to stay away
        if (!(await hasMore(conversations, id, position))) return reply.code(204).send();
        return sendEvents(
          reply,
          follow(
            conversations,
            id,
            position,
            hungUp(reply, closing, () => whoAsks(request, parts)),
          ),
        );
      },
    );

    app.post(
      '/conversations/:id/stop',
      {
        schema: {
          tags,
          summary: 'Stop the running turn',
          params: idParams,
          ...answers({ 200: z.object({ stopping: z.boolean() }) }),
        },
      },
      async (request) => {
        const conversations = of(actorOf(request));
        const { id } = await own(conversations, request.params.id);
        return { stopping: await conversations.stopTurn(id) };
      },
    );
  };

async function own(conversations: Conversations, id: string): Promise<Conversation> {
  const conversation = await conversations.get(id);
  if (!conversation) throw new AppError('not_found', 'There is no such conversation.');
  return conversation;
}

function checkAgent(asked: string | undefined, { agent }: Conversation, names: string[]): void {
  if (asked === undefined || asked === agent) return;
  const known = names.includes(asked)
    ? `Open a conversation with ${asked} for that.`
    : `There is no agent "${asked}". Agents: ${names.join(', ')}.`;
  throw new AppError('invalid_input', `This conversation is with ${agent}. ${known}`);
}

/** The end of a turn as an answer, or as the error it ended with. */
export async function replyOf(events: AsyncIterable<TurnEvent>): Promise<Reply> {
  let end: TurnEvent | undefined;
  for await (const event of events) if (event.type === 'done' || event.type === 'error') end = event;
  if (end?.type === 'done') return end.reply;
  if (end?.type === 'error') throw new AppError(end.code as ErrorCode, end.message);
  throw new AppError('internal', 'The turn ended without an answer.');
}

async function* live(turnId: string, events: AsyncIterable<TurnEvent>): AsyncGenerator<string> {
  const idOf = liveIds(turnId);
  for await (const event of events) yield sseEvent(idOf(event), event);
}
