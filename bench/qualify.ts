import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { App } from '../src/app.ts';
import type { Actor } from '../src/core/actor.ts';
import type { QualificationRun } from '../src/core/agent.ts';
import { qualify } from '../src/core/qualification.ts';
import { seeded } from '../src/core/seeded.ts';
import { figures, print, ratio, row, timed } from './figures.ts';
import { onFreshGround } from './ground.ts';

const sizes = [10_000, 100_000];
const asked = 300;

/** Verdicts one by one and over whole imports, and what switching the profile takes. Baselines: the bare function, and one SQL statement that writes every score. */
export async function benchQualify(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sales-agent-bench-qualify-'));
  try {
    for (const size of sizes)
      await onFreshGround(async (app, owner) => {
        const path = join(folder, `${size}.csv`);
        await writeProspects(path, size);
        await importList(app, owner, path);
        print(`qualify among ${size.toLocaleString('en')} imported leads, without a model`);
        if (size === sizes[0]) await oneByOne(app, owner);
        await many(app, owner, size);
        await rescore(app, owner, size);
      });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneByOne(app: App, owner: Actor): Promise<void> {
  const records = app.deps.db.records({ ...owner });
  const { profile } = await records.profiles.active();
  const leads = [];
  for await (const batch of records.leads.each({})) leads.push(...batch);
  const some = leads.slice(0, asked);
  const bare: number[] = [];
  for (const { facts } of some) {
    const started = performance.now();
    qualify(profile, facts);
    bare.push(performance.now() - started);
  }
  const own: number[] = [];
  const whole: number[] = [];
  for (const { id } of some) {
    const { ms, result } = await timed(() => app.gate.call('qualify_lead', { lead: id }, { actor: owner, by: 'person' }));
    if (result.status !== 'done') throw new Error(`qualify_lead ended as ${result.status}`);
    own.push((result.result as QualificationRun).processingTimeMs);
    whole.push(ms);
  }
  row('the bare function (baseline)', figures(bare));
  row("the agent's own time", figures(own), ratio(figures(own), figures(bare)));
  row('qualify_lead through the gate, run kept', figures(whole));
}

async function many(app: App, owner: Actor, size: number): Promise<void> {
  const [insert] = await rawTimes(app, [`CREATE TABLE bench_runs AS SELECT id, name, score, tier, attributes FROM leads`]);
  await app.database.pool.query('DROP TABLE bench_runs');
  const first = await job(app, owner, 'qualify_leads', {});
  const again = await job(app, owner, 'qualify_leads', {});
  told('one SQL statement that copies these leads (baseline)', insert!, size);
  told('qualify_leads, every verdict kept', first, size, first / insert!);
  told('again, nothing changed', again, size, again / insert!);
}

async function rescore(app: App, owner: Actor, size: number): Promise<void> {
  const [write] = await rawTimes(app, ['UPDATE leads SET score = score + 0.001']);
  await app.database.pool.query('UPDATE leads SET score = score - 0.001');
  await app.database.pool.query('VACUUM leads');
  const preview = await job(app, owner, 'preview_profile', { profile: 'saas' });
  const change = await job(app, owner, 'activate_profile', { profile: 'saas' });
  await app.database.pool.query('VACUUM leads');
  const back = await job(app, owner, 'activate_profile', { profile: 'dealer' });
  told('one SQL statement that writes every score (baseline)', write!, size);
  told('preview_profile', preview, size, preview / write!);
  told('activate_profile, every lead scored anew', change, size, change / write!);
  told('and back', back, size, back / write!);
}

async function rawTimes(app: App, statements: string[]): Promise<number[]> {
  const times: number[] = [];
  for (const statement of statements) times.push((await timed(() => app.database.pool.query(statement))).ms / 1000);
  return times;
}

const told = (what: string, seconds: number, size: number, times?: number): void =>
  print(
    `  ${what.padEnd(56)} ${seconds.toFixed(2).padStart(7)} s  ${Math.round(size / seconds)
      .toLocaleString('en')
      .padStart(9)} leads/s${times === undefined ? '' : `  ${times.toFixed(1)}x`}`,
  );

async function job(app: App, owner: Actor, tool: string, input: Record<string, unknown>): Promise<number> {
  const { ms, result } = await timed(() => app.gate.call(tool, input, { actor: owner, by: 'person' }, { waitMs: 30 * 60_000 }));
  if (result.status !== 'done') throw new Error(`${tool} ended as ${result.status}`);
  return ms / 1000;
}

async function importList(app: App, owner: Actor, path: string): Promise<void> {
  const saved = await app.deps.files.save(createReadStream(path), 4e9);
  const upload = await app.deps.db.records({ ...owner }).uploads.create({ ...saved, fileName: 'prospects.csv' });
  await job(app, owner, 'import_leads', { uploadId: upload.id });
}

/** Companies that differ in everything a profile looks at. */
async function writeProspects(path: string, rows: number): Promise<void> {
  const random = seeded(3);
  const heads = ['Northern', 'Summit', 'Cedar', 'Prairie', 'Harbor', 'Iron', 'Valley', 'Granite', 'Pioneer', 'Copper'];
  const trades = [
    'Electric',
    'Plumbing',
    'Heating and Air',
    'Generators',
    'Commercial HVAC',
    'Home Services',
    'Software',
    'Bakery',
  ];
  const oems = ['Generac', 'Kohler', 'Cummins', 'Briggs', 'Carrier', 'Trane'];
  const industries = ['Construction', 'Software', 'Financial Services', 'Restaurants', 'Electrical contractors', ''];
  const states = ['TX', 'FL', 'CA', 'OH', 'NY', 'NV', 'GA'];
  const yes = () => random.pick(['yes', 'no', '']);
  function* lines() {
    yield 'Company,City,State,Employees,Industry,OEMs_Certified,has_hvac,has_electrical,has_plumbing,has_ops_maintenance,states_served,Notes\n';
    for (let i = 0; i < rows; i++)
      yield `${random.pick(heads)} ${random.pick(trades)} ${i.toString(36)},Town ${i % 997},${random.pick(states)},${random.int(1, 3000)},${random.pick(industries)},"${random.sample(oems, random.int(0, 4)).join(', ')}",${yes()},${yes()},${yes()},${yes()},"${random.sample(states, random.int(0, 3)).join(', ')}",called ${i % 31} times\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}
