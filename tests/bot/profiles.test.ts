import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfilesParts } from '../../src/bot/console/profile-run.ts';
import { profilesCommand } from '../../src/bot/console/profiles.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Records } from '../../src/core/records.ts';
import { profileFrom } from '../../src/tools/profile-text.ts';
import { dealerProfile } from '../core/profile.ts';
import { openWorld, type World } from '../world.ts';
import { FakeTerminal } from './terminal.ts';

let world: World;
let actor: Actor;
beforeAll(async () => {
  world = await openWorld();
  actor = { ...world.owner, surface: 'terminal' };
  await add('Alder Generators', { OEMs_Certified: 'Generac, Kohler', OM_Score: '60' });
  await add('Birch Home Services', { Resimercial_Score: '100', MEPR_Score: '75', MultiOEM_Score: '100', OM_Score: '90' });
});
afterAll(() => world.close());

const add = (name: string, attributes: Record<string, string>) =>
  world.gate.call('create_lead', { name, attributes }, world.as(world.owner));
const recordsOf = ({ tenantId, userId }: Actor): Records => world.deps.db.records({ tenantId, userId, surface: 'terminal' });

const start = (argv: string[], terminal: FakeTerminal, { as = actor, beside }: { as?: Actor; beside?: FakeTerminal } = {}) =>
  profilesCommand(argv, {
    ...world,
    actor: as,
    records: recordsOf(as),
    cwd: world.config.DATA_DIR,
    ...terminal.streams,
    ...(beside && { complaints: beside.output }),
  });

/** Runs the command to its end with nobody at the keyboard. */
async function output(argv: string[], as = actor): Promise<{ code: number; text: string; beside: string }> {
  const [terminal, beside] = [new FakeTerminal({ tty: false }), new FakeTerminal({ tty: false })];
  const code = await start(argv, terminal, { as, beside });
  return { code, text: terminal.all, beside: beside.all };
}

const file = (name: string, content: string | Uint8Array) => writeFile(join(world.config.DATA_DIR, name), content);
const shipped = (id: string) => readFileSync(new URL(`../../src/core/profiles/${id}.yaml`, import.meta.url), 'utf8');
/** The template as somebody makes it their own; more weight on the industry leaves less for the size. */
const own = (id: string, industry = 0.3) =>
  shipped('template')
    .replace('id: template', `id: ${id}`)
    .replace('name: Template', `name: Profile ${id}`)
    .replace('weight: 0.3', `weight: ${industry}`)
    .replace('weight: 0.25', `weight: ${Math.round((0.55 - industry) * 100) / 100}`);
const scoring = async () => {
  const { profile, profileVersion } = await recordsOf(actor).workspace();
  return `${profile}@${profileVersion}`;
};
const receipts = async () =>
  (await world.database.pool.query('SELECT title, undone_by_id FROM receipts ORDER BY created_at')).rows;

describe('npm run profiles', () => {
  it('lists what there is and which one scores', async () => {
    const { code, text } = await output([]);
    expect(code).toBe(0);
    expect(text).toMatch(/^ID +Name +Versions +Newest +Scores now +Saved$/m);
    expect(text).toMatch(/^dealer +Equipment dealers and contractors +1 +1 +version 1 +came with the product$/m);
    expect(text).toMatch(/^template +Template +1 +1 +came with the product$/m);
    expect(text).toContain('npm run -s profiles -- show ID > mine.yaml');
    expect(text).not.toMatch(/\u001b/);
  });

  it('explains itself, and says what it does not know, with exit code 2', async () => {
    expect(await output(['--help'])).toMatchObject({ code: 0, text: expect.stringMatching(/^Usage: npm run profiles/) });
    expect((await output(['show', '--help'])).code).toBe(0);
    for (const [argv, text] of [
      [['frob'], 'There is no "frob" here.'],
      [['--frob'], "Unknown option '--frob'"],
      [['save'], 'The file is missing.'],
      [['preview'], 'The ID is missing.'],
      [['activate', ''], 'The ID is missing.'],
      [['activate', 'dealer', '1'], '"1" is one word too many. A version is written dealer@2'],
      [['preview', 'dealer@new'], '"dealer@new" is no version of a profile.'],
      [['preview', 'dealer@0'], '"dealer@0" is no version of a profile.'],
      [['preview', '@1'], '"@1" is no version of a profile.'],
      [['preview', 'dealer', '--yes'], '--yes goes with activate.'],
      [['check', 'x.yaml', '--note', 'n'], '--note goes with save.'],
    ] as const) {
      const { code, text: said } = await output([...argv]);
      expect([code, said]).toEqual([2, expect.stringMatching(/\n\nUsage: npm run profiles/)]);
      expect(said).toContain(text);
    }
  });
});

describe('a profile as YAML', () => {
  it('is all that goes to the output; what is said goes beside it', async () => {
    const { code, text, beside } = await output(['show']);
    expect([code, beside]).toEqual([0, 'Equipment dealers and contractors, version 1 (scores now)\n']);
    expect(profileFrom(text)).toEqual(dealerProfile);
  });

  it('that is as it shipped comes with the comments that explain it', async () => {
    expect((await output(['show', 'template'])).text).toBe(shipped('template'));
  });

  it('can be saved again as it was shown, and says then that nothing is new', async () => {
    await file('again.yaml', own('again'));
    expect((await output(['save', 'again.yaml'])).code).toBe(0);
    const { text } = await output(['show', 'again@1']);
    expect(profileFrom(text)).toEqual(profileFrom(own('again')));
    await file('shown.yaml', text);
    expect(await output(['save', 'shown.yaml'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('Profile again, version 1, says exactly this already. Nothing was saved.'),
    });
  });

  it('that is not there leaves the output empty', async () => {
    expect(await output(['show', 'nobody'])).toEqual({
      code: 1,
      text: '',
      beside: expect.stringMatching(/✗ There is no profile "nobody"\. There are: .*dealer/),
    });
    expect(await output(['show', 'dealer@7'])).toEqual({
      code: 1,
      text: '',
      beside: '✗ Equipment dealers and contractors has no version 7; the newest is 1.\n',
    });
  });

  it('cannot command the terminal it is read on', async () => {
    const nasty = own('nasty').replace('name: Profile nasty', 'name: "Nasty \\e]0;x\\a\u202e profile"');
    await file('nasty.yaml', nasty);
    await output(['save', 'nasty.yaml']);
    const [terminal, beside] = [new FakeTerminal(), new FakeTerminal({ tty: false })];
    await start(['show', 'nasty'], terminal, { beside });
    expect(terminal.all + beside.all).not.toMatch(/[\u001b\u0007\u202e]/);
    expect((await output(['list'])).text).toMatch(/^nasty +Nasty/m);
  });
});

describe('a check', () => {
  /** A check gets no product: it may not need one. */
  async function check(...argv: string[]): Promise<{ code: number; text: string }> {
    const terminal = new FakeTerminal({ tty: false });
    const parts = { cwd: world.config.DATA_DIR, ...terminal.streams } as unknown as ProfilesParts;
    return { code: await profilesCommand(['check', ...argv], parts), text: terminal.all };
  }

  it('shows what a file would look at, and how to keep it', async () => {
    await file('good.yaml', own('good'));
    const { code, text } = await check('good.yaml');
    expect(code).toBe(0);
    expect(text).toMatch(/^Profile good \(good\)\nIndustry +█+\S* +30 +words in industry: Our industry\n/);
    expect(text).toContain('Weights in percent of 100. PLATINUM from 80, GOLD from 60, SILVER from 40, BRONZE below.');
    expect(text).toContain("✓ good.yaml is a profile. To keep it: npm run profiles -- save 'good.yaml'");
  });

  it('says every problem with its place', async () => {
    const broken = own('broken')
      .replace('id: broken', 'id: Broken!')
      .replace('met: 100', 'met: 1000')
      .replace('noun: employee', 'nuon: employee')
      .replace('  SILVER: 40', '  SILVR: 40');
    await file('broken.yaml', broken);
    const { code, text } = await check('broken.yaml');
    expect(code).toBe(1);
    expect(text).toMatch(/^✗ .*broken\.yaml cannot be used: 6 problems\.\n/);
    for (const problem of [
      'id: an id is lower-case letters',
      'criterion 2 (size), source 1, noun: is missing',
      'criterion 2 (size), source 1: does not know "nuon"',
      'criterion 3 (region), met: points are 0 to 100',
      'tiers, SILVER: is missing (a number)',
      'tiers: does not know "SILVR"',
    ])
      expect(text).toContain(`\n  ${problem}`);
    await file('sums.yaml', shipped('template').replace('weight: 0.3', 'weight: 0.4').replace('@our-industries', '@none'));
    expect((await check('sums.yaml')).text).toMatch(/the weights add up to 110 %.*\n {2}criterion 1 .*there is no list "none"/);
  });

  it('says in plain words when a file is no profile at all', async () => {
    await file('list.csv', 'Company,City\nAlder,Austin\n');
    await file('torn.yaml', 'id: torn\nname: [a\n');
    await file('empty.yaml', ' \n');
    await file('latin.yaml', Buffer.from('id: caf\xe9\n', 'latin1'));
    await file('huge.yaml', 'a'.repeat(2_100_000));
    await file('npm.yaml', `\n> sales-agent@0.1.0 profiles\n> node src/main.ts profiles show template\n\n${own('npm')}`);
    for (const [name, message] of [
      ['list.csv', /✗ .*list\.csv cannot be used: 1 problem\.\n {2}has to be a group of keys/],
      ['torn.yaml', /✗ This is no YAML \(line \d\)/],
      ['empty.yaml', /✗ empty\.yaml is empty/],
      ['latin.yaml', /✗ latin\.yaml is no text in UTF-8/],
      ['huge.yaml', /✗ huge\.yaml is larger than any profile/],
      ['npm.yaml', /✗ npm\.yaml begins with the lines that npm prints.*npm run -s profiles -- show ID > npm\.yaml/],
      ['nowhere.yaml', /✗ There is no file .*nowhere\.yaml/],
      ['.', /✗ .* is a folder\. Name the file in it, for example .*mine\.yaml/],
    ] as const)
      expect([name, await check(name)]).toEqual([name, { code: 1, text: expect.stringMatching(message) }]);
  });

  it('reads what the shell of Windows writes', async () => {
    await file('wide.yaml', Buffer.from(`\ufeff${own('wide')}`, 'utf16le'));
    await file('marked.yaml', `\ufeff${own('marked').replaceAll('\n', '\r\n')}`);
    expect((await check('wide.yaml')).code).toBe(0);
    expect((await check('marked.yaml')).code).toBe(0);
  });
});

describe('a saved file', () => {
  it('is a version with its reason, changes no score, and can be taken back', async () => {
    await file('mine.yaml', own('mine'));
    const first = await output(['save', 'mine.yaml', '--note', 'Our first try']);
    expect(first.code).toBe(0);
    expect(first.text).toMatch(/Profile mine, version 1: saved, not active yet\nNew profile with 4 criteria\n/);
    expect(first.text).toMatch(/✓ Profile mine, version 1, saved: .* {3}undo: npm run chat -- "undo that"\n/);
    expect(first.text).toContain('npm run profiles -- preview mine\n');
    expect(await recordsOf(actor).profiles.get('mine')).toMatchObject({ version: 1, note: 'Our first try', by: 'Owner' });
    await file('mine.yaml', own('mine', 0.4));
    expect((await output(['save', 'mine.yaml'])).text).toMatch(
      /Profile mine, version 2: saved[\s\S]*Industry: 30 % -> 40 %; Size: 25 % -> 15 %/,
    );
    expect((await output([])).text).toMatch(/^mine +Profile mine +2 +2 +\S.*, Owner$/m);
    expect(await scoring()).toBe('dealer@1');
    const newest = (await recordsOf(actor).conversations.list('assistant', 1))[0]!;
    await world.gate.call('undo', {}, { ...world.as(actor), conversationId: newest.id });
    expect((await output([])).text).toMatch(/^mine +Profile mine +1 +1 /m);
  });

  it('that cannot be used saves nothing and says all that is wrong', async () => {
    const before = await receipts();
    await file('wrong.yaml', own('wrong').replace('weight: 0.2\n', 'weight: 0.1\n'));
    expect(await output(['save', 'wrong.yaml'])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/wrong\.yaml cannot be used: 1 problem\.\n {2}criteria: the weights add up to 90 %/),
    });
    expect(await output(['save', 'nowhere.yaml'])).toMatchObject({ code: 1 });
    expect(await receipts()).toEqual(before);
  });
});

describe('activating', () => {
  beforeAll(async () => {
    await file('next.yaml', own('next'));
    await output(['save', 'next.yaml']);
    await file('next.yaml', own('next', 0.2));
    await output(['save', 'next.yaml']);
  });

  it('is tried out first: which leads would change tier', async () => {
    const { code, text } = await output(['preview', 'next@1']);
    expect(code).toBe(0);
    expect(text).toMatch(/2 of 2 leads change tier: 0 up, 2 down, if Profile next, version 1, scored/);
    expect(text).toMatch(/^PLATINUM +1 +0\nGOLD +0 +0\nSILVER +1 +0\nBRONZE +0 +2$/m);
    expect(text).toMatch(/^Birch Home Services +PLATINUM [\d.]+ +BRONZE [\d.]+$/m);
    expect(text).toContain('Nothing was changed. To score by it: npm run profiles -- activate next@1\n');
    expect((await output(['preview', 'dealer'])).text).toContain('It scores already.');
    expect(await scoring()).toBe('dealer@1');
  });

  it('asks at a terminal, after it has shown what would change', async () => {
    for (const [keys, end, after] of [
      ['n\r', 'Nothing was changed.', 'dealer@1'],
      ['\r', 'Nothing was changed.', 'dealer@1'],
      ['\u0004', 'Nothing was changed.', 'dealer@1'],
      ['y\r', 'Back to the one before at any time: npm run profiles -- activate dealer@1', 'next@2'],
    ] as const) {
      const terminal = new FakeTerminal();
      const code = start(['activate', 'Profile next'], terminal);
      await terminal.until('2 of 2 leads change tier');
      await terminal.until('Let Profile next, version 2, score from now on? [y]es [n]o ');
      expect(await scoring()).toBe('dealer@1');
      terminal.type(keys);
      await terminal.until(end);
      expect([await code, await scoring()]).toEqual([0, after]);
      expect(terminal.raw).toBe(false);
    }
    const newest = (await recordsOf(actor).conversations.list('assistant', 1))[0]!;
    await world.gate.call('undo', {}, { ...world.as(actor), conversationId: newest.id });
    expect(await scoring()).toBe('dealer@1');
    expect((await receipts()).at(-2)).toMatchObject({
      title: expect.stringContaining(': 2 leads scored anew, 2 in another tier'),
    });
  });

  it('where nobody can be asked needs a --yes, and says so with exit code 2', async () => {
    const refused = await output(['activate', 'next@1']);
    expect(refused).toMatchObject({ code: 2, text: expect.stringMatching(/^Nobody can be asked here\. .* --yes/) });
    expect(await scoring()).toBe('dealer@1');
    const done = await output(['activate', 'next@1', '--yes']);
    expect(done.code).toBe(0);
    expect(done.text).toMatch(/2 of 2 leads change tier[\s\S]*✓ Scoring by Profile next, version 1: 2 leads scored anew/);
    expect(await scoring()).toBe('next@1');
    expect((await output(['activate', 'dealer@1', '--yes'])).code).toBe(0);
    expect(await scoring()).toBe('dealer@1');
  });

  it('of what scores already, or of what is not there, changes nothing', async () => {
    for (const [reference, message] of [
      ['dealer', '✗ Equipment dealers and contractors, version 1, scores already. Nothing was changed.'],
      ['dealer@1', 'scores already'],
      ['dealer@9', '✗ Equipment dealers and contractors has no version 9; the newest is 1.'],
      ['dealer@999999999', 'has no version 999999999'],
      ['nobody', '✗ There is no profile "nobody".'],
    ] as const)
      expect(await output(['activate', reference, '--yes'])).toMatchObject({ code: 1, text: expect.stringContaining(message) });
    expect(await scoring()).toBe('dealer@1');
  });

  it('is not for a viewer, who may look', async () => {
    const vera: Actor = { ...(await world.person('vera', 'viewer')), surface: 'terminal' };
    for (const argv of [['list'], ['show', 'next'], ['preview', 'next']])
      expect([argv, (await output(argv, vera)).code]).toEqual([argv, 0]);
    await file('veras.yaml', own('veras'));
    for (const argv of [
      ['save', 'veras.yaml'],
      ['activate', 'next', '--yes'],
    ])
      expect(await output(argv, vera)).toMatchObject({
        code: 1,
        text: expect.stringMatching(/✗ .* needs the role manager; you are a viewer\./),
      });
    expect(await scoring()).toBe('dealer@1');
  });

  it('of many leads shows how far it is, and Ctrl-C leaves everything as it was', async () => {
    await world.database.pool.query(
      `INSERT INTO leads (id, tenant_id, name, name_key, status, score, tier)
       SELECT gen_random_uuid(), $1, 'Many ' || n, 'many ' || n, 'new', 0, 'BRONZE' FROM generate_series(1, 120000) n`,
      [world.database.tenantId],
    );
    const terminal = new FakeTerminal();
    const code = start(['activate', 'next', '--yes'], terminal);
    await terminal.until(/█ *░*.*Looking at [\d,]+ of 120,002 leads/);
    await terminal.until(/leads change/, 60_000);
    await terminal.until(/Scoring /);
    terminal.type('\u0003');
    await terminal.until('Stopping…');
    await terminal.until('Stopped; nothing was kept.');
    expect([await code, await scoring()]).toEqual([130, 'dealer@1']);
    const { rows } = await world.database.pool.query('SELECT max(score) AS most FROM leads WHERE name LIKE $1', ['Many %']);
    expect(rows).toEqual([{ most: 0 }]);
  });
});
