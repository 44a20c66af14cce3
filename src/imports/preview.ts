import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
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
const words: Record<(typeof fates)[number], string> = {
  created: 'new',
  follows: 'a duplicate',
  review: 'to review',
  rejected: 'rejected',
};

/** What a dry run found, a few bytes a row: its fate, and which lead or row it was found to be. */
export async function keepPreview(path: string, list: Prepared, comparison: Comparison): Promise<void> {
  await writeFile(path, written(list, comparison), { mode: 0o600 });
}

/** What changed since the dry run of the same list, if there was one and its columns meant the same. */
export async function changedSincePreview(
  path: string,
  list: Prepared,
  comparison: Comparison,
): Promise<{ count: number; rows: Surprise[] } | undefined> {
  const before = await readFile(path).catch(() => undefined);
  const now = written(list, comparison);
  if (!before || before.length !== now.length || !before.subarray(0, headBytes).equals(now.subarray(0, headBytes)))
    return undefined;
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

function written(list: Prepared, comparison: Comparison): Buffer {
  const { fate, target } = comparison.decisions;
  const bytes = Buffer.alloc(headBytes + rowBytes * fate.length);
  createHash('sha256')
    .update(JSON.stringify(list.columns.map(({ header, target: field, person }) => [header, field, person])))
    .digest()
    .copy(bytes);
  for (let row = 0; row < fate.length; row++) {
    const at = headBytes + rowBytes * row;
    const other = target[row]!;
    bytes[at] = fate[row]!;
    bytes.writeUInt32LE(other < 0 ? 0 : other < fate.length ? other + 1 : shortHash(comparison.knownId(other)), at + 1);
  }
  return bytes;
}

const shortHash = (id: string): number => createHash('sha256').update(id).digest().readUInt32LE();
