import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Comparison } from './compare.ts';
import { fates } from './decide.ts';
import type { Prepared } from './prepare.ts';
import { keptRow } from './process.ts';

/** A row that ends otherwise than the dry run said, because the leads here changed in between. */
export interface Surprise {
  line: number;
  name: string;
  was: string;
  now: string;
}

const headBytes = 32;
const rowBytes = 5;
const listed = 20;
const longestStretchMs = 5;
const words: Record<(typeof fates)[number], string> = {
  created: 'new',
  follows: 'a duplicate',
  review: 'to review',
  rejected: 'rejected',
};

/** What a dry run found, a few bytes a row: its fate, and which lead or row it was found to be. */
export async function keepPreview(path: string, list: Prepared, comparison: Comparison): Promise<void> {
  await writeFile(path, await written(list, comparison), { mode: 0o600 });
}

/** What changed since the dry run of the same list, if there was one and its columns meant the same. */
export async function changedSincePreview(
  path: string,
  list: Prepared,
  comparison: Comparison,
): Promise<{ count: number; rows: Surprise[] } | undefined> {
  const before = await readFile(path).catch(() => undefined);
  if (!before) return undefined;
  const now = await written(list, comparison);
  if (before.length !== now.length || !before.subarray(0, headBytes).equals(now.subarray(0, headBytes))) return undefined;
  const changes = { count: 0, rows: [] as Surprise[] };
  for (let at = headBytes, row = 0; at < now.length; at += rowBytes, row++) {
    if (before.compare(now, at, at + rowBytes, at, at + rowBytes) === 0) continue;
    changes.count++;
    if (changes.rows.length === listed) continue;
    const { line, name } = keptRow(list.rows.read(row));
    const was = words[fates[before[at]!]!];
    const is = words[fates[now[at]!]!];
    changes.rows.push({ line, name, was, now: was === is ? `${is} of another lead` : is });
  }
  return changes;
}

async function written(list: Prepared, comparison: Comparison): Promise<Buffer> {
  const { fate, target } = comparison.decisions;
  const bytes = Buffer.alloc(headBytes + rowBytes * fate.length);
  createHash('sha256')
    .update(JSON.stringify(list.columns.map(({ header, target: field, person }) => [header, field, person])))
    .digest()
    .copy(bytes);
  let pause = performance.now() + longestStretchMs;
  for (let row = 0; row < fate.length; row++) {
    if (performance.now() > pause) {
      await breathe();
      pause = performance.now() + longestStretchMs;
    }
    const at = headBytes + rowBytes * row;
    const other = target[row]!;
    bytes[at] = fate[row]!;
    bytes.writeUInt32LE(other < 0 ? 0 : other < fate.length ? other + 1 : shortHash(comparison.knownId(other)), at + 1);
  }
  return bytes;
}

const digits = (id: string, from: number): number => Number.parseInt(id.slice(from, from + 4), 16);

/** Four bytes of an id in which ids of one import differ, and ids of two. */
const shortHash = (id: string): number =>
  (((digits(id, 4) ^ digits(id, 24) ^ digits(id, 28)) << 16) | (digits(id, 19) ^ digits(id, 32))) >>> 0;
