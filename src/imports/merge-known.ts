import { setImmediate as breathe } from 'node:timers/promises';
import { type Facts, factsOf } from '../core/facts.ts';
import type { Imports, Merge, MergeTarget } from '../core/importing.ts';
import { fillableFields } from '../core/importing.ts';
import { type Arrival, mergeInto } from '../core/merge.ts';
import type { Rating } from '../core/score.ts';
import type { Comparison } from './compare.ts';
import { type Decisions, fates } from './decide.ts';
import type { Extras } from './extras.ts';
import { fills, type Growth, grow, noGrowth } from './growth.ts';
import { keptRowAt, type Outcomes } from './outcomes.ts';
import { mostRows } from './pairs.ts';
import type { Prepared } from './prepare.ts';
import type { KeptRow } from './process.ts';

/** Leads that are read, filled and written at a time. */
const batchSize = 1000;
/** Rows of one lead up to here are kept while it is worked on; of more, each is read again. */
const fewRows = 64;
const longestStretchMs = 5;
const follows = fates.indexOf('follows');

export interface KnownMerges {
  list: Prepared;
  comparison: Pick<Comparison, 'decisions' | 'known'>;
  imports: Imports;
  rate: Rating;
  outcomes: Outcomes;
  extras: Extras;
  write: boolean;
  signal: AbortSignal;
  onProgress(): void;
  /** The lead of these rows is gone by now: they become one themselves. */
  standAlone(rows: number[]): Promise<void>;
}

/**
 * Rows that say something of leads that are here, lead by lead: what the first row of a lead brings is there for the second. Most
 * say nothing new, which the lead as it came for comparing shows; the others go by the lead as it stands in the database.
 */
export async function mergeIntoKnown(work: KnownMerges): Promise<void> {
  let batch: Batch = new Map();
  // one batch is with the database while the next is put together
  let written: Promise<void> = Promise.resolve();
  const pass = async () => {
    await written;
    written = mergeBatch(batch, work);
    written.catch(() => undefined);
    batch = new Map();
  };
  let pause = performance.now() + longestStretchMs;
  for (const [known, rows] of rowsByLead(work.comparison.decisions)) {
    if (performance.now() > pause) {
      await breathe();
      work.signal.throwIfAborted();
      work.onProgress();
      pause = performance.now() + longestStretchMs;
    }
    const lead = work.comparison.known(known);
    const rowAt = reader(work.list, rows);
    if (bringsNothing(lead, rows, rowAt)) await leaveOut(work, lead, rows, rowAt, noGrowth(), new Set());
    else batch.set(lead.id, { rows, rowAt });
    if (batch.size === batchSize) await pass();
  }
  await pass();
  await written;
}

/** Rows of leads that they bring something, by the id of the lead. */
type Batch = Map<string, { rows: number[]; rowAt: RowReader }>;

function* rowsByLead({ fate, target }: Decisions): Generator<[known: number, rows: number[]]> {
  const count = fate.length;
  const isOfKnown = (row: number) => fate[row] === follows && target[row]! >= count;
  let found = 0;
  for (let row = 0; row < count; row++) if (isOfKnown(row)) found++;
  const pairs = new Float64Array(found);
  for (let row = 0; row < count; row++) if (isOfKnown(row)) pairs[--found] = target[row]! * mostRows + row;
  let known = -1;
  let rows: number[] = [];
  for (const pair of pairs.sort()) {
    const lead = Math.floor(pair / mostRows);
    if (lead !== known && rows.length > 0) {
      yield [known, rows];
      rows = [];
    }
    known = lead;
    rows.push(pair - lead * mostRows);
  }
  if (rows.length > 0) yield [known, rows];
}

type RowReader = (index: number) => KeptRow;

function reader(list: Prepared, rows: number[]): RowReader {
  if (rows.length > fewRows) return (index) => keptRowAt(list, index);
  const kept = new Map(rows.map((index) => [index, keptRowAt(list, index)]));
  return (index) => kept.get(index)!;
}

const bringsNothing = (lead: MergeTarget, rows: number[], rowAt: RowReader): boolean =>
  rows.every((index) => {
    const row = rowAt(index);
    return !mergeInto(lead, fieldsOf(row), arrivalOf(row));
  });

async function mergeBatch(batch: Batch, work: KnownMerges): Promise<void> {
  const targets = await work.imports.targets([...batch.keys()]);
  const merges: Merge[] = [];
  for (const [id, { rows, rowAt }] of batch) {
    const target = targets.get(id);
    if (!target) await work.standAlone(rows);
    else {
      const merge = await mergeLead(target, rows, rowAt, work);
      if (merge) merges.push(merge);
    }
  }
  if (work.write) await work.imports.merge(merges);
}

async function mergeLead(target: MergeTarget, rows: number[], rowAt: RowReader, work: KnownMerges): Promise<Merge | undefined> {
  const whole = noGrowth();
  const gained = new Set<number>();
  for (const index of rows) {
    const row = rowAt(index);
    const gain = mergeInto(target, fieldsOf(row), arrivalOf(row));
    if (!gain) continue;
    grow(whole, gain);
    gained.add(index);
  }
  await leaveOut(work, target, rows, rowAt, whole, gained);
  await work.extras.add(target.id, target.name, whole);
  if (!fills(whole)) return undefined;
  const { fields, attributes, contacts } = whole;
  return { id: target.id, fields, attributes, contacts, ...work.rate(factsOfTarget(target)) };
}

async function leaveOut(
  { outcomes }: KnownMerges,
  lead: MergeTarget,
  rows: number[],
  rowAt: RowReader,
  whole: Growth,
  gained: Set<number>,
): Promise<void> {
  // one row carries all that this list fills of a lead: taking it back meets each value once
  let filled = fills(whole) ? whole : undefined;
  for (const index of rows) {
    const merged = gained.has(index);
    await outcomes.leftOut(merged ? 'merged' : 'duplicate', rowAt(index), index, lead, merged ? filled : undefined);
    if (merged) filled = undefined;
  }
}

/** What the score of a lead follows from. */
export const factsOfTarget = ({ name, fields, attributes }: MergeTarget): Facts =>
  factsOf({ ...fields, name, industry: (fields.industry as string | undefined) ?? null, attributes });

export function fieldsOf(row: KeptRow): MergeTarget['fields'] {
  const fields: MergeTarget['fields'] = {};
  for (const field of fillableFields) if (row[field] !== undefined) fields[field] = row[field];
  return fields;
}

export const arrivalOf = ({ attributes, people, deal, account }: KeptRow): Arrival => ({
  attributes,
  people,
  ...(deal && { deal }),
  ...(account && { account }),
});
