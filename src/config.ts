import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { slackHalfSet, slackSettings } from './bot/slack/settings.ts';
import { teamsHalfSet, teamsSettings } from './bot/teams/settings.ts';
import { readKey } from './db/chat/seal.ts';
import { AppError } from './errors.ts';
import { halfSet, providerSettings } from './llm/registry.ts';

/** Where package.json lies: DATA_DIR and our own files are found from here, never from the caller's folder. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

const text = z.string().trim().min(1);
const whole = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const host = z
  .string()
  .trim()
  .regex(/^[\w.:-]+$/, 'is no host name or address');

/** One setting: how it is read, and what a person needs to know to set it. */
interface Setting<S extends z.ZodType = z.ZodType> {
  schema: S;
  about: string;
  example?: string;
}
const setting = <S extends z.ZodType>(schema: S, about: string, example?: string): Setting<S> => ({
  schema,
  about,
  ...(example && { example }),
});

const usd = z.string().regex(/^\d+(\.\d{1,12})?$/, 'must be a decimal amount such as 0.25');

/** "name=value,name=value", values as in an address: a comma is %2C. */
const headers = z.string().transform((text, ctx) => {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s).map((part) => part.trim()));
  try {
    return Object.fromEntries(
      pairs.map(([name = '', value]) => {
        if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || value === undefined) throw new Error('no pair');
        return [name, decodeURIComponent(value)];
      }),
    );
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be name=value pairs with commas between them' });
    return z.NEVER;
  }
});

/** 32 bytes. */
const secretKey = z.string().transform((text, ctx) => {
  const key = readKey(text);
  if (!key) ctx.addIssue({ code: 'custom', message: 'must be 32 bytes as base64 or hex, such as openssl rand -base64 32 makes' });
  return key ?? z.NEVER;
});

/** "host:port,host:port". */
const hostList = z.string().transform((text, ctx) => {
  const hosts = text.split(',').map((one) => one.trim().toLowerCase());
  if (!hosts.every((one) => /^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/.test(one)))
    ctx.addIssue({ code: 'custom', message: 'must be host:port pairs with commas between them' });
  return hosts;
});

const onOff = z.enum(['on', 'off', 'true', 'false', '1', '0']).transform((text) => ['on', 'true', '1'].includes(text));

/** Every variable this program reads. `.env.example` and `npm run doctor` are made from this list. */
export const settings = {
  HOST: setting(
    host.default('127.0.0.1'),
    'Address to listen on. Anything but loopback needs API keys first: npm run keys -- create --user NAME --role admin',
  ),
  PORT: setting(z.coerce.number().int().min(0).max(65535).default(3000), 'Port of the one HTTP server; 0 takes a free one.'),
  PUBLIC_URL: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'The address people reach this server by; its host is accepted besides loopback names.',
    'https://sales.example.com',
  ),
  APP_ENV: setting(
    z.enum(['development', 'production', 'test']).default('development'),
    'In production every request needs an API key, loopback included.',
  ),
  DATA_DIR: setting(text.default('./data'), 'Embedded database and uploads. Relative paths start at this folder.'),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'Structured logs on stderr. No personal data at info.',
  ),
  DATABASE_URL: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgresql://')
      .optional(),
    'A PostgreSQL server, 15 to 18. Absent: an embedded one in DATA_DIR.',
    'postgresql://user:password@127.0.0.1:5432/sales_agent',
  ),
  REDIS_URL: setting(
    z
      .string()
      .regex(/^rediss?:\/\/[^\s]+$/, 'must start with redis:// or rediss://')
      .refine(URL.canParse, 'is no address')
      .optional(),
    'A Redis server, 6.2 or newer, for budgets and kept answers. Absent: both are in Postgres, which is right for many processes too.',
    'redis://127.0.0.1:6379',
  ),
  SECRETS_KEY: setting(
    secretKey.optional(),
    'Seals what nobody may read in the database, such as the tokens of chat apps: 32 bytes as base64 or hex, the same for every process. Absent: a key that is made in DATA_DIR.',
  ),
  TIME_ZONE: setting(
    z
      .string()
      .refine(
        (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
        'is no IANA time zone such as America/Chicago',
      )
      .optional(),
    'IANA zone of a new workspace, for "tomorrow at 9". Absent: the zone of this machine.',
    'America/Chicago',
  ),
  COUNTRY: setting(
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a two-letter country code')
      .default('US'),
    'Country that phone numbers without a country code are read in, for a new workspace.',
  ),
  ...providerSettings,
  ROUTER_POLICY: setting(
    text.optional(),
    'A file of your own in place of src/llm/router/policy.yaml: who answers what, who takes over, how hard we try. Relative paths start at this folder.',
    './router.yaml',
  ),
  PLAYGROUND: setting(
    onOff.optional(),
    'The chat in the browser, at the root of this server. Absent: on, but off in production; there it asks for an API key.',
    'on',
  ),
  ...slackSettings,
  ...teamsSettings,
  NET_ALLOW_HOSTS: setting(
    hostList.optional(),
    'Addresses that are let through where only those of a vendor would be, as host:port with commas between: stand-ins for tests. Refused when APP_ENV=production.',
    '127.0.0.1:4004',
  ),
  DEMO_SEED: setting(whole(20), 'Seed of the demo companies; the same seed gives the same companies.'),
  UPLOAD_MAX_MB: setting(z.coerce.number().positive().default(1024), 'Largest file that may be uploaded.'),
  IMPORT_MAX_ROWS: setting(z.coerce.number().int().min(1).max(8_000_000).default(5_000_000), 'Most rows that one list may have.'),
  IMPORT_MAX_TEXT_MB: setting(
    z.coerce.number().positive().default(4096),
    'Most text that one list may unpack to: a small archive can hold an endless list.',
  ),
  IMPORT_MAX_MINUTES: setting(z.coerce.number().positive().max(59).default(30), 'Longest time that one import may take.'),
  DAILY_BUDGET_USD: setting(
    usd.default('10'),
    'What models may cost a day, in the time zone of the workspace. Managers are told at 50, 80, 95 and 100 percent; then cheaper models answer, and the offline rules when none fits.',
  ),
  MONTHLY_BUDGET_USD: setting(usd.optional(), 'What models may cost a month. Absent: the limit of the day alone holds.', '200'),
  USER_DAILY_BUDGET_USD: setting(usd.optional(), 'What models may cost a day for each person.', '2'),
  AGENT_DAILY_BUDGET_USD: setting(usd.optional(), 'What models may cost a day for each agent.', '5'),
  LEAD_MONTHLY_BUDGET_USD: setting(usd.optional(), 'What models may cost a month for each lead.', '0.50'),
  SESSION_DAILY_BUDGET_USD: setting(usd.optional(), 'What models may cost a day for each conversation.', '1'),
  AGENT_HOURLY_REQUESTS: setting(
    z.coerce.number().int().min(0).default(600),
    'How many requests each agent may make to models in an hour; the offline rules answer what is more.',
  ),
  STORE_PROMPTS: setting(
    onOff.default(false),
    'Keeps what models were asked and answered, without e-mail addresses, phone numbers and keys, for 30 days. Off: only counts and costs.',
  ),
  ROUTER_LEARNS: setting(
    onOff.default(false),
    'Lets votes on answers decide which model of a tier is asked first, once two of them have 30 votes. Each keeps at least 5 percent of the requests; every such decision is written down. Off: the order of the policy.',
  ),
  TURN_MAX_STEPS: setting(z.coerce.number().int().min(1).max(50).default(8), 'Most model calls in one turn of a conversation.'),
  TURN_MAX_SECONDS: setting(z.coerce.number().positive().max(900).default(120), 'Longest time one turn may take.'),
  TURN_MAX_COST_USD: setting(usd.default('0.25'), 'Most that one turn may spend on models.'),
  QUALIFY_LEAD_MAX_COST_USD: setting(usd.default('0.05'), 'Most that a model may cost for qualifying one lead.'),
  QUALIFY_RUN_MAX_COST_USD: setting(usd.default('1'), 'Most that one run of qualifying many leads with a model may cost.'),
  QUALIFY_CONCURRENCY: setting(
    z.coerce.number().int().min(1).max(64).default(4),
    'How many leads are qualified with a model at the same time.',
  ),
  QUALIFY_PER_MINUTE: setting(
    z.coerce.number().int().min(1).max(10_000).default(60),
    'How many leads are qualified with a model in a minute at the most.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'An OpenTelemetry collector (OTLP over HTTP, protobuf): how long turns, model calls, tools and jobs take and what they cost goes there, never what was said. Absent: nothing is sent.',
    'http://127.0.0.1:4318',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: setting(headers.optional(), 'Headers for the collector, such as a key.', 'x-api-key=KEY'),
  OTEL_SERVICE_NAME: setting(text.default('sales-agent'), 'What the collector knows this program as.'),
  LANGSMITH_TRACING: setting(
    onOff.default(false),
    'Sends the runs of the agents to LangSmith. With STORE_PROMPTS also what was asked and answered, without e-mail addresses, phone numbers and keys; otherwise only names, times, counts and costs.',
  ),
  LANGSMITH_API_KEY: setting(text.optional(), 'Key of LangSmith; does nothing without LANGSMITH_TRACING.'),
  LANGSMITH_ENDPOINT: setting(
    z.url({ protocol: /^https?$/ }).default('https://api.smith.langchain.com'),
    'Address of LangSmith, or of one of your own.',
  ),
  LANGSMITH_PROJECT: setting(text.default('sales-agent'), 'Project of LangSmith that the runs belong to.'),
} satisfies Record<string, Setting>;

type Read = { [K in keyof typeof settings]: z.infer<(typeof settings)[K]['schema']> };

export type Config = Readonly<
  Omit<Read, 'TIME_ZONE' | 'DATA_DIR' | 'PLAYGROUND'> & { TIME_ZONE: string; DATA_DIR: string; PLAYGROUND: boolean }
>;

/**
 * Reads the environment once, checks all of it and names every variable that is wrong.
 * Throws `misconfigured`.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(settings)) {
    // an empty variable is one that is not set: that is how .env files leave things out
    const parsed = schema.safeParse(env[name]?.trim() || undefined);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name} ${parsed.error.issues[0]!.message}${holdsSecrets(name) ? '' : ` (it is "${env[name]}")`}`);
  }
  for (const { label, set, missing } of [...halfSet(values), ...slackHalfSet(values), ...teamsHalfSet(values)])
    problems.push(`${missing.join(' and ')} must be set too: ${set.join(' and ')} alone does not switch ${label} on`);
  if (values['NET_ALLOW_HOSTS'] && values['APP_ENV'] === 'production')
    problems.push('NET_ALLOW_HOSTS is for tests; it cannot be set where APP_ENV is production');
  if (values['LANGSMITH_TRACING'] && !values['LANGSMITH_API_KEY'])
    problems.push('LANGSMITH_API_KEY must be set too: LANGSMITH_TRACING sends runs to LangSmith');
  if (problems.length) throw new AppError('misconfigured', `These settings cannot be used:\n  ${problems.join('\n  ')}`);
  const read = values as Read;
  return Object.freeze({
    ...read,
    DATA_DIR: resolve(projectRoot, read.DATA_DIR),
    ...(read.ROUTER_POLICY && { ROUTER_POLICY: resolve(projectRoot, read.ROUTER_POLICY) }),
    PLAYGROUND: read.PLAYGROUND ?? read.APP_ENV !== 'production',
    TIME_ZONE: read.TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
}

const holdsSecrets = (name: string): boolean => /_(KEY|HEADERS|TOKEN|SECRET|PASSWORD)$|^(DATABASE|REDIS)_URL$/.test(name);

/** Where the person stands who called us: npm itself moves to the package's folder first. */
export const callerFolder = process.env['INIT_CWD'] ?? process.cwd();

/** npm puts a shell between itself and us, and the shell keeps signals to itself. */
export const startedByNpm = process.env['npm_lifecycle_event'] !== undefined;
