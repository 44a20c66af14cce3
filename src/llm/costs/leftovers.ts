import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallLine, CallStore } from '../../core/cost.ts';
import type { Log } from '../../log.ts';
import { isHeaderOf, readLine } from './lines.ts';

/** What processes that are gone had written ahead of the table. */

/** Who else lives on the same folder: a process is known by a name of its own, which ends with it, however it ends. */
export interface Presences {
  announce(folder: string): Promise<{ name: string; withdraw(): Promise<void> }>;
  neighbours(folder: string): Promise<{ name: string }[]>;
}

export interface LeftoverOptions {
  folder: string;
  presences: Presences;
  store: Pick<CallStore, 'alone'>;
  tenantId: string;
  rowsAWrite: number;
  /** Puts calls into the table; what it cannot take is put aside by it. */
  write(lines: CallLine[]): Promise<void>;
  log: Log;
  /** Told when we are to stop: what is begun stays for others. */
  signal: AbortSignal;
  /** Files that are not for us, said once. */
  leave: Set<string>;
}

export const presenceFolder = (folder: string): string => join(folder, 'processes');
const segmentName = /^(.+)\.\d+\.jsonl$/;

/**
 * Takes over the files of dead processes, and says how many calls they held. Files are listed before the living are: whoever owns one of them
 * announced itself before making it. Of several who find the same file one reads it; were it read twice, a call would still be kept once.
 */
export async function adoptLeftovers(options: LeftoverOptions): Promise<number> {
  const { folder, presences, store, signal } = options;
  const files = (await readdir(folder).catch(() => [])).filter((name) => segmentName.test(name));
  if (files.length === 0) return 0;
  const living = new Set((await presences.neighbours(presenceFolder(folder))).map(({ name }) => name));
  let calls = 0;
  for (const file of files) {
    if (living.has(segmentName.exec(file)![1]!) || options.leave.has(join(folder, file))) continue;
    if (signal.aborted) break;
    await store.alone(file, async () => {
      calls += await adopt(join(folder, file), options);
    });
  }
  return calls;
}

/** Reads a file to its end into the table and removes it. */
export async function adopt(path: string, options: Omit<LeftoverOptions, 'presences' | 'store' | 'folder'>): Promise<number> {
  const { tenantId, rowsAWrite, write, log, signal, leave } = options;
  const input = createReadStream(path, 'utf8');
  let first = true;
  let calls = 0;
  let broken = 0;
  let batch: CallLine[] = [];
  const put = async () => {
    await write(batch);
    calls += batch.length;
    batch = [];
  };
  try {
    for await (const text of linesOf(input)) {
      if (signal.aborted) return calls;
      if (first) {
        first = false;
        if (!isHeaderOf(text, tenantId)) {
          leave.add(path);
          log.info({ file: path }, 'model calls of another database, or of a newer version, were left where they are');
          return 0;
        }
        continue;
      }
      const line = readLine(text);
      if (line) batch.push(line);
      else if (text) broken++;
      if (batch.length >= rowsAWrite) await put();
    }
    if (batch.length) await put();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // its owner was only just leaving, and took it along
    if (code === 'ENOENT') return calls;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    leave.add(path);
    log.warn({ file: path }, 'model calls that another user of this machine recorded cannot be read by this one');
    return calls;
  } finally {
    input.destroy();
  }
  if (broken) log.warn({ file: path, lines: broken }, 'half-written lines of a process that was killed were left out');
  await rm(path, { force: true });
  return calls;
}

/** node:readline ends lines, in some versions of Node, also where a text of ours holds a line separator of Unicode. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}
