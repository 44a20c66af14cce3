import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, mockAdapter } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

/**
 * The SQL that turns a database of one Prisma schema into one of another; `undefined` is the empty database.
 * Needs no database and no download: this is Prisma's schema engine compiled to WebAssembly.
 */
export async function diffSchemas(from: string | undefined, to: string): Promise<string> {
  const { SchemaEngine } = await loadEngine();
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', to]] }, () => {}, noDatabase());
  try {
    const { stdout } = await engine.diff({
      from: from === undefined ? { tag: 'empty' } : asTarget(from),
      to: asTarget(to),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? '';
  } finally {
    engine.free();
  }
}

const BEFORE = '-- By hand, first: what the rest needs (extensions).';
const GENERATED = '-- From schema.prisma:';
const AFTER = '-- By hand, last: what Prisma cannot express (expression indexes, views, triggers).';

/** A migration file, with room for SQL that no schema.prisma describes. */
export function asMigrationFile(sql: string): string {
  // The schema "public" always exists, and asking for it needs a right that a tenant of a shared server may lack.
  const generated = sql.replace(/-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n+/, '').trim();
  const extensions = /\bgin_trgm_ops\b/.test(sql) ? 'CREATE EXTENSION IF NOT EXISTS pg_trgm;\n' : '';
  return `${BEFORE}\n${extensions}\n${GENERATED}\n${generated}\n\n${AFTER}\n`;
}

/** What was written by hand into a migration, before and after the generated part. */
export function handWrittenParts(migration: string): { first: string; last: string } {
  const [first = '', rest = ''] = migration.split(GENERATED);
  return { first, last: rest.split(AFTER)[1] ?? '' };
}

/** The engine writes a comment when there is nothing to do. */
export const isEmptyMigration = (sql: string): boolean => sql.replaceAll(/^--.*$/gm, '').trim() === '';

function asTarget(schema: string) {
  return {
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content: schema }],
    configDir: process.cwd(),
  };
}

/**
 * Comparing two schemas never looks into a database, yet the engine begins by asking one which version it is.
 * Fifteen, the oldest we serve, is all this stand-in can say.
 */
function noDatabase() {
  const connection = {
    ...mockAdapter('postgres'),
    queryRaw: async () => ({
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, 'PostgreSQL 15.0', 150_000]],
    }),
    dispose: async () => {},
  };
  const connect = async () => connection;
  return bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: 'no-database',
    connect,
    connectToShadowDb: connect,
  });
}

/** The one thing of WebAssembly used here; Node's types leave it to the browser's. */
interface WasmLoader {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}

let loaded: Promise<typeof engineModule> | undefined;

/** By hand, because Node cannot import a .wasm file the way the package's own entry does. */
function loadEngine(): Promise<typeof engineModule> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(entry.replace(/\.js$/, '.wasm'));
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WasmLoader };
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engineModule });
    engineModule.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    return engineModule;
  })();
  return loaded;
}
