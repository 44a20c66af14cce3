import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveLead, resolveLeadOrPerson } from '../../src/tools/resolve.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  for (const lead of [
    {
      name: 'Abacus Plumbing LLC',
      city: 'Austin',
      state: 'TX',
      phone: '(512) 555-0101',
      email: 'hi@abacus.example',
      website: 'abacus.example',
    },
    { name: 'Cedar Creek Plumbing', city: 'Houston', state: 'TX' },
    { name: 'Cedar Creek Plumbing', city: 'Atlanta', state: 'GA' },
    { name: 'A & B Standby Power Inc.', city: 'Dallas', state: 'TX' },
    { name: 'École Climat Inc.', city: 'Buffalo', state: 'NY' },
    { name: 'Made in Ohio Electric', city: 'Columbus', state: 'OH' },
  ])
    await world.gate.call('create_lead', lead, world.as(world.owner));
});
afterAll(() => world.close());

const find = (reference: string) => resolveLead(world.deps.db.records({ ...world.owner }), reference);

describe('a lead is found', () => {
  it.each([
    ['abacus plumbing', 'Abacus Plumbing LLC'],
    ['ABACUS PLUMBING, L.L.C.', 'Abacus Plumbing LLC'],
    ['abacus', 'Abacus Plumbing LLC'],
    ['abacus plubming', 'Abacus Plumbing LLC'],
    ['a&b standby power', 'A & B Standby Power Inc.'],
    ['A and B Standby', 'A & B Standby Power Inc.'],
    ['ecole climat', 'École Climat Inc.'],
    ['512-555-0101', 'Abacus Plumbing LLC'],
    ['+1 (512) 555 0101', 'Abacus Plumbing LLC'],
    ['HI@abacus.example', 'Abacus Plumbing LLC'],
    ['https://www.abacus.example/contact', 'Abacus Plumbing LLC'],
    ['Abacus in Austin', 'Abacus Plumbing LLC'],
    ['made in ohio electric', 'Made in Ohio Electric'],
  ])('by "%s"', async (reference, name) => {
    expect((await find(reference)).name).toBe(name);
  });

  it.each([
    ['Cedar Creek in Houston', 'Houston'],
    ['cedar creek plumbing, Georgia', 'Atlanta'],
    ['Cedar Creek Plumbing in GA', 'Atlanta'],
  ])('among twins by its place: "%s"', async (reference, city) => {
    expect((await find(reference)).city).toBe(city);
  });

  it('never elsewhere than where the user says', async () => {
    await expect(find('Abacus Plumbing in Houston')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('Austin'),
    });
  });

  it('as a question when two bear the name', async () => {
    await expect(find('cedar creek plumbing')).rejects.toMatchObject({
      code: 'ambiguous',
      details: {
        candidates: [{ note: expect.stringMatching(/Houston|Atlanta/) }, { note: expect.stringMatching(/Houston|Atlanta/) }],
      },
    });
  });

  it.each(['zzqx', '%', '_', "'; drop table leads", '', ' '.repeat(50), '\u202e'])('not at all by %j', async (reference) => {
    await expect(find(reference)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a person looked for among the leads', () => {
  const look = (reference: string) => resolveLeadOrPerson(world.deps.db.records({ ...world.owner }), reference);

  beforeAll(async () => {
    const list = 'Company,City,State,Contact,Contact Email\nLarkspur Electric,Tulsa,OK,Priya Okonkwo,priya@larkspur.example\n';
    const saved = await world.deps.files.save(Readable.from([Buffer.from(list)]), 1_000_000);
    const upload = await world.deps.db.records(world.owner).uploads.create({ ...saved, fileName: 'people.csv' });
    await world.gate.call('import_leads', { uploadId: upload.id }, world.as(world.owner), { waitMs: 60_000 });
  });

  it.each(['Priya Okonkwo', 'priya', 'OKONKWO'])('is a contact: "%s" finds the lead, for a look only', async (name) => {
    expect((await look(name)).name).toBe('Larkspur Electric');
    await expect(find(name)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['pri', '%', 'Priya_Okonkwo'])('is not guessed from "%s"', async (name) => {
    await expect(look(name)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is a colleague: their name is told, and that it is no lead', async () => {
    const { userName } = world.owner;
    await expect(look(userName)).rejects.toMatchObject({
      code: 'not_found',
      message: `${userName} is no lead but one of your workspace (admin). Say "leads of ${userName}" for theirs.`,
    });
  });
});
