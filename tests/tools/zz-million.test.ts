import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';
it('million', async () => {
  const world = await openWorld();
  await world.database.pool.query(`INSERT INTO leads (id, tenant_id, name, name_key, status, score, attributes)
    SELECT gen_random_uuid(), $1, 'Lead ' || n, 'lead ' || n, (ARRAY['won','lost','disqualified','new','meeting'])[1 + n % 5], (n::bigint * 7919 % 100003)::float8 / 1000.03, '{"a":"some attribute text here","b":"some more of it"}' FROM generate_series(1, 1000000) n`, [world.owner.tenantId]);
  await world.database.pool.query(`INSERT INTO activities (id, tenant_id, lead_id, kind, text, at) SELECT gen_random_uuid(), tenant_id, id, 'meeting', 'x', now() FROM leads LIMIT 300000`);
  for (const outcome of ['won', 'meeting', 'won', 'meeting']) {
    const t = performance.now();
    const o = await world.gate.call('get_calibration', { outcome }, world.as(world.owner)) as any;
    console.log(outcome, o.result.leads, Math.round(performance.now() - t), 'ms', Math.round(process.memoryUsage().rss/1e6));
  }
  const rows = await world.deps.db.records(world.owner).calibrations.outcomes('won');
  console.log('rows', rows.length);
  await world.close();
  expect(1).toBe(1);
}, 300000);
