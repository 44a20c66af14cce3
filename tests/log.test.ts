import { describe, expect, it } from 'vitest';
import { AppError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';

const logged = (level: string, write: (log: ReturnType<typeof createLog>) => void): string => {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => lines.push(line) }));
  return lines.join('');
};

describe('the log at info level', () => {
  it('holds no personal data: not under known keys, not in our sentences, not in what a database quotes', () => {
    const canary = 'canary@person.example';
    const all = logged('info', (log) => {
      log.info({ text: canary, lead: { name: canary, email: canary }, requestId: 'r-1' }, 'request');
      log.warn({ err: new AppError('not_found', `No lead fits "${canary}".`) }, 'refused');
      log.error(
        { err: new Error(`duplicate key value: Key (email)=(${canary}) already exists, phone +1 614 555 0142`) },
        'failed',
      );
      log.error({ err: new AppError('internal', 'x', { cause: new Error(`bad "${canary}"`) }) }, 'failed');
    });
    expect(all).not.toContain(canary);
    expect(all).not.toContain('555 0142');
    expect(all).toContain('r-1');
    expect(all).toContain('not_found');
    expect(all).toContain('log.test.ts');
  });

  it('is one JSON object a line', () => {
    const lines = logged('info', (log) => log.info({ requestId: 'a\nb' }, 'two\nlines'))
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ msg: 'two\nlines' });
  });
});
