import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropicStandIn, type StandIn } from '../llm/anthropic-stand-in.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let stand: StandIn | undefined;
afterEach(async () => {
  await world.close();
  await stand?.close();
  stand = undefined;
});

const addLeads = (count: number) =>
  world.database.pool.query(
    `INSERT INTO leads (id, tenant_id, name, name_key, attributes)
     SELECT gen_random_uuid(), $1, 'Quill ' || n, 'quill ' || n, '{"about":"We look after homes"}' FROM generate_series(1, $2::int) n`,
    [world.owner.tenantId, count],
  );
const keptRuns = async () =>
  (await world.database.pool.query('SELECT count(*)::int AS n FROM agent_executions')).rows[0].n as number;

async function queued(input: Record<string, unknown>): Promise<string> {
  const outcome = await world.gate.call('qualify_leads', input, world.as(world.owner), { waitMs: 0 });
  if (outcome.status !== 'running') throw new Error('expected a job');
  return outcome.job.id;
}

/** Runs a process that works the queue and kills it when so many verdicts are kept. */
async function killAfter(verdicts: number, env: Record<string, string> = {}): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/flows/import-child.ts'], {
    env: { ...process.env, APP_ENV: 'test', DATABASE_URL: world.databaseUrl, DATA_DIR: world.config.DATA_DIR, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const _line of createInterface({ input: child.stdout })) if ((await keptRuns()) >= verdicts) break;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function finish(jobId: string) {
  const { jobs } = world.deps.db.records(world.owner);
  expect((await jobs.get(jobId))!.state).toBe('running');
  await world.second({ worker: true });
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const job = (await jobs.get(jobId))!;
    if (job.finishedAt) return job;
  }
  throw new Error('nobody finished the job');
}

describe('qualifying many leads in a process that is killed', () => {
  it('is taken up by another one, which writes no verdict twice', async () => {
    world = await openWorld({ worker: false });
    await addLeads(20_000);
    const jobId = await queued({});
    await killAfter(1);
    const kept = await keptRuns();
    expect(kept).toBeLessThan(20_000);
    const job = await finish(jobId);
    expect(job).toMatchObject({ state: 'succeeded', attempts: 2, result: { leads: 20_000, qualified: 20_000, cached: kept } });
    const { rows } = await world.database.pool.query(
      'SELECT count(*)::int AS n, count(DISTINCT lead_id)::int AS leads FROM agent_executions',
    );
    expect(rows).toEqual([{ n: 20_000, leads: 20_000 }]);
  });

  it('with a model asks nobody twice about what has its verdict', async () => {
    stand = await anthropicStandIn(() => ({
      calls: [{ id: 'toolu_1', name: 'record_answers', json: '{"answers":[]}' }],
      usage: { input_tokens: 1000, output_tokens: 20 },
    }));
    const env = {
      ANTHROPIC_API_KEY: 'sk-test',
      ANTHROPIC_BASE_URL: stand.url,
      QUALIFY_PER_MINUTE: '1200',
      QUALIFY_CONCURRENCY: '4',
    };
    world = await openWorld({ worker: false, env });
    await addLeads(60);
    const jobId = await queued({ model: true, maxCostUsd: 1 });
    await killAfter(10, env);
    const kept = await keptRuns();
    const asked = stand.asked.length;
    expect(kept).toBeLessThan(60);
    // those that were under way may have been asked and not kept
    expect(asked - kept).toBeLessThanOrEqual(4);
    const job = await finish(jobId);
    expect(job).toMatchObject({ state: 'succeeded', attempts: 2, result: { qualified: 60, cached: kept, withModel: 60 - kept } });
    expect(stand.asked.length - asked).toBe(60 - kept);
  });
});
