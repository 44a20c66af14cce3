import type { LeadRow, RejectedRow } from '../../src/core/importing.ts';
import { type ReadOptions, readLeads } from '../../src/imports/prepare.ts';
import { dealerProfile } from '../core/profile.ts';

/** The bytes as a file gives them, in pieces of `size`. */
async function* inPieces(content: string | Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const options = (more: Partial<ReadOptions> = {}): ReadOptions => ({ country: 'US', profile: dealerProfile, ...more });

/** Reads a whole list and sorts its rows by what became of them. */
export async function importList(content: string | Buffer, pieceSize?: number, more: Partial<ReadOptions> = {}) {
  const { columns, mapping, rows } = await readLeads(inPieces(content, pieceSize), options(more));
  const leads: LeadRow[] = [];
  const rejected: RejectedRow[] = [];
  for await (const row of rows) {
    if ('reason' in row) rejected.push(row);
    else leads.push(row);
  }
  return { columns, mapping, leads, rejected };
}
