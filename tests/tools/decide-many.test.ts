import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Proposal } from '../../src/core/proposal.ts';
import { catalogOf } from '../../src/tools/catalog.ts';
import { decide } from '../../src/tools/decide.ts';
import { decideMany } from '../../src/tools/decide-many.ts';
import { defineTool } from '../../src/tools/define.ts';
import { delegate } from '../../src/tools/delegate.ts';
import { tools } from '../../src/tools/index.ts';
import { openWorld, type World } from '../world.ts';

const closeAll = defineTool({
  name: 'close_all_leads',
  title: 'Close all leads',
  description: 'For tests.',
  input: z.strictObject({}),
  output: z.object({ count: z.number() }),
  risk: 'bulk',
  async run(_input, { records }) {
    const { items } = await records.leads.search({}, { sort: 'name', limit: 2 });
    for (const lead of items) await records.leads.update(lead.id, { status: 'disqualified' });
    return { count: items.length };
  },
});
const catalog = catalogOf([...tools.values(), closeAll]);

let world: World;
beforeAll(async () => {
  world = await openWorld({ catalog });
});
afterAll(() => world.close());

const records = () => world.deps.db.records({ tenantId: world.owner.tenantId, userId: world.owner.userId, surface: 'rest' });
const statusOf = async (name: string) => (await records().leads.find(name)).leads[0]?.status;
const versionOf = async (name: string) => (await records().leads.find(name)).leads[0]?.version;
async function propose(name: string, status = 'won', actor = world.owner): Promise<Proposal> {
  await world.gate.call('create_lead', { name }, world.as(world.owner));
  const outcome = await world.gate.call('update_lead', { lead: name, status }, world.as(actor), { propose: true });
  if (outcome.status !== 'pending_approval') throw new Error(`expected a proposal, got ${outcome.status}`);
  return outcome.proposal;
}
const idsOf = (proposals: Proposal[]) => proposals.map(({ id }) => id);
const accept = { decision: 'accept' } as const;

describe('several proposals at once', () => {
  it('are each decided for themselves, with a receipt each, and the rest still waits', async () => {
    const made = [await propose('Several Siding'), await propose('Several Steel'), await propose('Several Stone')];
    const results = await decideMany(world.gate, idsOf([made[0]!, made[2]!]), accept, world.as(world.owner));
    expect(results.map(({ id, ok, message, receipt }) => [id, ok, message, receipt?.title])).toEqual([
      [made[0]!.id, true, 'Approved and carried out.', 'Several Siding: status new → won'],
      [made[2]!.id, true, 'Approved and carried out.', 'Several Stone: status new → won'],
    ]);
    expect((await records().proposals.get(made[1]!.id))?.status).toBe('pending');
    const skipped = await decideMany(world.gate, [made[1]!.id], { decision: 'ignore' }, world.as(world.owner));
    expect(skipped).toMatchObject([{ ok: true, message: 'Skipped; nothing was changed.', proposal: { status: 'ignored' } }]);
    expect(await statusOf('Several Steel')).toBe('new');
  });

  it('are not stopped by those that are decided, expired, stale, edited, unknown, handed on or somebody else’s', async () => {
    const mallory = await world.person('mallory', 'rep');
    const good = [await propose('First Fine Framing'), await propose('Last Fine Lighting')];
    const decided = await propose('Decided Doors');
    await decide(world.gate, decided.id, accept, world.as(world.owner));
    const expired = await propose('Expired Excavation');
    await world.database.pool.query(`UPDATE proposals SET expires_at = now() - interval '1 second' WHERE id = $1`, [expired.id]);
    const stale = await propose('Stale Stairs');
    await world.gate.call('update_lead', { lead: 'Stale Stairs', status: 'lost' }, world.as(world.owner));
    const edited = await propose('Edited Elevators');
    const handedOn = await propose('Handed Hinges');
    await delegate(world.gate, handedOn.id, { to: 'mallory' }, world.as(world.owner));
    const foreign = await propose('Foreign Floors', 'won', mallory);
    const unknown = '01a200cc-0000-7000-8000-000000000000';
    const bad = [decided, expired, stale, edited, handedOn, foreign];
    const results = await decideMany(
      world.gate,
      [good[0]!.id, ...idsOf(bad), unknown, 'no id at all', good[1]!.id],
      { ...accept, paramsHashes: { [edited.id]: 'f'.repeat(64) } },
      world.as(world.owner),
    );
    expect(results.map(({ ok, code }) => code ?? ok)).toEqual([
      true,
      'conflict',
      'conflict',
      'conflict',
      'conflict',
      'forbidden',
      'forbidden',
      'not_found',
      'not_found',
      true,
    ]);
    expect(results.map(({ message }) => message)).toEqual([
      'Approved and carried out.',
      expect.stringMatching(/^Already decided by .*: approved, carried out\.$/),
      expect.stringContaining('expired'),
      expect.stringContaining('status is now lost'),
      expect.stringContaining('edited since you saw it'),
      'You handed this on to mallory; it is theirs to decide now.',
      'This is somebody else’s to decide.',
      'There is no such proposal.',
      'There is no such proposal.',
      'Approved and carried out.',
    ]);
    // what is none of one's business is not named either
    expect(results[6]!.title).toBeUndefined();
    for (const name of ['Expired Excavation', 'Edited Elevators', 'Handed Hinges', 'Foreign Floors'])
      expect(await statusOf(name)).toBe('new');
    expect(await statusOf('Last Fine Lighting')).toBe('won');
  });

  it('never include one that asks for a typed number', async () => {
    const outcome = await world.gate.call('close_all_leads', {}, world.as(world.owner));
    if (outcome.status !== 'pending_approval') throw new Error('expected a proposal');
    const { id } = outcome.proposal;
    for (const decision of ['accept', 'ignore'] as const) {
      const [result] = await decideMany(world.gate, [id], { decision }, world.as(world.owner));
      expect(result).toMatchObject({ ok: false, code: 'invalid_input', message: expect.stringContaining('decided by itself') });
    }
    expect((await records().proposals.get(id))?.status).toBe('pending');
  });

  it('are decided by a person only', async () => {
    const proposal = await propose('Machine Masonry');
    const [result] = await decideMany(world.gate, [proposal.id], accept, { actor: world.owner, by: 'assistant' });
    expect(result).toMatchObject({ ok: false, code: 'forbidden' });
    expect((await records().proposals.get(proposal.id))?.status).toBe('pending');
  });

  it('see what the ones before them did: two for the same field are not both carried out', async () => {
    const one = await propose('Twice Tiling', 'won');
    const outcome = await world.gate.call('update_lead', { lead: 'Twice Tiling', status: 'lost' }, world.as(world.owner), {
      propose: true,
    });
    const two = (outcome as { proposal: Proposal }).proposal;
    const results = await decideMany(world.gate, [one.id, two.id, one.id], accept, world.as(world.owner));
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(results[1]!.message).toContain('status is now won');
    expect(await statusOf('Twice Tiling')).toBe('won');
  });

  it('pressed 200 times at once in two processes have each effect once', async () => {
    const other = await world.second({ catalog });
    const names = ['Storm Solar', 'Storm Sewer', 'Storm Signs', 'Storm Supply', 'Storm Stucco'];
    const made: Proposal[] = [];
    for (const name of names) made.push(await propose(name));
    const presses = Array.from({ length: 200 }, (_, i) => {
      const { gate } = i % 2 ? other : world;
      const ids = i % 3 ? idsOf(made) : idsOf(made).reverse();
      return decideMany(gate, ids, i % 5 === 4 ? { decision: 'ignore' } : accept, world.as(world.owner));
    });
    const all = (await Promise.all(presses)).flat();
    for (const [i, { id }] of made.entries()) {
      const own = all.filter((result) => result.id === id);
      expect(own).toHaveLength(200);
      expect(own.filter(({ ok }) => ok)).toHaveLength(1);
      for (const result of own.filter(({ ok }) => !ok)) expect(result).toMatchObject({ code: 'conflict' });
      const { status } = (await records().proposals.get(id))!;
      const { rowCount } = await world.database.pool.query('SELECT 1 FROM receipts WHERE proposal_id = $1', [id]);
      expect(rowCount).toBe(status === 'executed' ? 1 : 0);
      expect([await statusOf(names[i]!), await versionOf(names[i]!)]).toEqual(status === 'executed' ? ['won', 2] : ['new', 1]);
    }
  });
});
