import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../core/access.ts';
import type { Actor } from '../core/actor.ts';
import { isLoopback } from '../core/address.ts';
import { visibleLine } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import type { CallContext } from '../tools/define.ts';
import { isDirectLocal } from './loopback.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set where a login is needed. */
    actor: Actor | undefined;
  }
}

export interface LoginParts {
  access: Access;
  config: { HOST: string; APP_ENV: string; PLAYGROUND?: boolean };
}

/** At the machine, with the playground on: the handle of whom to act as. */
const actAs = 'x-act-as';

const makeOne = 'npm run keys -- create --user NAME --role admin';

/** The person behind a request: the owner of a key, or the one at this machine. A wrong key is an error everywhere. */
export async function whoAsks(request: FastifyRequest, { access, config }: LoginParts): Promise<Actor | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    if (request.headers[actAs] !== undefined)
      throw new AppError('forbidden', 'Whoever has an API key acts as its owner: leave the header X-Act-As out.');
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const identity = key && (await access.byKey(key));
    if (!identity) throw new AppError('unauthorized', 'This API key is wrong, expired or revoked.');
    return { ...identity, surface: 'rest' };
  }
  if (!isAtMachine(request, config)) return undefined;
  const as = request.headers[actAs];
  if (as !== undefined && !config.PLAYGROUND)
    throw new AppError('forbidden', 'X-Act-As is for the playground, which is off here.');
  if (as !== undefined) return actingAs(String(as), access);
  return { ...(await access.local()), surface: 'rest' };
}

async function actingAs(handle: string, access: Access): Promise<Actor> {
  const identity = await access.byHandle(handle);
  if (!identity) throw new AppError('not_found', `There is nobody here with the handle "${visibleLine(handle).slice(0, 64)}".`);
  if (identity === 'disabled') throw new AppError('forbidden', 'Their access is switched off. An admin can switch it on again.');
  return { ...identity, surface: 'playground' };
}

/** Only a development server that nobody else can reach lets the person at the machine in without a key. */
export function isAtMachine(request: FastifyRequest, config: LoginParts['config']): boolean {
  const bound = request.server.server.address();
  const boundLocally = bound === null || typeof bound === 'string' || isLoopback(bound.address);
  return config.APP_ENV !== 'production' && isLoopback(config.HOST) && boundLocally && isDirectLocal(request);
}

/** The hook of every route that needs a login. */
export const login = (parts: LoginParts) => async (request: FastifyRequest, _reply: FastifyReply) => {
  request.actor = await whoAsks(request, parts);
  if (!request.actor)
    throw new AppError('unauthorized', `Log in with an API key: Authorization: Bearer sk_... Make one with: ${makeOne}`);
};

export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new AppError('unauthorized', 'Log in with an API key.');
  return request.actor;
}

/** A request at this door is a person acting directly: their own key, or their own machine. */
export const personCall = (request: FastifyRequest): CallContext => ({
  actor: actorOf(request),
  by: 'person',
  requestId: request.id,
  ...(request.claim && { idempotencyKey: request.claim.effectKey }),
});

/** Refuses to serve a network as long as nobody could log in: an open address and no key would lock out or let in everyone. */
export async function ensureSafeToListen(host: string, env: { APP_ENV: string }, access: Access): Promise<void> {
  if (isLoopback(host) || (await access.hasKeys())) return;
  const production = env.APP_ENV === 'production';
  throw new AppError(
    'misconfigured',
    `HOST=${host} can be reached by others, and there is no API key yet. Make one first: ${makeOne}${production ? '' : ' (or leave HOST out: 127.0.0.1 needs no key)'}`,
  );
}
