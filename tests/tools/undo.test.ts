import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/tools/gate.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const done = (outcome: Outcome) => {
  if (outcome.status !== 'done') throw new Error(`expected done, got ${outcome.status}`);
  return outcome as { status: 'done'; result: Record<string, unknown>; receipt?: import('../../src/core/receipt.ts').Receipt };
};

const addLead = async (name: string, more: Record<string, unknown> = {}) => {
  const { result } = done(await world.gate.call('create_lead', { name, ...more }, world.as(world.owner)));
  return (result['lead'] as { id: string }).id;
};

const read = async (id: string) =>
  (await world.deps.db.records({ tenantId: world.owner.tenantId, userId: world.owner.userId, surface: 'rest' }).leads.get(id))!;

describe('a receipt', () => {
  it('says what changed, field by field, and undo puts it back', async () => {
    const id = await addLead('Maple Electric LLC', { phone: '(614) 555-0111', state: 'Ohio' });
    const { receipt } = done(
      await world.gate.call('update_lead', { lead: 'maple electric', status: 'contacted', owner: 'me' }, world.as(world.owner)),
    );
    expect(receipt?.title).toMatch(/^Maple Electric LLC: status new → contacted/);
    expect(receipt?.changes[0]?.before).toMatchObject({ status: 'new', ownerId: null });
    expect(receipt?.changes[0]?.after).toMatchObject({ status: 'contacted' });

    const undone = done(await world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner)));
    expect(undone.result['kept']).toEqual([]);
    expect(await read(id)).toMatchObject({
      status: 'new',
      ownerId: null,
      lastContactedAt: null,
      phone: '+16145550111',
      state: 'OH',
    });
  });

  it('cannot be undone twice, also not at the same time', async () => {
    await addLead('Twice Plumbing');
    const { receipt } = done(
      await world.gate.call('update_lead', { lead: 'Twice Plumbing', status: 'qualified' }, world.as(world.owner)),
    );
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner))),
    );
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
    for (const t of tries)
      if (t.status === 'rejected')
        expect(t.reason).toMatchObject({ code: 'conflict', message: expect.stringContaining('Already undone') });
  });

  it('keeps a field that somebody changed since, puts back the others, and says so', async () => {
    const id = await addLead('Partly Power');
    const { receipt } = done(
      await world.gate.call('update_lead', { lead: id, status: 'qualified', city: 'Dayton' }, world.as(world.owner)),
    );
    const ann = await world.person('ann', 'rep');
    await world.gate.call('update_lead', { lead: id, status: 'meeting' }, world.as(ann));
    const { result, receipt: proof } = done(await world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner)));
    expect(result['kept']).toEqual([{ label: 'Partly Power', field: 'status', wanted: 'new', found: 'meeting' }]);
    expect(proof?.title).toContain('kept: Partly Power status');
    expect(await read(id)).toMatchObject({ status: 'meeting', city: null });
  });

  it('refuses to undo when everything was changed since', async () => {
    const id = await addLead('Moved On Mechanical');
    const { receipt } = done(await world.gate.call('update_lead', { lead: id, status: 'qualified' }, world.as(world.owner)));
    await world.gate.call('update_lead', { lead: id, status: 'lost' }, world.as(world.owner));
    await expect(world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await read(id)).toMatchObject({ status: 'lost' });
  });

  it('of a deletion brings the lead back, and of a creation takes it away unless it was worked on', async () => {
    const id = await addLead('Back Again Electric');
    const gone = done(await world.gate.call('delete_lead', { lead: id }, world.as(world.owner)));
    await expect(world.gate.call('get_lead', { lead: id }, world.as(world.owner))).rejects.toMatchObject({ code: 'not_found' });
    await world.gate.call('undo', { receiptId: gone.receipt!.id }, world.as(world.owner));
    expect(await read(id)).toMatchObject({ name: 'Back Again Electric' });

    const made = done(await world.gate.call('create_lead', { name: 'Worked On HVAC' }, world.as(world.owner)));
    await world.gate.call('update_lead', { lead: 'Worked On HVAC', city: 'Tulsa' }, world.as(world.owner));
    await expect(world.gate.call('undo', { receiptId: made.receipt!.id }, world.as(world.owner))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('belongs to its person: a colleague may not undo it, a manager may', async () => {
    const ben = await world.person('ben', 'rep');
    const eve = await world.person('eve', 'manager');
    await addLead('Owned Energy');
    const { receipt } = done(
      await world.gate.call('update_lead', { lead: 'Owned Energy', status: 'won' }, world.as(world.owner)),
    );
    await expect(world.gate.call('undo', { receiptId: receipt!.id }, world.as(ben))).rejects.toMatchObject({ code: 'forbidden' });
    done(await world.gate.call('undo', { receiptId: receipt!.id }, world.as(eve)));
  });

  it('of an undo puts the change in place again', async () => {
    const id = await addLead('Redo Roofing');
    const first = done(await world.gate.call('update_lead', { lead: id, status: 'nurture' }, world.as(world.owner)));
    const back = done(await world.gate.call('undo', { receiptId: first.receipt!.id }, world.as(world.owner)));
    done(await world.gate.call('undo', { receiptId: back.receipt!.id }, world.as(world.owner)));
    expect(await read(id)).toMatchObject({ status: 'nurture' });
  });
});

describe('a version', () => {
  it('that is no longer the row’s is a conflict, and only one of many writers with the same version wins', async () => {
    const id = await addLead('Racing Generators');
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) =>
        world.gate.call('update_lead', { lead: id, version: 1, city: `City ${i}` }, world.as(world.owner)),
      ),
    );
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
    for (const t of tries)
      if (t.status === 'rejected') expect(t.reason).toMatchObject({ code: 'conflict', details: { currentVersion: 2 } });
  });
});
