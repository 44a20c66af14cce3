import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCommand } from '../../src/bot/console/import-file.ts';
import { qualifyCommand } from '../../src/bot/console/qualify.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { LlmRequest } from '../../src/core/llm.ts';
import { type Move, scripted } from '../agents/scripted-llm.ts';
import { openWorld, type World } from '../world.ts';
import { FakeTerminal } from './terminal.ts';

interface StartOptions {
  as?: Actor;
  beside?: FakeTerminal;
}
const start = (world: World, argv: string[], terminal: FakeTerminal, { as = world.owner, beside }: StartOptions = {}) => {
  const actor: Actor = { ...as, surface: 'terminal' };
  return qualifyCommand(argv, {
    ...world,
    actor,
    records: world.deps.db.records(actor),
    ...terminal.streams,
    ...(beside && { complaints: beside.output }),
  });
};

/** Runs the command to its end with nobody at the keyboard. */
async function output(world: World, argv: string[], as?: Actor): Promise<{ code: number; text: string; beside: string }> {
  const [terminal, beside] = [new FakeTerminal({ tty: false }), new FakeTerminal({ tty: false })];
  const code = await start(world, argv, terminal, { beside, ...(as && { as }) });
  return { code, text: terminal.all, beside: beside.all };
}

const add = (world: World, lead: Record<string, unknown>) => world.gate.call('create_lead', lead, world.as(world.owner));
const fleet = async (world: World, count: number) =>
  world.database.pool.query(
    `INSERT INTO leads (id, tenant_id, name, name_key, status, score, tier)
     SELECT gen_random_uuid(), $1, 'Many ' || n, 'many ' || n, 'new', 0, 'BRONZE' FROM generate_series(1, $2::int) n`,
    [world.database.tenantId, count],
  );
const kept = async (world: World) =>
  Number((await world.database.pool.query('SELECT count(*) FROM agent_executions')).rows[0].count);

const strong = { Resimercial_Score: '100', MEPR_Score: '75', MultiOEM_Score: '100', OM_Score: '90' };

describe('npm run qualify', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await add(world, { name: 'Birch Home Services', state: 'TX', city: 'Austin', attributes: strong });
    await add(world, { name: 'Cedar Paper', state: 'OH', city: 'Columbus' });
    await add(world, { name: 'Twin Oaks Heating', state: 'TX', city: 'Dallas' });
    await add(world, { name: 'Twin Oaks Heating', state: 'GA', city: 'Atlanta', attributes: strong });
  });
  afterAll(() => world.close());

  it('says what is wrong on the command line, with exit code 2, and explains itself', async () => {
    expect(await output(world, ['--help'])).toMatchObject({ code: 0, text: expect.stringMatching(/^Usage: npm run qualify/) });
    for (const [argv, message] of [
      [[], 'Name a lead, or say which ones'],
      [['Birch', '--all'], 'Either name a lead, or say which ones'],
      [['--tier', 'BEST'], '--tier takes some of PLATINUM, GOLD, SILVER, BRONZE.'],
      [['--limit', '0'], '--limit takes a whole number from 1.'],
      [['--limit', 'ten'], '--limit takes a whole number from 1.'],
      [['--state', ' '], '--state takes a state'],
      [['--all', '--max-cost', '1'], '--max-cost goes with --model'],
      [['--all', '--model', '--max-cost', 'much'], '--max-cost takes an amount in USD'],
      [['--best'], "Unknown option '--best'"],
    ] as const) {
      const { code, text } = await output(world, [...argv]);
      expect([argv, code, text]).toEqual([argv, 2, expect.stringMatching(/\n\nUsage: npm run qualify/)]);
      expect(text).toContain(message);
    }
  });

  it('draws the verdict on one lead: score, reasons, evidence, and by which profile', async () => {
    const { code, text } = await output(world, ['birch', 'home', 'services']);
    expect(code).toBe(0);
    expect(text).toMatch(/^Birch Home Services: PLATINUM 92\.\d \(grade A, hot, confidence \d+ %\)\n/);
    expect(text).toMatch(/^Resimercial +█+\S* +100/m);
    expect(text).toMatch(/\nprofile dealer@1\n$/);
    expect((await output(world, ['Birch Home Services'])).text).toMatch(
      /\nprofile dealer@1 · unchanged since its last verdict\n$/,
    );
    expect((await output(world, ['Cedar Paper'])).text).toMatch(/^Multi-OEM +0 +not known$/m);
  });

  it('asks which one is meant where several are called so', async () => {
    const alone = await output(world, ['Twin Oaks Heating']);
    expect(alone.code).toBe(1);
    expect(alone.text).toMatch(/Which "Twin Oaks Heating" do you mean\?\n +1\. Twin Oaks Heating +\S/);
    const id = /npm run qualify -- 'Twin Oaks Heating in \.\.\.'\. Or its id: npm run qualify -- ([0-9a-f-]{36})\n/.exec(
      alone.text,
    )![1]!;
    expect((await output(world, [id])).text).toMatch(/^Twin Oaks Heating: /);
    expect((await output(world, ['Twin Oaks Heating in Dallas'])).text).toMatch(/^Twin Oaks Heating: BRONZE/);

    const terminal = new FakeTerminal();
    const code = start(world, ['Twin Oaks Heating'], terminal);
    const seen = await terminal.until('Which one? Its number, or Enter for none: ');
    terminal.type(/1\. Twin Oaks Heating +Atlanta/.test(seen) ? '1\r' : '2\r');
    await terminal.until('Twin Oaks Heating: PLATINUM');
    expect(await code).toBe(0);
    const left = new FakeTerminal();
    const none = start(world, ['Twin Oaks Heating'], left);
    await left.until('Which one?');
    left.type('\r');
    await left.until('None was qualified.');
    expect(await none).toBe(1);
  });

  it('says when no lead is called so', async () => {
    expect(await output(world, ['Nobody Inc'])).toEqual({
      code: 1,
      text: expect.stringContaining('✗ No lead fits "Nobody Inc".'),
      beside: '',
    });
  });

  it('qualifies many: all, or those that a person says, and nobody twice for nothing', async () => {
    const all = await output(world, ['--all']);
    expect(all.code).toBe(0);
    expect(all.text).toMatch(/^Qualified: all\nPLATINUM +█+ +2 +2\n/);
    expect(all.text).toMatch(/\n4 leads in [\d.]+ s · profile dealer@1\n$/);
    expect((await output(world, ['--all'])).text).toContain('4 unchanged since their last verdict');
    for (const [argv, title, count] of [
      [['--tier', 'platinum,GOLD'], 'PLATINUM or GOLD', 2],
      [['--tier', 'PLATINUM', '--tier', 'BRONZE', '--state', 'Texas'], 'PLATINUM or BRONZE, in Texas', 2],
      [['--state', 'TX'], 'in Texas', 2],
      [['--limit', '3'], 'all, at most 3', 3],
    ] as const) {
      const { code, text } = await output(world, [...argv]);
      expect([code, text]).toEqual([0, expect.stringMatching(new RegExp(`^Qualified: ${title}\n[^]*\n${count} leads in `))]);
    }
    expect(await output(world, ['--state', 'Nevada'])).toEqual({ code: 0, text: 'No lead fits: in Nevada.\n', beside: '' });
  });

  it('qualifies one import, named as the import command names it', async () => {
    await writeFile(join(world.config.DATA_DIR, 'fair.csv'), 'Company,State\nFair Furnaces,NV\nFair Fans,NV\n');
    const actor: Actor = { ...world.owner, surface: 'terminal' };
    const quiet = new FakeTerminal({ tty: false });
    const records = world.deps.db.records(actor);
    await importCommand(['fair.csv'], { ...world, actor, records, cwd: world.config.DATA_DIR, ...quiet.streams });
    for (const reference of ['last', 'fair.csv'])
      expect((await output(world, ['--import', reference])).text).toMatch(/\n2 leads in /);
    expect(await output(world, ['--import', 'other.csv'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('✗ There is no import "other.csv"'),
    });
  });

  it('gives JSON and nothing else where a program reads it', async () => {
    const one = await output(world, ['Birch Home Services', '--json']);
    expect([one.code, one.beside]).toEqual([0, '']);
    expect(JSON.parse(one.text)).toMatchObject({
      name: 'Birch Home Services',
      tier: 'PLATINUM',
      profile: { id: 'dealer', version: 1 },
    });
    expect(JSON.parse((await output(world, ['--json', '--tier', 'PLATINUM'])).text)).toMatchObject({ leads: 2, qualified: 2 });
    expect(await output(world, ['--json', 'Nobody Inc'])).toEqual({
      code: 1,
      text: '',
      beside: expect.stringContaining('No lead fits'),
    });
    expect(await output(world, ['--json', 'Twin Oaks Heating'])).toEqual({
      code: 1,
      text: '',
      beside: expect.stringContaining('do you mean?'),
    });
  });

  it('with --model says that none is connected', async () => {
    for (const argv of [['Cedar Paper'], ['--all'], ['--all', '--max-cost', '0.50']])
      expect(await output(world, [...argv, '--model'])).toEqual({
        code: 1,
        text: '✗ No model is connected: set the key of a provider (npm run doctor names them), or leave --model out.\n',
        beside: '',
      });
  });

  it('is not for a viewer', async () => {
    const vera = await world.person('vera', 'viewer');
    for (const argv of [['Cedar Paper'], ['--all']])
      expect(await output(world, argv, vera)).toMatchObject({
        code: 1,
        text: expect.stringMatching(/✗ Qualify .* needs the role rep; you are a viewer\./),
      });
  });

  it('shows how far it is with many, and after Ctrl-C says what was kept', async () => {
    await fleet(world, 60_000);
    const before = await kept(world);
    const terminal = new FakeTerminal();
    const code = start(world, ['--all'], terminal);
    await terminal.until(/█ *░.*Qualifying [\d,]+ of 60,006 leads/);
    terminal.type('\u0003');
    await terminal.until('Stopping…');
    const told = await terminal.until(/Stopped after [\d,]+ of 60,006 leads; their verdicts are kept\./);
    expect(await code).toBe(130);
    const done = Number(/Stopped after ([\d,]+)/.exec(told)![1]!.replaceAll(',', ''));
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(60_006);
    expect((await kept(world)) - before).toBeGreaterThan(0);
    expect(terminal.raw).toBe(false);
  });
});

describe('npm run qualify --model', () => {
  const answer = {
    criterion: 'multi-oem',
    answer: 'Three or more',
    source: 'About',
    quote: 'certified by Generac, Kohler and Cummins',
  };
  let price: string | null = '0.001000000000';
  let world: World;
  let moves: (request: LlmRequest) => Move[];
  const llm = scripted((request) => moves(request), '0.000500000000');
  beforeAll(async () => {
    world = await openWorld({ llm: { ...llm, estimate: () => price }, env: { QUALIFY_PER_MINUTE: '10000' } });
    await add(world, { name: 'Alder Power', attributes: { About: `We are ${answer.quote}.` } });
    await add(world, { name: 'Birch Home Services', attributes: strong });
    await add(world, { name: 'Cedar Paper', attributes: { About: 'We sell paper.' } });
    await add(world, { name: 'Dogwood Paper', attributes: { About: 'We sell more paper.' } });
  });
  afterAll(() => world.close());
  const silent = () => [{ call: 'record_answers', input: { answers: [] } }];
  const asked = () => llm.requests.length;

  it('lets a model read one lead, quotes what it read, and says what that cost', async () => {
    moves = () => [{ call: 'record_answers', input: { answers: [answer] } }];
    const { code, text } = await output(world, ['Alder Power', '--model']);
    expect(code).toBe(0);
    expect(text).toMatch(/Multi-OEM +█+\S* +100\s+[\s\S]*?read by a model in About/);
    expect(text).toMatch(/\nprofile dealer@1 · cost \$0\.0005\n$/);
    expect(asked()).toBe(1);
  });

  it('asks no model without being told to', async () => {
    const before = asked();
    expect((await output(world, ['Cedar Paper'])).code).toBe(0);
    expect((await output(world, ['--all'])).code).toBe(0);
    expect(asked()).toBe(before);
  });

  it('keeps one lead under the limit that is given', async () => {
    const before = asked();
    const { code, text } = await output(world, ['Cedar Paper', '--model', '--max-cost', '0.0001']);
    expect([code, asked()]).toEqual([0, before]);
    expect(text.replace(/\s+/g, ' ')).toMatch(
      /No model was asked: the question might cost 0\.002 USD, above the limit of 0\.0001 USD/,
    );
  });

  it('shows first what many would cost, and asks nobody when the answer is no', async () => {
    const before = asked();
    for (const keys of ['n\r', '\r', '\u0004']) {
      const terminal = new FakeTerminal();
      const code = start(world, ['--all', '--model'], terminal);
      await terminal.until(/[23] leads leave something open, of 4 leads \(all\)\./);
      await terminal.until(/would cost about \$0\.00\d, at most \$0\.00\d\./);
      await terminal.until(/Ask for at most \$0\.00\d\? \[y\]es \[n\]o /);
      terminal.type(keys);
      await terminal.until('Nothing was asked, nothing was qualified.');
      expect([await code, asked()]).toEqual([0, before]);
    }
  });

  it('where nobody can be asked needs a --max-cost, and says how much with exit code 2', async () => {
    const before = asked();
    const refused = await output(world, ['--all', '--model']);
    expect([refused.code, asked()]).toEqual([2, before]);
    const [, shown, most] = /at most \$(\S+)\.\nNobody can be asked here\. Say how much it may cost: --max-cost (\S+)\n/.exec(
      refused.text,
    ) as unknown as [string, string, string];
    expect([Number(shown) > 0, Number(most)]).toEqual([true, Number(shown)]);
    moves = silent;
    const told = await output(world, ['--model', '--json', '--limit', '1', '--max-cost', most]);
    expect(told.code).toBe(0);
    expect(JSON.parse(told.text)).toMatchObject({ leads: 1, qualified: 1 });
  });

  it('asks about all of them for what was agreed to, and says what it cost', async () => {
    moves = silent;
    const terminal = new FakeTerminal();
    const code = start(world, ['--all', '--model'], terminal);
    await terminal.until(/Ask for at most \$0\.00\d\? \[y\]es \[n\]o /);
    terminal.type('y\r');
    await terminal.until('Qualified: all');
    await terminal.until(/a model was asked about \d for\s0\.00\d+ USD/);
    await terminal.until('4 leads in ');
    expect(await code).toBe(0);
    const before = asked();
    expect((await output(world, ['--all', '--model', '--max-cost', '0.01'])).text).toContain(
      '4 unchanged since their last verdict',
    );
    expect(asked()).toBe(before);
  });

  it('ends with exit code 1 when the limit was reached before all were asked about', async () => {
    moves = silent;
    await fleet(world, 6);
    const { code, text } = await output(world, ['--all', '--model', '--max-cost', '0.0025']);
    expect(code).toBe(1);
    expect(text).toMatch(/! Stopped at the limit of 0\.0025 USD/);
  });

  it('says that the settings end a run earlier, and keeps off a model whose price nobody knows', async () => {
    const [usual, before] = [price, asked()];
    price = '0.300000000000';
    expect(await output(world, ['--all', '--model'])).toMatchObject({
      code: 2,
      text: expect.stringMatching(/at most \$\S+\.\nA run ends at \$1\.00 \(QUALIFY_RUN_MAX_COST_USD\)[\s\S]*--max-cost 1\n/),
    });
    price = null;
    expect(await output(world, ['--all', '--model'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('✗ What a model of its own costs is not known, so no limit could be kept.'),
    });
    price = usual;
    expect(asked()).toBe(before);
  });

  it('is stopped by Ctrl-C in the middle of a question', async () => {
    await add(world, { name: 'Elm Engines', attributes: { About: 'We mend engines.' } });
    moves = () => [{ wait: 60_000 }];
    for (const argv of [
      ['Elm Engines', '--model'],
      ['--all', '--model', '--max-cost', '0.5'],
    ]) {
      const before = asked();
      const terminal = new FakeTerminal();
      const code = start(world, argv, terminal);
      while (asked() === before) await delay(20);
      terminal.type('\u0003');
      await terminal.until('Stopping…');
      await terminal.until(/Stopped(; no verdict was kept| after \d of 11 leads; their verdicts are kept)\./);
      expect(await code).toBe(130);
    }
  });
});
