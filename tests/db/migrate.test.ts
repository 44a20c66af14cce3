import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, pendingMigrations } from '../../src/db/migrate.ts';
import { emptyDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let pool: pg.Pool;
let dir: string;

beforeEach(async () => {
  database = await emptyDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  // the database is dropped while the last connections still close
  pool.on('connect', (client) => client.on('error', () => undefined));
  dir = await mkdtemp(join(tmpdir(), 'migrations-'));
  await write('20260101000000_plants', 'create table plants (name text);');
  await write('20260102000000_trees', `create table trees (name text);\ninsert into plants values ('oak');`);
});

afterEach(async () => {
  await pool.end();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test('applies every migration once, in the order of their names', async () => {
  expect(await pendingMigrations(pool, dir)).toEqual(['20260101000000_plants', '20260102000000_trees']);
  expect(await migrate(pool, dir)).toEqual(['20260101000000_plants', '20260102000000_trees']);
  expect(await migrate(database.url, dir)).toEqual([]);
  expect(await pendingMigrations(database.url, dir)).toEqual([]);
  expect(await names('plants')).toEqual(['oak']);
});

test('asking what is pending changes nothing', async () => {
  await pendingMigrations(pool, dir);
  const { rows } = await pool.query(`select to_regclass('_prisma_migrations') as history`);
  expect(rows).toEqual([{ history: null }]);
});

test('three processes at once apply each migration exactly once', async () => {
  const applied = await Promise.all([migrate(database.url, dir), migrate(database.url, dir), migrate(pool, dir)]);
  expect(applied.flat()).toEqual(['20260101000000_plants', '20260102000000_trees']);
  expect(await names('plants')).toEqual(['oak']);
});

test('keeps rows the Prisma command line understands', async () => {
  await migrate(pool, dir);
  const { rows } = await pool.query(
    `select migration_name, checksum = encode(sha256(convert_to($1, 'UTF8')), 'hex') as same, finished_at >= started_at as finished,
            rolled_back_at, logs, applied_steps_count
       from _prisma_migrations order by migration_name limit 1`,
    ['create table plants (name text);'],
  );
  expect(rows).toEqual([
    {
      migration_name: '20260101000000_plants',
      same: true,
      finished: true,
      rolled_back_at: null,
      logs: null,
      applied_steps_count: 1,
    },
  ]);
});

test('a migration that fails leaves nothing behind, keeps those before it, and names the line', async () => {
  await write('20260103000000_broken', `insert into plants values ('ghost');\n\nselect nonsense;`);
  await expect(migrate(pool, dir)).rejects.toThrow(/20260103000000_broken failed at line 3 .*"nonsense" does not exist/);
  expect(await names('plants')).toEqual(['oak']);

  await write('20260103000000_broken', `insert into plants values ('elm');`);
  expect(await migrate(pool, dir)).toEqual(['20260103000000_broken']);
});

test('refuses a migration whose file was changed after it was applied', async () => {
  await migrate(pool, dir);
  await write('20260101000000_plants', 'create table plants (name text, height int);');
  await expect(migrate(pool, dir)).rejects.toThrow(/20260101000000_plants was changed after it was applied/);
  await expect(pendingMigrations(pool, dir)).rejects.toThrow(/was changed/);
});

test('accepts a file whose line ends another system changed', async () => {
  await migrate(pool, dir);
  await write('20260102000000_trees', `create table trees (name text);\r\ninsert into plants values ('oak');`);
  expect(await migrate(pool, dir)).toEqual([]);
});

test('refuses a database made by a newer version, and says which migrations it does not know', async () => {
  await write('20260104000000_future', 'create table robots (name text);');
  await migrate(pool, dir);
  await rm(join(dir, '20260104000000_future'), { recursive: true });
  await expect(migrate(pool, dir)).rejects.toThrow(/made by a newer version.*20260104000000_future/);
});

test('refuses to go on after a migration another tool left half-way', async () => {
  await migrate(pool, dir);
  await pool.query(`update _prisma_migrations set finished_at = null where migration_name = '20260102000000_trees'`);
  await expect(migrate(pool, dir)).rejects.toThrow(/20260102000000_trees failed half-way/);
});

test('gives the pool its connection back, also after a failure', async () => {
  const single = new pg.Pool({ connectionString: database.url, max: 1 });
  single.on('connect', (client) => client.on('error', () => undefined));
  await write('20260103000000_broken', 'select nonsense;');
  await expect(migrate(single, dir)).rejects.toThrow();
  expect((await single.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await single.end();
});

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(dir, name), { recursive: true });
  await writeFile(join(dir, name, 'migration.sql'), sql);
}

async function names(table: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`select name from ${table} order by name`);
  return rows.map((row) => row.name);
}
