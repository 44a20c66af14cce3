import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases can be made and dropped. */
    databaseAdminUrl: string;
    /** A database with all migrations and no rows, to copy from. */
    databaseTemplate: string;
    /** Every database of this run begins with this. */
    databasePrefix: string;
  }
}

/** One server for the whole run: the one DATABASE_URL names, else an embedded one that is gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = randomBytes(4).toString('hex');
  const template = `sales_agent_test_base_${run}`;
  const prefix = `sales_agent_test_${run}_`;
  const server = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => {} } : await embeddedServer();

  try {
    await createTemplate(server.url, template);
  } catch (error) {
    await dropAll(server.url, template, prefix);
    await server.stop();
    throw error;
  }
  project.provide('databaseAdminUrl', server.url);
  project.provide('databaseTemplate', template);
  project.provide('databasePrefix', prefix);

  return async () => {
    await dropAll(server.url, template, prefix);
    await server.stop();
  };
}

async function embeddedServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sales-agent-tests-'));
  const embedded = await openEmbedded({
    dataDir,
    // Nobody needs these rows after a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  return {
    url: embedded.url,
    async stop() {
      await withAdmin(embedded.url, (admin) =>
        admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
        ),
      );
      await embedded.release();
      // Root may have had to put the data elsewhere: <home>/cluster/data.
      await rm(join(embedded.dataDir, '../..'), { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function createTemplate(adminUrl: string, template: string): Promise<void> {
  await withAdmin(adminUrl, (admin) => createUnicodeDatabase(admin, template));
  await migrate(urlOf(adminUrl, template), join(import.meta.dirname, '../prisma/migrations'));
  // A database somebody is connected to cannot be copied.
  await withAdmin(adminUrl, (admin) => admin.query(`alter database ${template} allow_connections false`));
}

/** With the same case folding and order as the embedded server, as far as this server's version and system offer it. */
async function createUnicodeDatabase(admin: pg.Client, name: string): Promise<void> {
  const create = `create database ${name} template template0 encoding 'UTF8'`;
  const locales = [`locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`, `locale_provider libc locale 'C.UTF-8'`];
  for (const locale of locales) {
    const made = await admin.query(`${create} ${locale}`).catch(() => undefined);
    if (made) return;
  }
  await admin.query(create);
}

async function dropAll(adminUrl: string, template: string, prefix: string): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      'select datname from pg_database where datname = $1 or starts_with(datname, $2)',
      [template, prefix],
    );
    for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
  });
}

async function withAdmin<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
