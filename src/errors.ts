/** Every way a request can go wrong that a caller may act on. Doors map these to HTTP codes, cards and exit codes. */
export type ErrorCode =
  | 'invalid_input'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'ambiguous'
  | 'conflict'
  | 'expired'
  | 'too_large'
  | 'rate_limited'
  | 'budget_exceeded'
  | 'cancelled'
  | 'timeout'
  | 'unavailable'
  | 'misconfigured'
  | 'internal';

/**
 * An error written for the person who reads it: `message` says what happened and what to do next,
 * `details` is safe to show (candidates, fields), `cause` is for the log only.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details?: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
  }
}

/** What a stranger may be told about any thrown thing: our own errors as they are, anything else without its text. */
export function publicError(error: unknown): { code: ErrorCode; message: string; details?: Record<string, unknown> } {
  if (error instanceof AppError)
    return { code: error.code, message: error.message, ...(error.details && { details: error.details }) };
  if (error instanceof Error && error.name === 'AbortError') return { code: 'cancelled', message: 'Stopped.' };
  if (isDatabaseLost(error))
    return {
      code: 'unavailable',
      message: 'The database does not answer. It is being started again; try in a moment.',
    };
  return {
    code: 'internal',
    message: 'Something went wrong on our side. Try again; if it stays, look into the log with this request id.',
  };
}

/** SQLSTATEs of a server that goes, starts or has lost us; codes of sockets and of Prisma for the same. */
const lostCodes = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT 57P01 57P02 57P03 08000 08001 08003 08006 P1001 P1002 P1017'.split(' '),
);
/** What the driver says without a code, and what Prisma's adapter calls a socket's end. */
const lostWords =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|DatabaseNotReachable$|ConnectionClosed$|SocketTimeout$)/;

/**
 * Whether the database could not be reached or went away under a query. The error itself stays as it is until it is shown,
 * because a job that meets it must be tried again, unlike one that meets an answer of ours.
 */
export function isDatabaseLost(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown instanceof AppError) return false;
  const { code, syscall, meta } = thrown as { code?: unknown; syscall?: unknown; meta?: { driverAdapterError?: Error } };
  // the same code without a system call is a caller who hung up
  if (code === 'ECONNRESET' && syscall === undefined) return false;
  const cause = meta?.driverAdapterError?.cause as { originalCode?: unknown; kind?: unknown } | undefined;
  return (
    [code, cause?.originalCode].some((known) => lostCodes.has(String(known))) ||
    [thrown.message, cause?.kind].some((words) => lostWords.test(String(words)))
  );
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
