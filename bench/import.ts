import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { from } from 'pg-copy-streams';
import type { App } from '../src/app.ts';
import type { Actor } from '../src/core/actor.ts';
import type { ImportCounts } from '../src/core/importing.ts';
import { print, timed } from './figures.ts';
import { onFreshGround } from './ground.ts';
import { writeList } from './list.ts';
import { startServer } from './server.ts';

const sizes = [10_000, 100_000, 1_000_000];

/**
 * A list from its bytes to committed leads, on the embedded Postgres and on a server. Baseline: COPY of the same bytes, line by line,
 * into a table without index. Each in a process of its own, because memory is measured.
 */
export async function benchImport(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sales-agent-bench-lists-'));
  const server = process.env['DATABASE_URL'] ? undefined : await startServer();
  try {
    for (const size of sizes) {
      await writeList(join(folder, `${size}.csv`), { rows: size, seed: 1 });
      await writeList(join(folder, `${size}-more.csv`), { rows: size, seed: 2, overlap: { share: 0.2, of: 1 } });
    }
    await inOwnProcess(folder);
    const url = process.env['DATABASE_URL'] ?? server?.url;
    if (url) await inOwnProcess(folder, url);
    else print('import on a PostgreSQL server: none installed; set DATABASE_URL to an empty database to see it');
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function inOwnProcess(folder: string, url = ''): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), folder, url], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the imports ended with ${code}`);
}

async function importAll(app: App, owner: Actor, folder: string): Promise<void> {
  print(`import on ${app.database.place.replace(/ in .*/, '')}`);
  for (const size of sizes) {
    const path = join(folder, `${size}.csv`);
    const raw = await rawCopy(app, path, size);
    await importOne(app, owner, path, `${size.toLocaleString('en')} rows into an empty workspace`, raw);
    const again = join(folder, `${size}-more.csv`);
    await importOne(app, owner, again, `${size.toLocaleString('en')} more rows, a fifth of them known`, raw);
    await app.database.pool.query('TRUNCATE leads, contacts, deals, accounts, lead_search, import_rows CASCADE');
    await app.database.pool.query('VACUUM leads');
  }
}

async function importOne(app: App, owner: Actor, path: string, what: string, rawRate: number): Promise<void> {
  const scope = { ...owner };
  const saved = await app.deps.files.save(createReadStream(path), 4e9);
  const upload = await app.deps.db.records(scope).uploads.create({ ...saved, fileName: 'bench.csv' });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const outcome = await app.gate.call(
    'import_leads',
    { uploadId: upload.id },
    { actor: owner, by: 'person' },
    { waitMs: 30 * 60_000 },
  );
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  if (outcome.status !== 'done') throw new Error(`the import ended as ${outcome.status}`);
  const result = outcome.result as ImportCounts & { importId: string };
  while (
    !(await app.database.pool.query('SELECT 1 FROM imports WHERE id = $1 AND indexed_at IS NOT NULL', [result.importId])).rowCount
  )
    await new Promise((resolve) => setTimeout(resolve, 200));
  const searchable = (performance.now() - started) / 1000;
  const rate = result.rows / seconds;
  const { imported, merged, duplicates, review, failed } = result;
  print(
    `  ${what.padEnd(48)} ${Math.round(rate).toLocaleString('en').padStart(8)} rows/s to commit (${seconds.toFixed(1)} s), ${(rate / rawRate).toFixed(3)} of raw COPY, searchable after ${searchable.toFixed(1)} s, peak RSS ${Math.round(peak / 1e6)} MB`,
  );
  print(
    `  ${''.padEnd(48)} ${imported} new, ${merged} merged, ${duplicates} duplicates, ${review} to review, ${failed} rejected`,
  );
  await app.deps.files.remove(upload.id);
}

/** Rows a second of pg-copy-streams alone: every line of the file as one text. */
async function rawCopy(app: App, path: string, rows: number): Promise<number> {
  const client = await app.database.pool.connect();
  try {
    await client.query('DROP TABLE IF EXISTS bench_raw; CREATE TABLE bench_raw (line text)');
    const { ms } = await timed(() =>
      pipeline(
        createReadStream(path, { highWaterMark: 1 << 18 }),
        client.query(from(`COPY bench_raw FROM STDIN (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')`)),
      ),
    );
    const rate = rows / (ms / 1000);
    const megabytes = (await stat(path)).size / 1e6;
    print(
      `  raw COPY of the same ${megabytes.toFixed(0)} MB (baseline)`.padEnd(50) +
        ` ${Math.round(rate).toLocaleString('en').padStart(8)} rows/s`,
    );
    return rate;
  } finally {
    await client.query('DROP TABLE IF EXISTS bench_raw');
    client.release();
  }
}

const [, program, folder, url] = process.argv;
if (folder && program === fileURLToPath(import.meta.url))
  await onFreshGround((app, owner) => importAll(app, owner, folder), url || undefined);
