import { AppError } from '../../errors.ts';

/** What the Bot Connector answers where it refuses something. */
interface Refusal {
  statusCode?: number;
  code?: unknown;
  message?: string;
  response?: { headers?: { get(name: string): string | undefined } };
  /** The body, as it was read. */
  body?: { error?: { code?: unknown; message?: unknown } };
  details?: { error?: { code?: unknown; message?: unknown } };
}

/** Answers that pass by themselves; Microsoft asks to try them again. */
const passing = new Set([408, 412, 500, 502, 503, 504]);

/** Microsoft's name of what went wrong. */
export function teamsCode(error: unknown): string | undefined {
  const { body, details, code } = (error instanceof AppError ? error.cause : error) as Refusal;
  const name = body?.error?.code ?? details?.error?.code ?? code;
  return typeof name === 'string' ? name : undefined;
}

/** The HTTP status behind an error of ours. */
export const statusOf = (error: unknown): number | undefined =>
  ((error instanceof AppError ? error.cause : error) as Refusal | undefined)?.statusCode;

/** The failure of a call to the Bot Connector in our words; what is ours already passes through. */
export function inOurWords(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { statusCode: status, response } = error as Refusal;
  if (status === undefined) return new AppError('unavailable', 'Teams does not answer right now.', { cause: error });
  if (status === 429)
    return new AppError('rate_limited', 'Teams asks us to slow down.', {
      cause: error,
      details: { retryAfterMs: retryAfterMs(response?.headers?.get('retry-after')) },
    });
  if (passing.has(status)) return new AppError('unavailable', 'Teams does not answer right now.', { cause: error });
  if (status === 401)
    return new AppError(
      'misconfigured',
      'Teams does not accept our token: look at TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID.',
      {
        cause: error,
      },
    );
  if (status === 413 || teamsCode(error) === 'MessageSizeTooBig')
    return new AppError('too_large', 'This is too much for one message of Teams.', { cause: error });
  if (status === 403 || status === 404)
    return new AppError('forbidden', 'This Teams conversation is not open to us, or not any more.', { cause: error });
  return new AppError('internal', 'Teams did not take what we sent.', { cause: error });
}

const usualPauseMs = 1000;
const longestPauseMs = 300_000;

/** Seconds, or a date. */
function retryAfterMs(header: string | undefined): number {
  if (!header) return usualPauseMs;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestPauseMs) : usualPauseMs;
}
