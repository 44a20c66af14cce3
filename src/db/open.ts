import pg from 'pg';
import type { Access } from '../core/access.ts';
import type { BudgetStanding, SpendingBooks } from '../core/budget.ts';
import type { ChatSurface } from '../core/chat.ts';
import type { ChatStores } from '../core/chat-stores.ts';
import type { CallStore } from '../core/cost.ts';
import type { Ledger } from '../core/execution.ts';
import type { Idempotency } from '../core/idempotency.ts';
import type { Queue } from '../core/job.ts';
import type { Standing } from '../core/learning.ts';
import type { PriceRow } from '../core/price.ts';
import type { Profile } from '../core/profile.ts';
import type { Db } from '../core/records.ts';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { access, ensureWorkspace, type WorkspaceDefaults } from './access.ts';
import { dropIdleCounters, spendingBooks } from './budget-books.ts';
import { calls } from './calls.ts';
import { sealWith } from './chat/seal.ts';
import { chatStores } from './chat/stores.ts';
import { removeDemo, seedDemo } from './demo.ts';
import { openEmbedded } from './embedded.ts';
import { idempotency } from './idempotency.ts';
import { ledger } from './ledger.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { allPriceOverrides } from './price-overrides.ts';
import { shipProfiles } from './profiles.ts';
import { type Handlers, prepareQueue, queue, startWorker, type Worker } from './queue.ts';
import { createDb, prismaOn } from './records.ts';
import { allStandings } from './standings.ts';
import { sweep } from './sweep.ts';

export interface DatabaseOptions {
  /** A Postgres server; absent = the embedded one in `dataDir`. */
  url?: string;
  dataDir: string;
  migrationsDir: string;
  /** The ICP profiles that ship with us. */
  profiles: readonly Profile[];
  defaults: WorkspaceDefaults;
  log: Log;
  /** Prices that come with us: what somebody enters is held against them. */
  knownPrices?: readonly PriceRow[];
  dailyBudgetUsd?: string;
  /** Seals what nobody may read in the database; absent: a key of the data folder. */
  secretsKey?: Uint8Array;
  /** Given where limits are counted outside of the database: how they stand. */
  budgetStandings?: ((tenantId: string) => Promise<BudgetStanding[]>) | undefined;
  /** Tells the person at the terminal what takes a moment. */
  say(line: string): void;
  now(): Date;
}

export interface Database {
  db: Db;
  access: Access;
  queue: Queue;
  ledger: Ledger;
  calls: CallStore;
  /** Spending by what is written down, for limits that are counted elsewhere. */
  books: SpendingBooks;
  /** The own prices of every workspace. */
  priceOverrides(): Promise<{ tenantId: string; rows: PriceRow[] }[]>;
  /** How models stand by votes on their answers, in every workspace. */
  standings(): Promise<Standing[]>;
  idempotency: Idempotency;
  chat: ChatStores;
  pool: pg.Pool;
  /** "embedded PostgreSQL 18.4 in ./data", for people. */
  place: string;
  embedded: boolean;
  tenantId: string;
  /** Throws when the database does not answer or lacks migrations. */
  check(): Promise<void>;
  /** `surfaces`: those of chat that are on here; the work of all others is left to other processes. */
  work(handlers: Handlers, options?: { surfaces?: readonly ChatSurface[] }): Promise<Worker>;
  sweep(): ReturnType<typeof sweep>;
  seedDemo(seed: number): Promise<boolean>;
  removeDemo(): Promise<number>;
  close(): Promise<void>;
}

const oldest = 15;

/** Opens the database, brings it up to date and makes the workspace: after this everything that needs rows works. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, dataDir, migrationsDir, profiles, log, say, now } = options;
  const embedded = url ? undefined : await openEmbedded({ dataDir, log: say });
  const pool = new pg.Pool({
    connectionString: url ?? embedded!.url,
    max: 20,
    connectionTimeoutMillis: 15_000,
    application_name: 'sales-agent',
  });
  // a connection that breaks while idle is replaced by the pool; without a listener it would end the process
  let closing = false;
  const lost = (error: Error) => {
    if (!closing) log.warn({ err: error }, 'lost a database connection');
  };
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  embedded?.keepRunning({
    log: (line) => log.warn(line),
    onMoved(moved) {
      // every new connection reads it
      pool.options.connectionString = moved;
      log.warn({ port: new URL(moved).port }, 'the port of the embedded database was taken; it has another one now');
    },
  });
  const prisma = prismaOn(pool);
  const close = async () => {
    closing = true;
    await prisma.$disconnect();
    await pool.end();
    await embedded?.release();
  };

  try {
    const version = await serverVersion(pool, url);
    const applied = await migrate(pool, migrationsDir);
    if (applied.length) say(`Database brought up to date (${applied.length} migration${applied.length > 1 ? 's' : ''}).`);
    await prepareQueue(pool, log);
    const own = await ensureWorkspace(prisma, options.defaults);
    await shipProfiles(prisma, own.tenantId, profiles);
    const store = calls(pool);
    const seal = sealWith({ key: options.secretsKey, dataDir });
    const { knownPrices, dailyBudgetUsd, budgetStandings } = options;
    return {
      db: createDb({ prisma, pool, seal, now, settle: () => store.settle(), knownPrices, dailyBudgetUsd, budgetStandings }),
      access: access(prisma, own),
      queue: queue(pool),
      ledger: ledger(prisma),
      calls: store,
      books: spendingBooks(pool, () => store.settle()),
      priceOverrides: () => allPriceOverrides(prisma),
      standings: () => allStandings(prisma, now()),
      idempotency: idempotency(prisma),
      chat: chatStores({ prisma, pool, tenantId: own.tenantId, seal, log }),
      pool,
      place: embedded ? `embedded PostgreSQL ${version} in ${embedded.dataDir}` : `PostgreSQL ${version} server`,
      embedded: embedded !== undefined,
      tenantId: own.tenantId,
      async check() {
        const missing = await pendingMigrations(pool, migrationsDir);
        if (missing.length)
          throw new AppError('unavailable', `The database lacks ${missing.length} migration(s); restart to apply them.`);
      },
      work: (handlers, more = {}) => startWorker({ pool, handlers, log, ...more }),
      async sweep() {
        if (budgetStandings) await dropIdleCounters(pool);
        return sweep(pool);
      },
      seedDemo: (seed) => seedDemo(prisma, own, { seed, now: now(), timeZone: options.defaults.timeZone }),
      removeDemo: () => removeDemo(prisma, own.tenantId),
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function serverVersion(pool: pg.Pool, url: string | undefined): Promise<string> {
  const answer = await pool.query<{ server_version: string }>('SHOW server_version').catch((error) => {
    const where = url ? 'the server of DATABASE_URL' : 'the embedded database';
    throw new AppError(
      'unavailable',
      `Cannot reach ${where}: ${messageOf(error)}. ${url ? 'Check the address, the password and that it runs; without DATABASE_URL an embedded one is used.' : ''}`,
      { cause: error },
    );
  });
  const version = answer.rows[0]!.server_version.split(' ')[0]!;
  if (Number.parseInt(version, 10) < oldest)
    throw new AppError('misconfigured', `DATABASE_URL leads to PostgreSQL ${version}; ${oldest} or newer is needed.`);
  return version;
}
