import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LeadFields } from '../../src/core/lead.ts';
import type { ImportResult } from '../../src/tools/import-leads.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  // the job that makes a long import searchable holds what is emptied here
  while ((await world.database.pool.query(`SELECT 1 FROM imports WHERE state = 'done' AND indexed_at IS NULL`)).rowCount)
    await sleep(50);
  await world.database.pool.query('TRUNCATE leads, contacts, deals, accounts, lead_search, import_rows, import_mappings CASCADE');
});

const records = () => world.deps.db.records({ ...world.owner });
async function upload(content: string | Buffer, fileName = 'list.csv'): Promise<string> {
  async function* bytes() {
    yield Buffer.from(content);
  }
  const saved = await world.deps.files.save(bytes(), 1e9);
  return (await records().uploads.create({ ...saved, fileName })).id;
}
async function run(uploadId: string, input: Record<string, unknown> = {}, options = {}) {
  const outcome = await world.gate.call('import_leads', { uploadId, ...input }, world.as(world.owner), {
    waitMs: 60_000,
    ...options,
  });
  if (outcome.status !== 'done' && outcome.status !== 'preview') throw new Error(`not done: ${outcome.status}`);
  return { result: outcome.result as ImportResult, receipt: 'receipt' in outcome ? outcome.receipt : undefined };
}
const importText = async (content: string | Buffer, input = {}, fileName?: string) => run(await upload(content, fileName), input);
const add = async (fields: LeadFields & { name: string }) =>
  world.gate.call('create_lead', fields as unknown as Record<string, unknown>, world.as(world.owner)) as Promise<unknown>;
const find = async (name: string) => (await records().leads.find(name)).leads[0];
const total = async () => (await records().leads.search({}, { sort: 'name', limit: 1 })).total;
const counts = ({ imported, merged, duplicates, review, failed }: ImportResult) => ({
  imported,
  merged,
  duplicates,
  review,
  failed,
});

describe('rows that are a company already here', () => {
  it('fill what is empty, add people, and leave what somebody entered', async () => {
    await add({ name: 'Abacus Plumbing', phone: '713-812-7070', city: 'Houston', state: 'TX', industry: 'Plumber' });
    const { result, receipt } = await importText(
      'Company,Phone,Email,City,State,Industry,Contact Name,Contact Email\nABACUS PLUMBING INC.,(713) 812-7070,office@abacusplumbing.net,Houston,TX,Construction,Ana Ruiz,ana@abacusplumbing.net\n',
    );
    expect(counts(result)).toEqual({ imported: 0, merged: 1, duplicates: 0, review: 0, failed: 0 });
    expect(result.samples.merged).toEqual([
      expect.objectContaining({ line: 2, lead: 'Abacus Plumbing', reason: expect.stringContaining('phone') }),
    ]);
    expect(result.samples.merged[0]!.confidence).toBeGreaterThan(0.9);
    const lead = (await find('abacus plumbing'))!;
    expect(lead).toMatchObject({ name: 'Abacus Plumbing', industry: 'Plumber', email: 'office@abacusplumbing.net' });
    expect((await records().leadFile(lead.id)).contacts).toEqual([
      expect.objectContaining({ name: 'Ana Ruiz', email: 'ana@abacusplumbing.net' }),
    ]);

    await world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner));
    const after = (await find('abacus plumbing'))!;
    expect(after).toMatchObject({ industry: 'Plumber', email: null, phone: '+17138127070' });
    expect((await records().leadFile(lead.id)).contacts).toEqual([]);
  });

  it('undone after an edit keep the edit, and say so', async () => {
    await add({ name: 'Edited Electric', phone: '303-555-0142', city: 'Boulder', state: 'CO' });
    const { receipt } = await importText(
      'Company,Phone,Email,Zip,City,State\nEdited Electric,303-555-0142,old@editedelectric.com,80301,Boulder,CO\n',
    );
    await world.gate.call('update_lead', { lead: 'Edited Electric', email: 'new@editedelectric.com' }, world.as(world.owner));
    const undone = await world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner));
    expect(await find('Edited Electric')).toMatchObject({ email: 'new@editedelectric.com', zip: null });
    expect(JSON.stringify((undone as { result: unknown }).result)).toContain('Edited Electric');
  });

  it('with nothing new are duplicates', async () => {
    await add({ name: 'Same Solar LLC', phone: '303-555-0143', city: 'Denver', state: 'CO' });
    const { result } = await importText('Company,Phone,City,State\nSame Solar,(303) 555-0143,Denver,CO\n');
    expect(counts(result)).toEqual({ imported: 0, merged: 0, duplicates: 1, review: 0, failed: 0 });
  });

  it('are never found by a domain that many companies share', async () => {
    const rows = ['Alder Air', 'Birch Boilers', 'Cedar Current', 'Dogwood Drains', 'Elm Electric'];
    const list = rows.map((name, i) => `${name},book.portal-of-many.com,Town${i},TX`).join('\n');
    const { result } = await importText(`Company,Domain,City,State\n${list}\n`);
    expect(counts(result)).toEqual({ imported: 5, merged: 0, duplicates: 0, review: 0, failed: 0 });
  });

  it('that may be another company wait for a person', async () => {
    await add({ name: 'Carter Electric', phone: '303-555-0150', city: 'Denver', state: 'CO' });
    const { result } = await importText('Company,Phone,City,State\nCarter Plumbing,303-555-0150,Denver,CO\n');
    expect(counts(result)).toEqual({ imported: 0, merged: 0, duplicates: 0, review: 1, failed: 0 });
    expect(result.samples.review[0]).toMatchObject({ line: 2, name: 'Carter Plumbing', lead: 'Carter Electric' });
    const [row] = await records().imports.leftOut(result.importId, { outcome: ['review'] }, { limit: 10 });
    expect(row).toMatchObject({
      line: 2,
      raw: { Company: 'Carter Plumbing', Phone: '303-555-0150' },
      leadName: 'Carter Electric',
      decision: null,
    });
  });
});

describe('rows of one company in one list', () => {
  it('become one lead that has what all of them say', async () => {
    const { result } = await importText(
      'Company,Phone,Email,City,State,Notes\nGrove Heating,303-555-0160,,Denver,CO,\n"Grove Heating, Inc.",(303) 555-0160,hello@groveheating.com,Denver,CO,likes mail\nGROVE HEATING,303.555.0160,,Denver,CO,\n',
    );
    expect(counts(result)).toEqual({ imported: 1, merged: 1, duplicates: 1, review: 0, failed: 0 });
    expect(await find('grove heating')).toMatchObject({ email: 'hello@groveheating.com', attributes: { notes: 'likes mail' } });
    expect(result.samples.duplicate[0]).toMatchObject({ line: 4, reason: expect.stringMatching(/line [23]/) });
  });

  it('with a person in each become one lead with these people', async () => {
    const { result } = await importText(
      'First Name,Last Name,Title,Company,Email,City,State\nAna,Ruiz,Owner,Hollow HVAC,ana@hollowhvac.com,Reno,NV\nBo,Lind,Estimator,Hollow HVAC,bo@hollowhvac.com,Reno,NV\n',
    );
    expect(counts(result)).toEqual({ imported: 1, merged: 1, duplicates: 0, review: 0, failed: 0 });
    const lead = (await find('hollow hvac'))!;
    const { contacts } = await records().leadFile(lead.id);
    expect(
      contacts.map(({ name, title, email }) => ({ name, title, email })).sort((a, b) => a.name.localeCompare(b.name)),
    ).toEqual([
      { name: 'Ana Ruiz', title: 'Owner', email: 'ana@hollowhvac.com' },
      { name: 'Bo Lind', title: 'Estimator', email: 'bo@hollowhvac.com' },
    ]);
  });

  it('with several deals become one lead with these deals', async () => {
    await importText(
      'Deal Name,Company,City,State,Stage,Amount,Close Date\nGenerator,Ivy Power LLC,Reno,NV,Proposal,"$12,500.00",12/31/2026\nService plan,Ivy Power LLC,Reno,NV,Won,900,1/15/2027\n',
    );
    const { deals } = await records().leadFile((await find('ivy power'))!.id);
    expect(deals.map(({ name, amountUsd, closesAt }) => [name, amountUsd, closesAt?.toISOString().slice(0, 10)]).sort()).toEqual([
      ['Generator', '12500.00', '2026-12-31'],
      ['Service plan', '900.00', '2027-01-15'],
    ]);
  });
});

describe('rows that are like rows of others', () => {
  it('are not joined step by step: who differs from the lead itself is a question', async () => {
    const list =
      'Company,Phone,Website,Address,City,State,Zip\nBluebonnet Solar,214-555-0111,,100 Main St,Dallas,TX,75201\nBluebonnet Solar,214-555-0111,bluebonnetsolar.com,,,TX,\nBluebonnet Solar,713-555-0199,bluebonnetsolar.com,900 Elm Ave,Houston,TX,77002\n';
    const { result } = await importText(list);
    expect(result.imported + result.review).toBe(2);
    expect(result.samples.duplicate).toEqual([]);
    expect((await find('bluebonnet solar'))!.city).toBe('Dallas');
  });

  it('are asked about once: what waits is not asked again, and an answer holds for the next list', async () => {
    await add({ name: 'Carter Electric', phone: '303-555-0150', city: 'Golden', state: 'CO' });
    await add({ name: 'Halcyon Pharma', website: 'https://halcyonsite.com', phone: '512-555-0120', city: 'Austin', state: 'TX' });
    const list =
      'Company,Website,Phone,Email,City,State\nCarter Plumbing,,303-555-0150,,Golden,CO\nHalcyon Holdings,halcyonsite.com,512-555-0121,,Austin,TX\n';
    const first = (await importText(list, {}, 'fair.csv')).result;
    expect(counts(first)).toEqual({ imported: 0, merged: 0, duplicates: 0, review: 2, failed: 0 });
    const waiting = (await importText(list)).result;
    expect(counts(waiting)).toEqual({ imported: 0, merged: 0, duplicates: 2, review: 0, failed: 0 });
    expect(waiting.samples.duplicate[0]!.reason).toContain('that waits for review already: line 2 of fair.csv');

    const decide = (line: number, decision: string) =>
      world.gate.call('decide_review', { importId: first.importId, lines: [line], decision }, world.as(world.owner));
    await decide(2, 'drop');
    await decide(3, 'same');
    const answered = await importText(`${list}Halcyon Holdings,halcyonsite.com,512-555-0121,,Austin,TX\n`);
    expect(counts(answered.result)).toEqual({ imported: 0, merged: 0, duplicates: 3, review: 0, failed: 0 });
    expect(answered.result.samples.duplicate.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('a person dropped it: line 2 of fair.csv'),
      expect.stringContaining('a person said so: line 3 of fair.csv'),
      expect.stringContaining('line 3'),
    ]);
    expect(await total()).toBe(2);

    const changed = (await importText(list.replace('512-555-0121', '512-555-0122'))).result;
    expect(changed).toMatchObject({ review: 1, duplicates: 1 });
  });

  it('are asked about again when a row beside them says more, so that it is not lost', async () => {
    await add({ name: 'Halcyon Pharma', website: 'https://halcyonsite.com', phone: '512-555-0120', city: 'Austin', state: 'TX' });
    const list = 'Company,Website,Phone,Email,City,State\nHalcyon Holdings,halcyonsite.com,512-555-0121,,Austin,TX\n';
    expect((await importText(list)).result.review).toBe(1);
    const more = (await importText(`${list}Halcyon Holdings Inc,,512-555-0121,team@halcyonholdings.net,Austin,TX\n`)).result;
    expect(more).toMatchObject({ review: 1, merged: 1 });
    await world.gate.call('decide_review', { importId: more.importId, all: true, decision: 'new' }, world.as(world.owner));
    expect(await find('halcyon holdings')).toMatchObject({ email: 'team@halcyonholdings.net' });
  });

  it('go with a row that waits for a person, and what they say goes with it', async () => {
    await add({ name: 'Halcyon Pharma', website: 'https://halcyonsite.com', phone: '512-555-0120', city: 'Austin', state: 'TX' });
    const { result } = await importText(
      'Company,Website,Phone,Email,City,State\nHalcyon Holdings,halcyonsite.com,512-555-0121,,Austin,TX\nHalcyon Holdings Inc,,512-555-0121,team@halcyonholdings.net,Austin,TX\n',
    );
    expect(result.review).toBe(1);
    expect(result.merged).toBe(1);
    expect(result.samples.merged[0]).toMatchObject({
      line: 3,
      lead: 'Halcyon Holdings',
      reason: expect.stringContaining('waits for review'),
    });
    await world.gate.call('decide_review', { importId: result.importId, all: true, decision: 'new' }, world.as(world.owner));
    expect(await find('halcyon holdings')).toMatchObject({ email: 'team@halcyonholdings.net' });
    expect(await total()).toBe(2);
  });

  it('add a person, a deal and an account once, however many rows there are, and a dry run knows it', async () => {
    await add({ name: 'Kilo Plumbing', phone: '512-555-0100', city: 'Austin', state: 'TX' });
    const rows = Array.from({ length: 1200 }, (_, i) =>
      i % 600 === 3
        ? 'Kilo Plumbing,512-555-0100,Austin,TX,kiloplumbing.com,Ann Lee,Big deal,500'
        : 'Kilo Plumbing,512-555-0100,Austin,TX,,,,',
    );
    const uploadId = await upload(`Company,Phone,City,State,Website,Contact Name,Deal Name,Amount\n${rows.join('\n')}\n`);
    const dry = (await run(uploadId, {}, { dryRun: true })).result;
    const real = (await run(uploadId)).result;
    expect(counts(real)).toEqual({ imported: 0, merged: 1, duplicates: 1199, review: 0, failed: 0 });
    expect(counts(dry)).toEqual(counts(real));
    const { contacts, deals } = await records().leadFile((await find('kilo plumbing'))!.id);
    expect([contacts.length, deals.length]).toEqual([1, 1]);
  });

  it('complete a person who is there, keep a second phone beside the first, and never mix two addresses', async () => {
    await add({ name: 'Mix Roofing', phone: '512-555-0101', city: 'Austin' });
    const { receipt } = await importText(
      'Company,Phone,City,State,Zip,Address,Contact Name,Contact Email\nMix Roofing,512-555-0101,Austin,,,,Jane Doe,\n',
    );
    const { receipt: second } = await importText(
      'Company,Phone,Email,City,State,Zip,Address,Contact Name,Contact Email\nMix Roofing,512-555-0101,office@mixroofing.com,,,75201,1 Elm St,Jane Doe,jane@mixroofing.com\n',
    );
    const lead = (await find('mix roofing'))!;
    expect(lead).toMatchObject({ city: 'Austin', email: 'office@mixroofing.com' });
    const people = async () => (await records().leadFile(lead.id)).contacts.map(({ name, email }) => ({ name, email }));
    expect(await people()).toEqual([{ name: 'Jane Doe', email: 'jane@mixroofing.com' }]);
    await world.gate.call('undo', { receiptId: second!.id }, world.as(world.owner));
    expect(await people()).toEqual([{ name: 'Jane Doe', email: null }]);
    await world.gate.call('undo', { receiptId: receipt!.id }, world.as(world.owner));
    expect(await people()).toEqual([]);
  });
});

describe('undo', () => {
  it('of one list after another leaves nothing of either', async () => {
    const first = await importText(
      'Company,Phone,City,State\nAcme Air,512-555-0130,Austin,TX\nZeta Zinc,512-555-0131,Austin,TX\n',
    );
    const second = await importText('Company,Phone,Email,City,State\nAcme Air,512-555-0130,hello@acmeair.net,Austin,TX\n');
    await world.gate.call('undo', { receiptId: second.receipt!.id }, world.as(world.owner));
    await world.gate.call('undo', { receiptId: first.receipt!.id }, world.as(world.owner));
    expect(await total()).toBe(0);
  });

  it('keeps a lead that another list speaks of', async () => {
    const first = await importText(
      'Company,Phone,City,State\nAcme Air,512-555-0130,Austin,TX\nZeta Zinc,512-555-0131,Austin,TX\n',
    );
    await importText('Company,Phone,City,State,Contact Name\nAcme Air,512-555-0130,Austin,TX,Bob Bay\n');
    await world.gate.call('undo', { receiptId: first.receipt!.id }, world.as(world.owner));
    expect(await total()).toBe(1);
    expect((await records().leadFile((await find('acme air'))!.id)).contacts).toHaveLength(1);
  });
});

describe('a cell that no database takes as it is', () => {
  it('does not stop the import', async () => {
    const { result } = await importText(
      `Company,Phone,Note\nAcme Air,512-555-0130,${'x'.repeat(99)}😀 great\nBeta Boilers,512-555-0132,a\0b\n,,${'y'.repeat(79)}😀\n`,
    );
    expect(counts(result)).toMatchObject({ imported: 2, failed: 1 });
  });
});

const mixed = `Company,Phone,Email,City,State
Juniper Joinery,303-555-0170,,Denver,CO
Kite Kitchens,303-555-0171,,Denver,CO
Manage Consent Preferences,,,,
Juniper Joinery Inc,303-555-0170,,Denver,CO
Lark Lighting,303-555-0172,lark@larklighting.com,Denver,CO
Carter Plumbing,303-555-0150,,Denver,CO
`;

describe('a dry run', () => {
  it('tells row by row what the import then does', async () => {
    await add({ name: 'Lark Lighting', phone: '303-555-0172', city: 'Denver', state: 'CO' });
    await add({ name: 'Carter Electric', phone: '303-555-0150', city: 'Denver', state: 'CO' });
    const uploadId = await upload(mixed);
    const before = await total();
    const dry = (await run(uploadId, {}, { dryRun: true })).result;
    expect(await total()).toBe(before);
    const real = (await run(uploadId)).result;
    expect(counts(dry)).toEqual({ imported: 2, merged: 1, duplicates: 1, review: 1, failed: 1 });
    expect(counts(real)).toEqual(counts(dry));
    expect(real.samples).toEqual(dry.samples);
    expect(real.changedSincePreview).toBeUndefined();
    expect(await total()).toBe(before + 2);
  });

  it('is compared with the import when leads changed in between', async () => {
    const uploadId = await upload(mixed);
    await run(uploadId, {}, { dryRun: true });
    await add({ name: 'Kite Kitchens', phone: '303-555-0171', city: 'Denver', state: 'CO' });
    const { result } = await run(uploadId);
    expect(result.changedSincePreview).toEqual({
      count: 1,
      rows: [{ line: 3, name: 'Kite Kitchens', was: 'new', now: 'a duplicate' }],
    });
  });
});

describe('columns', () => {
  it('mean what a person says, this time and the next time such a list comes', async () => {
    const list = (name: string) => `Betrieb,Nr\n${name},303-555-0180\n`;
    const { result } = await importText(list('Moss Masonry'), { mapping: { Betrieb: 'name', Nr: 'phone' } });
    expect(result.mapping).toEqual({ Betrieb: 'name', Nr: 'phone' });
    expect(result.columns[1]).toMatchObject({ because: 'chosen', confidence: 1, samples: ['303-555-0180'] });
    const again = await importText(list('Nettle Nurseries').replace('0180', '0181'));
    expect(again.result.columns[1]).toMatchObject({ field: 'phone', because: 'remembered' });
    expect(await find('nettle nurseries')).toMatchObject({ phone: '+13035550181' });
  });

  it('that nobody can name stop the import with the names they have', async () => {
    await expect(importText('foo,bar\n1,2\n3,4\n')).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('foo, bar'),
    });
    await expect(importText('Company\nAcme\n', { mapping: { Nope: 'name' } })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Nope'),
    });
  });
});

/** A word for a number, unlike that of any other number. */
const word = (i: number) => {
  const hex = createHash('sha256').update(String(i)).digest('hex').slice(0, 9);
  return `W${hex.replace(/\d/g, (digit) => 'klmnoprstu'[Number(digit)]!)}`;
};

describe('a long list', () => {
  const long = () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => {
      const phone = `303-${String(220 + Math.floor(i / 1000)).padStart(3, '0')}-${String(1000 + (i % 9000)).padStart(4, '0')}`;
      return `${i % 50 === 49 ? 'Privacy Policy' : `${word(i)} ${word(i + 1e6)} Électrique`},${phone},"Quote ""${i}"", two\nlines",City ${i % 300},CO`;
    });
    return `Company,Phone,Notes,City,State\n${rows.join('\n')}\n`;
  };

  it('is worked on by threads with the same result, its rows numbered as in the file, and searchable right away', async () => {
    const { result } = await importText(gzipSync(long()), {}, 'long.csv.gz');
    expect(result.rows).toBe(40_000);
    expect(result.failed).toBe(800);
    expect(result.imported).toBe(39_200);
    // two lines a row: row 50 begins on line 2 + 2 * 49
    expect(result.samples.rejected[0]).toMatchObject({ line: 100 });
    expect(await total()).toBe(39_200);
    const name = `${word(31_000)} ${word(1_031_000)} Électrique`;
    const hit = await records().leads.search({ query: name.toLowerCase().replace('é', 'e') }, { sort: 'name', limit: 5 });
    expect(hit.items.map((lead) => lead.name)).toEqual([name]);
  });

  it('comes a second time against its own leads, can be stopped while those are read, and holds up nobody after it', async () => {
    const uploadId = await upload(long());
    const first = (await run(uploadId)).result;
    const again = await world.gate.call('import_leads', { uploadId }, world.as(world.owner), { waitMs: 0 });
    if (again.status !== 'running') throw new Error('expected a job');
    const job = () => records().jobs.get(again.job.id);
    while (!/compar/i.test((await job())?.progress?.message ?? '') && !(await job())?.finishedAt) await sleep(10);
    await world.gate.call('cancel_job', { jobId: again.job.id }, world.as(world.owner));
    while (!(await job())?.finishedAt) await sleep(20);
    expect((await job())!.state).toBe('cancelled');
    const { result } = await run(uploadId);
    expect(result).toMatchObject({ imported: 0, duplicates: first.imported, review: 0 });
    expect(await total()).toBe(first.imported);
  });

  it('of people who are all at one company becomes one lead with all of them, the first time and the next', async () => {
    const people = (from: number) =>
      Array.from(
        { length: 20_000 },
        (_, i) =>
          `${word(from + i)} ${word(from + i + 1e6)},Giant Works,Reno,NV,${i % 50 === 0 ? `p${from + i}@giantworks.com` : ''}`,
      );
    const header = 'Full Name,Company,City,State,Email\n';
    const alone = Array.from(
      { length: 8000 },
      (_, i) => `${word(5e6 + i)} ${word(6e6 + i)},${word(7e6 + i)} Works,Town ${i},NV,`,
    );
    const first = (await importText(`${header}${people(0).join('\n')}\n${alone.join('\n')}\n`)).result;
    expect(first).toMatchObject({ imported: 8001, review: 0, failed: 0 });
    const lead = (await find('giant works'))!;
    const count = async (where: string) =>
      (await world.database.pool.query(`SELECT count(*)::int AS n FROM contacts ${where}`)).rows[0].n;
    expect(await count(`WHERE lead_id = '${lead.id}'`)).toBe(20_000);
    expect(await count('')).toBe(28_000);
    const second = (await importText(`${header}${people(20_000).join('\n')}\n`)).result;
    expect(second).toMatchObject({ imported: 0, merged: 20_000 });
    expect(await count(`WHERE lead_id = '${lead.id}'`)).toBe(40_000);
  });

  it('with cells as long as books refuses those rows by line, and keeps every sign of the others', async () => {
    const signs = 'é""\n'.repeat(20_000);
    const { result } = await importText(
      `${long()}Huge Heating,,"${'x""\n'.repeat(2_000_000)}",Reno,NV\nBook Boilers,,"${'é'.repeat(100_001)}",Reno,NV\nSigns Solar,,"${signs}",Reno,NV\n`,
    );
    expect(result.samples.rejected.map(({ reason }) => reason)).not.toContain(undefined);
    const left = await records().imports.leftOut(result.importId, { outcome: ['rejected'] }, { limit: 5, after: 80_000 });
    expect(left.map(({ line, reason }) => [line, reason])).toEqual([
      [80_002, expect.stringMatching(/^the cell "Notes" has 6,000,000 characters, where at most 100,000 are kept$/)],
      [2_080_003, expect.stringContaining('100,001 characters')],
    ]);
    expect((await find('signs solar'))!.attributes['notes']).toBe(signs.replaceAll('""', '"').trim());
  });

  it('imported twice at once is there once', async () => {
    const list = Array.from({ length: 3000 }, (_, i) => `${word(i)} Tiling,Reno,NV`).join('\n');
    const ids = [await upload(`Company,City,State\n${list}\n`), await upload(`Company,City,State\n${list}\n`)];
    const both = await Promise.all(ids.map((id) => run(id)));
    expect(both.map(({ result }) => result.imported).sort((a, b) => a - b)).toEqual([0, 3000]);
    expect(await total()).toBe(3000);
  });
});
