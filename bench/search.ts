import { seeded } from '../src/core/seeded.ts';
import { figures, print, ratio, row, series, timed } from './figures.ts';
import { onFreshGround } from './ground.ts';

const first = [
  'Northern',
  'Summit',
  'Cedar',
  'Prairie',
  'Harbor',
  'Iron',
  'Blue',
  'Valley',
  'Granite',
  'Pioneer',
  'Liberty',
  'Copper',
  'Silver',
  'Evergreen',
  'Lakeside',
  'Redwood',
];
const second = ['Creek', 'Ridge', 'Peak', 'Point', 'Hollow', 'Grove', 'Bay', 'Field', 'Stone', 'Falls', 'Bend', 'Gate'];
const trade = ['Electric', 'Plumbing', 'Heating', 'Mechanical', 'Power', 'Generators', 'HVAC', 'Services', 'Energy', 'Air'];
const places = [
  ['Austin', 'TX'],
  ['Houston', 'TX'],
  ['Tampa', 'FL'],
  ['Miami', 'FL'],
  ['Denver', 'CO'],
  ['Columbus', 'OH'],
  ['Albany', 'NY'],
  ['Reno', 'NV'],
  ['Fresno', 'CA'],
  ['Macon', 'GA'],
];

/** Search, count and name finding among this many leads. Baseline: the same rows read by primary key. */
export async function benchSearch(sizes = [10_000, 100_000]): Promise<void> {
  for (const size of sizes) {
    print(`search among ${size.toLocaleString('en')} leads`);
    await onFreshGround(async (app, owner) => {
      const random = seeded(size);
      const some = (words: readonly string[]) => words[Math.floor(random.next() * words.length)]!;
      const csv = async function* () {
        yield Buffer.from('name,phone,city,state,resimercial_score,multioem_score,mepr_score,om_score\n');
        for (let i = 0; i < size; i++) {
          const [city, state] = places[Math.floor(random.next() * places.length)]!;
          const points = Array.from({ length: 4 }, () => Math.floor(random.next() * 100)).join(',');
          yield Buffer.from(
            `${some(first)} ${some(second)} ${some(trade)} ${i},713${String(2_000_000 + i).padStart(7, '0')},${city},${state},${points}\n`,
          );
        }
      };
      const scope = { ...owner };
      const saved = await app.deps.files.save(csv(), 1e9);
      const upload = await app.deps.db.records(scope).uploads.create({ ...saved, fileName: 'bench.csv' });
      const ctx = { actor: owner, by: 'person' as const };
      const { ms } = await timed(async () => {
        const outcome = await app.gate.call('import_leads', { uploadId: upload.id }, ctx);
        if (outcome.status === 'running')
          await app.deps.signals.waitFor(
            `job:${outcome.job.id}`,
            async () => ((await app.deps.db.records(scope).jobs.get(outcome.job.id))?.finishedAt ? true : undefined),
            { timeoutMs: 600_000 },
          );
      });
      // the import leaves this to run behind it: measure what a user has a moment later
      await app.database.pool.query('VACUUM (ANALYZE) leads');
      print(`  imported in ${(ms / 1000).toFixed(1)} s`);

      const ids = (
        await app.database.pool.query<{ id: string }>('SELECT id FROM leads TABLESAMPLE SYSTEM (20) LIMIT 500')
      ).rows.map((r) => r.id);
      const byKey = await series(300, (i) => app.deps.db.records(scope).leads.get(ids[i % ids.length]!));
      row('one lead by id (baseline)', byKey);
      const search = (input: Record<string, unknown>) => app.gate.call('search_leads', input, ctx);
      const runs: [string, () => Record<string, unknown>][] = [
        ['words: "cedar creek electric"', () => ({ query: `${some(first)} ${some(second)} ${some(trade)}` })],
        ['a rare word', () => ({ query: String(Math.floor(random.next() * size)) })],
        ['gold in Texas, counted', () => ({ tier: ['GOLD'], state: 'Texas' })],
        ['no filter, by score', () => ({})],
        ['phone number', () => ({ query: `713${2_000_000 + Math.floor(random.next() * size)}` })],
      ];
      const all: number[] = [];
      for (const [what, input] of runs) {
        const samples: number[] = [];
        for (let i = 0; i < 100; i++) samples.push((await timed(() => search(input()))).ms);
        all.push(...samples);
        row(what, figures(samples), ratio(figures(samples), byKey));
      }
      row('all searches together (target: p95 under 50 ms)', figures(all), ratio(figures(all), byKey));
      row(
        'name with a typo',
        await series(100, () =>
          app.deps.db.records(scope).leads.find(`${some(first)} ${some(second)} Elektric ${Math.floor(random.next() * size)}`),
        ),
      );
      row('my day (top_leads)', await series(50, () => app.gate.call('top_leads', {}, ctx)));
    });
  }
}
