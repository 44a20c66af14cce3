import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../core/actor.ts';
import type { ChatUser } from '../../core/chat.ts';
import { playgroundUser } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';

/** What the one HTTP server lends: its login and its event streams. */
export interface Door {
  version: string;
  /** Who asks, by key or as the one at this machine; throws for a wrong key. */
  whoAsks(request: FastifyRequest): Promise<Actor | undefined>;
  /** Whether this is the person at the machine, who needs no key and may act as anybody. */
  isAtMachine(request: FastifyRequest): boolean;
  /** Aborts when the other side hangs up, when the server closes, or when `asks` refuses whoever listens by now. */
  hungUp(reply: FastifyReply, asks: () => Promise<unknown>): AbortSignal;
  sendEvents(reply: FastifyReply, events: AsyncIterable<string>): FastifyReply;
  event(id: string, event: { type: string } & Record<string, unknown>): string;
}

/** Somebody at the page. Without an actor they are nobody to us. */
export interface Visitor {
  user: ChatUser;
  actor?: Actor;
}

/** Acting as this is being somebody whom we do not know. */
const outsider = 'outsider';

export async function visitorOf(request: FastifyRequest, door: Door): Promise<Visitor> {
  const as = request.headers['x-act-as'];
  if (as === outsider && request.headers.authorization === undefined && door.isAtMachine(request))
    return { user: playgroundUser(outsider) };
  const actor = await door.whoAsks(request);
  if (!actor) throw new AppError('unauthorized', 'Log in with an API key. Make one with: npm run keys -- create --user NAME');
  return { actor: { ...actor, surface: 'playground' }, user: playgroundUser(actor.userId) };
}
