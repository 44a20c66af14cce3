import { type DestinationStream, pino } from 'pino';
import { AppError } from './errors.ts';

export type Log = ReturnType<typeof createLog>;

/** Values under these keys may hold personal data: they are written at debug level only, and masked elsewhere. */
const personal = ['text', 'name', 'email', 'phone', 'body', 'subject', 'input', 'authorization', 'password', 'secret'];

/** Structured lines on stderr: stdout belongs to the reply of a command, and to the protocol under MCP stdio. */
export function createLog(level: string, to: DestinationStream = pino.destination({ dest: 2, sync: false })) {
  const open = level === 'debug' || level === 'trace';
  const paths = open ? [] : personal.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino(
    {
      level,
      redact: { paths, censor: '[hidden]' },
      base: { pid: process.pid },
      serializers: { err: open ? pino.stdSerializers.err : withoutData },
    },
    to,
  );
}

interface LoggedError {
  type: string;
  code?: unknown;
  message?: string;
  stack?: string;
  cause?: LoggedError;
}

/**
 * What went wrong and where, without whose record it was about: our own sentences name leads and people, and a database
 * quotes the values it refuses.
 */
function withoutData(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? {} : { cause: withoutData(error.cause) };
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
  if (error instanceof AppError) return { type: 'AppError', code, ...cause };
  return { type: error.name, ...(code !== undefined && { code }), message: mask(error.message), stack: frames, ...cause };
}

const mask = (text: string): string =>
  text
    .slice(0, 500)
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[e-mail]')
    .replace(/\+?\d[\d\s().-]{6,}\d/g, '[number]')
    .replace(/(["'])(?:(?!\1).)*\1/g, '$1...$1')
    .replace(/=\([^)]*\)/g, '=(...)');
