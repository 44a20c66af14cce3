import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { decide } from '../../src/tools/decide.ts';
import { catalogWithSlowTool } from './slow-tool.ts';

// Decides a proposal and begins its effect; the test kills this process in the middle of it.
const app = await buildApp(loadConfig(), {
  log: createLog('silent'),
  demo: false,
  catalog: catalogWithSlowTool(600_000, () => process.stdout.write('wrote\n')),
});
const actor = { ...(await app.access.local()), surface: 'terminal' as const };
await app.gate.call('create_lead', { name: 'Killed Kilns' }, { actor, by: 'person' });
const outcome = await app.gate.call(
  'slow_status',
  { lead: 'Killed Kilns' },
  { actor: { ...actor, surface: 'rest' }, by: 'person' },
  { propose: true },
);
if (outcome.status !== 'pending_approval') throw new Error('expected a proposal');
// the effect runs as the surface that asked; only that one is slow
await app.database.pool.query(`UPDATE proposals SET surface = 'terminal' WHERE id = $1`, [outcome.proposal.id]);
process.stdout.write(`proposal ${outcome.proposal.id}\n`);
await decide(app.gate, outcome.proposal.id, { decision: 'accept' }, { actor, by: 'person' });
