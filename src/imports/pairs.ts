import { KeyKind, worthALook } from '../core/match/keys.ts';
import { looksShared } from '../core/match/shared.ts';
import { kindOfKey } from './process.ts';
import { type KeyFiles, KeyWord, keyWords } from './spill.ts';

/** Which rows have a key in common and are worth a closer look. */
export interface Candidates {
  /** `row * pairBase + other`, sorted, each once: a row of the file, and an earlier one or a known lead. */
  pairs: Float64Array;
  /** By row or known lead: bits of `sharedBits` for values of it that belong to many companies. */
  shared: Uint8Array;
  /** By row: 1 for rows that are in a pair. */
  met: Uint8Array;
}

/** Rows stay below 2^23, rows and known leads together below 2^30: a pair of them is exact in a number. */
export const pairBase = 2 ** 30;
export const mostRows = 2 ** 23;

export const sharedBits = { phone: 1, email: 2, domain: 4 } as const;
const valueKinds = [
  { kind: KeyKind.phone, bit: sharedBits.phone },
  { kind: KeyKind.email, bit: sharedBits.email },
  { kind: KeyKind.domain, bit: sharedBits.domain },
];

/** Up to here every row of a group is compared with every other; of larger groups, each row with a few. */
const smallGroup = 12;
const anchors = 3;

/**
 * Equal keys make candidates. `rows` rows of the file are numbered from 0, known leads go on from there. Values that many
 * companies share are learned on the way: they make no candidates.
 */
export async function candidates(keys: KeyFiles, rows: number, known: number, signal: AbortSignal): Promise<Candidates> {
  const shared = new Uint8Array(rows + known);
  const pairs = new PairList();
  const scratch = new Scratch();
  for await (const part of keys.parts()) {
    signal.throwIfAborted();
    for (const group of groupsOf(part, rows, scratch)) lookAt(group, part, rows, shared, pairs);
  }
  const sorted = pairs.sorted();
  const met = new Uint8Array(rows);
  for (const pair of sorted) {
    const row = Math.floor(pair / pairBase);
    const other = pair - row * pairBase;
    met[row] = 1;
    if (other < rows) met[other] = 1;
  }
  return { pairs: sorted, shared, met };
}

/** A group is the positions of equal keys in their part. */
function lookAt(group: number[], part: Uint32Array, rows: number, shared: Uint8Array, pairs: PairList): void {
  const kind = kindOfKey(part[group[0]!]!);
  const value = valueKinds.find((value) => value.kind === kind);
  if (value) {
    const names = new Set(group.map((at) => part[at + KeyWord.tag]!)).size;
    if (names > 1 && looksShared(value.kind, names, group.length)) {
      for (const at of group) shared[part[at + KeyWord.row]!]! |= value.bit;
      return;
    }
  }
  if (group.length <= smallGroup) {
    for (let i = 1; i < group.length; i++) for (let j = 0; j < i; j++) pairUp(kind, part, group[i]!, group[j]!, rows, pairs);
    return;
  }
  // rows with the same words in their names lie side by side; within them, known leads and early rows come first
  const order = (at: number) => seniority(part[at + KeyWord.row]!, rows);
  group.sort((a, b) => part[a + KeyWord.tag]! - part[b + KeyWord.tag]! || order(a) - order(b));
  let first = 0;
  for (let i = 1; i < group.length; i++) {
    if (part[group[i]! + KeyWord.tag] !== part[group[first]! + KeyWord.tag]) first = i;
    for (let j = first; j < Math.min(first + anchors, i); j++) pairUp(kind, part, group[i]!, group[j]!, rows, pairs);
    if (i - 1 >= first + anchors || i === first) pairUp(kind, part, group[i]!, group[i - 1]!, rows, pairs);
  }
}

function pairUp(kind: number, part: Uint32Array, a: number, b: number, rows: number, pairs: PairList): void {
  if (worthALook(kind, hintAt(part, a), hintAt(part, b))) pairs.add(part[a + KeyWord.row]!, part[b + KeyWord.row]!, rows);
}

const hintAt = (part: Uint32Array, at: number) => ({ aside: part[at + KeyWord.aside]!, shape: part[at + KeyWord.shape]! });

const seniority = (row: number, rows: number): number => (row >= rows ? row - rows - pairBase : row);

/** Positions of equal keys, for every key that occurs more than once and at least once in the file. */
function* groupsOf(part: Uint32Array, rows: number, scratch: Scratch): Generator<number[]> {
  const count = part.length / keyWords;
  let size = 1024;
  while (size < 2 * count) size *= 2;
  const heads = scratch.heads(size);
  const before = scratch.before(count);
  const repeated: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = i * keyWords;
    let slot = (Math.imul(part[at + 1]! ^ Math.imul(part[at]!, 0x9e3779b1), 0x85ebca6b) >>> 0) & (size - 1);
    for (;;) {
      const head = heads[slot]!;
      if (head < 0) break;
      const other = head * keyWords;
      if (part[other] === part[at] && part[other + 1] === part[at + 1]) {
        if (before[head]! < 0) repeated.push(slot);
        before[i] = head;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
    heads[slot] = i;
  }
  for (const slot of repeated) {
    const group: number[] = [];
    let inFile = false;
    let last = -1;
    for (let i = heads[slot]!; i >= 0; i = before[i]!) {
      const row = part[i * keyWords + KeyWord.row]!;
      // a row may have the same key twice, as two people with one phone number
      if (row === last) continue;
      last = row;
      group.push(i * keyWords);
      if (row < rows) inFile = true;
    }
    if (inFile && group.length > 1) yield group.reverse();
  }
}

/** Room for sorting keys into groups, used again for every part: sixty-four times as much would wait for the collector otherwise. */
class Scratch {
  #heads = new Int32Array(0);
  #before = new Int32Array(0);

  heads(size: number): Int32Array {
    if (this.#heads.length < size) this.#heads = new Int32Array(size);
    return this.#heads.subarray(0, size).fill(-1);
  }

  before(size: number): Int32Array {
    if (this.#before.length < size) this.#before = new Int32Array(size + (size >> 2));
    return this.#before.subarray(0, size).fill(-1);
  }
}

class PairList {
  #pairs = new Float64Array(4096);
  #used = 0;

  add(a: number, b: number, rows: number): void {
    // known leads are not compared with one another; of two rows the later one looks back
    const row = a >= rows ? b : b >= rows ? a : Math.max(a, b);
    const other = row === a ? b : a;
    if (row >= rows || row === other) return;
    if (this.#used === this.#pairs.length) {
      const wider = new Float64Array(2 * this.#used);
      wider.set(this.#pairs);
      this.#pairs = wider;
    }
    this.#pairs[this.#used++] = row * pairBase + other;
  }

  sorted(): Float64Array {
    // in place: of millions of pairs there should not be two lists
    const all = this.#pairs.subarray(0, this.#used).sort();
    let kept = 0;
    for (const pair of all) if (kept === 0 || all[kept - 1] !== pair) all[kept++] = pair;
    return all.subarray(0, kept);
  }
}
