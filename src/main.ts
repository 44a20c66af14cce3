import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from './app.ts';
import { slackConfig, slackVariables, slackWays } from './bot/slack/settings.ts';
import { teamsConfig, teamsVariables, teamsWays } from './bot/teams/settings.ts';
import { type Config, callerFolder, loadConfig, projectRoot, startedByNpm } from './config.ts';
import type { Actor } from './core/actor.ts';
import { isLoopback } from './core/address.ts';
import type { Records } from './core/records.ts';
import { AppError, messageOf } from './errors.ts';
import { createLog } from './log.ts';

/** A command gets its arguments and gives an exit code. */
type Command = { about: string; run(argv: string[], config: () => Config): Promise<number> };

const version = (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version;
const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * Resolves when nobody reads what we write any more, as after `npm start | head -1`. A command then ends as it would have,
 * unheard; without a listener Node would end us on the spot, and leave running what we started.
 */
const unheard = new Promise<void>((resolve) => {
  for (const stream of [process.stdout, process.stderr]) {
    let gone = false;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // once the reader has gone, every further line fails in one way or another
      if (error.code !== 'EPIPE' && !gone) throw error;
      gone = true;
      // complaints alone may go unheard
      if (stream === process.stdout) resolve();
    });
  }
});

/** What a command at the terminal works with. */
type ConsoleParts = App & { actor: Actor; records: Records; cwd: string };
type ConsoleCommand = (argv: string[], parts: ConsoleParts) => Promise<number>;

const asksHelp = (argv: string[]): boolean => argv.includes('--help') || argv.includes('-h');

/** A command of one word or none: help and anything else it does not know end it before something is started. */
const plain = (usage: string, words: readonly string[], { about, run }: Command): Command => ({
  about,
  async run(argv, config) {
    if (asksHelp(argv)) {
      say(usage);
      return 0;
    }
    const [stranger] = [...argv.filter((word) => !words.includes(word)), ...argv.slice(1)];
    if (stranger === undefined) return run(argv, config);
    complain(`There is no "${stranger}" here.\n\n${usage}`);
    return 2;
  },
});

/** A command that needs the product: built before it, closed after it, whatever happens. */
const withApp = (
  about: string,
  load: () => Promise<ConsoleCommand>,
  {
    worker = true,
    alone = () => false,
  }: { worker?: boolean | ((argv: string[]) => boolean); alone?(argv: string[]): boolean } = {},
): Command => ({
  about,
  async run(argv, settings) {
    const command = await load();
    // help is text, and some commands are about files alone: they need no parts, and nobody should wait for a database
    if (asksHelp(argv) || alone(argv)) return command(argv, { cwd: callerFolder } as ConsoleParts);
    const config = settings();
    const { buildApp } = await import('./app.ts');
    // a command talks to a person: its own log lines are for when something breaks
    const level = config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
    const app = await buildApp(config, {
      log: createLog(level),
      say: complain,
      worker: typeof worker === 'function' ? worker(argv) : worker,
    });
    try {
      const actor: Actor = { ...(await app.access.local()), surface: 'terminal' };
      return await command(argv, { ...app, actor, records: app.deps.db.records(actor), cwd: callerFolder });
    } finally {
      await app.close();
    }
  },
});

const startUsage = `Usage: npm start

Starts the server and works the queue until Ctrl-C. Settings come from the environment or from .env: PORT, HOST, DATABASE_URL;
.env.example lists them all.`;
const demoUsage = 'Usage: npm run demo -- status | show | hide | remove';
const doctorUsage = `Usage: npm run doctor

Looks at every part and says what is well and what is not. Exit code 1 when something is wrong.`;

const commands: Record<string, Command> = {
  start: plain(startUsage, [], {
    about: 'starts the server with everything that is switched on',
    run: (_argv, config) => start(config()),
  }),
  chat: withApp(
    'talks to the assistant here; npm run chat -- "one question" asks once',
    async () => (await import('./bot/console/chat.ts')).chatCommand,
  ),
  import: withApp(
    'imports a list: npm run import -- file.csv [--dry-run]; --list, --review, --left-out',
    async () => (await import('./bot/console/import-file.ts')).importCommand,
    // whoever only looks should not carry on with what another command left over
    { worker: (argv) => !argv.some((word) => word === '--list' || word.startsWith('--left-out')) },
  ),
  profiles: withApp(
    'what makes a good lead: npm run profiles [-- show | check | save | preview | activate]',
    async () => (await import('./bot/console/profiles.ts')).profilesCommand,
    {
      worker: (argv) => argv.some((word) => word === 'save' || word === 'preview' || word === 'activate'),
      alone: ([action]) => action === 'check',
    },
  ),
  qualify: withApp(
    'says how well leads fit, and why: npm run qualify -- "NAME"; --all, --tier, --state, --import',
    async () => (await import('./bot/console/qualify.ts')).qualifyCommand,
    { worker: (argv) => argv.some((word) => /^--(all|tier|state|import|limit)\b/.test(word)) },
  ),
  approvals: withApp(
    'shows what waits for your decision, and decides',
    async () => (await import('./bot/console/approvals.ts')).approvalsCommand,
  ),
  jobs: withApp(
    'shows long work and dead letters, stops and retries',
    async () => (await import('./bot/console/jobs.ts')).jobsCommand,
  ),
  keys: withApp('makes, lists and revokes API keys', async () => (await import('./bot/console/keys.ts')).keysCommand, {
    worker: false,
  }),
  mail: withApp('shows the local mail outbox', async () => (await import('./bot/console/mail.ts')).mailCommand, {
    worker: false,
  }),
  demo: plain(
    demoUsage,
    ['status', 'show', 'hide', 'remove'],
    withApp('demo companies: status, show, hide, remove', async () => demo, { worker: false }),
  ),
  doctor: plain(
    doctorUsage,
    [],
    withApp('looks at every part and says what is well and what is not', async () => doctor, { worker: false }),
  ),
};

const doctor: ConsoleCommand = async (_argv, parts) => {
  const { connected, providers } = await import('./llm/registry.ts');
  const { checkProvider } = await import('./llm/check.ts');
  const on = connected(parts.config);
  const models = providers.map(({ id, label, required }) => {
    const one = on.get(id);
    return { label, variables: required, ...(one && { check: () => checkProvider(one, required) }) };
  });
  const settings = slackConfig(parts.config);
  const slack = settings && (await import('./bot/slack/check.ts'));
  const teamsOn = teamsConfig(parts.config);
  const teams = teamsOn && (await import('./bot/teams/check.ts'));
  const { log, now } = parts.deps;
  const surfaces = [
    {
      label: 'Slack',
      variables: slackVariables,
      ...(slack && { check: () => slack.checkSlack(settings, parts.database.chat, { log, now }) }),
    },
    { label: 'Teams', variables: teamsVariables, ...(teams && { check: () => teams.checkTeams(teamsOn, { log }) }) },
  ];
  return (await import('./bot/console/doctor.ts')).doctor({ ...parts, models, surfaces }, say);
};

async function start(config: Config): Promise<number> {
  const { buildApp } = await import('./app.ts');
  const { buildServer, ensureSafeToListen } = await import('./api/server.ts');
  const log = createLog(config.LOG_LEVEL);
  say(`Sales Agent ${version}`);
  const app = await buildApp(config, { log, say });
  try {
    await ensureSafeToListen(config.HOST, config, app.access);
    const server = await buildServer({ ...app, files: app.deps.files, log, version, idempotency: app.database.idempotency });
    await server.listen({ host: config.HOST, port: config.PORT }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        throw new AppError(
          'misconfigured',
          `Port ${config.PORT} is in use. Stop what uses it, or start with another: PORT=3001 npm start`,
        );
      throw new AppError('misconfigured', `Cannot listen on ${config.HOST}:${config.PORT}: ${error.message}`);
    });
    const { port } = server.server.address() as { port: number };
    for (const face of app.faces) face.start();
    await banner(app, port);
    await Promise.race([stopAsked(), unheard]);
    say('\nStopping: running work ends first. Ctrl-C again stops at once.');
    await server.close();
    return 0;
  } finally {
    await app.close();
  }
}

/** What is on, what is off, and which variable turns it on. */
async function banner({ config, access, database, redis, deps, model }: App, port: number): Promise<void> {
  const { leads, demo, name } = await database.db.records({ ...(await access.local()), surface: 'terminal' }).workspace();
  const host = isLoopback(config.HOST) ? '127.0.0.1' : config.HOST;
  const url = config.PUBLIC_URL ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const keyless = isLoopback(config.HOST) && config.APP_ENV !== 'production';
  const slack = slackConfig(config);
  const on = (part: string, text: string) => say(`  on   ${part.padEnd(10)} ${text}`);
  const off = (part: string, text: string) => say(`  off  ${part.padEnd(10)} ${text}`);
  say('');
  on('HTTP', `${url}   docs: ${url}/api/v1/docs   state: ${url}/health`);
  if (config.PLAYGROUND)
    on('Playground', `${url}   the assistant in the browser, ${keyless ? 'as anybody of the workspace' : 'with an API key'}`);
  else off('Playground', 'PLAYGROUND=on puts the assistant in the browser at the root');
  on('Database', database.place);
  if (redis) on('Redis', `${redis.place}: budgets and kept answers`);
  const reasons = deps.agents.model !== undefined;
  on('Assistant', reasons ? `SR/BDR, on ${model}` : 'SR/BDR, on offline rules: no model, no key, no cost');
  if (!reasons)
    off('Models', 'ANTHROPIC_API_KEY=..., or the key of another provider, has a model answer: npm run doctor names them');
  if (slack) on('Slack', slackWays(slack).join('; '));
  else off('Slack', 'SLACK_BOT_TOKEN=... SLACK_SIGNING_SECRET=... answers in Slack (README, "Slack in five minutes")');
  const teams = teamsConfig(config);
  if (teams) on('Teams', teamsWays(teams).join('; '));
  else off('Teams', 'TEAMS_APP_ID=... TEAMS_APP_PASSWORD=... answers in Teams (README, "Teams in ten minutes")');
  on('Mail', 'local outbox, nothing leaves this machine: npm run mail');
  if (demo === 'shown')
    on(
      'Workspace',
      `${name}: ${leads} leads, among them made-up DEMO companies. They step aside when you import a list; npm run demo -- remove deletes them.`,
    );
  else on('Workspace', `${name}: ${leads} leads`);
  if (keyless) on('Login', 'not needed on this machine (APP_ENV=production asks for API keys: npm run keys)');
  else on('Login', 'API keys: npm run keys');
  if (database.embedded) off('Server DB', 'DATABASE_URL=postgresql://... uses a Postgres server instead of the embedded one');
  if (!config.PUBLIC_URL) off('Public', 'PUBLIC_URL=https://... and HOST=0.0.0.0 serve others (needs a key first)');
  say(config.PLAYGROUND ? `\nOpen ${url} in a browser, or in a second terminal:` : '\nIn a second terminal:');
  say('  npm run chat -- "who are my top 3 leads today?"');
  say('  npm run import -- your-list.csv');
  say('Ctrl-C stops.');
}

function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    const parent = process.ppid;
    // a stopped npm takes only its shell along: that we are orphaned is how we hear of it
    if (startedByNpm) setInterval(() => process.ppid !== parent && !asked && onSignal(), 500).unref();
  });
}

const demo: ConsoleCommand = async ([action = 'status'], { deps, database, actor, records }) => {
  if (action === 'remove')
    say(
      `Removed ${await database.removeDemo()} demo leads and everything that hung on them. They do not come back by themselves.`,
    );
  else if (action === 'show' || action === 'hide') {
    const moved = await deps.db.tx(actor, (tx) => tx.showDemo(action === 'show'));
    say(`${moved} demo leads ${action === 'show' ? 'are back' : 'stepped aside'}.`);
  } else say(`Demo companies: ${(await records.workspace()).demo ?? 'never made'}.`);
  return 0;
};

function usage(): void {
  say(`Sales Agent ${version}\n`);
  for (const [name, { about }] of Object.entries(commands))
    say(`  npm ${name === 'start' ? '' : 'run '}${name.padEnd(name === 'start' ? 14 : 10)} ${about}`);
}

async function main([name = 'help', ...argv]: string[]): Promise<number> {
  const command = commands[name];
  if (!command) {
    usage();
    return name === 'help' || name === '--help' ? 0 : 2;
  }
  const envFile = join(projectRoot, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  try {
    return await command.run(argv, () => loadConfig());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    complain(error.message);
    return 1;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain(`Something unexpected went wrong: ${messageOf(error)}`);
    if (error instanceof Error && error.stack) complain(error.stack);
    process.exitCode = 1;
  },
);
