import { join } from 'node:path';
import type { MergeTarget } from '../core/importing.ts';
import type { Facts } from '../core/match/facts.ts';
import { mergeTarget } from '../core/merge-target.ts';
import { type Compared, type Decisions, decide, undecided } from './decide.ts';
import { candidates } from './pairs.ts';
import type { Prepared } from './prepare.ts';
import { keptFacts, knownFacts, knownId } from './process.ts';
import { LineFile } from './spill.ts';
import { Spool } from './spool.ts';

export interface Comparison {
  /** Rows that have nothing in common with any other row or lead: they are new, whatever becomes of the others. */
  isAlone(row: number): boolean;
  /** Decides about the others; `decisions` hold before only for rows that are alone. */
  decide(): Promise<void>;
  decisions: Decisions;
  /** A known lead that rows follow or may be, as it was when the comparison began. */
  known(target: number): MergeTarget;
  knownId(target: number): string;
  /** Why a row was found to be like another row or a known lead, in words. */
  reasons(row: number): string;
  close(): Promise<void>;
}

/** Compares the rows of a list with one another and with the leads that are here. */
export async function compareList(
  list: Prepared,
  known: AsyncIterable<Uint8Array>,
  { folder, signal, onProgress }: { folder: string; signal: AbortSignal; onProgress(message: string): void },
): Promise<Comparison> {
  const rows = list.rows.length;
  const here = new LineFile(join(folder, 'known'));
  const reasons = new Spool(join(folder, 'reasons'));
  const close = async () => {
    await here.finish();
    here.close();
    await reasons.finish();
    reasons.close();
  };
  try {
    return await compare();
  } catch (error) {
    await close();
    throw error;
  }

  async function compare(): Promise<Comparison> {
    for await (const { text, lengths, keys } of list.workshop.known(known)) {
      signal.throwIfAborted();
      await list.keys.add(keys, rows + here.length);
      await here.append(text, lengths);
      onProgress(`compared with ${here.length.toLocaleString('en-US')} leads`);
    }
    await here.finish();

    const reasonOf = new Int32Array(rows);
    const compared: Compared = {
      rows,
      facts: (index): Facts => (index < rows ? keptFacts(list.rows.read(index)) : knownFacts(here.read(index - rows))),
      async because(row, words) {
        reasonOf[row] = reasons.length;
        await reasons.add(words.replaceAll('\n', ' '));
      },
    };
    // what is left to do is done right here: the threads are only memory from now on
    await list.workshop.close();
    const found = await candidates(list.keys, rows, here.length, signal);
    const decisions = undecided(rows, list.isRejected);
    return {
      isAlone: (row) => found.met[row] === 0 && !list.isRejected(row),
      async decide() {
        await decide(compared, found, decisions, signal);
        // they were looked at for the last time, and may be millions
        found.pairs = new Float64Array(0);
        await reasons.finish();
      },
      decisions,
      known: (target) => mergeTarget(here.read(target - rows)),
      knownId: (target) => knownId(here.read(target - rows)),
      reasons: (row) => reasons.read(reasonOf[row]!),
      close,
    };
  }
}
