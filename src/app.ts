import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Converser } from './agents/converse.ts';
import { createAgents, createRunner } from './agents/index.ts';
import { langSmith, noRuns, type RunTracer } from './agents/langsmith.ts';
import { type PrometheusMetrics, prometheus } from './api/metrics.ts';
import { type Chat, createChat } from './bot/chat/create.ts';
import type { PlaygroundFace } from './bot/playground/index.ts';
import type { SlackFace } from './bot/slack/index.ts';
import { slackConfig } from './bot/slack/settings.ts';
import type { TeamsFace } from './bot/teams/index.ts';
import { teamsConfig } from './bot/teams/settings.ts';
import { type Config, projectRoot } from './config.ts';
import type { Access } from './core/access.ts';
import type { BudgetAlert, BudgetRule } from './core/budget.ts';
import type { ChatSurface, Surface } from './core/chat.ts';
import type { CallTracker } from './core/cost.ts';
import type { ImportLimits, UploadFiles } from './core/importing.ts';
import type { Queue } from './core/job.ts';
import { defaultPolicy } from './core/policy.ts';
import type { Profile } from './core/profile.ts';
import { budgets } from './db/budgets.ts';
import { announce, neighbours } from './db/embedded/presence.ts';
import { type Database, openDatabase } from './db/open.ts';
import { responseCache } from './db/response-cache.ts';
import { calibrateSoon } from './jobs/calibrate.ts';
import { startSchedule } from './jobs/schedule.ts';
import { jobHandlers } from './jobs/worker.ts';
import { type OverridesAtHand, overridesAtHand } from './llm/costs/overrides.ts';
import { bundledRows } from './llm/costs/prices.ts';
import { redact } from './llm/costs/redact.ts';
import { openTracker } from './llm/costs/tracker.ts';
import { createLlm, type GivenLlm, policyFrom } from './llm/index.ts';
import { connected } from './llm/registry.ts';
import { standingsAtHand } from './llm/router/standings.ts';
import type { Log } from './log.ts';
import { type OpenTracing, openTracing } from './net/tracing.ts';
import { redisBudgets, redisStandings } from './state/budgets.ts';
import { withRecentAnswers } from './state/recent-answers.ts';
import { openRedis, type RedisServer } from './state/redis.ts';
import { redisResponseCache } from './state/response-cache.ts';
import { postgresSignals } from './state/signals.ts';
import { uploadFolder } from './state/uploads.ts';
import type { Catalog } from './tools/catalog.ts';
import type { Deps, QualifyLimits } from './tools/define.ts';
import { Gate } from './tools/gate.ts';
import { tools } from './tools/index.ts';
import { profileFrom } from './tools/profile-text.ts';

/** The product without its faces: what every command and surface is built on. */
export interface App {
  config: Config;
  deps: Deps;
  gate: Gate;
  converser: Converser;
  /** What stands between chat surfaces and agents. */
  chat: Chat;
  /** Chat surfaces that are switched on: their doors are the server's to open. */
  faces: (SlackFace | TeamsFace | PlaygroundFace)[];
  /** Who answers, in words. */
  model: string;
  access: Access;
  queue: Queue;
  database: Database;
  /** Absent without REDIS_URL. */
  redis: RedisServer | undefined;
  /** Where model calls are written down. */
  calls: CallTracker;
  /** The workspaces' own prices, at hand. */
  prices: OverridesAtHand;
  metrics: PrometheusMetrics;
  /** Who hears of what we do. */
  watchers: { spans: OpenTracing; runs: RunTracer };
  /** True when this start filled an empty workspace with the demo companies. */
  seeded: boolean;
  /** Lets running turns and jobs end, then closes everything in reverse order. */
  close(): Promise<void>;
}

export interface BuildOptions {
  log: Log;
  say?(line: string): void;
  now?: () => Date;
  /** Works the queue and the schedule in this process. */
  worker?: boolean;
  /** Fills an empty workspace with the demo companies. */
  demo?: boolean;
  catalog?: Catalog;
  /** A model door to use in place of the configured ones; its calls are recorded all the same. */
  llm?: GivenLlm;
  /** Chat surfaces to serve beside the configured ones. */
  surfaces?: readonly Surface[];
}

/** Picks the implementations and puts them together; nothing else in the tree does. */
export async function buildApp(
  config: Config,
  {
    log,
    say = () => undefined,
    now = () => new Date(),
    worker = true,
    demo = true,
    catalog = tools,
    llm: given,
    surfaces: others = [],
  }: BuildOptions,
): Promise<App> {
  const redis = config.REDIS_URL ? await openRedis(config.REDIS_URL, log) : undefined;
  const database = await openDatabase({
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    migrationsDir: join(projectRoot, 'prisma/migrations'),
    profiles: shippedProfiles(),
    knownPrices: bundledRows,
    dailyBudgetUsd: config.DAILY_BUDGET_USD,
    secretsKey: config.SECRETS_KEY,
    budgetStandings: redis && ((tenantId) => redisStandings(redis, tenantId)),
    defaults: { timeZone: config.TIME_ZONE, country: config.COUNTRY },
    log,
    say,
    now,
  }).catch(async (error) => {
    await redis?.close();
    throw error;
  });
  const undo: (() => Promise<unknown>)[] = [async () => redis?.close(), () => database.close()];
  const close = async () => {
    for (const step of undo.reverse().splice(0))
      await step().catch((error) => log.error({ err: error }, 'a part did not close cleanly'));
  };
  try {
    const seeded = demo && (await database.seedDemo(config.DEMO_SEED));
    const signals = await postgresSignals(database.pool, log);
    undo.push(() => signals.close());
    const files = uploadFolder(config.DATA_DIR);
    const tracing = await openTracing({
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: config.OTEL_EXPORTER_OTLP_HEADERS,
      service: config.OTEL_SERVICE_NAME,
      log,
    });
    undo.push(() => tracing.close());
    const runs = runTracer(config, log);
    undo.push(() => runs.close());
    const metrics = prometheus();
    const calls = await openTracker({
      folder: join(config.DATA_DIR, 'costs'),
      store: database.calls,
      presences: { announce, neighbours },
      tenantId: database.tenantId,
      storeTexts: config.STORE_PROMPTS,
      metrics: metrics.costs,
      log,
    });
    undo.push(() => calls.close());
    const ownPrices = await overridesAtHand(() => database.priceOverrides(), log);
    undo.push(async () => ownPrices.stop());
    const standings = config.ROUTER_LEARNS ? await standingsAtHand(() => database.standings(), log) : undefined;
    undo.push(async () => standings?.stop());
    const { pool, books } = database;
    const spending = { rules: budgetRulesOf(config), onAlert: tellOfBudget(log, metrics) };
    const counted = redis && redisBudgets({ redis, books, ...spending });
    const door = createLlm({
      connected: connected(config),
      tracker: calls,
      tracing,
      log,
      now,
      policy: policyFrom(config.ROUTER_POLICY),
      overridesOf: (tenantId) => ownPrices.of(tenantId),
      budgets: counted ?? budgets({ pool, ...spending }),
      standingsOf: standings && ((tenantId) => standings.of(tenantId)),
      responses: withRecentAnswers(redis ? redisResponseCache(redis) : responseCache(pool)),
      given,
    });
    const deps: Deps = {
      db: database.db,
      signals,
      files,
      importLimits: limitsOf(config),
      qualifyLimits: qualifyLimitsOf(config),
      agents: createRunner({
        db: database.db,
        ledger: database.ledger,
        tracing,
        runs,
        now,
        ...(door.reasons && { model: door }),
      }),
      policy: defaultPolicy,
      metrics,
      tracing,
      log,
      now,
    };
    const gate = new Gate(deps, catalog);
    const caps = { steps: config.TURN_MAX_STEPS, seconds: config.TURN_MAX_SECONDS, costUsd: config.TURN_MAX_COST_USD };
    const converser = createAgents({ gate, llm: door.llm, ledger: database.ledger, caps, runs });
    const slack = await openSlack(config, database, { log, now });
    const teams = await openTeams(config, database, () => chat, { log, now });
    const playground = await openPlayground(config, database, { files, log });
    const own = [slack?.out.surface, teams?.out.surface, playground?.surface].filter((surface) => surface !== undefined);
    const surfaces = new Map<ChatSurface, Surface>([...own, ...others].map((surface) => [surface.id, surface]));
    const chat: Chat = createChat({
      tenantId: database.tenantId,
      gate,
      converser,
      access: database.access,
      store: database.chat,
      surfaces,
      ...(playground && { readAlong: (turn) => playground.surface.readAlong(turn) }),
      uploadMaxMb: config.UPLOAD_MAX_MB,
    });
    if (worker) {
      const sweep = async () => {
        for (const id of (await database.sweep()).uploads) await files.remove(id);
        await files.tidy(abandonedMs);
        // what it should have done is done by the next one that finds Redis
        await counted?.sweep().catch((error) => log.warn({ err: error }, 'the budgets in Redis were not swept'));
      };
      const running = await database.work(
        jobHandlers({ gate, access: database.access, sweep, ...(surfaces.size && { chat: chat.handlers }) }),
        // what is said elsewhere is dealt with by a process that can speak there
        { surfaces: [...surfaces.keys()] },
      );
      undo.push(async () => {
        const note = setTimeout(() => say(finishing), patienceMs);
        await running.stop().finally(() => clearTimeout(note));
      });
      const scope = { tenantId: database.tenantId, userId: '', surface: 'job' };
      const schedule = startSchedule({
        sweepSoon: (slot) => database.db.records(scope).enqueue('sweep', { slot }, { key: `sweep@${slot}`, maxAttempts: 2 }),
        briefSoon: async (slot) => {
          if (!surfaces.size) return;
          const payload = { tenantId: database.tenantId, slot };
          await database.db.records(scope).enqueue('brief', payload, { key: `brief@${slot}`, maxAttempts: 2 });
        },
        calibrateSoon: (month) => calibrateSoon(database.db.records(scope), { tenantId: database.tenantId, month }),
        timeZone: (await database.db.records(scope).workspace()).timeZone,
        now,
        log,
      });
      undo.push(async () => schedule.stop());
    }
    undo.push(() => converser.idle());
    const faces = [
      slack?.face({ ...chat, gate }),
      teams?.face(chat),
      playground?.face({
        chat,
        surface: playground.surface,
        messages: database.chat.playground,
        tokens: database.chat.tokens,
        signals,
        db: database.db,
        local: async () => ({ ...(await database.access.local()), surface: 'playground' as const }),
        model: door.name,
        reasons: door.reasons,
        uploadMaxMb: config.UPLOAD_MAX_MB,
        connected: [...surfaces.keys()].filter((id) => id !== 'playground'),
        now,
        log,
      }),
    ].filter((face) => face !== undefined);
    undo.push(async () => void (await Promise.all(faces.map((face) => face.stop()))));
    return {
      config,
      deps,
      gate,
      converser,
      chat,
      faces,
      model: door.name,
      access: database.access,
      queue: database.queue,
      database,
      redis,
      calls,
      prices: ownPrices,
      metrics,
      watchers: { spans: tracing, runs },
      seeded,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Loaded only when it is on. */
async function openSlack(config: Config, database: Database, around: { log: Log; now: () => Date }) {
  const settings = slackConfig(config);
  if (!settings) return undefined;
  const { slackFace, slackOut } = await import('./bot/slack/index.ts');
  const out = slackOut(settings, database.chat, around);
  return { out, face: (behind: Parameters<typeof slackFace>[2]) => slackFace(settings, out, behind, around) };
}

/** Loaded only when it is on. What it says is said on behalf of what is made after it. */
async function openTeams(config: Config, database: Database, behind: () => Chat, around: { log: Log; now: () => Date }) {
  const settings = teamsConfig(config);
  if (!settings) return undefined;
  const { teamsFace, teamsOut } = await import('./bot/teams/index.ts');
  const out = teamsOut(settings, database.chat, behind, around);
  return { out, face: (chat: Chat) => teamsFace(settings, out, chat, around) };
}

/** Loaded only when it is on. */
async function openPlayground(config: Config, database: Database, around: { files: UploadFiles; log: Log }) {
  if (!config.PLAYGROUND) return undefined;
  const { playgroundFace, PlaygroundSurface } = await import('./bot/playground/index.ts');
  const { db, tenantId, chat } = database;
  return { surface: new PlaygroundSurface({ messages: chat.playground, db, tenantId, ...around }), face: playgroundFace };
}

/** Whoever ended a command wonders after this long why it does not end. */
const patienceMs = 1500;
const finishing =
  'Finishing work that has begun, such as making a long list searchable. Ctrl-C is safe: it goes on with the next start.';

/** An import may take up to 59 minutes; a work folder this old belongs to a process that is gone. */
const abandonedMs = 90 * 60_000;

const limitsOf = (config: Config): ImportLimits => ({
  maxRows: config.IMPORT_MAX_ROWS,
  maxTextBytes: config.IMPORT_MAX_TEXT_MB * 1_048_576,
  maxMinutes: config.IMPORT_MAX_MINUTES,
});

const qualifyLimitsOf = (config: Config): QualifyLimits => ({
  leadUsd: config.QUALIFY_LEAD_MAX_COST_USD,
  runUsd: config.QUALIFY_RUN_MAX_COST_USD,
  concurrency: config.QUALIFY_CONCURRENCY,
  perMinute: config.QUALIFY_PER_MINUTE,
});

/** Texts leave only where they may be kept, and as they are kept. */
const runTracer = (config: Config, log: Log): RunTracer =>
  config.LANGSMITH_TRACING && config.LANGSMITH_API_KEY
    ? langSmith({
        endpoint: config.LANGSMITH_ENDPOINT,
        apiKey: config.LANGSMITH_API_KEY,
        project: config.LANGSMITH_PROJECT,
        ...(config.STORE_PROMPTS && { redact }),
        log,
      })
    : noRuns;

/** What is absent sets no limit. */
const budgetRulesOf = (config: Config): BudgetRule[] =>
  (
    [
      ['day', 'tenant', config.DAILY_BUDGET_USD],
      ['month', 'tenant', config.MONTHLY_BUDGET_USD],
      ['day', 'user', config.USER_DAILY_BUDGET_USD],
      ['day', 'agent', config.AGENT_DAILY_BUDGET_USD],
      ['month', 'lead', config.LEAD_MONTHLY_BUDGET_USD],
      ['day', 'session', config.SESSION_DAILY_BUDGET_USD],
      ['hour', 'agent', String(config.AGENT_HOURLY_REQUESTS)],
    ] as const
  ).flatMap(([window, of, limit]) => (limit === undefined ? [] : [{ window, of, limit }]));

const tellOfBudget =
  (log: Log, metrics: PrometheusMetrics) =>
  ({ window, of, key, limit, spent, percent }: BudgetAlert) => {
    metrics.budgetReached(window, of, percent);
    const then = percent === 100 ? ': cheaper models or the offline rules answer until it begins anew' : '';
    log.warn({ key, limit, spent, percent }, `a limit is used to ${percent} percent${then}`);
  };

/** The ICP profiles that come with us: data, checked like any other. */
function shippedProfiles(): Profile[] {
  const folder = join(projectRoot, 'src/core/profiles');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => profileFrom(readFileSync(join(folder, file), 'utf8')));
}
