import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDocs } from './docs.ts';
import { writePage } from './page.ts';
import { projectRoot, runPrisma } from './prisma-cli.ts';
import { asMigrationFile, diffSchemas, isEmptyMigration } from './schema-diff.ts';

/*
 * npm run generate                       formats and checks prisma/schema.prisma, rewrites src/db/generated, the generated docs and the
 *                                        bundle of the playground's page
 * npm run generate -- migration <name>   the same, then writes the SQL from the newest migration's schema to this one
 *
 * Each migration folder keeps the schema it leads to, beside its SQL. That copy is what the next one is compared with:
 * asking a database instead would need a server, and the engine's WebAssembly build cannot read one. A copy per migration,
 * rather than one for all, lives and dies with it: to write the newest migration anew, delete its folder and run this again.
 * SQL that Prisma cannot express is written by hand into migration.sql, under the headings made for it.
 */

const schemaFile = join(projectRoot, 'prisma/schema.prisma');
const migrationsDir = join(projectRoot, 'prisma/migrations');

const [command, name] = process.argv.slice(2);
try {
  if (command === undefined) await generate();
  else if (command === 'migration' && name && /^[a-z0-9_]+$/.test(name)) await generate().then(() => writeMigration(name));
  else throw new Error('Usage: npm run generate, or npm run generate -- migration <name_in_snake_case>');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function generate(): Promise<void> {
  for (const step of ['format', 'validate', 'generate'] as const) await runPrisma(step);
  await writeDocs();
  await writePage();
  say('src/db/generated, .env.example, the tables of ARCHITECTURE.md and the page of the playground are up to date.');
  if (command === undefined && !isEmptyMigration(await sqlSinceNewest())) {
    say('The schema has changes that no migration has yet: npm run generate -- migration <name>');
  }
}

async function writeMigration(name: string): Promise<void> {
  const sql = await sqlSinceNewest();
  if (isEmptyMigration(sql)) return say('Nothing to migrate: the newest migration already leads to this schema.');

  const timestamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = join(migrationsDir, `${timestamp}_${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'migration.sql'), asMigrationFile(sql));
  await writeFile(join(folder, 'schema.prisma'), await readFile(schemaFile));
  // Prisma's own command line wants to see this file beside the migrations.
  await writeFile(join(migrationsDir, 'migration_lock.toml'), 'provider = "postgresql"\n');

  say(`Wrote ${join(folder, 'migration.sql')}. Read it before you commit it.`);
  if (/\bDROP (COLUMN|TABLE)\b/.test(sql))
    say('It drops something. A rename looks like that too: then edit it into ALTER ... RENAME.');
}

async function sqlSinceNewest(): Promise<string> {
  const newest = (await migrationNames()).at(-1);
  const before = newest && (await readFile(join(migrationsDir, newest, 'schema.prisma'), 'utf8'));
  return diffSchemas(before, await readFile(schemaFile, 'utf8'));
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
