import { pino } from 'pino';

export type Log = ReturnType<typeof createLog>;

/** Values under these keys may hold personal data: they are written at debug level only, and masked elsewhere. */
const personal = ['text', 'name', 'email', 'phone', 'body', 'subject', 'input', 'authorization', 'password', 'secret'];

/** Structured lines on stderr: stdout belongs to the reply of a command, and to the protocol under MCP stdio. */
export function createLog(level: string) {
  const redact = level === 'debug' || level === 'trace' ? [] : personal.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino(
    { level, redact: { paths: redact, censor: '[hidden]' }, base: { pid: process.pid } },
    pino.destination({ dest: 2, sync: false }),
  );
}
