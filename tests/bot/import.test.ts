import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCommand } from '../../src/bot/console/import-file.ts';
import { ImportProgress } from '../../src/bot/console/import-progress.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Records } from '../../src/core/records.ts';
import { importInReview } from '../review-rows.ts';
import { openWorld, utc, type World } from '../world.ts';
import { FakeTerminal } from './terminal.ts';

let world: World;
let actor: Actor;
let records: Records;
beforeAll(async () => {
  world = await openWorld();
  actor = { ...world.owner, surface: 'terminal' };
  records = world.deps.db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: 'terminal' });
});
afterAll(() => world.close());

const start = (argv: string[], terminal: FakeTerminal, complaints?: FakeTerminal) =>
  importCommand(argv, {
    ...world,
    actor,
    records,
    cwd: world.config.DATA_DIR,
    ...terminal.streams,
    ...(complaints && { complaints: complaints.output }),
  });

/** Runs the command to its end with nobody at the keyboard. */
async function output(...argv: string[]): Promise<{ code: number; text: string; beside: string }> {
  const [terminal, complaints] = [new FakeTerminal({ tty: false }), new FakeTerminal({ tty: false })];
  const code = await start(argv, terminal, complaints);
  return { code, text: terminal.all, beside: complaints.all };
}
const file = (name: string, content: string | Uint8Array) => writeFile(join(world.config.DATA_DIR, name), content);
const find = async (name: string) => (await records.leads.find(name)).leads[0];

describe('what a column means', () => {
  it('is said on the command line, shown as said, and remembered for the next list of that shape', async () => {
    await file('odd.csv', 'Firma = A,Wert\nOddly Named Ovens,7\n');
    const first = await output('odd.csv', '--map', 'Firma = A=name', '--map', 'Wert=ignore');
    expect(first).toMatchObject({ code: 0, text: expect.stringMatching(/Firma = A +name +you said so[\s\S]*Wert +left out/) });
    expect((await find('Oddly Named Ovens'))?.attributes).toEqual({});
    await file('odd2.csv', 'Firma = A,Wert\nOddly Second Ovens,8\n');
    expect((await output('odd2.csv')).text).toMatch(/Firma = A +name +as last time/);
  });

  it('that nobody can tell is asked for with the headers and a command that answers', async () => {
    await file('nameless.csv', 'a,b\n1,2\n');
    for (const more of [[], ['--dry-run']]) {
      const { code, text } = await output('nameless.csv', ...more);
      expect(code).toBe(1);
      expect(text).toMatch(/✗ No column of this list holds company names\. Its headers are: a, b/);
      expect(text).toMatch(/For example: npm run import -- '.*nameless\.csv' --map 'a=name'/);
    }
  });

  it('is suggested in words that a shell takes as text, whatever the list and its headers are called', async () => {
    const name = "it's $(echo run) `echo run`.csv";
    await file(name, "$(echo run) o'clock,b\n1,2\n");
    const { text } = await output(name);
    const command = /For example: npm run import -- (.*)/.exec(text)![1]!;
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    expect(words).toEqual([join(world.config.DATA_DIR, name), '--map', "$(echo run) o'clock=name"]);
  });

  it('is said once: two answers for one header are refused by its name', async () => {
    const { code, text } = await output('odd.csv', '--map', 'Wert=ignore', '--map', 'Wert=name');
    expect(code).toBe(2);
    expect(text).toMatch(/--map says twice what "Wert" is/);
  });

  it('is refused when it is not written as Header=field, and so is a header line that is no number', async () => {
    for (const argv of [
      ['odd.csv', '--map', 'Firma'],
      ['odd.csv', '--header-line', 'two'],
      ['--left-out', 'last', '--outcome', 'lost'],
    ]) {
      const { code, text, beside } = await output(...argv);
      expect(code).toBe(2);
      expect(text + beside).toContain('Usage');
    }
  });
});

describe('a report', () => {
  it('says how the list was read, shows the kinds of rows with reasons, and what to do next', async () => {
    await file(
      'mixed.csv.gz',
      gzipSync(
        'Company;Phone;State\nReported Roofing;(409) 555-0101;TX\nReported Roofing;(409) 555-0101;TX\n;(409) 555-0104;TX\n',
      ),
    );
    const { text } = await output('mixed.csv.gz');
    expect(text).toMatch(/Read as utf-8, semicolons, header in line 1\./);
    expect(text).toMatch(/Rejected: 1 row\nLine +Company +Why\n +4 +\S.*no company name/);
    expect(text).toMatch(/Left out, they say nothing new: 1 row\n.*\n +3 +Reported Roofing/);
    expect(text).toMatch(/2 rows merged or left out, with reasons: npm run -s import -- --left-out \S+ > left-out\.csv/);
    expect(text).toMatch(/✓ Imported 1 lead from mixed\.csv\.gz, 1 duplicate left out, 1 row rejected {3}undo:/);
  });

  it('of a single column names no delimiter, and a text file that is asked for a sheet says it has none', async () => {
    await file('single.csv', 'Company\nSingle Siding\nSecond Single Siding\n');
    const { text } = await output('single.csv', '--sheet', 'May');
    expect(text).toMatch(/Read as utf-8, header in line 1\./);
    expect(text).toContain('This is not a workbook; --sheet is for workbooks.');
    expect((await output('single.csv', '--dry-run')).text).not.toContain('--sheet');
  });

  it('of an import after its dry run tells in words which rows end otherwise', async () => {
    const upload = async () => {
      async function* bytes() {
        yield Buffer.from('Company,Phone\nSurprise Siding,(512) 555-0171\n');
      }
      const saved = await world.deps.files.save(bytes(), 1e6);
      return (await records.uploads.create({ ...saved, fileName: 'surprise.csv' })).id;
    };
    const uploadId = await upload();
    await world.gate.call('import_leads', { uploadId }, { actor, by: 'person' }, { dryRun: true });
    await world.gate.call('create_lead', { name: 'Surprise Siding', phone: '512-555-0171' }, { actor, by: 'person' });
    const outcome = await world.gate.call('import_leads', { uploadId }, { actor, by: 'person' });
    if (outcome.status !== 'done') throw new Error(outcome.status);
    const card = world.gate.catalog.get('import_leads')!.card!(outcome.result, utc);
    expect(JSON.stringify(card)).toMatch(
      /1 row ends otherwise than the dry run said: line 2, Surprise Siding, was new, is a duplicate/,
    );
  });

  it('shows one bar from reading to writing, with pace and remaining time', async () => {
    const progress = new ImportProgress('long.csv', 1000);
    expect(progress.line(null)).toBe('long.csv waits for its turn, 0 s');
    const filled = (line: string) => [...line.slice(0, 24)].filter((sign) => sign === '█').length;
    const lines = [
      progress.line({ done: 500 }),
      progress.line({ done: 0, total: 990, message: 'Comparing 990 rows with what is here' }),
      progress.line({ done: 0, total: 990, message: 'compared with 1,024 leads' }),
      progress.line({ done: 495, total: 990 }),
      progress.line({ done: 990, total: 990 }),
    ];
    expect(lines[0]).toContain('Reading 500 of about 1,000 rows');
    expect(lines[1]).toContain('Comparing 990 rows with what is here');
    expect(lines[2]).toContain('compared with 1,024 leads so far');
    expect(lines[3]).toContain('Writing 495 of 990 rows');
    expect(lines.map(filled)).toEqual([...lines.map(filled)].sort((a, b) => a - b));
    expect(filled(lines[4]!)).toBe(24);
    expect(new ImportProgress('packed.csv.gz', undefined).line({ done: 12_345 })).toContain('Reading, 12,345 rows');
  });
});

describe('the imports so far', () => {
  it('are listed, and their left-out rows come as CSV with nothing else in it', async () => {
    await file('left.csv', 'Zone,Company,Phone,2024\nA,Left Ladders,(512) 555-0181,9\nB,,(512) 555-0182,=1+1\n');
    await output('left.csv');
    const list = await output('--list');
    const id = /^(\S+) +left\.csv +done/m.exec(list.text)![1]!;
    for (const reference of [id, 'left.csv', 'last']) {
      const { code, text, beside } = await output('--left-out', reference, '--outcome', 'rejected');
      expect(code).toBe(0);
      expect(text.split('\r\n')[0]).toBe('\ufeffline,outcome,reason,confidence,lead,Zone,Company,Phone,2024');
      expect(parse(text, { columns: true, bom: true })).toMatchObject([
        { line: '3', outcome: 'rejected', Zone: 'B', 2024: "'=1+1" },
      ]);
      expect(beside).toContain('left.csv');
    }
    expect(parse((await output('--left-out', 'last', '--outcome', 'merged')).text, { columns: true, bom: true })).toEqual([]);
    expect(await output('--left-out', 'nothing')).toMatchObject({
      code: 1,
      text: '',
      beside: expect.stringContaining('no import'),
    });
  });
});

describe('the review', () => {
  const lead = async (name: string) => {
    const outcome = await world.gate.call('create_lead', { name }, { actor, by: 'person' });
    if (outcome.status !== 'done') throw new Error(outcome.status);
    return (outcome.result as { lead: { id: string } }).lead.id;
  };

  it('goes row by row at a terminal: same, new, drop, skip, and leaves when asked', async () => {
    const leadId = await lead('Review Rails');
    const names = ['Review Rail', 'Review Own', 'Review Drop', 'Review Skip', 'Review Last'];
    const rows = names.map((name, i) => ({ line: i + 2, company: { name, city: 'Reno' }, leadId }));
    const importId = await importInReview(world, rows, 'walk.csv');
    const terminal = new FakeTerminal();
    const code = start(['--review', 'walk.csv'], terminal);
    await terminal.until('5 rows wait for you to decide.');
    for (const [name, key, answer] of [
      ['Review Rail', 's', '✓ Merged line 2 of walk.csv'],
      ['Review Own', 'x', 'n: a lead of its own'],
      ['', 'n', '✓ Made a new lead of line 3 of walk.csv'],
      ['Review Drop', 'd', '✓ Dropped line 4 of walk.csv'],
      ['Review Skip', 'k', 'Review Last'],
      ['', 'q', '3 rows decided, 2 rows wait still.'],
    ] as const) {
      if (name) await terminal.until(new RegExp(`${name}[\\s\\S]*The list +The lead`));
      await terminal.until('[q]uit');
      terminal.type(`${key}\r`);
      await terminal.until(answer);
    }
    expect(await code).toBe(0);
    expect(await records.leads.get(leadId)).toMatchObject({ city: 'Reno' });
    expect(await find('Review Own')).toMatchObject({ importId });
    const newest = (await records.conversations.list('assistant', 1))[0]!;
    expect(await records.receipts.newestUndoable({ userId: actor.userId, conversationId: newest.id })).toMatchObject({
      title: 'Dropped line 4 of walk.csv, Review Drop',
    });
  });

  it('is a list where nobody sits, and says when nothing waits', async () => {
    await importInReview(world, [{ line: 2, company: { name: 'Listed Lamps' }, leadId: await lead('Listed Lamp') }], 'sit.csv');
    expect(await output('--review', 'sit.csv')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/sit\.csv +2 +Listed Lamps +Listed Lamp +70%/),
    });
    await importInReview(world, [], 'none.csv');
    expect((await output('--review', 'none.csv')).text).toBe('No row of none.csv waits for review.\n');
  });
});
