import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Converser } from '../agents/converse.ts';
import type { Access } from '../core/access.ts';
import type { Actor } from '../core/actor.ts';
import type { Idempotency } from '../core/idempotency.ts';
import type { UploadFiles } from '../core/importing.ts';
import type { Queue } from '../core/job.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Gate } from '../tools/gate.ts';
import { analyticsRoutes } from './analytics.ts';
import { answerQualityRoutes } from './answer-quality.ts';
import { isAtMachine, login, whoAsks } from './auth.ts';
import { jsonLimitBytes, readsOnlyJson } from './bodies.ts';
import { conversationRoutes } from './conversations.ts';
import { documents } from './docs.ts';
import { handleErrors, sendError } from './errors.ts';
import { guard, refusal } from './guard.ts';
import { healthRoutes } from './health.ts';
import { homeRoute } from './home.ts';
import { once } from './idempotency.ts';
import { importCsvRoute } from './import-csv.ts';
import { importRoutes } from './imports.ts';
import { jobRoutes } from './jobs.ts';
import { leadRoutes } from './leads.ts';
import { isDirectLocal } from './loopback.ts';
import { mailRoutes } from './mail.ts';
import type { PrometheusMetrics } from './metrics.ts';
import { proposalRoutes } from './proposals.ts';
import { receiptRoutes } from './receipts.ts';
import { hungUp, sendEvents, sseEvent } from './sse.ts';
import { toolRoutes } from './tools.ts';
import { uploadRoutes } from './uploads.ts';

export { ensureSafeToListen } from './auth.ts';

/** What the server lends to doors that have a login and streams like its own. */
export interface Door {
  version: string;
  /** The person behind a request, or nobody; throws for a wrong key. */
  whoAsks(request: FastifyRequest): Promise<Actor | undefined>;
  isAtMachine(request: FastifyRequest): boolean;
  /** Aborts when the other side hangs up, when the server closes, or when `asks` refuses whoever listens by now. */
  hungUp(reply: FastifyReply, asks: () => Promise<unknown>): AbortSignal;
  sendEvents: typeof sendEvents;
  event: typeof sseEvent;
}

/** What the HTTP surface is built on. */
export interface ApiParts {
  config: { HOST: string; PUBLIC_URL?: string; APP_ENV: string; UPLOAD_MAX_MB: number; PLAYGROUND?: boolean };
  gate: Gate;
  converser: Converser;
  access: Access;
  queue: Queue;
  idempotency: Idempotency;
  files: UploadFiles;
  metrics: PrometheusMetrics;
  /** Who answers, in words. */
  model: string;
  database: { check(): Promise<void>; place: string };
  /** Absent where there is none. */
  redis?: { check(): Promise<void>; place: string } | undefined;
  log: Log;
  version: string;
  /** Whether this process works the queue. */
  worker?: boolean;
  /** Doors of chat surfaces, each with a login of its own. */
  faces?: readonly { routes(server: FastifyInstance, door: Door): Promise<void> }[];
  /** Requests per minute from one address; programs on this machine are not counted. */
  requestsPerMinute?: number;
}

/** Enough for a team behind one office address, and an end to a loop that went wild. */
const usualRequestsPerMinute = 3000;

/** A slow line may need this long for a large file; nothing holds a connection longer. */
const requestTimeoutMs = 15 * 60_000;

/** Asked every few seconds by machines. */
const quietRoutes = new Set(['/health', '/readyz', '/metrics']);

/** The one HTTP server, ready to listen. */
export async function buildServer(parts: ApiParts): Promise<FastifyInstance> {
  const { config, log, metrics } = parts;
  const closing = new AbortController();
  // every stream that somebody watches listens; Node takes more than ten for a leak
  setMaxListeners(0, closing.signal);
  const app: FastifyInstance = Fastify({
    logger: false,
    bodyLimit: jsonLimitBytes,
    requestTimeout: requestTimeoutMs,
    // requests that are on their way when we stop are answered, not turned away
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500 },
    // the guard refuses a missing Host, in our words
    http: { requireHostHeader: false },
    genReqId: ({ headers }) => saneId(headers['x-request-id']) ?? randomUUID(),
    frameworkErrors: (error, request, reply) => void sendError(refusal(request, config) ?? error, request, reply, log),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  handleErrors(app, log);
  readsOnlyJson(app);
  app.decorateRequest('actor', undefined);
  app.addHook('preClose', async () => closing.abort());
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async ({ id, method, routeOptions }, reply) => {
    // the pattern, never the address: ids and search words stay out of the log
    const route = routeOptions.url ?? 'none';
    metrics.http(route, method, reply.statusCode, reply.elapsedTime / 1000);
    const level = quietRoutes.has(route) ? 'debug' : 'info';
    log[level]({ requestId: id, method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  // a connection that falls idle while we stop would keep the server open until it times out
  app.addHook('onResponse', async () => {
    if (closing.signal.aborted) setImmediate(() => app.server.closeIdleConnections());
  });
  guard(app, config);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
    // plain HTTP on the own machine must keep working; a proxy with a certificate sets this itself
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, {
    max: parts.requestsPerMinute ?? usualRequestsPerMinute,
    timeWindow: 60_000,
    allowList: isDirectLocal,
    errorResponseBuilder: () => new AppError('rate_limited', 'Too many requests. Wait a minute.'),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw new AppError('not_found', 'There is nothing at this address. See /api/v1/docs.');
  });

  await documents(app, parts.version);
  // the playground has a page of its own there
  if (!config.PLAYGROUND) await app.register(homeRoute(parts.version));
  await app.register(healthRoutes(parts, closing.signal));
  await app.register(api(parts, closing.signal), { prefix: '/api/v1' });
  const door: Door = {
    version: parts.version,
    whoAsks: (request) => whoAsks(request, parts),
    isAtMachine: (request) => isAtMachine(request, config),
    hungUp: (reply, asks) => hungUp(reply, closing.signal, asks),
    sendEvents,
    event: sseEvent,
  };
  for (const face of parts.faces ?? []) await app.register((server) => face.routes(server, door));
  await app.ready();
  return app;
}

/** Everything that needs a login. */
const api = (parts: ApiParts, closing: AbortSignal) => async (app: FastifyInstance) => {
  app.addHook('onRequest', login(parts));
  const onceOnly = once(app, parts.idempotency, parts.log);
  await app.register(conversationRoutes(parts, onceOnly, closing));
  await app.register(toolRoutes(parts));
  await app.register(proposalRoutes(parts));
  await app.register(receiptRoutes(parts));
  await app.register(leadRoutes(parts));
  await app.register(uploadRoutes(parts, onceOnly));
  await app.register(importCsvRoute(parts, onceOnly));
  await app.register(importRoutes(parts));
  await app.register(jobRoutes(parts, closing));
  await app.register(mailRoutes(parts));
  await app.register(analyticsRoutes(parts));
  await app.register(answerQualityRoutes(parts));
};

const contentPolicy = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
};

/** An id from outside is kept when it can do no harm in a log line or a header. */
const saneId = (id: unknown): string | undefined => (typeof id === 'string' && /^[\w.-]{1,64}$/.test(id) ? id : undefined);
