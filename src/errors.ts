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
  return {
    code: 'internal',
    message: 'Something went wrong on our side. Try again; if it stays, look into the log with this request id.',
  };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
