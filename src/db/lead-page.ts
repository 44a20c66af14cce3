import { createHash } from 'node:crypto';
import type { Lead, LeadFilter, LeadSort } from '../core/lead.ts';
import { nameKey } from '../core/names.ts';
import { storable } from '../core/visible.ts';
import { AppError } from '../errors.ts';
import type { Prisma } from './generated/client.ts';
import { isId } from './handle.ts';

/** Orders of a list, and the cursors that lead through it page by page. */

export const orders: Record<LeadSort, Prisma.LeadOrderByWithRelationInput[]> = {
  score: [{ score: 'desc' }, { id: 'asc' }],
  name: [{ nameKey: 'asc' }, { id: 'asc' }],
  newest: [{ id: 'desc' }],
  oldest: [{ id: 'asc' }],
};

/** What a cursor may carry. It comes from outside, and whoever made it may have made it up. */
const isKeyOf: Record<LeadSort, (key: unknown) => boolean> = {
  score: Number.isFinite,
  name: (key) => typeof key === 'string' && storable(key) === key,
  newest: (key) => key === null,
  oldest: (key) => key === null,
};

interface Cursor {
  id: string;
  key: string | number | null;
  /** Of filter and order: a cursor is good for the list it came from only. */
  of: string;
}

const listOf = (filter: LeadFilter, sort: LeadSort): string =>
  createHash('sha256')
    .update(JSON.stringify([filter, sort]))
    .digest('base64url')
    .slice(0, 12);

export function writeCursor(last: Lead, filter: LeadFilter, sort: LeadSort): string {
  const key = sort === 'score' ? last.score : sort === 'name' ? nameKey(last.name) : null;
  return Buffer.from(JSON.stringify({ id: last.id, key, of: listOf(filter, sort) } satisfies Cursor)).toString('base64url');
}

export function readCursor(text: string | undefined, filter: LeadFilter, sort: LeadSort): Prisma.LeadWhereInput | undefined {
  if (!text) return undefined;
  const { id, key } = parseCursor(text, listOf(filter, sort), sort);
  if (sort === 'newest') return { id: { lt: id } };
  if (sort === 'oldest') return { id: { gt: id } };
  if (sort === 'name') return { OR: [{ nameKey: { gt: String(key) } }, { nameKey: String(key), id: { gt: id } }] };
  return { OR: [{ score: { lt: Number(key) } }, { score: Number(key), id: { gt: id } }] };
}

function parseCursor(text: string, of: string, sort: LeadSort): Cursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Cursor;
    if (typeof cursor.id === 'string' && isId(cursor.id) && cursor.of === of && isKeyOf[sort](cursor.key)) return cursor;
  } catch {
    // falls through to the one message below: a cursor is opaque, so how it is broken helps nobody
  }
  throw new AppError('invalid_input', 'This cursor does not belong to this list. Start again without a cursor.');
}
