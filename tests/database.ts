import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import './global-setup.ts';

export interface TestDatabase {
  url: string;
  /** Close your own connections first: this ends whatever is left. */
  drop(): Promise<void>;
}

/** A database of your own with all migrations and no rows. Takes some 20 ms: it is copied, not migrated. */
export function freshDatabase(): Promise<TestDatabase> {
  return createDatabase(`template ${inject('databaseTemplate')}`);
}

/** A database of your own with nothing in it. */
export function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}

async function createDatabase(options: string): Promise<TestDatabase> {
  const name = inject('databasePrefix') + randomBytes(6).toString('hex');
  await asAdmin(`create database ${name} ${options}`);
  const url = new URL(inject('databaseAdminUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropDatabase(name) };
}

/** Connections that were ended a moment ago may still be closing: cutting them off would be an error in somebody's face. */
async function dropDatabase(name: string): Promise<void> {
  await asAdmin(`do $$ begin
    for i in 1..40 loop
      exit when not exists (select 1 from pg_stat_activity where datname = '${name}');
      perform pg_sleep(0.05);
      perform pg_stat_clear_snapshot();
    end loop;
  end $$`);
  await asAdmin(`drop database if exists ${name} with (force)`);
}

async function asAdmin(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('databaseAdminUrl') });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
