import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode, isDatabaseLost, publicError } from '../errors.ts';
import type { Log } from '../log.ts';

export const statusOf: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  budget_exceeded: 402,
  forbidden: 403,
  not_found: 404,
  ambiguous: 409,
  conflict: 409,
  expired: 409,
  cancelled: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  misconfigured: 500,
  unavailable: 503,
  timeout: 504,
};

/** An error that HTTP has a more exact number for than its code alone says. */
export class HttpError extends AppError {
  readonly status: number;

  constructor(status: number, code: ErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
    this.status = status;
  }
}

/** Every error leaves in one shape and in our words; what a library or a vendor said stays in the log. */
export function handleErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, log));
}

export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const error = inOurWords(thrown);
  const { code, message, details } = publicError(error);
  const status = error instanceof HttpError ? error.status : statusOf[code];
  if (status >= 500) {
    const where = { requestId: request.id, route: request.routeOptions?.url, method: request.method };
    log.error({ err: thrown, ...where }, 'a request failed');
  }
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ error: { code, message, requestId: request.id, ...(details && { details }) } });
}

/** Fastify's own complaints about a request; anything else passes through. */
function inOurWords(thrown: unknown): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
  const error = thrown as Partial<FastifyError> & Error;
  if (error.validation) return invalid(error);
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new HttpError(415, 'invalid_input', 'Send the body as JSON, with the header Content-Type: application/json.', error);
  if (error.statusCode === 413) return new AppError('too_large', 'The request is too large.', { cause: error });
  if (gone.has(error.code ?? '') && !isDatabaseLost(error))
    return new AppError('invalid_input', 'The request ended before all of it had arrived.', { cause: error });
  if (error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new AppError('invalid_input', 'The address of the request cannot be read.', { cause: error });
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500)
    return new HttpError(error.statusCode, 'invalid_input', 'The request cannot be read. Check its headers and its body.', error);
  return error;
}

/** What a connection that breaks while we read it is called. */
const gone = new Set([
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'FST_MP_PREMATURE_CLOSE',
  'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
]);

function invalid(error: Partial<FastifyError> & Error): AppError {
  const part = error.validationContext ?? 'request';
  const issues = error.validation!.map(({ instancePath, message }) => ({
    path: instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message: message ?? 'is not valid',
  }));
  const lines = issues.slice(0, 3).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return new AppError('invalid_input', `${part}: ${lines.join('; ')}`, { details: { issues } });
}
