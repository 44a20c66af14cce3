import { decidedAs } from '../core/approval.ts';
import { show } from '../core/change.ts';
import { type Decision, mayDecide, type Proposal } from '../core/proposal.ts';
import type { Receipt } from '../core/receipt.ts';
import type { Records } from '../core/records.ts';
import { AppError, publicError } from '../errors.ts';
import type { CallContext } from './define.ts';
import { type Gate, hashOf, scopeOf } from './gate.ts';
import { movedSince } from './undo.ts';

export interface DecisionInput {
  decision: Decision;
  note?: string;
  /** For `edit`: fields of the input to replace. */
  patch?: Record<string, unknown>;
  /** Of what the person saw; when given, only exactly that is accepted. */
  paramsHash?: string;
  /** For bulk: the number a person typed. */
  confirmCount?: number;
}

export interface Decided {
  proposal: Proposal;
  receipt?: Receipt;
}

/** How long a decision waits for its effect before it answers `executing`. */
export const effectWaitMs = 5000;

/**
 * A person's decision on a proposal: one conditional UPDATE and one queued job in the same transaction. Deciding twice,
 * at the same time, too late or as somebody else has no effect and a clear answer.
 */
export async function decide(
  gate: Gate,
  id: string,
  input: DecisionInput,
  ctx: CallContext,
  waitMs = effectWaitMs,
): Promise<Decided> {
  const { db, metrics } = gate.deps;
  const scope = scopeOf(ctx);
  try {
    if (ctx.by !== 'person') throw new AppError('forbidden', 'Only a person decides.');
    const proposal = await mineToDecide(db.records(scope), id, ctx);
    if (input.decision === 'respond') return { proposal: await respond(gate, proposal, input, ctx) };
    await checkPending(db.records(scope), proposal, input, ctx);
    const edited = input.decision === 'edit' ? await edit(gate, proposal, input, ctx) : undefined;
    if (input.decision !== 'ignore') checkCount(edited ?? proposal, input);

    const decided = await db.tx(scope, async (records) => {
      const won = await records.proposals.decide(id, {
        decision: input.decision,
        note: input.note,
        shownHash: input.paramsHash ?? proposal.paramsHash,
        decider: proposal,
        edited,
      });
      if (!won) throw await tooLate(records, id, ctx);
      if (won.status === 'accepted')
        await records.enqueue('proposal', { tenantId: scope.tenantId, proposalId: id }, { key: `proposal:${id}` });
      await records.audit({
        action: input.decision,
        tool: won.tool,
        outcome: 'decided',
        paramsHash: won.paramsHash,
        proposalId: id,
        requestId: ctx.requestId,
      });
      await records.signal(`proposal:${id}`);
      return won;
    });
    metrics.decision(input.decision);
    return decided.status === 'accepted' ? await effectOf(gate, decided, ctx, waitMs) : { proposal: decided };
  } catch (error) {
    metrics.decision(publicError(error).code);
    throw error;
  }
}

/** The proposal, when deciding it is this person's; every refusal is written down. */
export async function mineToDecide(
  records: Records,
  id: string,
  ctx: CallContext,
  action: 'decide' | 'delegate' = 'decide',
): Promise<Proposal> {
  const proposal = await records.proposals.get(id);
  if (!proposal) throw new AppError('not_found', 'There is no such proposal.');
  if (!mayDecide(proposal, ctx.actor)) {
    await records.audit({
      action,
      tool: proposal.tool,
      outcome: 'refused',
      code: 'forbidden',
      proposalId: id,
      requestId: ctx.requestId,
    });
    throw await notYours(records, proposal, ctx);
  }
  return proposal;
}

async function notYours(
  records: Records,
  { deciderId, deciderRole, delegatedById }: Proposal,
  ctx: CallContext,
): Promise<AppError> {
  if (delegatedById === ctx.actor.userId) {
    const now = deciderId && (await records.users.get(deciderId))?.name;
    return new AppError('forbidden', `You handed this on${now ? ` to ${now}` : ''}; it is theirs to decide now.`);
  }
  const anyAdmin = deciderRole && !delegatedById && ctx.actor.role !== deciderRole;
  return new AppError('forbidden', anyAdmin ? `Only an ${deciderRole} may decide this.` : 'This is somebody else’s to decide.');
}

/** Everything that can be said before the UPDATE; the UPDATE itself has the last word. */
async function checkPending(records: Records, proposal: Proposal, input: DecisionInput, ctx: CallContext): Promise<void> {
  if (proposal.status !== 'pending') throw await tooLate(records, proposal.id, ctx);
  if (input.paramsHash && input.paramsHash !== proposal.paramsHash)
    throw new AppError('conflict', 'This proposal was edited since you saw it. Look again before you decide.');
  if (input.decision === 'ignore') return;
  const moved = await movedSince(records, proposal.changes);
  if (moved.length && input.decision === 'accept') {
    const what = moved.map((m) => `${m.label}: ${m.field} is now ${show(m.found)}`).join('; ');
    throw new AppError('conflict', `Stale: what this changes was changed since (${what}). Skip it and ask again.`, {
      details: { moved },
    });
  }
}

/** Why a decision came to nothing, by the row as it is now. */
export async function tooLate(records: Records, id: string, ctx: CallContext): Promise<AppError> {
  const now = await records.proposals.get(id);
  const who = now?.decidedById ? (await records.users.get(now.decidedById))?.name : undefined;
  if (!now) return new AppError('not_found', 'There is no such proposal.');
  if (now.status === 'pending' && !mayDecide(now, ctx.actor)) return notYours(records, now, ctx);
  if (now.status === 'pending' || now.status === 'expired')
    return new AppError('conflict', 'This proposal has expired; nothing was done. Ask again if it is still wanted.', {
      details: { status: 'expired' },
    });
  if (now.status === 'superseded')
    return new AppError('conflict', 'A newer proposal took the place of this one.', { details: { status: now.status } });
  return new AppError('conflict', `Already decided${who ? ` by ${who}` : ''}: ${decidedAs(now)}.`, {
    details: { status: now.status, receiptId: now.receiptId },
  });
}

async function edit(gate: Gate, proposal: Proposal, input: DecisionInput, ctx: CallContext) {
  if (!input.patch || Object.keys(input.patch).length === 0)
    throw new AppError('invalid_input', 'An edit needs a patch: the fields to replace and their new values.');
  const call = await gate.rejudge(proposal.tool, { ...proposal.input, ...input.patch }, { ...ctx, by: 'person' });
  const seen = await gate.look(call);
  if (seen.changes.length === 0)
    throw new AppError('invalid_input', 'Edited like this it would change nothing. Skip it instead.');
  return {
    input: call.input,
    paramsHash: hashOf(call.tool.name, call.input),
    title: seen.title,
    changes: seen.changes,
    preview: seen.result,
    risk: call.risk,
    reach: call.reach,
    confirmCount: call.risk === 'bulk' ? seen.changes.length : null,
  };
}

function checkCount(proposal: Pick<Proposal, 'confirmCount'>, input: DecisionInput): void {
  if (proposal.confirmCount === null || input.confirmCount === proposal.confirmCount) return;
  throw new AppError(
    'invalid_input',
    `This changes ${proposal.confirmCount} records. Type that number (confirmCount) to accept it.`,
    { details: { confirmCount: proposal.confirmCount } },
  );
}

/** A question or a wish: the proposal stays pending, the note becomes part of its conversation. */
async function respond(gate: Gate, proposal: Proposal, input: DecisionInput, ctx: CallContext): Promise<Proposal> {
  if (!input.note?.trim()) throw new AppError('invalid_input', 'Say in `note` what you want to ask or change.');
  const { db } = gate.deps;
  return db.tx(scopeOf(ctx), async (records) => {
    if (proposal.status !== 'pending') throw await tooLate(records, proposal.id, ctx);
    await records.audit({
      action: 'respond',
      tool: proposal.tool,
      outcome: 'decided',
      proposalId: proposal.id,
      requestId: ctx.requestId,
    });
    return proposal;
  });
}

/** A note on a proposal lands in the conversation that it came from, and that belongs to one person. */
export async function checkConversation(
  { conversations }: Pick<Records, 'conversations'>,
  { conversationId }: Pick<Proposal, 'conversationId'>,
): Promise<void> {
  if (conversationId && !(await conversations.get(conversationId)))
    throw new AppError('forbidden', 'The conversation of this proposal is somebody else’s. Accept, edit or skip it.');
}

async function effectOf(gate: Gate, proposal: Proposal, ctx: CallContext, timeoutMs: number): Promise<Decided> {
  const records = gate.deps.db.records(scopeOf(ctx));
  const ended = await gate.deps.signals.waitFor(
    `proposal:${proposal.id}`,
    async () => {
      const now = await records.proposals.get(proposal.id);
      return now && now.status !== 'accepted' ? now : undefined;
    },
    { timeoutMs },
  );
  if (!ended) return { proposal };
  return { proposal: ended, ...(ended.receiptId && { receipt: await records.receipts.get(ended.receiptId) }) };
}

/**
 * A changed draft takes the place of the one it answers: of what a turn made, the proposal of the same tool. Returns it
 * when there is one.
 */
export async function supersede(gate: Gate, old: Proposal, made: Proposal[], ctx: CallContext): Promise<Proposal | undefined> {
  const next = made.find(({ tool, id }) => tool === old.tool && id !== old.id);
  if (next)
    await gate.deps.db.tx(scopeOf(ctx), async (records) => {
      if (await records.proposals.supersede(old.id)) await records.signal(`proposal:${old.id}`);
    });
  return next;
}
