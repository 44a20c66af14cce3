import { isBlank, tidy } from '../cleaning/text.ts';
import type { RawRow } from '../table.ts';
import { type Kinds, kindsOf } from './kinds.ts';

/** What the cells of a column look like, counted. */

/** Rows that are looked at of a column: more of them change no answer. */
const mostRows = 200;
/** Cells that are looked at of all columns together, so that a list of 5,000 columns is understood in a fraction of a second. */
const mostCells = 50_000;
/** Fewer than this of a column show nothing. */
const fewestRows = 10;
/** No value of a field is longer where it matters; cells of megabytes are cut here. */
export const longestCell = 200;

/** The cells of one column, counted by what they look like. */
export class Content {
  /** Cells that hold something, of those looked at. */
  readonly filled: number;
  /** Share of the rows in which this column holds something, 0-1. */
  readonly fill: number;
  /** How many different values, of those that hold something. */
  readonly distinct: number;
  readonly #counts: ReadonlyMap<Kinds, number>;

  constructor(rows: number, filled: number, distinct: number, counts: ReadonlyMap<Kinds, number>) {
    this.filled = filled;
    this.fill = rows === 0 ? 0 : filled / rows;
    this.distinct = distinct;
    this.#counts = counts;
  }

  /** Share of the filled cells that are at least one of these, 0-1. */
  share(any: Kinds): number {
    if (this.filled === 0) return 0;
    let hits = 0;
    for (const [set, count] of this.#counts) if (set & any) hits += count;
    return hits / this.filled;
  }

  /** Share of the filled cells that are one of these and none of those. */
  only(any: Kinds, none: Kinds): number {
    if (this.filled === 0) return 0;
    let hits = 0;
    for (const [set, count] of this.#counts) if (set & any && !(set & none)) hits += count;
    return hits / this.filled;
  }
}

/** A column of which nothing is known. */
export const nothing = new Content(0, 0, 0, new Map());

/** What each of so many columns holds in these rows. */
export function contentsOf(columns: number, sample: readonly RawRow[]): Content[] {
  const rows = sample.slice(0, mostRows);
  const enough = Math.max(fewestRows, Math.floor(mostCells / Math.max(1, columns)));
  return Array.from({ length: columns }, (_, index) => contentOf(rows, index, enough));
}

function contentOf(rows: readonly RawRow[], index: number, enough: number): Content {
  const seen = new Map<string, Kinds>();
  const counts = new Map<Kinds, number>();
  let filled = 0;
  let looked = 0;
  for (const { cells } of rows) {
    if (filled >= enough) break;
    looked++;
    const cell = cells[index];
    if (!cell) continue;
    const text = tidy(cell.slice(0, longestCell));
    if (isBlank(text)) continue;
    filled++;
    let set = seen.get(text);
    if (set === undefined) {
      set = kindsOf(text);
      seen.set(text, set);
    }
    counts.set(set, (counts.get(set) ?? 0) + 1);
  }
  return new Content(looked, filled, seen.size, counts);
}
