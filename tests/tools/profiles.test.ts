import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/facts.ts';
import { parseProfile } from '../../src/core/profile.ts';
import { score } from '../../src/core/score.ts';
import { seeded } from '../../src/core/seeded.ts';
import type { CallOptions, Outcome } from '../../src/tools/gate.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const random = seeded(7);
  const some = (values: string[]) => random.pick(values);
  for (let i = 0; i < 40; i++)
    await call('create_lead', {
      name: `${some(['Alder', 'Birch', 'Cedar', 'Dogwood'])} ${some(['Generator', 'Plumbing', 'Software', 'Bakery'])} ${some(['Service', 'Supply', 'Home'])} ${i}`,
      state: some(['TX', 'OK', 'CA']),
      employees: random.int(1, 800),
      attributes: { OEMs_Certified: some(['Generac', 'Generac, Kohler', 'Generac, Kohler, Cummins', '']) },
    });
});
afterAll(() => world.close());

const call = (tool: string, input: Record<string, unknown>, options?: CallOptions) =>
  world.gate.call(tool, input, world.as(world.owner), options);
const done = async (tool: string, input: Record<string, unknown>) => ended(await call(tool, input));
function ended(outcome: Outcome) {
  if (outcome.status !== 'done') throw new Error(`expected done, got ${outcome.status}`);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers the way a client without types does
  return outcome as { result: any; receipt?: { id: string; title: string; undoable: boolean } };
}
const undo = (receiptId: string) => call('undo', { receiptId });

/** Every lead, deleted ones too, beside the score that the profile in charge gives it. */
async function misfits(): Promise<string[]> {
  const { rows } = await world.database.pool.query('SELECT * FROM leads');
  const { rows: active } = await world.database.pool.query(
    'SELECT p.content FROM icp_profiles p JOIN tenants t ON t.id = p.tenant_id AND t.profile = p.key AND t.profile_version = p.version',
  );
  const profile = parseProfile(active[0].content);
  return rows
    .filter((row) => {
      const expected = score(profile, factsOf(row));
      return expected.score !== row.score || expected.tier !== row.tier;
    })
    .map(({ name }) => name);
}
const scores = async () => (await world.database.pool.query('SELECT id, score, tier, version FROM leads ORDER BY id')).rows;
const active = async () =>
  (await done('list_profiles', {})).result.profiles.find((profile: { active: boolean }) => profile.active);

describe('the profiles', () => {
  it('that ship are there, and the one for dealers scores', async () => {
    const { profiles } = (await done('list_profiles', {})).result;
    expect(profiles.map(({ id, newest, active, by }: Record<string, unknown>) => [id, newest, active, by])).toEqual([
      ['dealer', 1, true, null],
      ['saas', 1, false, null],
      ['template', 1, false, null],
    ]);
  });

  it('are not doubled by another start, and a start with another text of them adds a version that does not score', async () => {
    const other = await world.second();
    expect((await active()).newest).toBe(1);
    await world.database.pool.query(
      `UPDATE icp_profiles SET content = jsonb_set(content, '{name}', '"Older text"') WHERE key = 'template'`,
    );
    await other.close();
    await world.second();
    const { profiles } = (await done('list_profiles', {})).result;
    expect(profiles.find(({ id }: { id: string }) => id === 'template')).toMatchObject({
      name: 'Template',
      newest: 2,
      versions: 2,
    });
    expect((await active()).activeVersion).toBe(1);
  });

  it('are shown with where each criterion looks, and as a text that can be edited', async () => {
    const { result } = await done('get_profile', {});
    expect(result).toMatchObject({ id: 'dealer', version: 1, active: true });
    expect(result.criteria[1]).toMatchObject({ id: 'multi-oem', weightPercent: 25 });
    expect(result.criteria[1].finds).toContain('how many OEM certifications OEMs_Certified lists');
    expect(result.yaml).toContain('weight: 0.25');
    await expect(call('get_profile', { profile: 'dealers' })).rejects.toThrow(
      'There is no profile "dealers". There are: dealer, saas, template.',
    );
    await expect(call('get_profile', { profile: 'dealer', version: 9 })).rejects.toThrow('has no version 9; the newest is 1');
  });
});

describe('a change of a profile', () => {
  it('is a new version: scores stay until it is activated, and its effect is what the preview said', async () => {
    const before = await scores();
    const saved = await done('update_profile', { changes: { weights: { 'Multi-OEM': 60 } }, note: 'OEMs matter' });
    expect(saved.result).toMatchObject({ id: 'dealer', version: 2, active: false });
    expect(saved.result.changed).toContain('Multi-OEM: 25 % -> 60 %');
    expect(saved.receipt!.title).toContain('version 2, saved: Resimercial: 35 % -> 18.67 %');
    expect(await scores()).toEqual(before);

    const preview = (await done('preview_profile', {})).result;
    expect(preview).toMatchObject({ id: 'dealer', version: 2, against: { id: 'dealer', version: 1 }, leads: 40 });
    expect(preview.up + preview.down).toBe(preview.changeTier);
    expect(preview.changeTier).toBeGreaterThan(3);
    expect(saved.result.effect).toBe(`${preview.changeTier} of 40 leads change tier: ${preview.up} up, ${preview.down} down`);
    expect(await scores()).toEqual(before);

    const activated = await done('activate_profile', { profile: 'dealer' });
    expect(activated.result).toMatchObject({
      version: 2,
      leads: 40,
      changeTier: preview.changeTier,
      before: { id: 'dealer', version: 1 },
    });
    expect(await misfits()).toEqual([]);
    const after = await scores();
    for (const { id, after: then } of preview.samples) expect(after.find((lead) => lead.id === id)?.tier).toBe(then.tier);
    // nobody's change was in the way: a score follows from the record
    expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version));

    await undo(activated.receipt!.id);
    expect(await scores()).toEqual(before);
    expect((await active()).activeVersion).toBe(1);
  });

  it('may be tried without saving it', async () => {
    const preview = (await done('preview_profile', { profile: 'dealer', version: 1, changes: { tiers: { SILVER: 5 } } })).result;
    expect(preview).toMatchObject({ version: null, down: 0 });
    expect(preview.tiersAfter.BRONZE).toBeLessThan(preview.tiersBefore.BRONZE);
    expect(Object.values<number>(preview.tiersAfter).reduce((sum, count) => sum + count)).toBe(40);
    expect((await active()).newest).toBe(2);
  });

  it('can be taken back while it does not score', async () => {
    const saved = await done('update_profile', { changes: { tiers: { GOLD: 61 } } });
    await undo(saved.receipt!.id);
    expect((await active()).newest).toBe(2);
    const scoring = await done('update_profile', { changes: { tiers: { GOLD: 61 } } });
    const on = await done('activate_profile', { profile: 'dealer' });
    await expect(undo(scoring.receipt!.id)).rejects.toThrow('scores now. Activate another one first.');
    await undo(on.receipt!.id);
    await undo(scoring.receipt!.id);
    expect(await misfits()).toEqual([]);
  });

  it('from a file makes a version, or with another id a profile', async () => {
    const { yaml } = (await done('get_profile', { profile: 'saas' })).result;
    await expect(call('update_profile', { yaml })).rejects.toThrow('says exactly this already. Nothing was saved.');
    await expect(
      call('update_profile', { profile: 'dealer', yaml: yaml.replace('PLATINUM: 80', 'PLATINUM: 85') }),
    ).rejects.toThrow('The text is of the profile "saas", not of "dealer".');
    const mine = await done('update_profile', {
      yaml: yaml.replace('id: saas', 'id: mine').replace('name: Software buyers', 'name: Ours'),
    });
    expect(mine.result).toMatchObject({ id: 'mine', version: 1, changed: ['New profile with 5 criteria'] });
    await expect(call('update_profile', { yaml: yaml.replace('weight: 0.3', 'weight: 0.9') })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('the weights add up to 160 %'),
    });
    await expect(call('update_profile', { yaml: 'a: [' })).rejects.toThrow('This is no YAML');
    await expect(call('update_profile', { yaml, changes: {} })).rejects.toThrow('give either changes or yaml');
    await expect(call('update_profile', {})).rejects.toThrow('give either changes or yaml');
  });

  it('is a manager’s to make; anybody may look', async () => {
    const rep = world.as(await world.person('rita', 'rep'));
    await expect(world.gate.call('update_profile', { changes: { tiers: { GOLD: 61 } } }, rep)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(world.gate.call('activate_profile', { profile: 'saas' }, rep)).rejects.toMatchObject({ code: 'forbidden' });
    const viewer = world.as(await world.person('vera', 'viewer'));
    expect(ended(await world.gate.call('preview_profile', { profile: 'saas' }, viewer)).result.leads).toBe(40);
  });
});

describe('the assistant', () => {
  const as = (text: string) => ({
    actor: world.owner,
    by: 'assistant' as const,
    said: { text, shown: [], now: new Date('2026-03-10T15:00:00Z'), timeZone: 'America/New_York' },
  });
  const asked = async (text: string, input: Record<string, unknown>) => {
    const outcome = await world.gate.call('update_profile', input, as(text));
    if (outcome.status === 'done' && outcome.receipt) await undo(outcome.receipt.id);
    return outcome.status;
  };

  it.each([
    ['raise the weight of multi-OEM to 30', { 'multi-oem': 30 }],
    ['Please set Multi-OEM to 30%', { 'Multi-OEM': 30 }],
    ['lower resimercial to 12.5 percent', { resimercial: 12.5 }],
  ])('saves a version when told exactly that: %s', async (text, weights) => {
    expect(await asked(text, { changes: { weights } })).toBe('done');
  });

  it.each([
    ['should we raise the weight of multi-OEM to 30?', { weights: { 'multi-oem': 30 } }],
    ['raise the weight of multi-OEM to 30', { weights: { resimercial: 30 } }],
    ['raise the weight of multi-OEM to 30', { weights: { 'multi-oem': 40 } }],
    ['raise the weight of multi-OEM', { weights: { 'multi-oem': 30 } }],
    ['raise multi-OEM to 30 and resimercial to 20', { weights: { 'multi-oem': 30, resimercial: 20 } }],
    ['raise multi-OEM to 30 and resimercial to 20', { weights: { 'multi-oem': 20 } }],
    ['raise the weight of multi-OEM to 30', { weights: { 'multi-oem': 30 }, tiers: { GOLD: 70 } }],
  ])('proposes where that is not what was said: %s', async (text, changes) => {
    expect(await asked(text, { changes })).toBe('pending_approval');
  });

  it('proposes to switch, however it is asked, and the approval switches', async () => {
    const outcome = await world.gate.call('activate_profile', { profile: 'saas' }, as('activate the saas profile'));
    if (outcome.status !== 'pending_approval') throw new Error(`expected a proposal, got ${outcome.status}`);
    expect(outcome.proposal.title).toContain('Score by Software buyers, version 1');
    expect((await active()).id).toBe('dealer');
    expect(await misfits()).toEqual([]);
  });

  it.each([
    ['activate the saas profile', { profile: 'saas' }, 'asked'],
    ['use the Software Buyers profile from now on', { profile: 'saas' }, 'asked'],
    ['switch to version 1 of saas', { profile: 'saas', version: 1 }, 'asked'],
    ['what does the saas profile look for?', { profile: 'saas' }, 'unasked'],
    ['use the template', { profile: 'saas' }, 'unasked'],
    ['switch to saas', { profile: 'saas', version: 1 }, 'unasked'],
  ])('says who wanted the switch: %s', async (text, input, requestedBy) => {
    expect(await world.gate.call('activate_profile', input, as(text))).toMatchObject({ proposal: { requestedBy } });
  });
});

describe('while others write', () => {
  it('every lead ends with the score of the profile in charge, whoever wins', async () => {
    const other = await world.second();
    const context = world.as(world.owner);
    const lead = (i: number) => ({
      name: `Elm Generator ${i}`,
      state: 'TX',
      employees: 90,
      attributes: { OEMs_Certified: 'Generac' },
    });
    const { result } = await done('search_leads', { query: 'Alder', limit: 20 });
    const ends = await Promise.allSettled([
      world.gate.call('activate_profile', { profile: 'saas' }, context),
      ...Array.from({ length: 8 }, (_, i) => other.gate.call('create_lead', lead(i), context)),
      other.gate.call('activate_profile', { profile: 'mine' }, context),
      ...result.leads.map(({ id }: { id: string }) => other.gate.call('update_lead', { lead: id, employees: 700 }, context)),
      world.gate.call('activate_profile', { profile: 'dealer', version: 2 }, context),
      ...Array.from({ length: 8 }, (_, i) => world.gate.call('create_lead', lead(100 + i), context)),
    ]);
    expect(ends.filter((end) => end.status === 'rejected').map((end) => String(end.reason))).toEqual([]);
    expect(await misfits()).toEqual([]);
  });

  it('a lead that was deleted meanwhile comes back with the score of today', async () => {
    const { result, receipt } = await done('delete_lead', { lead: 'Elm Generator 100' });
    const now = (await active()).id;
    await done('activate_profile', { profile: now === 'template' ? 'dealer' : 'template' });
    await undo(receipt!.id);
    expect(await misfits()).toEqual([]);
    expect((await done('get_lead', { lead: result.id })).result.lead.name).toBe('Elm Generator 100');
  });

  it('switching to what scores already is refused', async () => {
    const { id, activeVersion } = await active();
    await expect(call('activate_profile', { profile: id, version: activeVersion })).rejects.toThrow('scores already');
  });
});
