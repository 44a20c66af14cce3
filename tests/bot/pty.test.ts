import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../database.ts';

/** util-linux's script runs a command in a pseudo-terminal; other systems have another program of that name. */
const pseudoTerminal = 'script';
const hasScript = /util-linux/.test(spawnSync(pseudoTerminal, ['--version'], { encoding: 'utf8' }).stdout ?? '');
if (!hasScript) process.stderr.write('skipped: a real terminal needs `script` of util-linux\n');

describe.skipIf(!hasScript)('the chat in a real terminal', () => {
  let database: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    database = await freshDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'sales-agent-pty-'));
  });
  afterAll(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function open(env: Record<string, string> = {}) {
    const child: ChildProcess = spawn(
      pseudoTerminal,
      ['-qefc', `stty cols 80 rows 24; exec ${process.execPath} --import tsx tests/bot/pty-child.ts`, '/dev/null'],
      {
        env: {
          ...process.env,
          // what a person's terminal says, wherever this test runs
          CI: undefined,
          NO_COLOR: undefined,
          DATABASE_URL: database.url,
          DATA_DIR: dataDir,
          TERM: 'xterm-256color',
          FORCE_COLOR: undefined,
          ...env,
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    let all = '';
    let read = 0;
    child.stdout!.on('data', (chunk: Buffer) => (all += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return {
      ended,
      all: () => all,
      type: (keys: string) => void child.stdin!.write(keys),
      async until(expected: string) {
        for (const end = Date.now() + 60_000; ; await delay(20)) {
          const at = stripVTControlCharacters(all).indexOf(expected, read);
          if (at >= 0) {
            read = at + expected.length;
            return;
          }
          if (Date.now() > end) throw new Error(`never saw ${expected}; saw:\n${stripVTControlCharacters(all).slice(read)}`);
        }
      },
    };
  }

  it('stops an answer by Ctrl-C, goes on, and leaves by Ctrl-D with 0', async () => {
    const terminal = open();
    await terminal.until('> ');
    terminal.type('talk on\r');
    await terminal.until('Sentence number 3.');
    terminal.type('\u0003');
    await terminal.until('Stopped.');
    await terminal.until('> ');
    terminal.type('are you there?\r');
    await terminal.until('You said: are you there?');
    await terminal.until('> ');
    terminal.type('\u0004');
    expect(await terminal.ended).toBe(0);
    expect(terminal.all()).toContain('\u001b[1mSales Agent\u001b[22m');
  });

  it('draws without colour where NO_COLOR is set', async () => {
    const terminal = open({ NO_COLOR: '1' });
    await terminal.until('> ');
    terminal.type('\u0004');
    expect(await terminal.ended).toBe(0);
    expect(terminal.all()).not.toMatch(/\u001b\[\d+m/);
  });
});
