import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { writeList } from '../../bench/list.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

const rows = 60_000;

/** An import waiting in the queue of a world whose own worker does not run. */
async function queued(): Promise<{ jobId: string; uploadId: string }> {
  world = await openWorld({ worker: false });
  const path = join(world.config.DATA_DIR, 'killed.csv');
  await writeList(path, { rows, seed: 3 });
  const saved = await world.deps.files.save(createReadStream(path), 1e9);
  const upload = await world.deps.db.records(world.owner).uploads.create({ ...saved, fileName: 'killed.csv' });
  const outcome = await world.gate.call('import_leads', { uploadId: upload.id }, world.as(world.owner), { waitMs: 0 });
  if (outcome.status !== 'running') throw new Error('expected a job');
  return { jobId: outcome.job.id, uploadId: upload.id };
}

/** Runs a process that works the queue and kills it when its import has come so far. */
async function killAt(moment: RegExp): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/flows/import-child.ts'], {
    env: { ...process.env, APP_ENV: 'test', DATABASE_URL: world.databaseUrl, DATA_DIR: world.config.DATA_DIR },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) if (moment.test(line)) break;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

describe('an import whose process is killed', () => {
  it.each([
    ['while it reads', /rows read/],
    ['while it writes', /rows written/],
  ])('%s is done by another one from the start, and no row is there twice', async (_when, moment) => {
    const { jobId, uploadId } = await queued();
    await killAt(moment);
    const records = world.deps.db.records(world.owner);
    expect((await records.jobs.get(jobId))?.state).toBe('running');
    expect((await records.leads.search({}, { sort: 'name', limit: 1 })).total).toBe(0);

    const other = await world.second({ worker: true });
    const deadline = Date.now() + 120_000;
    while (!(await records.jobs.get(jobId))?.finishedAt && Date.now() < deadline) await sleep(100);
    const job = await records.jobs.get(jobId);
    expect(job).toMatchObject({ state: 'succeeded', attempts: 2 });
    const result = job!.result as {
      rows: number;
      imported: number;
      merged: number;
      duplicates: number;
      review: number;
      failed: number;
    };
    // lines without a word are no rows
    expect(result.rows).toBeGreaterThan(0.99 * rows);
    expect(result.imported + result.merged + result.duplicates + result.review + result.failed).toBe(result.rows);
    expect((await records.leads.search({}, { sort: 'name', limit: 1 })).total).toBe(result.imported);
    const left = await other.database.pool.query('SELECT count(*)::int AS n FROM import_rows');
    expect(left.rows[0].n).toBe(result.rows - result.imported);

    await other.deps.files.remove(uploadId);
    expect(await readdir(join(world.config.DATA_DIR, 'uploads'))).toEqual([]);
  });
});
