import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide as settle } from '../../src/tools/decide.ts';
import type { Outcome } from '../../src/tools/gate.ts';
import { importInReview } from '../review-rows.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const records = () => world.deps.db.records({ ...world.owner });
const call = (tool: string, input: Record<string, unknown>) => world.gate.call(tool, input, world.as(world.owner));
const done = (outcome: Outcome) => {
  if (outcome.status !== 'done') throw new Error(`expected done, got ${outcome.status}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers the way a client without types does
  return outcome as { status: 'done'; result: any; receipt?: import('../../src/core/receipt.ts').Receipt };
};
const addLead = async (name: string, more: Record<string, unknown> = {}): Promise<string> =>
  done(await call('create_lead', { name, ...more })).result.lead.id;
const read = (id: string) => records().leads.get(id);
const waiting = async (importId: string) => done(await call('list_review', { importId })).result;
const decide = (importId: string, lines: number[], decision: string) => call('decide_review', { importId, lines, decision });

describe('the review list', () => {
  it('shows each row beside the lead it may be, with why, how sure, and the fields that differ', async () => {
    const leadId = await addLead('Maple Roofing LLC', { phone: '614-555-0101', city: 'Dayton' });
    const company = {
      name: 'Maple Roof',
      phone: '+16145550199',
      city: 'dayton',
      people: [{ name: 'Eve Ott', email: 'eve@maple.example' }],
    };
    const importId = await importInReview(world, [{ line: 7, company, leadId }]);
    const { rows, total } = await waiting(importId);
    expect(total).toBe(1);
    expect(rows[0]).toEqual({
      importId,
      fileName: 'fair.csv',
      line: 7,
      name: 'Maple Roof',
      reason: 'names alike (already here)',
      confidence: 0.7,
      lead: { id: leadId, name: 'Maple Roofing LLC' },
      differs: [
        { field: 'name', row: 'Maple Roof', lead: 'Maple Roofing LLC' },
        { field: 'phone', row: '(614) 555-0199', lead: '(614) 555-0101' },
        { field: 'people', row: 'Eve Ott eve@maple.example', lead: '' },
      ],
    });
  });

  it('goes through all imports page by page, the newest first, each row once', async () => {
    const leadId = await addLead('Paged Paving');
    const rows = (from: number) => [0, 1, 2].map((n) => ({ line: from + n, company: { name: `Paged ${from + n}` }, leadId }));
    await importInReview(world, rows(10), 'one.csv');
    await importInReview(world, rows(20), 'two.csv');
    const { total } = done(await call('list_review', {})).result;
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = done(await call('list_review', { limit: 2, ...(after && { after }) })).result;
      seen.push(...page.rows.map((row: { importId: string; line: number }) => `${row.importId} ${row.line}`));
      after = page.next;
    } while (after);
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
    await expect(call('list_review', { after: 'page 2' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('"same"', () => {
  it('fills only what is empty, adds people, deal and account, and undo takes all of it back', async () => {
    const leadId = await addLead('Birch Boilers', { phone: '614-555-0111', attributes: { rating: '4' } });
    const before = await read(leadId);
    const company = {
      name: 'Birch Boiler Co',
      phone: '+16145550122',
      city: 'Akron',
      domain: 'birch.example',
      attributes: { rating: '5', trucks: '3' },
      people: [{ name: 'Bo Ray', email: 'bo@birch.example' }],
      deal: { name: 'Boiler service', amountUsd: '1200.50', closesAt: '2026-12-01' },
      account: { since: '2024-01-31', mrrUsd: '99' },
    };
    const importId = await importInReview(world, [{ line: 3, company, leadId }]);
    const { result, receipt } = done(await decide(importId, [3], 'same'));
    expect(result).toMatchObject({ decided: 1, waiting: 0, rows: [{ line: 3, leadId, lead: 'Birch Boilers' }] });
    expect(receipt).toMatchObject({
      title: 'Merged line 3 of fair.csv, Birch Boiler Co, into Birch Boilers',
      undoable: true,
    });
    expect(receipt!.changes.map((change) => `${change.op} ${change.entity}`)).toEqual([
      'update lead',
      'create contact',
      'create deal',
      'create account',
      'update review',
    ]);
    expect(await read(leadId)).toMatchObject({
      name: 'Birch Boilers',
      phone: '+16145550111',
      city: 'Akron',
      domain: 'birch.example',
      attributes: { rating: '4', trucks: '3' },
    });
    expect(await records().leadFile(leadId)).toMatchObject({
      contacts: [{ name: 'Bo Ray' }],
      deals: [{ name: 'Boiler service', amountUsd: '1200.50' }],
    });

    const undone = done(await call('undo', { receiptId: receipt!.id }));
    expect(undone.result.kept).toEqual([]);
    expect(await read(leadId)).toMatchObject({ city: null, domain: null, attributes: before!.attributes, score: before!.score });
    expect(await records().leadFile(leadId)).toEqual({ contacts: [], deals: [] });
    expect((await waiting(importId)).rows[0]).toMatchObject({ line: 3, name: 'Birch Boiler Co' });
    expect(done(await decide(importId, [3], 'same')).result.decided).toBe(1);
  });

  it('that brings nothing new only closes the row', async () => {
    const leadId = await addLead('Nothing New Heating', { city: 'Reno' });
    const importId = await importInReview(world, [{ line: 2, company: { name: 'Nothing New', city: 'Sparks' }, leadId }]);
    const { receipt } = done(await decide(importId, [2], 'same'));
    expect(receipt!.changes.map((change) => change.entity)).toEqual(['review']);
    expect(await read(leadId)).toMatchObject({ city: 'Reno', version: 1 });
  });

  it('with a lead that is gone is refused and the row stays; of all rows the others are merged', async () => {
    const [here, gone] = [await addLead('Here Hardware'), await addLead('Gone Glass')];
    const importId = await importInReview(world, [
      { line: 2, company: { name: 'Gone Glas', city: 'Reno' }, leadId: gone },
      { line: 3, company: { name: 'Here Hardwares', city: 'Reno' }, leadId: here },
    ]);
    await call('delete_lead', { lead: gone });
    await expect(decide(importId, [2, 3], 'same')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/Line 2, Gone Glas: .*gone/),
    });
    expect((await waiting(importId)).rows).toMatchObject([{ line: 2, lead: null }, { line: 3 }]);
    const all = done(await call('decide_review', { importId, all: true, decision: 'same' })).result;
    expect(all).toMatchObject({ decided: 1, waiting: 1, skipped: [{ line: 2 }] });
    expect(await read(here)).toMatchObject({ city: 'Reno' });
  });
});

describe('"new"', () => {
  const company = {
    name: 'Cedar Cranes',
    phone: '+16145550133',
    domain: 'cedar.example',
    status: 'contacted',
    attributes: { cranes: '12' },
    people: [{ name: 'Cy Orr', title: 'Owner' }],
  };

  it('makes a lead of the row with its people, and undo takes it away and the row waits again', async () => {
    const like = await addLead('Cedar Crane Rental');
    const importId = await importInReview(world, [{ line: 5, company, leadId: like }]);
    const { result, receipt } = done(await decide(importId, [5], 'new'));
    expect(receipt?.title).toBe('Made a new lead of line 5 of fair.csv, Cedar Cranes');
    const { leadId } = result.rows[0];
    expect(leadId).not.toBe(like);
    expect(await read(leadId)).toMatchObject({
      name: 'Cedar Cranes',
      status: 'contacted',
      domain: 'cedar.example',
      attributes: { cranes: '12' },
      source: 'import',
      importId,
    });
    expect((await records().leadFile(leadId)).contacts).toMatchObject([{ name: 'Cy Orr', title: 'Owner' }]);
    expect((await records().leads.find('cedar.example')).leads.map((lead) => lead.id)).toEqual([leadId]);

    await call('undo', { receiptId: receipt!.id });
    expect(await read(leadId)).toBeUndefined();
    expect((await waiting(importId)).rows).toMatchObject([{ line: 5, lead: { id: like } }]);
  });

  it('that somebody worked on since stays, with its people, and so does the decision', async () => {
    const like = await addLead('Cedar Crane Repair');
    const importId = await importInReview(world, [
      { line: 5, company: { ...company, name: 'Worked On Cranes' }, leadId: like },
      { line: 6, company: { ...company, name: 'Left Alone Cranes' }, leadId: like },
    ]);
    const { result, receipt } = done(await decide(importId, [5, 6], 'new'));
    const [worked, alone] = result.rows.map((row: { leadId: string }) => row.leadId);
    await call('update_lead', { lead: worked, status: 'qualified' });
    const undone = done(await call('undo', { receiptId: receipt!.id }));
    expect(undone.result.kept).toMatchObject([{ label: 'Worked On Cranes', field: 'status' }]);
    expect(await read(alone)).toBeUndefined();
    expect(await read(worked)).toMatchObject({ status: 'qualified' });
    expect((await records().leadFile(worked)).contacts).toHaveLength(1);
    expect((await waiting(importId)).rows.map((row: { line: number }) => row.line)).toEqual([6]);
  });
});

describe('a decision', () => {
  it('"drop" closes rows and keeps nothing of them', async () => {
    const leadId = await addLead('Dropped Drains');
    const importId = await importInReview(
      world,
      [2, 3].map((line) => ({ line, company: { name: `Drop ${line}`, city: 'Reno' }, leadId })),
    );
    const { receipt } = done(await call('decide_review', { importId, all: true, decision: 'drop' }));
    expect(receipt?.title).toBe('Dropped 2 rows of fair.csv');
    expect((await waiting(importId)).total).toBe(0);
    expect(await read(leadId)).toMatchObject({ city: null });
    expect(done(await call('list_imports', {})).result.imports[0]).toMatchObject({ review: 2, waiting: 0 });
  });

  it('stands once: a row decided before is named, with by whom, and nothing else of the call happens', async () => {
    const leadId = await addLead('Twice Tiles');
    const importId = await importInReview(
      world,
      [2, 3].map((line) => ({ line, company: { name: `Twice ${line}` }, leadId })),
    );
    await decide(importId, [2], 'drop');
    await expect(decide(importId, [2, 3], 'new')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/Line 2 of fair\.csv, Twice 2, was decided before: "drop" by /),
    });
    expect((await waiting(importId)).total).toBe(1);
    await expect(decide(importId, [3, 99], 'new')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('99'),
    });
    await expect(call('decide_review', { importId, decision: 'new' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('of many people at once is made by one of them', async () => {
    const leadId = await addLead('Race Rails');
    const importId = await importInReview(world, [{ line: 2, company: { name: 'Race Rail' }, leadId }]);
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => decide(importId, [2], 'new')));
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
    expect((await records().leads.search({ importId }, { sort: 'name', limit: 5 })).total).toBe(1);
  });

  it('by an assistant waits for a person, and one made meanwhile wins', async () => {
    const leadId = await addLead('Assisted Asphalt');
    const importId = await importInReview(world, [{ line: 2, company: { name: 'Assisted Asphalts', city: 'Reno' }, leadId }]);
    const said = { text: 'they are the same', shown: [], now: new Date(), timeZone: 'UTC' };
    const input = { importId, lines: [2], decision: 'same' };
    const outcome = await world.gate.call('decide_review', input, { actor: world.owner, by: 'assistant', said });
    expect(outcome).toMatchObject({
      status: 'pending_approval',
      proposal: { reach: 'many', title: 'Merge line 2 of fair.csv, Assisted Asphalts, into Assisted Asphalt' },
    });
    expect(await read(leadId)).toMatchObject({ city: null });
    const { proposal } = outcome as { proposal: { id: string } };
    await decide(importId, [2], 'drop');
    await expect(settle(world.gate, proposal.id, { decision: 'accept' }, world.as(world.owner))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await read(leadId)).toMatchObject({ city: null });
  });

  it('is not for those who may only look', async () => {
    const viewer = await world.person('vera', 'viewer');
    const input = { importId: crypto.randomUUID(), all: true, decision: 'drop' };
    await expect(world.gate.call('decide_review', input, world.as(viewer))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.gate.call('list_review', {}, world.as(viewer))).toMatchObject({ status: 'done' });
  });

  it('goes with its import, when that is undone; and its other rows wait no longer', async () => {
    const leadId = await addLead('Goes With Gates');
    const importId = await importInReview(world, [
      { line: 2, company: { name: 'Goes Same', city: 'Reno', people: [{ name: 'Al Bo' }] }, leadId },
      { line: 3, company: { name: 'Goes New' }, leadId },
      { line: 4, company: { name: 'Goes Waiting' }, leadId },
    ]);
    await decide(importId, [2], 'same');
    const made = done(await decide(importId, [3], 'new')).result.rows[0].leadId;
    await world.deps.db.tx(world.owner, (tx) => tx.imports.revert(importId));
    expect(await read(made)).toBeUndefined();
    expect(await read(leadId)).toMatchObject({ city: null });
    expect((await records().leadFile(leadId)).contacts).toEqual([]);
    expect((await waiting(importId)).total).toBe(0);
    await expect(decide(importId, [4], 'new')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('undone'),
    });
  });
});
