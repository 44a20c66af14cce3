import { setImmediate as breathe } from 'node:timers/promises';
import { type Facts, type Prepared, prepare, type Verdict } from '../core/match/facts.ts';
import { judge } from '../core/match/judge.ts';
import { type Candidates, pairBase, sharedBits } from './pairs.ts';

export const fates = ['created', 'follows', 'review', 'rejected'] as const;
/** What becomes of a row: a lead of its own, part of another, a question to a person, or nothing. */
type Fate = (typeof fates)[number];

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

const created = fates.indexOf('created');
const follows = fates.indexOf('follows');
const review = fates.indexOf('review');
const rejected = fates.indexOf('rejected');

const remembered = 128;
const longestStretchMs = 10;

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
  const seen = new Map<number, Prepared>();
  const prepared = (index: number): Prepared => {
    let known = seen.get(index);
    if (!known) {
      if (seen.size >= remembered) seen.clear();
      known = prepare(facts(index));
      seen.set(index, known);
    }
    return known;
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
    let best: { other: number; verdict: Verdict } | undefined;
    for (; at < pairs.length && Math.floor(pairs[at]! / pairBase) === row; at++) {
      const other = pairs[at]! - row * pairBase;
      const verdict = judge(prepared(row), prepared(other), commonlyShared(shared, row, other));
      if (verdict.verdict !== 'different' && (!best || better(verdict, other, best, rows))) best = { other, verdict };
    }
    if (!best) continue;
    const { other, verdict } = best;
    const certain = verdict.verdict === 'same' && !(other < rows && fate[other] === review);
    fate[row] = certain ? follows : review;
    like[row] = other;
    target[row] = other < rows && fate[other] !== created ? target[other]! : other;
    confidence[row] = verdict.confidence;
    await because(row, verdict.reasons.join('; '));
  }
}

/** 'same' before 'review', then the surer one, then leads that are here before rows of the file. */
function better(verdict: Verdict, other: number, best: { other: number; verdict: Verdict }, rows: number): boolean {
  if (verdict.verdict !== best.verdict.verdict) return verdict.verdict === 'same';
  if (verdict.confidence !== best.verdict.confidence) return verdict.confidence > best.verdict.confidence;
  return other >= rows && best.other < rows;
}

function commonlyShared(shared: Uint8Array, a: number, b: number): { phone: boolean; email: boolean; domain: boolean } {
  const both = shared[a]! & shared[b]!;
  return { phone: (both & sharedBits.phone) > 0, email: (both & sharedBits.email) > 0, domain: (both & sharedBits.domain) > 0 };
}
