import { show } from '../core/change.ts';
import type { Standing } from '../core/policy.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Db, Scope } from '../core/records.ts';
import { mayHelpToRetry } from '../core/retry.ts';
import { AppError, publicError } from '../errors.ts';
import type { CallContext } from './define.ts';
import { type Gate, scopeOf } from './gate.ts';
import { movedSince } from './undo.ts';

/**
 * The one place where an effect of a proposal happens: the queue's job `proposal:<id>`. Claim, effect, receipt and the
 * final state are one transaction, so however often and wherever the job runs, the effect happens once.
 */
export async function executeProposal(
  gate: Gate,
  ctx: CallContext,
  proposalId: string,
  attempt: { last: boolean },
): Promise<void> {
  const { db, log } = gate.deps;
  const scope = scopeOf(ctx);
  const proposal = await db.records(scope).proposals.get(proposalId);
  if (proposal?.status !== 'accepted') return;
  const stored = { standing: proposal.requestedBy as Standing, risk: proposal.risk, reach: proposal.reach };
  const owner: CallContext = { ...ctx, ...(proposal.conversationId && { conversationId: proposal.conversationId }) };
  try {
    const call = gate.restoreCall(proposal.tool, proposal.input, owner, stored);
    await gate.commit(call, {
      proposalId,
      before: async (records) => {
        if (!(await records.proposals.claim(proposalId))) throw new Superfluous();
        const moved = await movedSince(records, proposal.changes);
        if (moved.length && proposal.decision === 'accept')
          throw new AppError(
            'conflict',
            `Not done: ${moved[0]!.label} was changed meanwhile (${moved[0]!.field} is now ${show(moved[0]!.found)}).`,
          );
      },
      also: async (records, receipt) => {
        await records.proposals.finish(proposalId, { status: 'executed', ...(receipt && { receiptId: receipt.id }) });
        await records.signal(`proposal:${proposalId}`);
      },
    });
  } catch (error) {
    if (error instanceof Superfluous) return;
    if (!(error instanceof AppError) && mayHelpToRetry(error) && !attempt.last) throw error;
    log.warn({ err: error, proposalId }, 'a proposal could not be carried out');
    await failProposal(db, scope, proposal, error);
  }
}

/** Ends an accepted proposal without its effect, and says why; nothing when it has ended already. */
export const failProposal = (db: Db, scope: Scope, { id, tool }: Pick<Proposal, 'id' | 'tool'>, error: unknown): Promise<void> =>
  db.tx(scope, async (records) => {
    if (!(await records.proposals.claim(id))) return;
    const { code, message } = publicError(error);
    await records.proposals.finish(id, { status: 'failed', error: { code, message } });
    await records.audit({ action: 'execute', tool, outcome: 'failed', code, proposalId: id });
    await records.signal(`proposal:${id}`);
  });

/** Another worker carried it out already. */
class Superfluous extends Error {}
