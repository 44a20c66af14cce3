import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { projectRoot, runPrisma } from '../../scripts/prisma-cli.ts';
import { diffSchemas, handWrittenParts } from '../../scripts/schema-diff.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../database.ts';

const schemaFile = join(projectRoot, 'prisma/schema.prisma');
const migrationsDir = join(projectRoot, 'prisma/migrations');
const FIX = 'Run: npm run generate';

test('the migrations lead to exactly what schema.prisma describes', async () => {
  const migrated = await freshDatabase();
  const described = await emptyDatabase();
  try {
    const byHand = (await migrationFiles()).map(handWrittenParts);
    for (const { first } of byHand) await execute(described, first);
    await execute(described, await diffSchemas(undefined, await readFile(schemaFile, 'utf8')));
    for (const { last } of byHand) await execute(described, last);
    expect(await catalogue(migrated), `${FIX} -- migration <name>`).toEqual(await catalogue(described));
  } finally {
    await migrated.drop();
    await described.drop();
  }
});

test('the newest migration keeps a copy of the present schema for the next one to start from', async () => {
  const newest = (await migrationNames()).at(-1)!;
  const sql = await diffSchemas(
    await readFile(join(migrationsDir, newest, 'schema.prisma'), 'utf8'),
    await readFile(schemaFile, 'utf8'),
  );
  expect(sql.trim(), `${FIX} -- migration <name>`).toBe('-- This is an empty migration.');
});

test('src/db/generated is what Prisma generates today', async () => {
  // Laid out like the project: the client holds a copy of the schema, with the path it is written to.
  const fresh = await mkdtemp(join(tmpdir(), 'prisma-client-'));
  try {
    const schemaCopy = join(fresh, 'prisma/schema.prisma');
    await mkdir(dirname(schemaCopy));
    await copyFile(schemaFile, schemaCopy);
    await runPrisma('generate', '--schema', schemaCopy);

    const committed = await contents(join(projectRoot, 'src/db/generated'));
    const generated = await contents(join(fresh, 'src/db/generated'));
    const files = new Set([...committed.keys(), ...generated.keys()]);
    const stale = [...files].filter((file) => committed.get(file) !== generated.get(file));
    expect(stale, FIX).toEqual([]);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
});

/** Everything that makes a database behave as it does, as sorted lines; order of columns aside, which differs by age. */
async function catalogue(database: TestDatabase): Promise<string[]> {
  const { rows } = await query<{ line: string }>(
    database,
    `with relations as (
       select oid, relname, relkind from pg_class
        where relnamespace = 'public'::regnamespace and relname not like '\\_prisma\\_migrations%'
     )
     select line from (
       select format('relation %s %s', relkind, relname) as line from relations
       union all
       select format('column %s.%s %s%s default %s%s', r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                     case when a.attnotnull then ' not null' end, pg_get_expr(d.adbin, d.adrelid), ' ' || a.attgenerated::text || a.attidentity::text)
         from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
         left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
        where r.relkind in ('r', 'p', 'v', 'm')
       union all
       select format('constraint %s %s %s', r.relname, c.conname, pg_get_constraintdef(c.oid))
         from relations r join pg_constraint c on c.conrelid = r.oid
       union all
       select format('index %s', pg_get_indexdef(i.indexrelid)) from relations r join pg_index i on i.indrelid = r.oid
       union all
       select format('view %s %s', r.relname, pg_get_viewdef(r.oid)) from relations r where r.relkind in ('v', 'm')
       union all
       select format('trigger %s', pg_get_triggerdef(t.oid)) from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
       union all
       select format('function %s', pg_get_functiondef(p.oid)) from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
          and not exists (select from pg_depend e where e.objid = p.oid and e.deptype = 'e')
       union all
       select format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder))
         from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname
       union all
       select format('extension %s', extname) from pg_extension
     ) as everything order by line collate "C"`,
  );
  return rows.map((row) => row.line);
}

async function contents(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')] as const)));
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function migrationFiles(): Promise<string[]> {
  const names = await migrationNames();
  return Promise.all(names.map((name) => readFile(join(migrationsDir, name, 'migration.sql'), 'utf8')));
}

async function execute(database: TestDatabase, sql: string): Promise<void> {
  await query(database, sql);
}

async function query<Row extends pg.QueryResultRow>(database: TestDatabase, sql: string): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query<Row>(sql);
  } finally {
    await client.end();
  }
}
