import { setImmediate as breathe } from 'node:timers/promises';
import { type Facts, type Prepared, prepare, type Verdict } from '../core/match/facts.ts';
import { judge } from '../core/match/judge.ts';
import { type Candidates, pairBase, sharedBits } from './pairs.ts';

/** What becomes of a row: a lead of its own, part of another, a question to a person, or nothing. */
export const fates = ['created', 'follows', 'review', 'rejected'] as const;

/** By row of the file. */
export interface Decisions {
  fate: Uint8Array;
  /** The row or known lead it follows, or may be; -1 without one. Never a row that follows another itself. */
  target: Int32Array;
  /** The row or known lead it was found to be like: the target, or one that led there. */
  like: Int32Array;
  confidence: Float32Array;
}

export interface Compared {
  rows: number;
  facts(rowOrKnown: number): Facts;
  /** Keeps why a row was found to be like another one, in words. */
  because(row: number, reasons: string): Promise<void>;
}

const follows = fates.indexOf('follows');
const review = fates.indexOf('review');
const rejected = fates.indexOf('rejected');

const remembered = 64;
const longestStretchMs = 2;

/** Every row a lead of its own, but for those that are rejected. */
export function undecided(rows: number, isRejected: (row: number) => boolean): Decisions {
  const fate = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) if (isRejected(row)) fate[row] = rejected;
  return {
    fate,
    target: new Int32Array(rows).fill(-1),
    like: new Int32Array(rows).fill(-1),
    confidence: new Float32Array(rows),
  };
}

/** Judges candidates row by row, from the first: what a row is like was decided before it. */
export async function decide(
  { rows, facts, because }: Compared,
  { pairs, shared }: Candidates,
  { fate, target, like, confidence }: Decisions,
  signal: AbortSignal,
): Promise<void> {
  // places that are written over, not a map that is emptied: what an emptied map held outlives it in the collector's old half
  const seen = new Int32Array(remembered).fill(-1);
  const kept: Prepared[] = [];
  const prepared = (index: number): Prepared => {
    const at = index % remembered;
    if (seen[at] !== index) {
      kept[at] = prepare(facts(index));
      seen[at] = index;
    }
    return kept[at]!;
  };

  let pause = performance.now() + longestStretchMs;
  for (let at = 0; at < pairs.length; ) {
    const row = Math.floor(pairs[at]! / pairBase);
    if (performance.now() > pause) {
      // others use this process too
      await breathe();
      signal.throwIfAborted();
      pause = performance.now() + longestStretchMs;
    }
    const roots = new Map<number, Root>();
    for (; at < pairs.length && Math.floor(pairs[at]! / pairBase) === row; at++) {
      const other = pairs[at]! - row * pairBase;
      if (other < rows && fate[other] === rejected) continue;
      // what stands behind the other one: a row that follows another is part of that one
      const root = other < rows && fate[other] === follows ? target[other]! : other;
      weigh(roots, root, other, judge(prepared(row), prepared(other), commonlyShared(shared, row, other)));
    }
    const best = bestOf(roots, rows, (root) => judge(prepared(row), prepared(root), commonlyShared(shared, row, root)));
    if (!best) continue;
    const waiting = best.root < rows && fate[best.root] === review;
    fate[row] = best.certain ? follows : review;
    // a row that may be one that waits is a question about the same lead
    target[row] = waiting && !best.certain ? target[best.root]! : best.root;
    like[row] = best.other;
    confidence[row] = best.confidence;
    await because(row, best.reasons);
  }
}

/** What a row has to do with one record and the rows that are part of it. */
interface Root {
  same?: { other: number; verdict: Verdict };
  review?: { other: number; verdict: Verdict };
  /** One of them that it certainly is not. */
  different?: Verdict;
  judged: boolean;
}

function weigh(roots: Map<number, Root>, at: number, other: number, verdict: Verdict): void {
  const root = roots.get(at) ?? { judged: false };
  roots.set(at, root);
  if (other === at) root.judged = true;
  if (verdict.verdict === 'different') root.different ??= verdict;
  else if (!(root[verdict.verdict] && root[verdict.verdict]!.verdict.confidence >= verdict.confidence))
    root[verdict.verdict] = { other, verdict };
}

interface Best {
  root: number;
  other: number;
  certain: boolean;
  confidence: number;
  reasons: string;
}

const unsure = 0.5;

/**
 * The record that a row is part of, or may be. Being like one of its rows is not enough: whoever differs from another of
 * them, or from the record itself, is a question to a person, or strangers would be joined step by step.
 */
function bestOf(roots: Map<number, Root>, rows: number, judgeRoot: (root: number) => Verdict): Best | undefined {
  let best: Best | undefined;
  for (const [root, found] of roots) {
    if (!found.same && !found.review) continue;
    if (!found.judged) weigh(roots, root, root, judgeRoot(root));
    const { same, review, different } = found;
    const { other, verdict } = (same ?? review)!;
    const certain = same !== undefined && different === undefined;
    const candidate: Best = {
      root,
      other,
      certain,
      confidence: certain || !same ? verdict.confidence : Math.min(verdict.confidence, unsure),
      reasons: [
        ...verdict.reasons,
        ...(same && different ? ['but not like all that belongs to it', ...different.reasons] : []),
      ].join('; '),
    };
    if (!best || isBetter(candidate, best, rows)) best = candidate;
  }
  return best;
}

/** What is certain first, then the surer one, then leads that are here before rows of the file. */
function isBetter(a: Best, b: Best, rows: number): boolean {
  if (a.certain !== b.certain) return a.certain;
  if (a.confidence !== b.confidence) return a.confidence > b.confidence;
  return a.root >= rows && b.root < rows;
}

function commonlyShared(shared: Uint8Array, a: number, b: number): { phone: boolean; email: boolean; domain: boolean } {
  const both = shared[a]! & shared[b]!;
  return { phone: (both & sharedBits.phone) > 0, email: (both & sharedBits.email) > 0, domain: (both & sharedBits.domain) > 0 };
}
