import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { FillableField, ImportCounts, Imports, Merge, MergeTarget, RowOutcome } from '../core/importing.ts';
import { fillableFields } from '../core/importing.ts';
import { type Arrival, mergeInto } from '../core/merge.ts';
import { rowText } from '../core/rowtext.ts';
import { compileRating } from '../core/score.ts';
import type { Profile } from '../core/scoring.ts';
import { Bytes } from './bytes.ts';
import type { Comparison } from './compare.ts';
import { fates } from './decide.ts';
import { Followers } from './followers.ts';
import { fills, type Growth, grow, noGrowth } from './growth.ts';
import { leadIdLength, leadIds } from './lead-ids.ts';
import { mostRows } from './pairs.ts';
import type { Prepared } from './prepare.ts';
import { type KeptRow, keptRow, leadPart, leadTextOf } from './process.ts';
import { Spool } from './spool.ts';

export interface Sample {
  line: number;
  name: string;
  reason?: string;
  /** That it is the same company as `lead`. */
  confidence?: number;
  /** The lead it was found to be, or may be. */
  lead?: string;
}
export type Samples = Record<'created' | RowOutcome, Sample[]>;

export interface CarryOut {
  importId: string;
  imports: Imports;
  profile: Profile;
  folder: string;
  /** Nothing is written when not: the counts and samples are what they would be. */
  write: boolean;
  signal: AbortSignal;
  onProgress(done: number): void;
}

const created = fates.indexOf('created');
const follows = fates.indexOf('follows');
const review = fates.indexOf('review');
const rejected = fates.indexOf('rejected');

const sampled = 20;
const longestStretchMs = 10;
const mergeBatch = 500;
/** As much as a cell of a spreadsheet holds. */
const longestRawCell = 32_767;

/** Turns decisions into leads, merges and rows left out, within the caller's transaction. */
export async function carryOut(
  list: Prepared,
  comparison: Comparison,
  options: CarryOut,
): Promise<{ counts: ImportCounts; samples: Samples }> {
  const work = new Work(list, comparison, options);
  try {
    await work.createWhatIsAlone();
    await work.mergeIntoKnown();
    await work.createTheOthers();
    await work.writeTheRest();
    return work.result();
  } finally {
    await work.close();
  }
}

class Work {
  readonly #list: Prepared;
  readonly #comparison: Comparison;
  readonly #options: CarryOut;
  readonly #idOf: (row: number) => string;
  readonly #rate: ReturnType<typeof compileRating>;
  readonly #counts: ImportCounts;
  readonly #samples: Samples = { created: [], merged: [], duplicate: [], review: [], rejected: [] };
  /** Rows that did not become leads, and what belongs to leads besides themselves: written when the leads are. */
  readonly #outcomes: Spool;
  readonly #extras: Spool;
  /** New leads that were worked out, without what COPY wants after their ids. */
  readonly #others: Spool;
  /** Rows that follow a row of the file, chained by row. */
  readonly #followers: Followers;

  constructor(list: Prepared, comparison: Comparison, options: CarryOut) {
    this.#list = list;
    this.#comparison = comparison;
    this.#options = options;
    this.#idOf = leadIds();
    this.#rate = compileRating(options.profile);
    this.#outcomes = new Spool(join(options.folder, 'outcomes'));
    this.#extras = new Spool(join(options.folder, 'extras'));
    this.#others = new Spool(join(options.folder, 'others'));
    this.#followers = new Followers(list.rows.length);
    this.#counts = { rows: list.rows.length, imported: 0, merged: 0, duplicates: 0, review: 0, failed: list.rejected };
  }

  result(): { counts: ImportCounts; samples: Samples } {
    // rows that are alone came first, rows of one lead together
    for (const samples of Object.values(this.#samples)) samples.sort((a, b) => a.line - b.line);
    return { counts: this.#counts, samples: this.#samples };
  }

  /** Rows that say something of leads that are here, lead by lead; where the lead is gone by now they become one themselves. */
  async mergeIntoKnown(): Promise<void> {
    const { fate, target } = this.#comparison.decisions;
    const rows = fate.length;
    const toKnown: number[] = [];
    for (let row = 0; row < rows; row++)
      if (fate[row] === follows && target[row]! >= rows) toKnown.push(target[row]! * mostRows + row);
    const sorted = Float64Array.from(toKnown).sort();
    let batch = new Map<string, number[]>();
    let size = 0;
    let lead = -1;
    for (const pair of sorted) {
      const known = Math.floor(pair / mostRows);
      if (known !== lead && size >= mergeBatch) {
        await this.#mergeBatch(batch);
        batch = new Map();
        size = 0;
      }
      lead = known;
      const id = this.#comparison.knownId(known);
      const own = batch.get(id);
      if (own) own.push(pair - known * mostRows);
      else batch.set(id, [pair - known * mostRows]);
      size++;
    }
    await this.#mergeBatch(batch);
  }

  /** All rows of some leads at once, so that what the first of them brings is there for the second. */
  async #mergeBatch(batch: Map<string, number[]>): Promise<void> {
    if (batch.size === 0) return;
    this.#options.signal.throwIfAborted();
    const { imports, write } = this.#options;
    const targets = await imports.targets([...batch.keys()]);
    const merges: Merge[] = [];
    for (const [id, rows] of batch) {
      const target = targets.get(id);
      if (target) {
        const merge = await this.#mergeLead(target, rows);
        if (merge) merges.push(merge);
      } else await this.#standAlone(rows);
    }
    if (write) await imports.merge(merges);
  }

  async #standAlone([first, ...others]: number[]): Promise<void> {
    this.#comparison.decisions.fate[first!] = created;
    for (const row of others) this.#followers.add(first!, row);
    await this.#keepLead(first!, this.#list.rows.read(first!));
  }

  async #mergeLead(target: MergeTarget, rows: number[]): Promise<Merge | undefined> {
    const whole = noGrowth();
    const left: { row: KeptRow; index: number; gained: boolean }[] = [];
    for (const index of rows) {
      const row = keptRow(this.#list.rows.read(index));
      const gain = mergeInto(target, fieldsOf(row), arrivalOf(row));
      if (gain) grow(whole, gain);
      left.push({ row, index, gained: gain !== undefined });
    }
    // one row carries all that this list fills of a lead: taking it back meets each value once
    let carrier = fills(whole);
    for (const { row, index, gained } of left) {
      await this.#leftOut(
        row,
        gained ? 'merged' : 'duplicate',
        index,
        target.id,
        target.name,
        gained && carrier ? whole : undefined,
      );
      if (gained) carrier = false;
    }
    await this.#extrasOf(target.id, target.name, whole);
    if (!fills(whole)) return undefined;
    const { fields, attributes, contacts } = whole;
    return { id: target.id, fields, attributes, contacts, ...this.#scoreOf(target) };
  }

  #scoreOf({ name, fields, attributes }: MergeTarget): { score: number; tier: string } {
    const industry = (fields.industry as string | undefined) ?? null;
    return this.#rate({ name, industry, attributes });
  }

  /** Rows that are like no other go to the database while the others are decided about and worked out. */
  async createWhatIsAlone(): Promise<void> {
    const { imports, importId, write } = this.#options;
    const writing = write
      ? imports.addLeads(importId, (between) => this.#aloneLines(Buffer.from(`\t${between}\t`)))
      : drain(this.#aloneLines(Buffer.alloc(0)));
    const [settled, written] = await Promise.allSettled([this.#settleTheOthers(), writing]);
    if (written.status === 'rejected') throw written.reason;
    if (settled.status === 'rejected') throw settled.reason;
  }

  /** They stay bytes on their way from the file to COPY. */
  async *#aloneLines(between: Buffer): AsyncGenerator<Uint8Array> {
    const { signal, onProgress } = this.#options;
    let row = 0;
    for await (const { bytes, ends } of this.#list.rows.pieces()) {
      signal.throwIfAborted();
      const out = new Bytes(bytes.length + ends.length * (leadIdLength + between.length + 1));
      let start = 0;
      for (const end of ends) {
        if (this.#comparison.isAlone(row)) {
          const lead = leadPart(bytes, start, end);
          out.text(this.#idOf(row));
          out.copy(between, 0, between.length);
          out.copy(bytes, lead.start, lead.end);
          out.text('\n');
          this.#counts.imported++;
          if (lead.extras || this.#samples.created.length < sampled)
            await this.#noteLead(row, bytes.toString('utf8', start, end - 1));
        }
        start = end;
        row++;
      }
      if (out.length > 0) yield out.taken();
      onProgress(this.#done());
    }
  }

  async #noteLead(index: number, line: string): Promise<void> {
    const row = keptRow(line);
    this.#sample('created', row);
    await this.#extrasOf(this.#idOf(index), row.name, {
      people: row.people,
      deals: row.deal ? [row.deal] : [],
      account: row.account,
    });
  }

  /** Decides, and works out what becomes of every row that is not alone and not part of a lead that is here. */
  async #settleTheOthers(): Promise<void> {
    await this.#comparison.decide();
    const { fate, target } = this.#comparison.decisions;
    for (let row = 0; row < fate.length; row++)
      if (fate[row] === follows && target[row]! < fate.length) this.#followers.add(target[row]!, row);

    let pause = performance.now() + longestStretchMs;
    for (let row = 0; row < fate.length; row++) {
      if (this.#comparison.isAlone(row)) continue;
      if (performance.now() > pause) {
        await breathe();
        this.#options.signal.throwIfAborted();
        pause = performance.now() + longestStretchMs;
      }
      if (fate[row] === created) await this.#keepLead(row, this.#list.rows.read(row));
      else if (fate[row] === review) await this.#asked(row, this.#list.rows.read(row));
      else if (fate[row] === rejected) await this.#refused(this.#list.rows.read(row));
    }
  }

  async #keepLead(index: number, line: string): Promise<void> {
    this.#counts.imported++;
    await this.#others.add(`${this.#idOf(index)}\t${await this.#newLead(index, line)}`);
  }

  async createTheOthers(): Promise<void> {
    const { imports, importId, write } = this.#options;
    await this.#others.finish();
    if (write && this.#others.length > 0)
      await imports.addLeads(importId, (between) => withBetween(this.#others.lines(), between));
    this.#options.onProgress(this.#done());
  }

  #done(): number {
    const { imported, merged, duplicates, review, failed } = this.#counts;
    return imported + merged + duplicates + review + failed;
  }

  async #newLead(index: number, line: string): Promise<string> {
    const { row, deals } = await this.#withFollowers(index, line);
    this.#sample('created', row);
    await this.#extrasOf(this.#idOf(index), row.name, { people: row.people, deals, account: row.account });
    return leadTextOf(row);
  }

  /** The row, completed by the rows that follow it, which are left out with that. */
  async #withFollowers(index: number, line: string): Promise<{ row: KeptRow; deals: Growth['deals'] }> {
    const row = keptRow(line);
    if (!this.#followers.has(index)) return { row, deals: row.deal ? [row.deal] : [] };
    const waits = this.#comparison.decisions.fate[index] === review;
    const id = this.#idOf(index);
    const target = targetOf(row, id);
    const whole = noGrowth();
    for (const follower of this.#followers.of(index)) {
      const later = keptRow(this.#list.rows.read(follower));
      const gain = mergeInto(target, fieldsOf(later), arrivalOf(later));
      if (gain) grow(whole, gain);
      await this.#leftOut(later, gain ? 'merged' : 'duplicate', follower, waits ? null : id, row.name);
    }
    const deals = [...(row.deal ? [row.deal] : []), ...whole.deals];
    return {
      row: {
        ...row,
        ...(target.fields as Partial<KeptRow>),
        attributes: target.attributes,
        people: target.people,
        deal: deals[0],
        account: row.account ?? whole.account,
        ...this.#scoreOf(target),
      },
      deals,
    };
  }

  async #asked(index: number, line: string): Promise<void> {
    const { target } = this.#comparison.decisions;
    const { row } = await this.#withFollowers(index, line);
    const other = target[index]!;
    const inFile = other < this.#list.rows.length;
    const id = inFile ? this.#idOf(other) : this.#comparison.knownId(other);
    const name = inFile ? keptRow(this.#list.rows.read(other)).name : this.#comparison.knownName(other);
    await this.#leftOut(row, 'review', index, id, name);
  }

  async #refused(line: string): Promise<void> {
    const row = keptRow(line);
    await this.#write('rejected', row, row.reason ?? '', null, null, undefined);
    this.#sample('rejected', row, { reason: row.reason ?? '' });
  }

  async #leftOut(
    row: KeptRow,
    outcome: 'merged' | 'duplicate' | 'review',
    index: number,
    leadId: string | null,
    leadName: string,
    gain?: Growth,
  ): Promise<void> {
    const { like, confidence } = this.#comparison.decisions;
    this.#counts[outcome === 'duplicate' ? 'duplicates' : outcome]++;
    const other = like[index]!;
    const where = other < this.#list.rows.length ? `line ${this.#lineOf(other)}` : `${leadName}, already here`;
    const waits = leadId === null ? ', which waits for review' : '';
    const reason = `${this.#comparison.reasons(index)} (${where}${waits})`;
    const sure = Math.round(confidence[index]! * 1000) / 1000;
    const filled = gain && { fields: gain.fields, attributes: gain.attributes, contacts: gain.contacts };
    await this.#write(outcome, row, reason, sure, leadId, filled);
    this.#sample(outcome, row, { reason, confidence: sure, lead: leadName });
  }

  #lineOf(index: number): string {
    const line = this.#list.rows.read(index);
    return line.slice(0, line.indexOf('\t'));
  }

  #sample(kind: keyof Samples, row: KeptRow, more: Partial<Sample> = {}): void {
    const samples = this.#samples[kind];
    if (samples.length < sampled)
      samples.push({
        line: row.line,
        name:
          row.name ||
          row.cells
            .find((cell) => cell.trim() !== '')
            ?.trim()
            .slice(0, 80)
            .toWellFormed()
            .replaceAll('\0', '') ||
          '',
        ...more,
      });
  }

  async #write(
    outcome: RowOutcome,
    row: KeptRow,
    reason: string,
    confidence: number | null,
    leadId: string | null,
    filled: object | undefined,
  ): Promise<void> {
    if (!this.#options.write) return;
    const { line, reason: _reason, cells, score: _score, tier: _tier, ...company } = row;
    const whole = outcome === 'review' ? JSON.stringify(company) : null;
    await this.#outcomes.add(
      rowText([
        line,
        outcome,
        reason,
        confidence,
        JSON.stringify(this.#raw(cells)),
        whole,
        leadId,
        filled && JSON.stringify(filled),
      ]),
    );
  }

  #raw(cells: string[]): Record<string, string> {
    const raw: [string, string][] = [];
    for (const [index, cell] of cells.entries()) {
      const header = this.#list.columns[index]?.header ?? `column ${index + 1}`;
      if (cell.trim() !== '')
        raw.push([header, cell.length > longestRawCell ? cell.slice(0, longestRawCell).toWellFormed() : cell]);
    }
    return Object.fromEntries(raw);
  }

  async #extrasOf(leadId: string, name: string, { people, deals, account }: Extras): Promise<void> {
    if (!this.#options.write || (people.length === 0 && deals.length === 0 && !account)) return;
    // ids are of people in memory only
    const plain = people.map(({ name, title, email, phone }) => ({ name, title, email, phone }));
    await this.#extras.add(JSON.stringify({ leadId, name, people: plain, deals, account }));
  }

  /** People, deals and accounts of leads that are there by now, then the rows that were left out. */
  async writeTheRest(): Promise<void> {
    if (!this.#options.write) return;
    const { imports, importId } = this.#options;
    await this.#extras.finish();
    await this.#outcomes.finish();
    if (this.#extras.length > 0) {
      await imports.addPeople(
        importId,
        this.#each(({ leadId, people }) => people.map((person) => ({ leadId, ...person }))),
      );
      await imports.addDeals(
        importId,
        this.#each(({ leadId, deals }) => deals.map((deal) => ({ leadId, ...deal }))),
      );
      await imports.addAccounts(
        importId,
        this.#each(({ leadId, name, account }) => (account ? [{ leadId, name, ...account }] : [])),
      );
    }
    if (this.#outcomes.length > 0) await imports.addOutcomes(importId, this.#outcomes.lines());
  }

  async *#each<T>(pick: (extra: { leadId: string; name: string } & Extras) => T[]): AsyncGenerator<T[]> {
    for await (const lines of this.#extras.lines()) {
      this.#options.signal.throwIfAborted();
      yield lines.flatMap((line) => pick(JSON.parse(line)));
    }
  }

  async close(): Promise<void> {
    await this.#extras.finish();
    await this.#outcomes.finish();
    await this.#others.finish();
  }
}

async function drain(all: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of all);
}

async function* withBetween(batches: AsyncIterable<string[]>, between: string): AsyncGenerator<Uint8Array> {
  for await (const lines of batches)
    yield Buffer.from(lines.map((line) => `${line.slice(0, leadIdLength)}\t${between}${line.slice(leadIdLength)}\n`).join(''));
}

type Extras = Pick<Growth, 'people' | 'deals' | 'account'>;

const fieldsOf = (row: KeptRow): Partial<Record<FillableField, string | number>> =>
  Object.fromEntries(fillableFields.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]])));

const arrivalOf = ({ attributes, people, deal, account }: KeptRow): Arrival => ({
  attributes,
  people,
  ...(deal && { deal }),
  ...(account && { account }),
});

const targetOf = (row: KeptRow, id: string): MergeTarget => ({
  id,
  name: row.name,
  fields: fieldsOf(row),
  attributes: { ...row.attributes },
  people: [...row.people],
  deals: row.deal ? [row.deal.name] : [],
  hasAccount: row.account !== undefined,
});
