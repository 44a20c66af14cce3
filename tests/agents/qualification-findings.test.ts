import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, openReader, type Reader, read } from './reader.ts';

let world: Reader;
beforeAll(async () => {
  world = await openReader();
});
afterAll(() => world.close());
beforeEach(() => {
  world.asked.length = 0;
  world.says([both]);
});

const about = 'We look after commercial and residential customers.';
const both: Answer = { criterion: 'resimercial', answer: 'Both', source: 'about', quote: 'commercial and residential customers' };

let leads = 0;
/** A lead that a model has read: 35 of 100, all of it from what it found. */
async function readLead(attributes: Record<string, string> = {}, more = {}): Promise<string> {
  const id = await world.add(`Quill Larch ${++leads}`, { about, ...attributes }, more);
  expect(read(await world.qualify(id))).toEqual({ resimercial: 100 });
  world.asked.length = 0;
  return id;
}

/** Its score, wherever it is told. */
async function scores(id: string): Promise<Record<string, number>> {
  const other = await world.add(`Beside it ${++leads}`);
  type Scored = { id: string; score: number };
  const search = await world.result<{ leads: Scored[] }>('search_leads', { query: 'Quill', limit: 50 });
  const compared = await world.result<{ leads: Scored[] }>('compare_leads', { leads: [other, id] });
  const [row] = await world.rows<{ score: number }>('SELECT score FROM leads WHERE id = $1', id);
  return {
    get_lead: (await world.result<{ lead: Scored }>('get_lead', { lead: id })).lead.score,
    search_leads: search.leads.find((one) => one.id === id)!.score,
    explain_score: (await world.result<Scored>('explain_score', { lead: id })).score,
    qualify_lead: (await world.qualify(id, { model: false })).score,
    compare_leads: compared.leads.find((one) => one.id === id)!.score,
    row: row!.score,
  };
}
const everywhere = (score: number) => ({
  get_lead: score,
  search_leads: score,
  explain_score: score,
  qualify_lead: score,
  compare_leads: score,
  row: score,
});

/** Imports a list of one row. */
async function importRow(row: Record<string, string>): Promise<string> {
  async function* bytes() {
    yield Buffer.from(`${Object.keys(row).join(',')}\n${Object.values(row).join(',')}\n`);
  }
  const saved = await world.deps.files.save(bytes(), 1e6);
  const upload = await world.deps.db.records(world.owner).uploads.create({ ...saved, fileName: 'list.csv' });
  const outcome = await world.gate.call('import_leads', { uploadId: upload.id }, world.as(world.owner), { waitMs: 60_000 });
  if (outcome.status !== 'done') throw new Error(`the import ended as ${outcome.status}`);
  expect(outcome.result).toMatchObject({ imported: 0, merged: 1 });
  return outcome.receipt!.id;
}

describe('what a model found out', () => {
  it('counts in the score of the lead, and the same wherever that is told', async () => {
    const plain = await world.add('Quill Plain', { about: 'Nothing to see here' });
    const id = await readLead();
    expect(await scores(id)).toEqual(everywhere(35));
    expect(await scores(plain)).toEqual(everywhere(0));
    const { leads: found } = await world.result<{ leads: { id: string }[] }>('search_leads', { query: 'Quill', limit: 50 });
    const order = found.map((one) => one.id);
    expect(order.indexOf(id)).toBeLessThan(order.indexOf(plain));
  });

  it('is kept with its words, its place, who read it and when, and the version of the lead stays', async () => {
    const id = await readLead();
    const [row] = await world.rows<{ findings: object[]; version: number }>(
      'SELECT findings, version FROM leads WHERE id = $1',
      id,
    );
    expect(row).toEqual({
      version: 1,
      findings: [
        {
          question: 'Do they serve both commercial and residential customers?',
          answer: 'Both',
          quote: 'commercial and residential customers',
          source: 'about',
          model: 'one',
          at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
    });
  });

  it('stays with changes that are about something else, and with undo of them', async () => {
    const id = await readLead();
    await world.change(id, { fleet: '12' }, { city: 'Boise', status: 'contacted' });
    expect(await scores(id)).toEqual(everywhere(35));
    await world.change(id, { about: `${about} Since 1974.` });
    expect(await scores(id)).toEqual(everywhere(35));
    const receiptId = await world.change(id, { OEMs_Certified: 'Generac, Kohler' });
    expect(await scores(id)).toEqual(everywhere(47.5));
    await world.result('undo', { receiptId });
    expect(await scores(id)).toEqual(everywhere(35));
  });

  it.each([
    ['changed', 'We look after homes.'],
    ['contradicted', 'We do not look after commercial and residential customers.'],
    ['removed', ''],
  ])('is gone when its words are %s, and back when that is undone', async (_how, text) => {
    const id = await readLead();
    const receiptId = await world.change(id, { about: text });
    expect(await scores(id)).toEqual(everywhere(0));
    await world.result('undo', { receiptId });
    expect(await scores(id)).toEqual(everywhere(35));
  });

  it('is asked for again when its words are gone, and the new one takes its place', async () => {
    const id = await readLead();
    await world.change(id, { about: 'Homes and businesses of all kinds' });
    world.says([{ ...both, quote: 'Homes and businesses' }]);
    expect(read(await world.qualify(id))).toEqual({ resimercial: 100 });
    const [row] = await world.rows<{ findings: { quote: string }[] }>('SELECT findings FROM leads WHERE id = $1', id);
    expect(row!.findings.map(({ quote }) => quote)).toEqual(['Homes and businesses']);
  });

  it('gives way to what the record itself says', async () => {
    const id = await readLead();
    await world.change(id, { Resimercial_Score: '20' });
    expect(await scores(id)).toEqual(everywhere(7));
  });

  it('is joined by what is found later', async () => {
    const id = await readLead({ notes: 'They have service contracts with schools' });
    world.says([
      { criterion: 'operations-maintenance', answer: 'One of the two', source: 'notes', quote: 'service contracts with schools' },
    ]);
    await world.change(id, { fleet: '9' });
    const verdict = await world.qualify(id);
    expect(read(verdict)).toEqual({ resimercial: 100, 'operations-maintenance': 75 });
    expect(await scores(id)).toEqual({ ...everywhere(verdict.score), row: 46.25 });
  });

  it('counts in a lead that an import adds something to, and after the import is taken back', async () => {
    const id = await readLead({}, { phone: '(208) 555-0142', city: 'Boise', state: 'ID' });
    const [{ name } = { name: '' }] = await world.rows<{ name: string }>('SELECT name FROM leads WHERE id = $1', id);
    const row = { Company: name, Phone: '(208) 555-0142', City: 'Boise', State: 'ID', OEMs_Certified: 'Generac / Kohler' };
    const receiptId = await importRow(row);
    expect(await scores(id)).toEqual(everywhere(47.5));
    await world.result('undo', { receiptId });
    expect(await scores(id)).toEqual(everywhere(35));
  });

  it('counts again when a lead that was deleted comes back', async () => {
    const id = await readLead();
    await world.deps.db.tx({ ...world.owner }, (records) => records.leads.delete(id));
    await world.deps.db.tx({ ...world.owner }, (records) => records.restore('lead', id, { deleted: false, label: 'it' }));
    expect(await scores(id)).toEqual(everywhere(35));
  });

  it('is not what is tried out when its column is: what if that stood there', async () => {
    const id = await readLead();
    type Tried = { before: { score: number }; after: { score: number }; factors: unknown[] };
    const tried = await world.result<Tried>('score_what_if', { lead: id, attributes: { about: 'We look after homes.' } });
    expect(tried).toMatchObject({ before: { score: 35 }, after: { score: 0 }, factors: [{ label: 'Resimercial', after: null }] });
  });
});

describe('under another profile', () => {
  const activate = async (profile: string) => {
    const outcome = await world.gate.call('activate_profile', { profile }, world.as(world.owner), { waitMs: 60_000 });
    expect(outcome.status).toBe('done');
  };
  const yaml = async (change: (text: string) => string) =>
    change((await world.result<{ yaml: string }>('get_profile', { profile: 'dealer' })).yaml);

  it('an answer has the points of the version that scores', async () => {
    const id = await readLead();
    const cheaper = (dealer: string) => dealer.replace(/(Both:\s*\{?\s*\n?\s*points: )100/, '$180');
    await world.result('update_profile', { profile: 'dealer', yaml: await yaml(cheaper) });
    expect(await scores(id)).toEqual(everywhere(35));
    await activate('dealer');
    expect(await scores(id)).toEqual(everywhere(28));
    expect(read(await world.qualify(id))).toEqual({ resimercial: 80 });
  });

  it('it counts where the same question is asked, and nowhere else', async () => {
    const id = await world.add('Quill Elsewhere', { about });
    await world.qualify(id);
    expect(await scores(id)).toEqual(everywhere(28));
    const other = (dealer: string) =>
      dealer.replace('id: dealer', 'id: other').replace(/(Both:\s*\{?\s*\n?\s*points: )80/, '$160');
    await world.result('update_profile', { yaml: (await yaml(other)).replace(/^name: .*$/m, 'name: Another one') });
    await activate('other');
    expect(await scores(id)).toEqual(everywhere(21));

    await activate('template');
    expect(await scores(id)).toEqual(everywhere(0));
    world.asked.length = 0;
    world.says([]);
    await world.qualify(id);
    expect(world.asked[0]!.messages.at(-1)!.text).toContain('Do they say that they look for what we sell?');
    await activate('dealer');
    expect(await scores(id)).toEqual(everywhere(28));
  });
});
