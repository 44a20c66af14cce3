import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { approvalsCommand } from '../../src/bot/console/approvals.ts';
import { importCommand } from '../../src/bot/console/import-file.ts';
import { jobsCommand } from '../../src/bot/console/jobs.ts';
import { keysCommand } from '../../src/bot/console/keys.ts';
import { typedPath } from '../../src/bot/console/local-file.ts';
import { mailCommand } from '../../src/bot/console/mail.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Queue } from '../../src/core/job.ts';
import type { Proposal } from '../../src/core/proposal.ts';
import type { Records } from '../../src/core/records.ts';
import { catalogOf } from '../../src/tools/catalog.ts';
import { defineTool } from '../../src/tools/define.ts';
import { tools } from '../../src/tools/index.ts';
import { openWorld, type World } from '../world.ts';
import { says, scripted } from './scripted.ts';
import { FakeTerminal } from './terminal.ts';

/** Nothing in the product is bulk yet; what is must ask for the count. */
const closeAll = defineTool({
  name: 'close_all',
  title: 'Close all leads',
  description: 'Marks the three best leads as lost.',
  input: z.strictObject({}),
  output: z.object({ count: z.number() }),
  risk: 'bulk',
  async run(_input, { records: inside }) {
    const { items } = await inside.leads.search({ query: 'electric' }, { sort: 'name', limit: 3 });
    for (const lead of items) await inside.leads.update(lead.id, { status: 'lost' });
    return { count: items.length };
  },
});

let world: World;
let actor: Actor;
let records: Records;
beforeAll(async () => {
  world = await openWorld({ demo: true, catalog: catalogOf([...tools.values(), closeAll]) });
  actor = { ...world.owner, surface: 'terminal' };
  records = world.deps.db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: 'terminal' });
});
afterAll(() => world.close());

type Run = (argv: string[], terminal: FakeTerminal) => Promise<number>;

/** Runs a command to its end with nobody at the keyboard. */
async function output(run: Run, argv: string[]): Promise<{ code: number; text: string }> {
  const terminal = new FakeTerminal({ tty: false });
  return { code: await run(argv, terminal), text: terminal.all };
}

describe('npm run import', () => {
  const run: Run = (argv, terminal) =>
    importCommand(argv, { ...world, actor, records, cwd: world.config.DATA_DIR, ...terminal.streams });
  const leadsNamed = async (query: string) => (await records.leads.search({ query }, { sort: 'newest', limit: 1 })).total;

  it('keeps nothing of a dry run, reports it, and then imports the same', async () => {
    await writeFile(
      join(world.config.DATA_DIR, 'two.csv'),
      'Company,E-mail,Trucks\nDrywall Dryrun Co,a@drywalldryrun.com,4\nDrywall Second,,1\n,x@y.com,2\n',
    );
    const dry = await output(run, ['two.csv', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.text).toMatch(
      /Dry run of two\.csv\nRead as utf-8, commas, header in line 1\.[\s\S]*Would be new {2,}2[\s\S]*Rejected {2,}1[\s\S]*Company +name +sure +Drywall[\s\S]*Trucks +kept as it is +4[\s\S]*\n +4 {2,}\S[\s\S]*Nothing was kept/,
    );
    expect(await leadsNamed('drywall')).toBe(0);
    const real = await output(run, ['two.csv']);
    expect(real.code).toBe(0);
    expect(real.text).toMatch(
      /Import of two\.csv[\s\S]*New leads {2,}2[\s\S]*Tiers {2,}BRONZE 2[\s\S]*demo leads stepped aside[\s\S]*✓ Imported 2 leads from two\.csv.*undo: npm run chat -- "undo that"/,
    );
    expect(await leadsNamed('drywall')).toBe(2);
    const newest = (await records.conversations.list('assistant', 1))[0]!;
    expect((await records.receipts.newestUndoable({ userId: actor.userId, conversationId: newest.id }))?.tool).toBe(
      'import_leads',
    );
  });

  it('says in words what is wrong with a path, and what is wrong with a list', async () => {
    await mkdir(join(world.config.DATA_DIR, 'folder'), { recursive: true });
    await writeFile(join(world.config.DATA_DIR, 'nonames.csv'), 'a,b\n1,2\n');
    const expected: [string[], RegExp, number][] = [
      [['nowhere.csv'], /✗ There is no file .*nowhere\.csv/, 1],
      [['folder'], /✗ .* is a folder/, 1],
      [['nonames.csv'], /✗ No column of this list holds company names/, 1],
      [[], /Name the file[\s\S]*Usage/, 2],
      [['--wet'], /--wet[\s\S]*Usage/, 2],
    ];
    for (const [argv, text, code] of expected)
      expect(await output(run, argv)).toEqual({ code, text: expect.stringMatching(text) });
  });

  it('says when a file may not be read', async () => {
    const path = join(world.config.DATA_DIR, 'secret.csv');
    await writeFile(path, 'Company\nX\n');
    await chmod(path, 0);
    await chmod(world.config.DATA_DIR, 0o755);
    // root may read everything: let somebody else look
    const look = `import('./src/bot/console/local-file.ts').then((m) => m.findFile(${JSON.stringify(path)})).catch((e) => process.stdout.write(e.message))`;
    const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', look], {
      ...somebody,
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    expect(stdout).toContain('You may not read');
  });

  it('refuses a file over the limit', async () => {
    await writeFile(join(world.config.DATA_DIR, 'big.csv'), `Company\n${'Long Name Of A Company\n'.repeat(60_000)}`);
    const small: Run = (argv, terminal) =>
      importCommand(argv, {
        ...world,
        config: { UPLOAD_MAX_MB: 1 },
        actor,
        records,
        cwd: world.config.DATA_DIR,
        ...terminal.streams,
      });
    expect(await output(small, ['big.csv'])).toEqual({ code: 1, text: expect.stringContaining('larger than 1 MB') });
  });

  it('shows progress, and Ctrl-C stops it with nothing kept', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => `Endless ${i} Plumbing,${i} Main St,Dallas,TX`);
    await writeFile(join(world.config.DATA_DIR, 'endless.csv'), `Company,Street,City,State\n${rows.join('\n')}\n`);
    const terminal = new FakeTerminal();
    const code = run(['endless.csv'], terminal);
    await terminal.until(/of about 150,000 rows/);
    terminal.type('\u0003');
    await terminal.until('Stopping…');
    await terminal.until('Stopped; nothing was kept.');
    expect(await code).toBe(130);
    expect(await leadsNamed('endless')).toBe(0);
    expect(terminal.raw).toBe(false);
  });

  it('reads paths as shells, file managers and people write them', () => {
    expect(typedPath('"/a b/c.csv"', '/x')).toBe('/a b/c.csv');
    expect(typedPath("'c d.csv' ", '/x')).toBe('/x/c d.csv');
    expect(typedPath('/a\\ b/c.csv', '/x')).toBe('/a b/c.csv');
    expect(typedPath('~/l.csv', '/x')).toBe(join(homedir(), 'l.csv'));
    expect(typedPath('file:///a%20b.csv', '/x')).toBe('/a b.csv');
  });
});

describe('a bulk proposal', () => {
  const run: Run = (argv, terminal) =>
    approvalsCommand(argv, { ...world, converser: scripted(world, () => says('')), actor, records, ...terminal.streams });

  it('is carried out only when its number of records is typed', async () => {
    await world.deps.db.tx({ ...actor }, (tx) => tx.showDemo(true));
    const outcome = await world.gate.call('close_all', {}, { actor, by: 'person' });
    if (outcome.status !== 'pending_approval') throw new Error(outcome.status);
    const { id, confirmCount } = outcome.proposal;
    expect(await output(run, ['accept', id])).toMatchObject({ code: 1, text: expect.stringContaining('3 records') });
    const terminal = new FakeTerminal();
    const code = run([], terminal);
    await terminal.until('Approve?');
    terminal.type('y\r');
    await terminal.until('Type that number to approve: ');
    terminal.type('33\r');
    await terminal.until('That is not the number; nothing was done.');
    await terminal.until('Approve?');
    terminal.type('y\r');
    await terminal.until('Type that number to approve: ');
    terminal.type(`${confirmCount}\r`);
    await terminal.until('✓');
    expect(await code).toBe(0);
    expect((await records.proposals.get(id))?.status).toBe('executed');
  });
});

describe('npm run approvals', () => {
  const run: Run = (argv, terminal) =>
    approvalsCommand(argv, {
      ...world,
      converser: scripted(world, (last) => says(`Noted: ${last.text}`)),
      actor,
      records,
      ...terminal.streams,
    });
  const propose = async (name: string): Promise<Proposal> => {
    const outcome = await world.gate.call(
      'create_lead',
      { name },
      { actor, by: 'person' },
      { propose: true, reason: 'Found at a fair' },
    );
    if (outcome.status !== 'pending_approval') throw new Error(outcome.status);
    return outcome.proposal;
  };
  const exists = async (name: string) => (await records.leads.find(name)).leads.some((lead) => lead.name === name);

  it('lists, shows, edits, accepts, asks about and skips by short id', async () => {
    const [one, two, three] = [await propose('Short Id One'), await propose('Short Id Two'), await propose('Short Id Three')];
    const list = await output(run, ['list']);
    expect(list.text).toContain('3 proposals for you to decide');
    const shown = [...list.text.matchAll(/^([0-9a-f-]{8,36}) /gm)].map((match) => match[1]!);
    expect(new Set(shown).size).toBe(3);
    const idOf = (proposal: Proposal) => shown.find((id) => proposal.id.startsWith(id))!;

    expect((await output(run, ['show', idOf(one)])).text).toMatch(
      /Proposal: [\s\S]*Short Id One[\s\S]*Found at a fair[\s\S]*pending/,
    );
    expect(await output(run, ['edit', idOf(one), 'name=Edited One', 'employees=12'])).toMatchObject({
      code: 0,
      text: expect.stringContaining('✓'),
    });
    expect(await exists('Edited One')).toBe(true);
    expect(await exists('Short Id One')).toBe(false);
    expect((await output(run, ['ask', idOf(two), 'are they licensed?'])).text).toContain('Noted: are they licensed?');
    expect(await output(run, ['accept', idOf(two)])).toMatchObject({ code: 0 });
    expect(await exists('Short Id Two')).toBe(true);
    expect(await output(run, ['skip', three.id])).toMatchObject({ code: 0, text: 'Skipped; nothing was changed.\n' });
    expect((await output(run, ['list'])).text).toBe('Nothing waits for you.\n');
    expect(await output(run, ['accept', three.id])).toMatchObject({ code: 1, text: expect.stringContaining('Already decided') });
    expect((await output(run, ['show', two.id])).text).toMatch(/executed, decided by[\s\S]*Receipt/);
  });

  it('asks for more of an id that several begin with, and says when there is none', async () => {
    await propose('Alike One');
    const last = await propose('Alike Two');
    expect(await output(run, ['show', last.id.slice(0, 4)])).toMatchObject({ code: 1, text: expect.stringContaining('several') });
    expect(await output(run, ['show', 'zzzz'])).toMatchObject({ code: 1, text: expect.stringContaining('No proposal of yours') });
    expect(await output(run, ['accept'])).toMatchObject({ code: 2, text: expect.stringContaining('The ID is missing') });
  });

  it('goes through what waits, one by one, and stops when the person leaves', async () => {
    const terminal = new FakeTerminal();
    const code = run([], terminal);
    await terminal.until('2 proposals for you to decide.');
    await terminal.until('Alike Two');
    await terminal.until('Approve?');
    terminal.type('maybe\r');
    await terminal.until('Press y, e, a, n or d');
    await terminal.until('Approve?');
    terminal.type('y\r');
    await terminal.until('✓');
    await terminal.until('Alike One');
    await terminal.until('Approve?');
    terminal.type('\u0004');
    expect(await code).toBe(0);
    expect(await exists('Alike Two')).toBe(true);
    expect(await exists('Alike One')).toBe(false);
  });
});

describe('npm run jobs', () => {
  const run: Run = (argv, terminal) => jobsCommand(argv, { ...world, actor, records, ...terminal.streams });

  it('lists, filters, shows and cancels', async () => {
    const list = await output(run, []);
    expect(list.text).toMatch(/import_leads {2,}succeeded/);
    expect(list.text).toMatch(/Queue: \d+ waiting/);
    const failed = await output(run, ['list', '--state', 'failed']);
    expect(failed.text).not.toContain('succeeded');
    const id = /^([0-9a-f-]{8,36}) {2,}import_leads {2,}succeeded/m.exec(list.text)![1]!;
    expect((await output(run, ['show', id])).text).toMatch(/import_leads: succeeded[\s\S]*Receipt +Imported 2 leads/);
    expect(await output(run, ['cancel', id])).toMatchObject({ code: 1, text: expect.stringContaining('ended already') });
    expect(await output(run, ['list', '--state', 'sleeping'])).toMatchObject({ code: 2 });
  });

  it('watches until Ctrl-C', async () => {
    const terminal = new FakeTerminal();
    const code = run(['--watch'], terminal);
    await terminal.until('Queue:');
    await terminal.until('Queue:');
    terminal.type('\u0003');
    expect(await code).toBe(0);
  });

  it('shows dead work, tries it again or gives it up', async () => {
    const dead = [
      { id: '7', name: 'tool', key: 'tool:x', attempts: 5, lastError: 'the \u001b[31mdisk is full', createdAt: new Date() },
    ];
    const settled: string[] = [];
    const settle = (what: string) => async (id: string) => id === '7' && settled.push(`${what} ${id}`) > 0;
    const queue: Queue = {
      deadLetters: async () => dead,
      retry: settle('retry'),
      discard: settle('discard'),
      depth: async () => ({ waiting: 0, running: 0, dead: 1 }),
    };
    const withDead: Run = (argv, terminal) => jobsCommand(argv, { ...world, actor, records, queue, ...terminal.streams });
    expect((await output(withDead, ['dead'])).text).toMatch(/7 {2,}tool:x +5 .*the disk is full/);
    expect((await output(withDead, ['retry', '7'])).code).toBe(0);
    expect((await output(withDead, ['discard', '8'])).code).toBe(1);
    expect(settled).toEqual(['retry 7']);
    expect((await output(run, ['dead'])).text).toBe('No dead work.\n');
  });
});

describe('npm run keys', () => {
  const run: Run = (argv, terminal) => keysCommand(argv, { ...world, actor, records, ...terminal.streams });

  it('makes a key that works, shows it once, and revokes it', async () => {
    const made = await output(run, ['create', '--user', 'alice', '--role', 'rep', '--label', 'laptop', '--expires-days', '30']);
    expect(made.code).toBe(0);
    const key = /^ {2}(sk_\S+)$/m.exec(made.text)![1]!;
    expect(made.text).toContain(`Authorization: Bearer ${key}`);
    expect(await world.access.byKey(key)).toMatchObject({ role: 'rep' });
    const list = await output(run, ['list']);
    expect(list.text).toMatch(/alice +rep +laptop/);
    expect(list.text).not.toContain(key);
    const id = key.split('_')[1]!;
    expect((await output(run, ['revoke', id])).code).toBe(0);
    expect(await world.access.byKey(key)).toBeUndefined();
    expect((await output(run, ['revoke', id])).code).toBe(1);
  });

  it('shows a code that links a chat account to whoever sits here, or to somebody by name', async () => {
    const account = { surface: 'slack' as const, externalTenant: 'T1', externalUser: 'U-KEYS' };
    const { identities } = world.database.chat;
    const mine = await output(run, ['link']);
    expect(mine.code).toBe(0);
    const code = /^ {2}([0-9A-Z]{8})$/m.exec(mine.text)![1]!;
    expect(await identities.linkByCode(account, code)).toEqual({ userId: actor.userId });

    await output(run, ['create', '--user', 'carol']);
    const [carol] = await records.users.find('carol');
    const hers = /^ {2}([0-9A-Z]{8})$/m.exec((await output(run, ['link', '--user', 'carol'])).text)![1]!;
    expect(await identities.linkByCode(account, hers)).toEqual({ userId: carol!.id });
    expect(await output(run, ['link', '--user', 'nobody'])).toEqual({
      code: 1,
      text: expect.stringContaining('no user "nobody"'),
    });
    expect((await output(run, ['link', '--user', 'Ann Reyes'])).code).toBe(1);
  });

  it('notes an e-mail address, of one person only, and refuses what is none', async () => {
    const create = (...argv: string[]) => output(run, ['create', '--user', ...argv]);
    expect((await create('dora', '--email', 'Dora@Example.com')).code).toBe(0);
    expect((await records.users.find('dora'))[0]).toMatchObject({ email: 'Dora@Example.com' });
    expect(await create('emil', '--email', 'dora@example.COM')).toEqual({
      code: 1,
      text: expect.stringContaining('dora has that'),
    });
    expect((await create('emil', '--email', 'nonsense')).code).toBe(1);
    expect(await records.users.find('emil')).toEqual([]);
    expect((await create('dora', '--email', 'd@example.com')).code).toBe(0);
    expect((await records.users.find('dora'))[0]).toMatchObject({ email: 'd@example.com' });
  });

  it('shuts somebody out, with all their keys and chat accounts, and lets them in again', async () => {
    const made = await output(run, ['create', '--user', 'frida']);
    const key = /^ {2}(sk_\S+)$/m.exec(made.text)![1]!;
    const frida = (await world.access.byKey(key))!;
    const account = { surface: 'slack' as const, externalTenant: 'T1', externalUser: 'U-FRIDA' };
    const { identities } = world.database.chat;
    await identities.linkByCode(account, await identities.makeCode(frida.userId));

    expect((await output(run, ['disable', '--user', 'frida'])).code).toBe(0);
    expect(await world.access.byKey(key)).toBeUndefined();
    expect(await world.access.byUser(frida.tenantId, frida.userId)).toBeUndefined();
    expect(await identities.find(account)).toEqual({ none: 'disabled' });
    expect(await identities.of(frida.userId)).toEqual([]);
    expect((await output(run, ['create', '--user', 'frida'])).code).toBe(1);
    expect((await output(run, ['link', '--user', 'frida'])).code).toBe(1);
    expect((await output(run, ['disable', '--user', 'frida'])).text).toContain('already');

    expect((await output(run, ['enable', '--user', 'frida'])).code).toBe(0);
    expect(await world.access.byKey(key)).toMatchObject({ userId: frida.userId });
    expect(await identities.find(account)).toEqual({ userId: frida.userId });
    expect(await output(run, ['disable', '--user', 'owner'])).toEqual({ code: 1, text: expect.stringContaining('owner') });
  });

  it('makes no key for a made-up demo person', async () => {
    const refused = await output(run, ['create', '--user', 'ann']);
    expect(refused).toEqual({
      code: 1,
      text: expect.stringMatching(/Ann Reyes[\s\S]*another handle[\s\S]*npm run demo -- remove/),
    });
    expect((await world.access.listKeys()).map((key) => key.userName)).not.toContain('Ann Reyes');
  });

  it('refuses a role that is none, days that are none, and a missing user', async () => {
    for (const argv of [
      ['create'],
      ['create', '--user', 'bob', '--role', 'king'],
      ['create', '--user', 'bob', '--expires-days', 'soon'],
      ['make'],
    ])
      expect((await output(run, argv)).code).toBe(2);
    expect(await output(run, ['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('Usage') });
  });
});

describe('npm run mail', () => {
  const run: Run = (argv, terminal) => mailCommand(argv, { records, ...terminal.streams });

  it('shows the local outbox, and nothing in a mail commands the terminal', async () => {
    expect((await output(run, [])).text).toBe('The local outbox is empty.\n');
    const mail = await world.deps.db.tx({ ...actor }, (tx) =>
      tx.mails.put({
        leadId: null,
        sender: 'me@example.com',
        recipients: ['you@example.com'],
        subject: 'Hi\u001b]0;x\u0007 there',
        body: 'One\nTwo\u001b[2J',
      }),
    );
    expect((await output(run, ['list'])).text).toMatch(/you@example\.com {2}Hi there/);
    const shown = await output(run, ['show', mail.id.slice(0, 10)]);
    expect(shown.text).toMatch(/Subject {2}Hi there[\s\S]*One\nTwo\n$/);
    expect(shown.text).not.toMatch(/\u001b/);
    expect((await output(run, ['show', 'nope'])).code).toBe(1);
  });
});
