import type { FillableField, Imports, Merge, MergeTarget } from '../core/importing.ts';
import { fillableFields } from '../core/importing.ts';
import { type Arrival, mergeInto } from '../core/merge.ts';
import type { Rating } from '../core/score.ts';
import { fates } from './decide.ts';
import type { Extras } from './extras.ts';
import { fills, grow, noGrowth } from './growth.ts';
import { keptRowAt, type Outcomes } from './outcomes.ts';
import { mostRows } from './pairs.ts';
import type { Prepared } from './prepare.ts';
import type { KeptRow } from './process.ts';

/** Leads that are read, filled and written at a time. */
const batchSize = 500;
const follows = fates.indexOf('follows');

export interface KnownMerges {
  list: Prepared;
  decisions: { fate: Uint8Array; target: Int32Array };
  knownId(target: number): string;
  imports: Imports;
  rate: Rating;
  outcomes: Outcomes;
  extras: Extras;
  write: boolean;
  signal: AbortSignal;
  /** The lead of these rows is gone by now: they become one themselves. */
  standAlone(rows: number[]): Promise<void>;
}

/** Rows that say something of leads that are here, lead by lead: what the first row of a lead brings is there for the second. */
export async function mergeIntoKnown(work: KnownMerges): Promise<void> {
  const { fate, target } = work.decisions;
  const rows = fate.length;
  const pairs: number[] = [];
  for (let row = 0; row < rows; row++)
    if (fate[row] === follows && target[row]! >= rows) pairs.push(target[row]! * mostRows + row);
  let batch = new Map<string, number[]>();
  let known = -1;
  let own: number[] = [];
  for (const pair of Float64Array.from(pairs).sort()) {
    if (Math.floor(pair / mostRows) !== known) {
      if (batch.size === batchSize) {
        await mergeBatch(batch, work);
        batch = new Map();
      }
      known = Math.floor(pair / mostRows);
      own = [];
      batch.set(work.knownId(known), own);
    }
    own.push(pair - known * mostRows);
  }
  if (batch.size > 0) await mergeBatch(batch, work);
}

async function mergeBatch(batch: Map<string, number[]>, work: KnownMerges): Promise<void> {
  work.signal.throwIfAborted();
  const targets = await work.imports.targets([...batch.keys()]);
  const merges: Merge[] = [];
  for (const [id, rows] of batch) {
    const target = targets.get(id);
    if (!target) await work.standAlone(rows);
    else {
      const merge = await mergeLead(target, rows, work);
      if (merge) merges.push(merge);
    }
  }
  if (work.write) await work.imports.merge(merges);
}

async function mergeLead(
  target: MergeTarget,
  rows: number[],
  { list, rate, outcomes, extras }: KnownMerges,
): Promise<Merge | undefined> {
  const whole = noGrowth();
  const gained = new Set<number>();
  for (const index of rows) {
    const row = keptRowAt(list, index);
    const gain = mergeInto(target, fieldsOf(row), arrivalOf(row));
    if (!gain) continue;
    grow(whole, gain);
    gained.add(index);
  }
  // one row carries all that this list fills of a lead: taking it back meets each value once
  let filled = fills(whole) ? whole : undefined;
  // read again rather than kept: a list may say a million things of one company
  for (const index of rows) {
    const merged = gained.has(index);
    await outcomes.leftOut(merged ? 'merged' : 'duplicate', keptRowAt(list, index), index, target, merged ? filled : undefined);
    if (merged) filled = undefined;
  }
  await extras.add(target.id, target.name, whole);
  if (!fills(whole)) return undefined;
  const { fields, attributes, contacts } = whole;
  return { id: target.id, fields, attributes, contacts, ...rate(factsOf(target)) };
}

/** What the score of a lead follows from. */
export const factsOf = ({ name, fields, attributes }: MergeTarget) => ({
  name,
  industry: (fields.industry as string | undefined) ?? null,
  attributes,
});

export const fieldsOf = (row: KeptRow): Partial<Record<FillableField, string | number>> =>
  Object.fromEntries(fillableFields.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]])));

export const arrivalOf = ({ attributes, people, deal, account }: KeptRow): Arrival => ({
  attributes,
  people,
  ...(deal && { deal }),
  ...(account && { account }),
});
