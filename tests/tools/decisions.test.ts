import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Proposal } from '../../src/core/proposal.ts';
import { catalogOf } from '../../src/tools/catalog.ts';
import { decide } from '../../src/tools/decide.ts';
import { defineTool } from '../../src/tools/define.ts';
import { tools } from '../../src/tools/index.ts';
import { openWorld, type World } from '../world.ts';

/** Closes every lead at once: what the shipped tools do not do yet, the policy must already hold for. */
const closeAll = defineTool({
  name: 'close_all_leads',
  title: 'Close all leads',
  description: 'For tests.',
  input: z.strictObject({}),
  output: z.object({ count: z.number() }),
  risk: 'bulk',
  async run(_input, { records }) {
    const page = await records.leads.search({}, { sort: 'name', limit: 50 });
    for (const lead of page.items) await records.leads.update(lead.id, { status: 'lost' });
    return { count: page.items.length };
  },
});

const sendNote = defineTool({
  name: 'send_note',
  title: 'Send a note',
  description: 'For tests: a send tool over the local outbox.',
  input: z.strictObject({ to: z.string(), subject: z.string() }),
  output: z.object({ mailId: z.string() }),
  risk: 'send',
  async run({ to, subject }, { records }) {
    const mail = await records.mails.put({ leadId: null, sender: 'rep@example.test', recipients: [to], subject, body: 'Hello' });
    return { mailId: mail.id };
  },
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ catalog: catalogOf([...tools.values(), closeAll, sendNote]) });
});
afterAll(() => world.close());

const scope = () => ({ tenantId: world.owner.tenantId, userId: world.owner.userId, surface: 'rest' });

async function propose(name: string, input: Record<string, unknown>, more = {}): Promise<Proposal> {
  const outcome = await world.gate.call(name, input, world.as(world.owner, more), { propose: true });
  if (outcome.status !== 'pending_approval') throw new Error(`expected a proposal, got ${outcome.status}`);
  return outcome.proposal;
}

const newLead = async (name: string) => {
  await world.gate.call('create_lead', { name }, world.as(world.owner));
  return name;
};
const statusOf = async (name: string) => (await world.deps.db.records(scope()).leads.find(name)).leads[0]?.status;
const receiptsOf = async (proposal: Proposal) =>
  (await world.database.pool.query('SELECT count(*)::int AS n FROM receipts WHERE proposal_id = $1', [proposal.id])).rows[0]
    .n as number;

describe('a proposal', () => {
  it('shows the change, changes nothing until accepted, and leaves a receipt when it is', async () => {
    const name = await newLead('Waiting Electric');
    const proposal = await propose('update_lead', { lead: name, status: 'qualified' });
    expect(proposal.title).toBe('Waiting Electric: status new → qualified');
    expect(await statusOf(name)).toBe('new');
    const { proposal: after, receipt } = await decide(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner));
    expect(after.status).toBe('executed');
    expect(receipt?.title).toBe('Waiting Electric: status new → qualified');
    expect(await statusOf(name)).toBe('qualified');
  });

  it('decided by 200 at once has its effect once, and everyone gets a clear answer', async () => {
    const name = await newLead('Crowded Cooling');
    const proposal = await propose('update_lead', { lead: name, status: 'meeting' });
    const tries = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) =>
        decide(world.gate, proposal.id, { decision: i % 3 === 0 ? 'ignore' : 'accept' }, world.as(world.owner)),
      ),
    );
    const won = tries.filter((t) => t.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const t of tries)
      if (t.status === 'rejected')
        expect(t.reason).toMatchObject({ code: 'conflict', message: expect.stringMatching(/^Already decided/) });
    const accepted = (won[0] as PromiseFulfilledResult<{ proposal: Proposal }>).value.proposal.status === 'executed';
    expect(await receiptsOf(proposal)).toBe(accepted ? 1 : 0);
    expect(await statusOf(name)).toBe(accepted ? 'meeting' : 'new');
  });

  it('is nobody else’s to decide', async () => {
    const name = await newLead('Private Power');
    const proposal = await propose('update_lead', { lead: name, status: 'won' });
    const mallory = await world.person('mallory', 'admin');
    await expect(decide(world.gate, proposal.id, { decision: 'accept' }, world.as(mallory))).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await statusOf(name)).toBe('new');
  });

  it('does nothing once its time is over by the database’s clock', async () => {
    const name = await newLead('Late Lighting');
    const proposal = await propose('update_lead', { lead: name, status: 'won' });
    await world.database.pool.query(`UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1`, [proposal.id]);
    await expect(decide(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('expired'),
    });
    await world.database.sweep();
    expect((await world.deps.db.records(scope()).proposals.get(proposal.id))?.status).toBe('expired');
    expect(await statusOf(name)).toBe('new');
  });

  it('is refused as stale when what it changes was changed since', async () => {
    const name = await newLead('Stale Steam');
    const proposal = await propose('update_lead', { lead: name, status: 'qualified' });
    await world.gate.call('update_lead', { lead: name, status: 'lost' }, world.as(world.owner));
    await expect(decide(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('status is now lost'),
    });
    expect(await statusOf(name)).toBe('lost');
  });

  it('runs what was edited, parsed and judged anew, and not what was first proposed', async () => {
    const name = await newLead('Edited Elevators');
    const proposal = await propose('update_lead', { lead: name, status: 'qualified' });
    await expect(
      decide(world.gate, proposal.id, { decision: 'edit', patch: { status: 'nonsense' } }, world.as(world.owner)),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    const { receipt, proposal: after } = await decide(
      world.gate,
      proposal.id,
      { decision: 'edit', patch: { status: 'nurture' } },
      world.as(world.owner),
    );
    expect(receipt?.title).toBe('Edited Elevators: status new → nurture');
    expect(after.paramsHash).not.toBe(proposal.paramsHash);
  });

  it('is not accepted by someone who saw an older version of it', async () => {
    const name = await newLead('Seen Before Services');
    const proposal = await propose('update_lead', { lead: name, status: 'qualified' });
    await expect(
      decide(world.gate, proposal.id, { decision: 'accept', paramsHash: 'f'.repeat(64) }, world.as(world.owner)),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await statusOf(name)).toBe('new');
  });

  it('made twice with one key is one proposal', async () => {
    const name = await newLead('Once Only Oil');
    const a = await propose('update_lead', { lead: name, status: 'won' }, { idempotencyKey: 'k-1' });
    const b = await propose('update_lead', { lead: name, status: 'won' }, { idempotencyKey: 'k-1' });
    expect(b.id).toBe(a.id);
  });

  it('that fails ends as failed with the reason, and nothing half-done', async () => {
    const name = await newLead('Gone Gas');
    const proposal = await propose('delete_lead', { lead: name });
    const updated = await propose('update_lead', { lead: name, status: 'won' });
    await decide(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner));
    await expect(decide(world.gate, updated.id, { decision: 'accept' }, world.as(world.owner))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await receiptsOf(updated)).toBe(0);
  });
});

describe('the policy', () => {
  it('lets nothing leave the building without a person, whoever asks', async () => {
    const outcome = await world.gate.call('send_note', { to: 'a@b.example', subject: 'Hi' }, world.as(world.owner));
    expect(outcome.status).toBe('pending_approval');
    const records = world.deps.db.records(scope());
    expect(await records.mails.list(5)).toHaveLength(0);
    const proposal = (outcome as { proposal: Proposal }).proposal;
    await decide(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner));
    expect(await records.mails.list(5)).toHaveLength(1);
  });

  it('asks for the typed count before anything in bulk', async () => {
    const outcome = await world.gate.call('close_all_leads', {}, world.as(world.owner));
    const { proposal } = outcome as { proposal: Proposal };
    expect(proposal.confirmCount).toBeGreaterThan(3);
    await expect(decide(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(
      decide(world.gate, proposal.id, { decision: 'accept', confirmCount: 1 }, world.as(world.owner)),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    const { receipt } = await decide(
      world.gate,
      proposal.id,
      { decision: 'accept', confirmCount: proposal.confirmCount! },
      world.as(world.owner),
    );
    expect(receipt?.changes.length).toBe(proposal.confirmCount);
  });

  it('gives bulk that no person asked for to an admin', async () => {
    const rep = await world.person('rita', 'manager');
    await world.gate.call('create_lead', { name: 'Bulk Bait' }, world.as(world.owner));
    const outcome = await world.gate.call('close_all_leads', {}, { actor: rep, by: 'assistant' });
    const { proposal } = outcome as { proposal: Proposal };
    expect(proposal).toMatchObject({ deciderRole: 'admin', requestedBy: 'unasked' });
    await expect(
      decide(world.gate, proposal.id, { decision: 'accept', confirmCount: proposal.confirmCount! }, world.as(rep)),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('runs one change that the user asked for in so many words, and proposes what the model added', async () => {
    await newLead('Exact Electric');
    const said = { text: 'mark exact electric as contacted', shown: [], now: new Date(), timeZone: 'UTC' };
    const ctx = { actor: world.owner, by: 'assistant' as const, said };
    expect(
      (await world.gate.call('update_lead', { lead: 'Exact Electric', status: 'contacted', city: 'Reno' }, ctx)).status,
    ).toBe('pending_approval');
    expect((await world.gate.call('update_lead', { lead: 'Exact Electric', status: 'won' }, ctx)).status).toBe(
      'pending_approval',
    );
    expect((await world.gate.call('delete_lead', { lead: 'Exact Electric' }, ctx)).status).toBe('pending_approval');
    expect(
      (
        await world.gate.call(
          'update_lead',
          { lead: 'Exact Electric', status: 'contacted' },
          { ...ctx, said: { ...said, text: "don't mark exact electric as contacted" } },
        )
      ).status,
    ).toBe('pending_approval');
    expect((await world.gate.call('update_lead', { lead: 'Exact Electric', status: 'contacted' }, ctx)).status).toBe('done');
  });

  it('does not let a model choose between two leads of one name', async () => {
    await world.gate.call('create_lead', { name: 'Twin Pipes', city: 'Austin', state: 'TX' }, world.as(world.owner));
    await world.gate.call('create_lead', { name: 'Twin Pipes', city: 'Waco', state: 'TX' }, world.as(world.owner));
    const said = { text: 'mark Twin Pipes as contacted', shown: [], now: new Date(), timeZone: 'UTC' };
    const { leads } = await world.deps.db.records(scope()).leads.find('Twin Pipes');
    await expect(
      world.gate.call('update_lead', { lead: 'Twin Pipes', status: 'contacted' }, { actor: world.owner, by: 'assistant', said }),
    ).rejects.toMatchObject({ code: 'ambiguous', details: { candidates: { length: 2 } } });
    expect(
      (
        await world.gate.call(
          'update_lead',
          { lead: leads[0]!.id, status: 'contacted' },
          { actor: world.owner, by: 'assistant', said },
        )
      ).status,
    ).toBe('pending_approval');
    const picked = {
      ...said,
      text: 'the Waco one',
      before: said.text,
      shown: leads.map((l) => ({ entity: 'lead' as const, id: l.id, label: `${l.name} ${l.city} ${l.state}` })),
    };
    const waco = leads.find((l) => l.city === 'Waco')!;
    const austin = leads.find((l) => l.city === 'Austin')!;
    expect(
      (
        await world.gate.call(
          'update_lead',
          { lead: austin.id, status: 'contacted' },
          { actor: world.owner, by: 'assistant', said: picked },
        )
      ).status,
    ).toBe('pending_approval');
    expect(
      (
        await world.gate.call(
          'update_lead',
          { lead: waco.id, status: 'contacted' },
          { actor: world.owner, by: 'assistant', said: picked },
        )
      ).status,
    ).toBe('done');
  });

  it('keeps a viewer from changing anything', async () => {
    const viewer = await world.person('vera', 'viewer');
    await expect(world.gate.call('create_lead', { name: 'Nope' }, world.as(viewer))).rejects.toMatchObject({ code: 'forbidden' });
    expect((await world.gate.call('search_leads', {}, world.as(viewer))).status).toBe('done');
  });

  it('a dry run shows the change and leaves everything as it was', async () => {
    await newLead('Dry Docks');
    const outcome = await world.gate.call('update_lead', { lead: 'Dry Docks', status: 'won' }, world.as(world.owner), {
      dryRun: true,
    });
    expect(outcome).toMatchObject({ status: 'preview', title: 'Dry Docks: status new → won' });
    expect(await statusOf('Dry Docks')).toBe('new');
  });
});
