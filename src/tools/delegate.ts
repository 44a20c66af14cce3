import { atLeast, type Role, roles, type User } from '../core/actor.ts';
import type { Proposal } from '../core/proposal.ts';
import { AppError, publicError } from '../errors.ts';
import { mineToDecide, tooLate } from './decide.ts';
import type { CallContext } from './define.ts';
import { type Gate, minRole, scopeOf } from './gate.ts';
import { resolveUser } from './resolve.ts';

export interface DelegationInput {
  /** Handle, id or name of who shall decide. */
  to: string;
  /** Why, for whoever decides. */
  note?: string;
}

/**
 * Hands the decision on a proposal to somebody else: from then on it is theirs alone. A person's own act, of whoever may decide now,
 * while it waits; whoever gets it could have started the call themselves. No record changes, so there is no receipt, only the audit row.
 */
export async function delegate(gate: Gate, id: string, { to, note }: DelegationInput, ctx: CallContext): Promise<Proposal> {
  const { db, metrics } = gate.deps;
  const scope = scopeOf(ctx);
  try {
    if (ctx.by !== 'person') throw new AppError('forbidden', 'Only a person hands a decision on.');
    if (!atLeast(ctx.actor.role, 'rep'))
      throw new AppError('forbidden', 'Handing a decision on needs the role rep; you are a viewer.');
    const records = db.records(scope);
    const proposal = await mineToDecide(records, id, ctx, 'delegate');
    if (proposal.status !== 'pending') throw await tooLate(records, id, ctx);
    const least = leastRole(gate, proposal);
    const person = await resolveUser(records, to, ctx);
    checkTaker(person, least, ctx);

    const handed = await db.tx(scope, async (tx) => {
      const won = await tx.proposals.delegate(id, {
        userId: person.id,
        least,
        decider: proposal,
        note: note?.trim() || undefined,
      });
      if (!won) {
        // the person, too, may have changed since
        checkTaker(await resolveUser(tx, person.id, ctx), least, ctx);
        throw await tooLate(tx, id, ctx);
      }
      await tx.audit({
        action: 'delegate',
        tool: won.tool,
        outcome: 'decided',
        paramsHash: won.paramsHash,
        proposalId: id,
        toUserId: person.id,
        requestId: ctx.requestId,
      });
      await tx.signal(`proposal:${id}`);
      return won;
    });
    metrics.decision('delegate');
    return handed;
  } catch (error) {
    metrics.decision(publicError(error).code);
    throw error;
  }
}

/** The least role that may decide it: that of the tool, and an admin where it waits for one. */
function leastRole(gate: Gate, { tool: name, deciderRole }: Proposal): Role {
  const tool = gate.catalog.get(name);
  const needed: Role[] = ['rep', ...(tool ? [minRole(tool)] : []), ...(deciderRole ? [deciderRole] : [])];
  return needed.reduce((most, role) => (roles.indexOf(role) > roles.indexOf(most) ? role : most));
}

function checkTaker(person: User, least: Role, { actor }: CallContext): void {
  if (person.id === actor.userId) throw new AppError('invalid_input', 'It is yours to decide already. Name somebody else.');
  if (person.demo)
    throw new AppError('invalid_input', `${person.name} is a made-up person of the demo and cannot decide. Name a colleague.`);
  if (person.disabled) throw new AppError('forbidden', `The access of ${person.name} is switched off; they cannot decide.`);
  if (!atLeast(person.role, least))
    throw new AppError('forbidden', `${person.name} is a ${person.role}; deciding this needs the role ${least}.`);
}
