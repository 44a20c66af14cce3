import type { Proposal } from '../src/core/proposal.ts';
import { decide } from '../src/tools/decide.ts';
import { figures, print, ratio, row, series } from './figures.ts';
import { onFreshGround } from './ground.ts';

/** What the gate adds to a tool, and how long a decision takes to become an effect. */
export async function benchGate(): Promise<void> {
  await onFreshGround(async (app, owner) => {
    const ctx = { actor: owner, by: 'person' as const };
    const scope = { ...owner };
    await app.gate.call('create_lead', { name: 'Bench Electric' }, ctx);
    const { leads } = await app.deps.db.records(scope).leads.find('Bench Electric');
    const id = leads[0]!.id;
    const tool = app.gate.catalog.get('whoami')!;
    const bare = () =>
      tool.run({}, app.gate.toolDeps(app.deps.db.records(scope)), {
        actor: owner,
        standing: 'person',
        signal: new AbortController().signal,
        progress: () => undefined,
      });
    await series(200, bare); // warm

    print('gate');
    const alone = await series(500, bare);
    row('read tool alone (baseline)', alone);
    const through = await series(500, () => app.gate.call('whoami', {}, ctx));
    row('the same through the gate', through, `${ratio(through, alone)}, adds ${(through.p50 - alone.p50).toFixed(3)} ms`);

    let flip = 0;
    const write = () => app.deps.db.tx(scope, (records) => records.leads.update(id, { city: `City ${flip++}` }));
    const plain = await series(300, write);
    row('write in a transaction, no gate (baseline)', plain);
    const gated = await series(300, () => app.gate.call('update_lead', { lead: id, city: `City ${flip++}` }, ctx));
    row(
      'the same through the gate: receipt and audit',
      gated,
      `${ratio(gated, plain)}, adds ${(gated.p50 - plain.p50).toFixed(2)} ms`,
    );

    print('decision to effect (target: p50 under 100 ms)');
    const proposals: Proposal[] = [];
    for (let i = 0; i < 150; i++) {
      const made = await app.gate.call('update_lead', { lead: id, industry: `Industry ${i}` }, ctx, { propose: true });
      if (made.status === 'pending_approval') proposals.push(made.proposal);
    }
    const samples: number[] = [];
    for (const proposal of proposals) {
      const started = performance.now();
      // each proposal starts from a value the one before it changed: an edit is judged on the present one
      const { proposal: after } = await decide(app.gate, proposal.id, { decision: 'edit', patch: { zip: '10001' } }, ctx);
      if (after.status !== 'executed') throw new Error(`expected executed, got ${after.status}`);
      samples.push(performance.now() - started);
    }
    row('press to receipt, through the queue', figures(samples), ratio(figures(samples), gated));
  });
}
