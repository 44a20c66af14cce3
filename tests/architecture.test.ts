import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Left: a folder of src. Right: the folders it may import besides itself; errors.ts and log.ts are everyone's. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  net: ['core'],
  db: ['core'],
  state: ['core'],
  llm: ['core', 'net'],
  crm: ['core', 'net'],
  enrichment: ['core', 'net'],
  email: ['core', 'net'],
  calendar: ['core', 'net'],
  imports: ['core', 'tools'],
  tools: ['core', 'imports'],
  agents: ['core', 'tools', 'imports'],
  bot: ['core', 'tools', 'imports', 'agents'],
  mcp: ['core', 'tools', 'imports', 'agents'],
  api: ['core', 'tools', 'imports', 'agents'],
  voice: ['core', 'tools', 'imports', 'agents'],
  jobs: ['core', 'tools', 'imports', 'agents'],
};
/** Files of src itself: the shared two, and the root, which may reach everything. */
const rootFiles = ['app.ts', 'config.ts', 'main.ts'];
const sharedFiles = ['errors.ts', 'log.ts'];

/** One library, one owner: the folder or file of src that may import it. A library that is not listed is refused. */
const owners: Record<string, readonly string[]> = {
  zod: ['core', 'tools', 'imports', 'agents', 'api', 'bot', 'llm', 'config.ts'],
  pino: ['log.ts'],
  pg: ['db', 'state/signals.ts'],
  'pg-copy-streams': ['db/copy.ts'],
  '@prisma/client': ['db'],
  '@prisma/adapter-pg': ['db/records.ts'],
  'graphile-worker': ['db/queue.ts'],
  'node-cron': ['jobs/schedule.ts'],
  fastify: ['api', 'bot/playground', 'bot/slack/index.ts', 'bot/slack/routes.ts', 'bot/teams/index.ts', 'bot/teams/routes.ts'],
  '@slack/bolt': ['bot/slack', 'bot/cards'],
  '@slack/oauth': ['bot/slack/oauth.ts'],
  botbuilder: ['bot/teams/transport.ts'],
  'fastify-type-provider-zod': ['api'],
  '@fastify/swagger': ['api'],
  '@fastify/swagger-ui': ['api'],
  '@fastify/rate-limit': ['api'],
  '@fastify/helmet': ['api'],
  '@fastify/multipart': ['api'],
  'prom-client': ['api/metrics.ts'],
  '@opentelemetry/api': ['net/tracing.ts', 'net/otlp.ts'],
  '@opentelemetry/sdk-trace-base': ['net/otlp.ts'],
  '@opentelemetry/resources': ['net/otlp.ts'],
  '@opentelemetry/exporter-trace-otlp-proto': ['net/otlp.ts'],
  langsmith: ['agents/langsmith.ts'],
  esbuild: ['imports/pool.ts'],
  yauzl: ['imports/reading/zip.ts'],
  '@resvg/resvg-wasm': ['bot/cards/chart-png.ts'],
  preact: ['bot/playground/page'],
  adaptivecards: ['bot/playground/page'],
  'slack-blocks-to-jsx': ['bot/playground/page'],
  micromark: ['bot/playground/page'],
  '@langchain/langgraph': ['agents'],
  '@langchain/core': ['agents'],
  '@anthropic-ai/sdk': ['llm/providers/anthropic.ts'],
  openai: ['llm/openai-chat.ts'],
  '@cerebras/cerebras_cloud_sdk': ['llm/providers/cerebras.ts'],
  '@google/generative-ai': ['llm/providers/gemini.ts'],
  cockatiel: ['llm/router/breaker.ts'],
  'chrono-node': ['core/when.ts'],
  'libphonenumber-js': ['core/phone.ts', 'imports/cleaning/country.ts'],
  tldts: ['core/domains.ts'],
  ioredis: ['state/redis.ts'],
  'lru-cache': ['state/recent-answers.ts'],
  luxon: ['core', 'tools', 'agents', 'llm'],
  uuid: ['db/handle.ts', 'agents'],
  yaml: ['tools/profile-text.ts', 'llm/index.ts'],
};

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith(join('db', 'generated')))
  .sort();

const top = (path: string): string => path.split(sep)[0]!;

/** Where a file's imports lead: paths inside src, and names of packages. */
function importsOf(file: string): { inside: string[]; packages: string[] } {
  const source = readFileSync(join('src', file), 'utf8');
  const names = [
    ...source.matchAll(
      /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
    ),
  ].map((m) => (m[1] ?? m[2] ?? m[3])!);
  return {
    inside: names.filter((name) => name.startsWith('.')).map((name) => relative('src', join('src', dirname(file), name))),
    packages: names
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  };
}

describe('imports point one way', () => {
  it.each(files)('%s', (file) => {
    const folder = top(file);
    const isRoot = folder === file;
    if (!isRoot) expect(Object.keys(mayImport), `src/${folder} is not in the import table`).toContain(folder);
    else
      expect([...rootFiles, ...sharedFiles], `src/${file} stands beside the folders without a place in the table`).toContain(
        file,
      );

    const { inside, packages } = importsOf(file);
    if (!rootFiles.includes(file)) {
      const allowed = isRoot ? sharedFiles : [folder, ...mayImport[folder]!, ...sharedFiles];
      expect(inside.filter((target) => !allowed.includes(top(target)))).toEqual([]);
    }
    const strangers = packages.filter((name) => {
      const own = owners[name];
      return !own?.some((owner) => file === owner || file.startsWith(`${owner}${sep}`));
    });
    expect(strangers).toEqual([]);
  });
});

/** What runs in the browser takes nothing along but what core says of itself. */
const page = join('bot', 'playground', 'page');

describe('the page of the playground stands by itself', () => {
  it.each(files.filter((file) => file.startsWith(page + sep)))('%s', (file) => {
    expect(importsOf(file).inside.filter((target) => !target.startsWith(page) && top(target) !== 'core')).toEqual([]);
  });
});

/** Settings are read in one place. A child process is another matter: it inherits what ours was given. */
const environmentReaders = ['config.ts', join('db', 'embedded', 'account.ts'), join('db', 'embedded', 'processes.ts')];

describe('one reader of the environment', () => {
  it.each(files.filter((file) => !environmentReaders.includes(file)))('%s leaves process.env alone', (file) => {
    expect(readFileSync(join('src', file), 'utf8')).not.toMatch(/process\.env|process\['env'\]/);
  });
});
