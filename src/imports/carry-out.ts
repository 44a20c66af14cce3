import { join } from 'node:path';
import type { FillableField, ImportCounts, Imports, MergeTarget, RowOutcome } from '../core/importing.ts';
import { fillableFields } from '../core/importing.ts';
import { type Arrival, type Gain, mergeInto } from '../core/merge.ts';
import { rowText } from '../core/rowtext.ts';
import { score } from '../core/score.ts';
import type { Profile } from '../core/scoring.ts';
import { Bytes } from './bytes.ts';
import type { Comparison } from './compare.ts';
import { fates } from './decide.ts';
import { Followers } from './followers.ts';
import { leadIdLength, leadIds } from './lead-ids.ts';
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
  readonly #counts: ImportCounts;
  readonly #samples: Samples = { created: [], merged: [], duplicate: [], review: [], rejected: [] };
  /** Rows that did not become leads, and what belongs to leads besides themselves: written when the leads are. */
  readonly #outcomes: Spool;
  readonly #extras: Spool;
  /** Rows that follow a row of the file, chained by row. */
  readonly #followers: Followers;

  constructor(list: Prepared, comparison: Comparison, options: CarryOut) {
    this.#list = list;
    this.#comparison = comparison;
    this.#options = options;
    this.#idOf = leadIds();
    this.#outcomes = new Spool(join(options.folder, 'outcomes'));
    this.#extras = new Spool(join(options.folder, 'extras'));
    this.#followers = new Followers(list.rows.length);
    this.#counts = { rows: list.rows.length, imported: 0, merged: 0, duplicates: 0, review: 0, failed: list.rejected };
  }

  result(): { counts: ImportCounts; samples: Samples } {
    // rows that are alone came first
    this.#samples.created.sort((a, b) => a.line - b.line);
    return { counts: this.#counts, samples: this.#samples };
  }

  /** Rows that say something of leads that are here; those whose lead is gone by now become leads themselves. */
  async mergeIntoKnown(): Promise<void> {
    const { fate, target } = this.#comparison.decisions;
    const rows = fate.length;
    let batch: { row: number; id: string }[] = [];
    for (let row = 0; row < rows; row++) {
      if (fate[row] !== follows) continue;
      if (target[row]! < rows) this.#followers.add(target[row]!, row);
      else batch.push({ row, id: this.#comparison.knownId(target[row]!) });
      if (batch.length === mergeBatch) {
        await this.#mergeBatch(batch);
        batch = [];
      }
    }
    await this.#mergeBatch(batch);
  }

  async #mergeBatch(batch: { row: number; id: string }[]): Promise<void> {
    if (batch.length === 0) return;
    this.#options.signal.throwIfAborted();
    const { imports, profile, write } = this.#options;
    const targets = await imports.targets([...new Set(batch.map(({ id }) => id))]);
    const gained = new Map<string, { target: MergeTarget; first: Gain }>();
    const arrivals: { row: KeptRow; index: number; id: string; gain: Gain | undefined }[] = [];
    for (const { row: index, id } of batch) {
      const target = targets.get(id);
      if (!target) {
        this.#comparison.decisions.fate[index] = created;
        continue;
      }
      const row = keptRow(this.#list.rows.read(index));
      const gain = mergeInto(target, fieldsOf(row), arrivalOf(row));
      const before = gained.get(id);
      // one row carries all that this batch fills of a lead: taking it back meets each value once
      if (gain && before) {
        Object.assign(before.first.fields, gain.fields);
        Object.assign(before.first.attributes, gain.attributes);
      } else if (gain) gained.set(id, { target, first: gain });
      arrivals.push({ row, index, id, gain });
    }
    for (const { row, index, id, gain } of arrivals) {
      const first = gained.get(id)?.first;
      await this.#leftOut(
        row,
        gain ? 'merged' : 'duplicate',
        index,
        id,
        targets.get(id)!.name,
        gain && gain === first ? gain : undefined,
      );
      if (gain) await this.#extrasOf(id, row.name, gain);
    }
    if (!write) return;
    await imports.merge(
      [...gained].map(([id, { target, first }]) => {
        const { score: points, tier } = score(profile, {
          name: target.name,
          industry: (target.fields.industry as string | undefined) ?? null,
          attributes: target.attributes,
        });
        return { id, fields: first.fields, attributes: first.attributes, score: points, tier };
      }),
    );
  }

  /** Rows that are like no other need not wait for what is decided about those. */
  async createWhatIsAlone(): Promise<void> {
    const [decided, written] = await Promise.allSettled([this.#comparison.decide(), this.#create(true)]);
    if (written.status === 'rejected') throw written.reason;
    if (decided.status === 'rejected') throw decided.reason;
  }

  createTheOthers(): Promise<void> {
    return this.#create(false);
  }

  async #create(alone: boolean): Promise<void> {
    const { imports, importId, write } = this.#options;
    if (write) await imports.addLeads(importId, (between) => this.#leadLines(alone, Buffer.from(`\t${between}\t`)));
    else for await (const _ of this.#leadLines(alone, Buffer.alloc(0)));
  }

  /** Rows stay bytes on their way from the file to COPY, but for the few that need a closer look. */
  async *#leadLines(alone: boolean, between: Buffer): AsyncGenerator<Uint8Array> {
    const { fate } = this.#comparison.decisions;
    const { signal, onProgress } = this.#options;
    let row = 0;
    for await (const { bytes, ends } of this.#list.rows.pieces()) {
      signal.throwIfAborted();
      const out = new Bytes(bytes.length + ends.length * (leadIdLength + between.length + 1));
      let start = 0;
      for (const end of ends) {
        if (this.#comparison.isAlone(row) !== alone) {
          // its turn is the other one
        } else if (fate[row] === created) {
          out.text(this.#idOf(row));
          out.copy(between, 0, between.length);
          const lead = leadPart(bytes, start, end);
          if (this.#counts.imported++ >= sampled && !lead.extras && !this.#followers.has(row))
            out.copy(bytes, lead.start, lead.end);
          else out.text(await this.#newLead(row, bytes.toString('utf8', start, end - 1)));
          out.text('\n');
        } else if (fate[row] === review) await this.#asked(row, bytes.toString('utf8', start, end - 1));
        else if (fate[row] === rejected) await this.#refused(bytes.toString('utf8', start, end - 1));
        start = end;
        row++;
      }
      if (out.length > 0) yield out.taken();
      onProgress(this.#done());
    }
  }

  #done(): number {
    const { imported, merged, duplicates, review, failed } = this.#counts;
    return imported + merged + duplicates + review + failed;
  }

  async #newLead(index: number, line: string): Promise<string> {
    const id = this.#idOf(index);
    const row = keptRow(line);
    this.#sample('created', row);
    const target = targetOf(row, id);
    const own: Gain = {
      fields: {},
      attributes: {},
      people: row.people,
      ...(row.deal && { deal: row.deal }),
      ...(row.account && { account: row.account }),
    };
    await this.#extrasOf(id, row.name, own);
    for (const follower of this.#followers.of(index)) {
      const later = keptRow(this.#list.rows.read(follower));
      const gain = mergeInto(target, fieldsOf(later), arrivalOf(later));
      await this.#leftOut(later, gain ? 'merged' : 'duplicate', follower, id, row.name);
      if (gain) await this.#extrasOf(id, row.name, gain);
    }
    const { score: points, tier } = score(this.#options.profile, {
      name: row.name,
      industry: (target.fields.industry as string | undefined) ?? null,
      attributes: target.attributes,
    });
    return leadTextOf({ ...row, ...(target.fields as Partial<KeptRow>), attributes: target.attributes, score: points, tier });
  }

  async #asked(index: number, line: string): Promise<void> {
    const { target } = this.#comparison.decisions;
    const row = keptRow(line);
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
    leadId: string,
    leadName: string,
    gain?: Gain,
  ): Promise<void> {
    const { like, confidence } = this.#comparison.decisions;
    this.#counts[outcome === 'duplicate' ? 'duplicates' : outcome]++;
    const other = like[index]!;
    const where = other < this.#list.rows.length ? `line ${this.#lineOf(other)}` : `${leadName}, already here`;
    const reason = `${this.#comparison.reasons(index)} (${where})`;
    const sure = Math.round(confidence[index]! * 1000) / 1000;
    const filled =
      gain && (Object.keys(gain.fields).length || Object.keys(gain.attributes).length)
        ? { fields: gain.fields, attributes: gain.attributes }
        : undefined;
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
            .slice(0, 80) ||
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

  async #extrasOf(leadId: string, name: string, { people, deal, account }: Gain): Promise<void> {
    if (!this.#options.write || (people.length === 0 && !deal && !account)) return;
    await this.#extras.add(JSON.stringify({ leadId, name, people, deal, account }));
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
        this.#each(({ leadId, deal }) => (deal ? [{ leadId, ...deal }] : [])),
      );
      await imports.addAccounts(
        importId,
        this.#each(({ leadId, name, account }) => (account ? [{ leadId, name, ...account }] : [])),
      );
    }
    if (this.#outcomes.length > 0) await imports.addOutcomes(importId, this.#outcomes.lines());
  }

  async *#each<T>(
    pick: (extra: { leadId: string; name: string } & Pick<Gain, 'people' | 'deal' | 'account'>) => T[],
  ): AsyncGenerator<T[]> {
    for await (const lines of this.#extras.lines()) {
      this.#options.signal.throwIfAborted();
      yield lines.flatMap((line) => pick(JSON.parse(line)));
    }
  }

  async close(): Promise<void> {
    await this.#extras.finish();
    await this.#outcomes.finish();
  }
}

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
