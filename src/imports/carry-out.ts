import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { canonical } from '../core/change.ts';
import type { Asked, ImportCounts, Imports, MergeTarget } from '../core/importing.ts';
import { mergeInto } from '../core/merge.ts';
import { compileRating, type Rating } from '../core/score.ts';
import type { Profile } from '../core/scoring.ts';
import { Bytes } from './bytes.ts';
import type { Comparison } from './compare.ts';
import { fates } from './decide.ts';
import { Extras } from './extras.ts';
import { Followers } from './followers.ts';
import { type Growth, grow, noGrowth } from './growth.ts';
import { leadIdLength, leadIds } from './lead-ids.ts';
import { arrivalOf, factsOfTarget, fieldsOf, mergeIntoKnown } from './merge-known.ts';
import { keptRowAt, Outcomes, reviewed, type Samples } from './outcomes.ts';
import type { Prepared } from './prepare.ts';
import { type KeptRow, keptRow, leadPart, leadPartOf, leadTextOf } from './process.ts';
import { Spool } from './spool.ts';

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

const longestStretchMs = 2;

/** Turns decisions into leads, merges and rows left out, within the caller's transaction. */
export async function carryOut(
  list: Prepared,
  comparison: Comparison,
  options: CarryOut,
): Promise<{ counts: ImportCounts; samples: Samples }> {
  const work = new Work(list, comparison, options);
  try {
    await work.createWhatIsAlone();
    await work.ask();
    await work.mergeIntoKnown();
    await work.createTheOthers();
    await work.writeTheRest();
    return { counts: work.outcomes.counts, samples: work.outcomes.samples() };
  } finally {
    await work.close();
  }
}

class Work {
  readonly outcomes: Outcomes;
  readonly #list: Prepared;
  readonly #comparison: Comparison;
  readonly #options: CarryOut;
  readonly #idOf: (row: number) => string;
  readonly #rate: Rating;
  readonly #extras: Extras;
  /** New leads that were worked out, without what COPY wants after their ids. */
  readonly #others: Spool;
  readonly #questions: number[] = [];
  /** Rows that follow a row of the file, chained by row. */
  readonly #followers: Followers;

  constructor(list: Prepared, comparison: Comparison, options: CarryOut) {
    this.#list = list;
    this.#comparison = comparison;
    this.#options = options;
    this.#idOf = leadIds();
    this.#rate = compileRating(options.profile);
    this.outcomes = new Outcomes(list, comparison, options);
    this.#extras = new Extras(options.folder);
    this.#others = new Spool(join(options.folder, 'others'));
    this.#followers = new Followers(list.rows.length);
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
          this.outcomes.counts.imported++;
          if (lead.extras || this.outcomes.wantsCreated) await this.#noteLead(row, bytes.toString('utf8', start, end - 1));
        }
        start = end;
        row++;
      }
      if (out.length > 0) yield out.taken();
      onProgress(this.outcomes.done());
    }
  }

  async #noteLead(index: number, line: string): Promise<void> {
    const row = keptRow(line);
    this.outcomes.created(row);
    const { name, people, deal, account } = row;
    await this.#extras.add(this.#idOf(index), name, { people, deals: deal ? [deal] : [], account });
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
      if (fate[row] === created) await this.#createLead(row);
      else if (fate[row] === review) this.#questions.push(row);
      else if (fate[row] === rejected) await this.outcomes.rejected(keptRowAt(this.#list, row));
    }
  }

  async #createLead(index: number): Promise<void> {
    this.outcomes.counts.imported++;
    if (!this.#followers.has(index)) {
      const line = this.#list.rows.read(index);
      const { text, extras } = leadPartOf(line);
      if (extras || this.outcomes.wantsCreated) await this.#noteLead(index, line);
      await this.#others.add(`${this.#idOf(index)}\t${text}`);
      return;
    }
    const { row, deals } = await this.#withFollowers(index);
    this.outcomes.created(row);
    await this.#extras.add(this.#idOf(index), row.name, { people: row.people, deals, account: row.account });
    await this.#others.add(`${this.#idOf(index)}\t${leadTextOf(row)}`);
  }

  /** Questions to people, but for those that an earlier list has raised: their answers hold, and what waits is not asked twice. */
  async ask(): Promise<void> {
    const { imports, signal } = this.#options;
    const { target } = this.#comparison.decisions;
    for (let at = 0; at < this.#questions.length; at += questionsAtOnce) {
      signal.throwIfAborted();
      const questions = this.#questions.slice(at, at + questionsAtOnce);
      const known = questions.filter((row) => target[row]! >= this.#list.rows.length);
      const ids = new Set(known.map((row) => this.#comparison.knownId(target[row]!)));
      const asked = ids.size > 0 ? await imports.asked([...ids]) : new Map<string, Asked[]>();
      for (const row of questions) await this.#askOnce(row, asked);
    }
  }

  async #askOnce(index: number, asked: Map<string, Asked[]>): Promise<void> {
    const { fate, target } = this.#comparison.decisions;
    const other = target[index]!;
    const lead =
      other < this.#list.rows.length
        ? { id: this.#idOf(other), name: keptRowAt(this.#list, other).name }
        : this.#comparison.known(other);
    const questions = asked.get(lead.id);
    // as a review keeps it, with what its followers add: what was not there the last time would be lost with a repeat
    const before = questions && sameQuestion(questions, (await this.#completed(index)).row);
    if (before) this.outcomes.answers.set(index, inWords(before));
    if (before?.decision === 'same') {
      fate[index] = follows;
      for (const follower of this.#followers.of(index)) target[follower] = other;
      return;
    }
    const { row } = await this.#withFollowers(index);
    await this.outcomes.leftOut(before ? 'duplicate' : 'review', row, index, lead);
  }

  /** The row, completed by the rows that follow it, which are left out with that. */
  #withFollowers(index: number): Promise<Completed> {
    const waits = this.#comparison.decisions.fate[index] === review;
    const { name } = keptRowAt(this.#list, index);
    const lead = { id: waits ? null : this.#idOf(index), name };
    return this.#completed(index, (follower, row, gained) =>
      this.outcomes.leftOut(gained ? 'merged' : 'duplicate', row, follower, lead),
    );
  }

  async #completed(index: number, each?: (follower: number, row: KeptRow, gained: boolean) => Promise<void>): Promise<Completed> {
    const row = keptRowAt(this.#list, index);
    if (!this.#followers.has(index)) return { row, deals: row.deal ? [row.deal] : [] };
    const target = targetOf(row, this.#idOf(index));
    const whole = noGrowth();
    for (const follower of this.#followers.of(index)) {
      const later = keptRowAt(this.#list, follower);
      const gain = mergeInto(target, fieldsOf(later), arrivalOf(later));
      if (gain) grow(whole, gain);
      await each?.(follower, later, gain !== undefined);
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
        ...this.#rate(factsOfTarget(target)),
      },
      deals,
    };
  }

  mergeIntoKnown(): Promise<void> {
    const { imports, write, signal, onProgress } = this.#options;
    return mergeIntoKnown({
      list: this.#list,
      comparison: this.#comparison,
      imports,
      rate: this.#rate,
      outcomes: this.outcomes,
      extras: this.#extras,
      write,
      signal,
      onProgress: () => onProgress(this.outcomes.done()),
      standAlone: async ([first, ...others]) => {
        this.#comparison.decisions.fate[first!] = created;
        for (const row of others) this.#followers.add(first!, row);
        await this.#createLead(first!);
      },
    });
  }

  async createTheOthers(): Promise<void> {
    const { imports, importId, write, onProgress } = this.#options;
    await this.#others.finish();
    if (write && this.#others.length > 0)
      await imports.addLeads(importId, (between) => withBetween(this.#others.lines(), between));
    onProgress(this.outcomes.done());
  }

  /** People, deals and accounts of leads that are there by now, then the rows that were left out. */
  async writeTheRest(): Promise<void> {
    const { imports, importId, write } = this.#options;
    await this.#extras.finish();
    if (!write) return;
    if (this.#extras.length > 0) {
      await imports.addPeople(importId, this.#extras.people());
      await imports.addDeals(importId, this.#extras.deals());
      await imports.addAccounts(importId, this.#extras.accounts());
    }
    const lines = await this.outcomes.lines();
    if (lines) await imports.addOutcomes(importId, lines);
  }

  async close(): Promise<void> {
    await this.#extras.finish();
    await this.#others.finish();
    await this.outcomes.close();
  }
}

/** A row with what the rows that follow it add. */
interface Completed {
  row: KeptRow;
  deals: Growth['deals'];
}

const questionsAtOnce = 1000;

/** The same words about the same lead. */
function sameQuestion(asked: Asked[], row: KeptRow): Asked | undefined {
  const words = canonical(aboutCompany(row));
  return asked.find(({ company }) => canonical(aboutCompany(company as KeptRow)) === words);
}

const aboutCompany = (row: KeptRow): unknown => JSON.parse(JSON.stringify(reviewed(row)));

const said = { same: 'a person said so', drop: 'a person dropped it', waits: 'that waits for review already' };
const inWords = ({ decision, fileName, line }: Asked): string => `${said[decision ?? 'waits']}: line ${line} of ${fileName}`;

async function drain(all: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of all);
}

async function* withBetween(batches: AsyncIterable<string[]>, between: string): AsyncGenerator<Uint8Array> {
  for await (const lines of batches)
    yield Buffer.from(lines.map((line) => `${line.slice(0, leadIdLength)}\t${between}${line.slice(leadIdLength)}\n`).join(''));
}

const targetOf = (row: KeptRow, id: string): MergeTarget => ({
  id,
  name: row.name,
  fields: fieldsOf(row),
  attributes: { ...row.attributes },
  people: [...row.people],
  deals: row.deal ? [row.deal.name] : [],
  hasAccount: row.account !== undefined,
});
