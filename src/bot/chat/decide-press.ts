import { type Actor, atLeast } from '../../core/actor.ts';
import type { EditForm } from '../../core/edit-form.ts';
import type { Pressable } from '../../core/outbox.ts';
import { mayDecide, type Proposal } from '../../core/proposal.ts';
import { AppError } from '../../errors.ts';
import { checkConversation, type DecisionInput, decide, mineToDecide, tooLate } from '../../tools/decide.ts';
import { editFields, readForm } from '../cards/edit-fields.ts';
import type { PressAnswer } from '../presses-port.ts';
import { inputSchema, typedPatch } from '../typed.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import { digest, type Press, told } from './press.ts';

type Of<K extends Pressable['kind']> = Extract<Pressable, { kind: K }>;

/** Approve, Edit, Ask and Skip. The card itself tells what came of it, so nothing is said where all went well. */

export async function pressedDecide({ proposalId, decision, paramsHash }: Of<'decide'>, press: Press): Promise<PressAnswer> {
  const { parts, actor, values, token } = press;
  const typed = countIn(values);
  if (decision === 'accept' && typed === undefined) {
    const proposal = await mine(parts, actor, proposalId);
    if (proposal.status === 'pending' && proposal.confirmCount !== null) return { modal: formOf('count', proposal, token) };
  }
  try {
    return await decided(press, proposalId, { decision, paramsHash, ...(typed !== undefined && { confirmCount: typed }) });
  } catch (error) {
    // another number than that of the records: the form stays open
    if (typed === undefined || !(error instanceof AppError) || error.details?.['confirmCount'] === undefined) throw error;
    return { problems: problemsOf(error, ['confirmCount']) };
  }
}

export async function pressedEdit({ proposalId, paramsHash }: Of<'edit'>, press: Press): Promise<PressAnswer> {
  const { parts, actor, values, token } = press;
  const proposal = await pending(parts, actor, proposalId, paramsHash);
  const schema = inputSchema(parts.gate, proposal.tool);
  const fields = editFields(proposal.input, schema as Parameters<typeof editFields>[1], actor.timeZone);
  if (Object.keys(values).length === 0) return { modal: formOf('edit', proposal, token, fields) };
  const { changed, problems } = readForm(fields, values);
  if (Object.keys(problems).length) return { problems };
  const typed = countIn(values);
  const count = typed === undefined ? {} : { confirmCount: typed };
  // sent as it was: that is an approval
  if (Object.keys(changed).length === 0) return decided(press, proposalId, { decision: 'accept', paramsHash, ...count });
  try {
    return await decided(press, proposalId, { decision: 'edit', paramsHash, patch: typedPatch(schema, changed), ...count });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
    return { problems: problemsOf(error, Object.keys(changed)) };
  }
}

/** A question or a wish: it becomes a turn of the conversation that the proposal came from. */
export async function pressedAsk({ proposalId }: Of<'ask'>, press: Press): Promise<PressAnswer> {
  const { parts, actor, who, where, values, token } = press;
  const proposal = await pending(parts, actor, proposalId);
  const note = values['note']?.trim();
  if (values['note'] === undefined) return { modal: formOf('ask', proposal, token) };
  if (!note) return { problems: { note: 'Say what you want to ask or change.' } };
  await checkConversation(recordsOf(parts, actor), proposal);
  await decide(parts.gate, proposalId, { decision: 'respond', note }, { actor, by: 'person' });
  const messageId = `ask-${digest(`${token} ${note}`)}`;
  const kept = await parts.store.inbox.put({
    kind: 'message',
    key: messageId,
    messageId,
    user: who,
    place: where.place,
    at: parts.gate.deps.now().toISOString(),
    text: note,
    files: [],
    about: proposalId,
  });
  return kept === 'seen' ? told('You asked exactly this already. Say it in other words to ask again.') : {};
}

/** Decides without waiting for the effect: the card is rewritten when it is there. */
async function decided({ parts, actor }: Press, proposalId: string, input: DecisionInput): Promise<PressAnswer> {
  checkRole(actor);
  await decide(parts.gate, proposalId, input, { actor, by: 'person' }, 0);
  return {};
}

async function mine(parts: ChatParts, actor: Actor, proposalId: string): Promise<Proposal> {
  checkRole(actor);
  return mineToDecide(recordsOf(parts, actor), proposalId, { actor, by: 'person' });
}

async function pending(parts: ChatParts, actor: Actor, proposalId: string, paramsHash?: string): Promise<Proposal> {
  const proposal = await mine(parts, actor, proposalId);
  if (proposal.status !== 'pending' || proposal.expiresAt <= parts.gate.deps.now() || !mayDecide(proposal, actor))
    throw await tooLate(recordsOf(parts, actor), proposalId, { actor, by: 'person' });
  if (paramsHash && paramsHash !== proposal.paramsHash)
    throw new AppError('conflict', 'This proposal was edited since you saw it. Look again before you decide.');
  return proposal;
}

function checkRole({ role }: Actor): void {
  if (!atLeast(role, 'rep')) throw new AppError('forbidden', 'Deciding needs the role rep; you are a viewer.');
}

const formOf = (
  kind: EditForm['kind'],
  { title, confirmCount }: Proposal,
  token: string,
  fields: EditForm['fields'] = [],
): EditForm => ({
  kind,
  view: { title, confirmCount },
  fields,
  token,
});

/** The number that was typed, as people write numbers; nothing where none was asked for. */
function countIn({ confirmCount }: Record<string, string>): number | undefined {
  if (confirmCount === undefined) return undefined;
  const digits = confirmCount.replace(/[\s,.'’]/g, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : -1;
}

/** What is wrong with which field; what names none is said at the first that was changed. */
function problemsOf({ message, details }: AppError, changed: readonly string[]): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const issue of (details?.['issues'] ?? []) as { path: string; message: string }[]) {
    const field = issue.path.split('.')[0] || changed[0]!;
    problems[field] = problems[field] ? `${problems[field]} ${issue.message}` : issue.message;
  }
  if (details?.['confirmCount'] !== undefined) problems['confirmCount'] = message;
  return Object.keys(problems).length ? problems : { [changed[0] ?? '']: message };
}
