import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelServer } from '../contracts/model-server.ts';
import { anthropicWire, chatWire } from '../contracts/wires.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { freshRedis, withoutRedis } from '../redis.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sales-agent-process-'));
});
afterAll(async () => {
  // one that did not end by itself
  for (const end of running) await end();
  await rm(folder, { recursive: true, force: true });
});

const running: (() => Promise<unknown>)[] = [];

/** The program itself, as npm runs it. */
function program(argv: string[], env: Record<string, string | undefined>) {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...argv], {
    env: { ...process.env, npm_lifecycle_event: undefined, LOG_LEVEL: undefined, DATABASE_URL: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { out: '', err: '' };
  child.stdout!.on('data', (chunk: Buffer) => (seen.out += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (seen.err += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  running.push(async () => child.kill() && ended);
  return { child, seen, ended };
}

const commands = ['start', 'chat', 'import', 'profiles', 'qualify', 'approvals', 'jobs', 'keys', 'mail', 'demo', 'doctor'];

describe('a command asked for help', () => {
  it.each(commands)('%s explains itself and starts nothing, whatever the settings', async (command) => {
    const dataDir = join(folder, `help-${command}`);
    const { seen, ended } = program([command, '--help'], { DATA_DIR: dataDir, PORT: 'not a port' });
    expect([await ended, seen.err]).toEqual([0, '']);
    expect(seen.out).toMatch(/^Usage: npm (start|run \w+)/);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('a command with words it does not know', () => {
  it.each([
    ['start', ['now']],
    ['start', ['--port=80']],
    ['doctor', ['--fix']],
    ['demo', ['delete']],
    ['demo', ['remove', 'all']],
    ['demo', ['show', 'hide']],
  ])('%s %j shows its usage and starts nothing', async (command, argv) => {
    const dataDir = join(folder, `words-${command}`);
    const { seen, ended } = program([command, ...argv], { DATA_DIR: dataDir });
    expect(await ended).toBe(2);
    expect(seen.err).toMatch(/^There is no ".*" here\.\n\nUsage: npm/);
    expect([seen.out, existsSync(dataDir)]).toEqual(['', false]);
  });
});

describe('a profile in a file', () => {
  it('is checked without starting anything', async () => {
    const dataDir = join(folder, 'check');
    const shipped = join(import.meta.dirname, '../../src/core/profiles/template.yaml');
    const { seen, ended } = program(['profiles', 'check', shipped], { DATA_DIR: dataDir, PORT: 'not a port' });
    expect([await ended, seen.err]).toEqual([0, '']);
    expect(seen.out).toContain('✓ template.yaml is a profile.');
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('the doctor', () => {
  it('says of each provider whether it answers, and what to look at when it does not', async () => {
    const database = await freshDatabase();
    const json = { 'content-type': 'application/json' };
    const well = await modelServer(({ path }) =>
      path.endsWith('/models')
        ? { headers: json, chunks: [chatWire.models(['deepseek-flash'])] }
        : { chunks: chatWire.events({ text: 'Yes', finish: 'length' }) },
    );
    const refusing = await modelServer(() => ({
      status: 401,
      headers: json,
      chunks: [anthropicWire.errorBody('authentication_error', 'secret words')],
    }));
    try {
      const { seen, ended } = program(['doctor'], {
        DATABASE_URL: database.url,
        DATA_DIR: join(folder, 'doctor'),
        LOG_LEVEL: 'warn',
        ANTHROPIC_API_KEY: 'wrong',
        ANTHROPIC_BASE_URL: refusing.url,
        DEEPSEEK_API_KEY: 'right',
        DEEPSEEK_BASE_URL: well.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url,
        LANGSMITH_TRACING: 'on',
        LANGSMITH_API_KEY: 'secret words',
        LANGSMITH_ENDPOINT: well.url,
      });
      expect([await ended, seen.err]).toEqual([1, '']);
      expect(seen.out).toContain('ok   Model        claude-sonnet-5-5 (Anthropic), deepseek-flash (DeepSeek)\n');
      expect(seen.out).toContain('BAD  Anthropic    Anthropic does not accept this key (401). Look at ANTHROPIC_API_KEY.\n');
      expect(seen.out).toMatch(/^ok {3}DeepSeek {5}deepseek-flash answers \(\d+ ms\); 1 models?$/m);
      expect(seen.out).toContain(`BAD  Spans        ${refusing.url}/v1/traces answers 401 (OTEL_EXPORTER_OTLP_HEADERS)\n`);
      expect(seen.out).toContain(`ok   LangSmith    to ${well.url}, project sales-agent, without texts\n`);
      expect(seen.out).toMatch(/^off .*OpenAI \(OPENAI_API_KEY\), Gemini \(GOOGLE_API_KEY\)/m);
      expect(seen.out).not.toContain('secret words');
    } finally {
      await Promise.all([well.close(), refusing.close(), database.drop()]);
    }
  });
});

describe('a Redis server', () => {
  const start = async (command: string, url: string) => {
    const database = await freshDatabase();
    const settings = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'redis'), LOG_LEVEL: 'warn', REDIS_URL: url };
    const { seen, ended } = program([command], settings);
    const code = await ended;
    await database.drop();
    return { code, ...seen };
  };

  it('that cannot be reached ends the start with the variable and what to do', async () => {
    const { code, out, err } = await start('start', 'redis://:hidden@127.0.0.1:1');
    expect([code, out]).toEqual([1, expect.not.stringContaining('HTTP')]);
    expect(err).toMatch(
      /^Cannot use the Redis server of REDIS_URL \(127\.0\.0\.1:1\): .*ECONNREFUSED.*\. Check the address, .*; without REDIS_URL the same is kept in Postgres\.\n$/,
    );
    expect(err).not.toContain('hidden');
  });

  it('has to be named by an address', async () => {
    const { code, err } = await start('start', 'http://:hidden@cache:6379');
    expect([code, err]).toEqual([1, expect.stringContaining('REDIS_URL must start with redis:// or rediss://')]);
    expect(err).not.toContain('hidden');
  });

  it.skipIf(withoutRedis)('is looked at by the doctor', async () => {
    const redis = await freshRedis();
    try {
      const { code, out } = await start('doctor', redis.url);
      expect(code).toBe(0);
      expect(out).toMatch(/^ok {3}Redis {8}Redis \d+\.\d+\S* at 127\.0\.0\.1:\d+: budgets and kept answers$/m);
    } finally {
      await redis.stop();
    }
  });
});

describe('the start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it.each([
    [{}, /^ {2}on {3}Assistant {2}SR\/BDR, on offline rules: .*\n {2}off {2}Models {5}ANTHROPIC_API_KEY/m],
    [{ CEREBRAS_API_KEY: 'k' }, /^ {2}on {3}Assistant {2}SR\/BDR, on gpt-oss-120b \(Cerebras\)\n(?! *off {2}Models)/m],
  ])(
    'says who answers, with the settings %j',
    async (settings, line) => {
      const env = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'banner'), PORT: '0', LOG_LEVEL: 'silent', ...settings };
      const { child, seen, ended } = program(['start'], env);
      for (let i = 0; i < 600 && !seen.out.includes('Ctrl-C stops.'); i++) await sleep(50);
      child.kill('SIGTERM');
      await ended;
      expect(seen.out).toMatch(line);
    },
    60_000,
  );
});

describe('a program whose reader goes away', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it.each([['start'], ['doctor']])('%s ends by itself and without a complaint', async (command) => {
    const env = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'unheard'), PORT: '0', LOG_LEVEL: 'warn' };
    const { child, seen, ended } = program([command], env);
    child.stdout!.destroy();
    expect([await ended, seen.err]).toEqual([0, '']);
  });
});
