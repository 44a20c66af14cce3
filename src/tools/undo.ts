import { z } from 'zod';
import { atLeast } from '../core/actor.ts';
import { type Change, same } from '../core/change.ts';
import type { KeptField, Receipt } from '../core/receipt.ts';
import type { Records } from '../core/records.ts';
import { orders } from '../core/said.ts';
import { AppError } from '../errors.ts';
import { defineTool, type ToolContext } from './define.ts';

const kept = z.object({ label: z.string(), field: z.string(), wanted: z.unknown(), found: z.unknown() });

const undoing =
  /\b(?:undo|revert|roll ?back|(?:put|take|bring|get|change|turn) (?:it|that|them|this|those)(?: all)? back|(?:bring|put|take|get) back|(?:reverse|restore|cancel|scrap) (?:it|that|this|them|the (?:last|change))|oops)\b/i;

export const undo = defineTool({
  name: 'undo',
  title: 'Undo',
  description:
    'Takes back a change by its receipt; without receiptId the newest change of this conversation. Fields that somebody changed since stay as they are and are listed in `kept`. Use it when the user says "undo that", "put it back", "revert".',
  input: z.strictObject({
    receiptId: z.uuid().optional().describe('Of the change to take back; leave out for the newest one of this conversation.'),
  }),
  output: z.object({
    receiptId: z.string().optional(),
    undone: z.string(),
    kept: z.array(kept),
    keptCount: z.number().optional().describe('When more was kept than `kept` lists.'),
    nothingToUndo: z.boolean().optional(),
  }),
  async risk({ receiptId }, { records }, ctx) {
    const newest = await records.receipts.newestUndoable({ userId: ctx.actor.userId, conversationId: ctx.conversationId });
    if (!receiptId || receiptId === newest?.id) return { risk: 'write', reach: 'one' };
    const receipt = await records.receipts.get(receiptId);
    return { risk: receipt?.risk ?? 'write', reach: receipt?.reach ?? 'one' };
  },
  async asked({ receiptId }, said, { records }, ctx) {
    if (!undoing.test(orders(said))) return false;
    if (!receiptId || said.text.includes(receiptId) || said.shown.some((s) => s.id === receiptId)) return true;
    return (
      receiptId === (await records.receipts.newestUndoable({ userId: ctx.actor.userId, conversationId: ctx.conversationId }))?.id
    );
  },
  async run({ receiptId }, { records }, ctx) {
    const target =
      receiptId ?? (await records.receipts.newestUndoable({ userId: ctx.actor.userId, conversationId: ctx.conversationId }))?.id;
    if (!target) return { undone: 'There is no change here to undo.', kept: [], nothingToUndo: true };
    const receipt = await records.receipts.lock(target);
    checkUndoable(receipt, ctx);
    const { left, unlisted } = await revertAll(records, receipt.changes);
    if (records.changes().length === 0) {
      throw new AppError(
        'conflict',
        `Not undone: ${left.map((k) => `${k.label}: ${k.field} was changed since`).join('; ') || 'everything was changed since'}.`,
        { details: { kept: left } },
      );
    }
    return { receiptId: receipt.id, undone: receipt.title, kept: left, ...(unlisted && { keptCount: left.length + unlisted }) };
  },
  undoes: (output) => output.receiptId,
  sentence: ({ undone, kept: stayed, keptCount = stayed.length }, tense) => {
    const verb = tense === 'done' ? 'Undone' : 'Undo';
    if (stayed.length === 0) return `${verb}: ${undone}`;
    const named = stayed.slice(0, namedKept).map((k) => `${k.label} ${k.field}`);
    const more = keptCount - named.length;
    return `${verb}: ${undone} (kept: ${named.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''})`;
  },
});

/** So many of the fields that stayed are named in a sentence. */
const namedKept = 5;

function checkUndoable(receipt: Receipt | undefined, ctx: ToolContext): asserts receipt is Receipt {
  if (!receipt) throw new AppError('not_found', 'There is no such receipt.');
  if (receipt.userId !== ctx.actor.userId && !atLeast(ctx.actor.role, 'manager'))
    throw new AppError('forbidden', `${receipt.userName} made this change; they or a manager can undo it.`);
  if (receipt.undoneById) throw new AppError('conflict', `Already undone: ${receipt.title}.`);
  if (!receipt.undoable) throw new AppError('conflict', `This cannot be undone: ${receipt.title}.`);
}

/** Leads before what hangs on them, and rows of a review last: where a lead stays, so do they. */
const rank: Partial<Record<Change['entity'], number>> = { contact: 1, deal: 1, account: 1, review: 2 };

/** Takes changes back, the newest first; `unlisted` is how many kept records a list is too short for. */
async function revertAll(records: Records, changes: Change[]): Promise<{ left: KeptField[]; unlisted: number }> {
  const backwards = [...changes].reverse().sort((a, b) => (rank[a.entity] ?? 0) - (rank[b.entity] ?? 0));
  const left: KeptField[] = [];
  const staying = new Set<unknown>();
  let unlisted = 0;
  for (const change of backwards) {
    if (rank[change.entity] && staying.has(change.after?.['leadId'])) continue;
    if (change.entity === 'import') {
      const { kept: listed, keptCount } = await records.imports.revert(change.id);
      left.push(...listed.map(ofImport));
      unlisted += keptCount - listed.length;
      continue;
    }
    const stayed = await revert(records, change);
    if (stayed.length && change.entity === 'lead' && change.op === 'create') staying.add(change.id);
    left.push(...stayed);
  }
  return { left, unlisted };
}

const ofImport = ({ label, field }: { label: string; field?: string }): KeptField => ({
  label,
  field: field ?? 'lead',
  wanted: field ? 'empty' : 'deleted',
  found: 'changed since the import',
});

/** Takes one change back as far as nobody touched it since; returns what it left alone. */
async function revert(records: Records, change: Change): Promise<KeptField[]> {
  const { entity, id, label } = change;
  const wanted = change.after ?? {};
  const now = await records.current(entity, id, Object.keys(wanted));
  if (!now) return [{ label, field: 'record', wanted: 'present', found: 'gone' }];
  const left = Object.keys(wanted)
    .filter((field) => !same(now.fields[field], wanted[field]))
    .map((field) => ({ label, field, wanted: change.before?.[field] ?? null, found: now.fields[field] }));

  if (change.op === 'create') {
    if (now.deleted) return [{ label, field: 'record', wanted: 'deleted', found: 'deleted already' }];
    if (left.length) return left;
    await records.restore(entity, id, { deleted: true, label });
    return [];
  }
  if (change.op === 'delete' || change.op === 'restore') {
    const deleted = change.op === 'restore';
    if (now.deleted === deleted)
      return [{ label, field: 'record', wanted: deleted ? 'deleted' : 'restored', found: 'so already' }];
    await records.restore(entity, id, { deleted, label });
    return [];
  }
  if (now.deleted) return [{ label, field: 'record', wanted: 'changed back', found: 'deleted' }];
  const names = Object.keys(wanted).filter((field) => !left.some((l) => l.field === field));
  if (names.length)
    await records.restore(entity, id, {
      fields: Object.fromEntries(names.map((name) => [name, change.before?.[name] ?? null])),
      label,
    });
  return left;
}

/** What of a planned change's starting point is no longer so. */
export async function movedSince(records: Records, changes: Change[]): Promise<KeptField[]> {
  const moved: KeptField[] = [];
  for (const { entity, id, label, op, before } of changes) {
    if (op === 'create' || entity === 'import') continue;
    const fields = before ?? {};
    const now = await records.current(entity, id, Object.keys(fields));
    if (!now || (now.deleted && op !== 'restore')) moved.push({ label, field: 'record', wanted: 'present', found: 'deleted' });
    else
      for (const field of Object.keys(fields))
        if (!same(now.fields[field], fields[field]))
          moved.push({ label, field, wanted: fields[field], found: now.fields[field] });
  }
  return moved;
}
