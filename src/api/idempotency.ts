import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonical } from '../core/change.ts';
import type { Idempotency } from '../core/idempotency.ts';
import type { Scope } from '../core/records.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { scopeOf } from '../tools/gate.ts';
import { actorOf } from './auth.ts';
import { HttpError } from './errors.ts';

interface Claim {
  key: string;
  scope: Scope;
  /** The key bound to what was sent with it: for effects that have a key of their own. */
  effectKey: string;
  settled: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while this request holds its caller's Idempotency-Key. */
    claim: Claim | undefined;
  }
  interface FastifyContextConfig {
    /** The body is a stream: the handler claims the key by itself once it knows what arrived. */
    claimsLater?: boolean;
  }
}

export interface Once {
  /** Takes the caller's key, if there is one. False: the stored answer was sent, there is nothing left to do. */
  claim(request: FastifyRequest, reply: FastifyReply, bodyHash: string): Promise<boolean>;
  /** Keeps the answer for the next request with this key; what may yet succeed is forgotten instead. */
  settle(request: FastifyRequest, status: number, response: unknown): Promise<void>;
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An `Idempotency-Key` makes any writing request safe to send again: it happens once and is answered the same. */
export function once(app: FastifyInstance, idempotency: Idempotency, log: Log): Once {
  const parts: Once = {
    async claim(request, reply, bodyHash) {
      const key = readKey(request);
      if (key === undefined) return true;
      const scope = scopeOf({ actor: actorOf(request), by: 'person' });
      const route = `${request.method} ${request.url.split('?')[0]}`;
      const answer = await idempotency.claim(scope, { key, route, bodyHash });
      if (answer.state === 'mismatch')
        throw new HttpError(422, 'invalid_input', 'This Idempotency-Key was used for another request. Take a new one.');
      if (answer.state === 'in_flight')
        throw new AppError('conflict', 'The first request with this Idempotency-Key still runs. Ask again in a moment.');
      if (answer.state === 'replay') {
        await reply.code(answer.status).header('idempotency-replayed', 'true').send(answer.response);
        return false;
      }
      request.claim = { key, scope, effectKey: `${key}:${bodyHash}`, settled: false };
      return true;
    },
    async settle(request, status, response) {
      const { claim } = request;
      if (!claim || claim.settled) return;
      claim.settled = true;
      try {
        if (mayYetSucceed(status)) await idempotency.release(claim.scope, claim.key);
        else await idempotency.finish(claim.scope, claim.key, { status, response });
      } catch (error) {
        // the work is done and its answer must go out; the claim runs out by itself
        log.error({ err: error, requestId: request.id }, 'an answer could not be kept for its Idempotency-Key');
      }
    },
  };

  app.decorateRequest('claim', undefined);
  app.addHook('preHandler', async (request, reply) => {
    // most requests carry no key: only one that does is worth a hash of its body
    if (!writes(request) || request.routeOptions.config.claimsLater || readKey(request) === undefined) return;
    if (!(await parts.claim(request, reply, hashText(canonical([request.body, request.query]))))) return reply;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    // a stream is settled by its handler, when it has ended
    if (request.claim && (typeof payload === 'string' || payload == null))
      await parts.settle(request, reply.statusCode, payload ? JSON.parse(payload as string) : null);
    return payload;
  });
  return parts;
}

const writes = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';

/** Our own failures, and a refusal that holds only now, must not be the answer for a day. */
const mayYetSucceed = (status: number): boolean => status >= 500 || status === 409 || status === 429;

function readKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x20-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError('invalid_input', 'An Idempotency-Key has 1 to 200 printable ASCII characters.');
}
