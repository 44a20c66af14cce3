import { join } from 'node:path';
import type { Facts } from '../core/match/facts.ts';
import { type Compared, type Decisions, decide, reasonsFor } from './decide.ts';
import { candidates } from './pairs.ts';
import type { Prepared } from './prepare.ts';
import { keptFacts, knownFacts } from './process.ts';
import { LineFile } from './spill.ts';

export interface Comparison {
  decisions: Decisions;
  /** The id of a known lead that rows follow or may be. */
  knownId(target: number): string;
  knownName(target: number): string;
  /** Why a row was found to be like another row or a known lead, in words. */
  reasons(row: number): string;
  close(): void;
}

/** Compares the rows of a list with one another and with the leads that are here. */
export async function compareList(
  list: Prepared,
  known: AsyncIterable<Uint8Array>,
  { folder, signal, onProgress }: { folder: string; signal: AbortSignal; onProgress(message: string): void },
): Promise<Comparison> {
  const rows = list.rows.length;
  const here = new LineFile(join(folder, 'known'));
  for await (const { text, lengths, keys } of list.workshop.known(known)) {
    signal.throwIfAborted();
    await list.keys.add(keys, rows + here.length);
    await here.append(text, lengths);
    onProgress(`compared with ${here.length.toLocaleString('en-US')} leads`);
  }
  await here.finish();

  const compared: Compared = {
    rows,
    facts: (index): Facts => (index < rows ? keptFacts(list.rows.read(index)) : knownFacts(here.read(index - rows))),
  };
  const found = await candidates(list.keys, rows, here.length, signal);
  const decisions = await decide(compared, list.isRejected, found, signal);
  const knownAt = (target: number) => knownFacts(here.read(target - rows));
  return {
    decisions,
    knownId: (target) => knownAt(target).id,
    knownName: (target) => knownAt(target).name,
    reasons: (row) => reasonsFor(compared, found, row, decisions.like[row]!),
    close: () => here.close(),
  };
}
