import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';
import { catalogWithSlowTool } from './slow-tool.ts';

let world: World;
afterEach(() => world.close());

describe('a process killed between a decision and its effect', () => {
  it('leaves nothing half-done, and another process carries the decision out once', async () => {
    world = await openWorld({ worker: false, catalog: catalogWithSlowTool(0) });
    const child = spawn(process.execPath, ['--import', 'tsx', 'tests/flows/killed-child.ts'], {
      env: { ...process.env, APP_ENV: 'test', DATABASE_URL: world.databaseUrl, DATA_DIR: world.config.DATA_DIR },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let proposalId = '';
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('proposal ')) proposalId = line.slice(9);
      if (line === 'wrote') break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');

    const records = world.deps.db.records({ tenantId: world.owner.tenantId, userId: world.owner.userId, surface: 'rest' });
    const lead = async () => (await records.leads.find('Killed Kilns')).leads[0]!;
    expect((await lead()).status).toBe('new');
    expect((await records.proposals.get(proposalId))?.status).toBe('accepted');

    const other = await world.second({ worker: true, catalog: catalogWithSlowTool(0) });
    const deadline = Date.now() + 60_000;
    while ((await records.proposals.get(proposalId))?.status === 'accepted' && Date.now() < deadline) await sleep(50);
    expect((await records.proposals.get(proposalId))?.status).toBe('executed');
    expect((await lead()).status).toBe('qualified');
    expect(await records.activities.list((await lead()).id, 10)).toHaveLength(1);
    const receipts = await other.database.pool.query('SELECT 1 FROM receipts WHERE proposal_id = $1', [proposalId]);
    expect(receipts.rowCount).toBe(1);
  });
});
