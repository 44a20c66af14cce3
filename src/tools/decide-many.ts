import { mayDecide, mayLookAt, type Proposal } from '../core/proposal.ts';
import type { Receipt } from '../core/receipt.ts';
import { type ErrorCode, publicError } from '../errors.ts';
import { decide, effectWaitMs } from './decide.ts';
import type { CallContext } from './define.ts';
import { type Gate, scopeOf } from './gate.ts';

export interface ManyInput {
  decision: 'accept' | 'ignore';
  /** Of what the person saw, by id; those that are given are accepted exactly like that. */
  paramsHashes?: Record<string, string>;
}

/** How one proposal of a batch ended. */
export interface OneOfMany {
  id: string;
  /** What it is about; absent where that is none of this person's business. */
  title?: string;
  /** Decided, and as far as is known yet carried out. */
  ok: boolean;
  /** What became of it, in a sentence. */
  message: string;
  /** Why it was not decided. */
  code?: ErrorCode;
  proposal?: Proposal;
  receipt?: Receipt;
}

/** More at once are hardly a decision any more. */
export const mostAtOnce = 50;

/**
 * The same decision on several proposals, each for itself and in the order given: what was decided already, has expired, went stale or is
 * somebody else's is told and stops none of the others. What asks for a typed number is never decided among others.
 */
export async function decideMany(gate: Gate, ids: readonly string[], input: ManyInput, ctx: CallContext): Promise<OneOfMany[]> {
  const ends = performance.now() + effectWaitMs;
  const results: OneOfMany[] = [];
  // one after the other: an effect may be what the next one has to be compared with
  for (const id of new Set(ids)) results.push(await one(gate, id, input, ctx, Math.max(0, ends - performance.now())));
  return results;
}

async function one(
  gate: Gate,
  id: string,
  { decision, paramsHashes }: ManyInput,
  ctx: CallContext,
  waitMs: number,
): Promise<OneOfMany> {
  let title: string | undefined;
  try {
    const seen = await gate.deps.db.records(scopeOf(ctx)).proposals.get(id);
    if (seen && mayLookAt(seen, ctx.actor)) title = seen.title;
    if (seen?.status === 'pending' && seen.confirmCount !== null && mayDecide(seen, ctx.actor))
      return { ...told(id, title, alone(seen.confirmCount)), code: 'invalid_input', proposal: seen };
    const shown = paramsHashes?.[id];
    const decided = await decide(gate, id, { decision, ...(shown && { paramsHash: shown }) }, ctx, waitMs);
    return { id, title: decided.proposal.title, ...ending(decided.proposal), ...decided };
  } catch (error) {
    const { code, message } = publicError(error);
    if (code === 'internal') gate.deps.log.error({ err: error, proposalId: id }, 'a decision of several failed');
    return { ...told(id, title, message), code };
  }
}

const told = (id: string, title: string | undefined, message: string): OneOfMany => ({
  id,
  ...(title !== undefined && { title }),
  ok: false,
  message,
});

const alone = (count: number): string =>
  `It changes ${count.toLocaleString('en-US')} records and is decided by itself, with that number typed. It still waits.`;

function ending({ status, error }: Proposal): { ok: boolean; message: string } {
  if (status === 'ignored') return { ok: true, message: 'Skipped; nothing was changed.' };
  if (status === 'executed') return { ok: true, message: 'Approved and carried out.' };
  if (status === 'accepted') return { ok: true, message: 'Approved; it is still being carried out.' };
  return { ok: false, message: error?.message ?? `Approved, but it ended as ${status}.` };
}
