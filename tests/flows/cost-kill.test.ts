import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { calls } from '../../src/db/calls.ts';
import { announce, neighbours } from '../../src/db/embedded/presence.ts';
import { openTracker } from '../../src/llm/costs/tracker.ts';
import { createLog } from '../../src/log.ts';
import { freshDatabase } from '../database.ts';

const tenantId = '00000000-0000-4000-8000-0000000000aa';

/** Starts a process that records, kills it some time later, and gives the ids it had said. */
async function recordUntilKilled(folder: string, url: string, reachable: boolean, afterMs: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'tests/flows/cost-kill-child.ts', folder, url, tenantId, reachable ? 'yes' : 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: string[] = [];
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') void sleep(afterMs).then(() => child.kill('SIGKILL'));
    else if (line.length === 36) said.push(line);
  }
  await ended;
  return said;
}

it('processes that are killed while they record lose no call and double none, whoever starts next and however many at once', async () => {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'sales-agent-calls-'));
  const pool = new pg.Pool({ connectionString: database.url });
  try {
    const said: string[] = [];
    let left = 0;
    for (let round = 0; round < 4; round++) {
      // two at the same time, which also take over what those before them left, and may be killed while they do
      const pair = [true, round % 2 === 0].map((reachable) =>
        recordUntilKilled(folder, database.url, reachable, 30 + Math.random() * 400),
      );
      said.push(...(await Promise.all(pair)).flat());
      left += (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).length;
    }
    expect(said.length).toBeGreaterThan(500);
    expect(left, 'files that the killed left behind').toBeGreaterThan(0);

    const parts = { folder, presences: { announce, neighbours }, tenantId, log: createLog('silent') };
    const next = await Promise.all([1, 2].map(() => openTracker({ ...parts, store: calls(pool), limits: { lookEveryMs: 200 } })));
    const files = async () => (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
    await expect.poll(files).toEqual([]);
    for (const tracker of next) await tracker.close();

    const { rows } = await pool.query<{ call_id: string; n: number }>(
      'SELECT call_id, count(*)::int AS n FROM ai_cost_tracking GROUP BY 1',
    );
    const kept = new Map(rows.map(({ call_id, n }) => [call_id, n]));
    expect(said.filter((id) => kept.get(id) !== 1)).toEqual([]);
    // nothing but what was recorded: those killed between recording a call and saying so may have one more each
    expect(kept.size - said.length).toBeLessThanOrEqual(8);
    const sums = await pool.query('SELECT sum(requests)::int AS requests, sum(cost_usd)::text AS cost FROM ai_cost_days');
    const all = await pool.query('SELECT count(*)::int AS requests, sum(cost_usd)::text AS cost FROM ai_cost_tracking');
    expect(sums.rows).toEqual(all.rows);
  } finally {
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
});
