import { decisionsIn } from '../../core/decision-words.ts';
import type { Proposal } from '../../core/proposal.ts';
import { AppError } from '../../errors.ts';
import { type DecisionInput, decide } from '../../tools/decide.ts';
import type { CallContext } from '../../tools/define.ts';
import { delegate } from '../../tools/delegate.ts';
import { type Gate, scopeOf } from '../../tools/gate.ts';
import { decideByWords, InView } from './decide-words.ts';
import { patchOf } from './patch.ts';
import { namesOf } from './people.ts';
import { diffBlocks, proposalCard } from './proposal-card.ts';
import { receiptLine } from './receipt-line.ts';
import type { Screen } from './screen.ts';
import { clean, oneLine } from './text.ts';

/** How a proposal left the screen; `note` is for the conversation to answer. */
export type Left = { how: 'decided' | 'waiting' | 'left' } | { how: 'asked'; note: string };

interface Desk {
  screen: Screen;
  gate: Gate;
  ctx: CallContext;
}

/** Shows a proposal and asks until a person has decided, or has left it. `view`: what else their words may be about. */
export async function decideHere(
  { screen, gate, ctx }: Desk,
  proposal: Proposal,
  view: InView = new InView([proposal]),
): Promise<Left> {
  const { requesterId, deciderId, delegatedById } = proposal;
  const names = await namesOf(gate.deps.db.records(scopeOf(ctx)), [requesterId, deciderId, delegatedById]);
  screen.line();
  screen.card(proposalCard(proposal, { ...clockOf({ gate, ctx }), names: (userId) => names.get(userId) }));
  for (;;) {
    const answer = await screen.ask('Approve? [y]es [e]dit [a]sk [n]o [d]elegate ', { fresh: true });
    if (answer.type === 'end') return { how: 'left' };
    const word = answer.type === 'line' ? answer.text.trim().toLowerCase() : '';
    if (!word) {
      screen.line(screen.paint.dim('Left waiting. /pending and npm run approvals show it.'));
      return { how: 'waiting' };
    }
    const choice = choiceOf(word, proposal);
    if (!choice) {
      const heard = answer.type === 'line' && (await decideByWords({ screen, gate, ctx }, answer.text, view));
      if (view.settled.has(proposal.id)) return { how: 'decided' };
      if (!heard) screen.line('Press y, e, a, n or d and Enter; Enter alone leaves it waiting.');
      continue;
    }
    try {
      const left = await choice({ screen, gate, ctx }, proposal);
      if (left?.how === 'decided') view.settled.add(proposal.id);
      if (left) return left;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      screen.line(screen.paint.red(`✗ ${clean(error.message)}`));
      // somebody was faster, it expired, or it is not theirs: asking again would not help
      if (error.code === 'invalid_input') continue;
      view.settled.add(proposal.id);
      return { how: 'decided' };
    }
  }
}

const clockOf = ({ gate, ctx }: Pick<Desk, 'gate' | 'ctx'>) => ({ now: gate.deps.now(), timeZone: ctx.actor.timeZone });

type Choice = (desk: Desk, proposal: Proposal) => Promise<Left | undefined>;

const accept: Choice = async (desk, proposal) => {
  const confirmCount = await typedCount(desk.screen, proposal.confirmCount);
  if (confirmCount === 'wrong') return undefined;
  await decideAndTell(desk, proposal, { decision: 'accept', confirmCount });
  return { how: 'decided' };
};

const edit: Choice = async (desk, proposal) => {
  const { screen, gate, ctx } = desk;
  screen.card({ blocks: [{ type: 'fields', fields: inputFields(proposal.input) }] });
  const answer = await screen.ask('Change field=value (several with ;) ', { fresh: true });
  if (answer.type !== 'line' || !answer.text.trim()) return undefined;
  const patch = patchOf(gate, proposal.tool, answer.text.split(/;(?=\s*[\w.-]+\s*=)/));
  const call = await gate.rejudge(proposal.tool, { ...proposal.input, ...patch }, { ...ctx, by: 'person' });
  const seen = await gate.look(call);
  screen.card({ title: `Then: ${seen.title}`, blocks: diffBlocks(seen.changes, clockOf(desk)) });
  if (!(await screen.confirm('Approve this? [y]es [n]o '))) {
    screen.line('Not approved; the proposal is as it was.');
    return undefined;
  }
  const confirmCount = await typedCount(screen, call.risk === 'bulk' ? seen.changes.length : null);
  if (confirmCount === 'wrong') return undefined;
  await decideAndTell(desk, proposal, { decision: 'edit', patch, confirmCount });
  return { how: 'decided' };
};

const askBack: Choice = async ({ screen, gate, ctx }, proposal) => {
  const answer = await screen.ask('Your question or wish: ', { fresh: true });
  if (answer.type !== 'line' || !answer.text.trim()) return undefined;
  await decide(gate, proposal.id, { decision: 'respond', note: answer.text }, ctx);
  return { how: 'asked', note: answer.text };
};

const skip: Choice = async (desk, proposal) => {
  await decideAndTell(desk, proposal, { decision: 'ignore' });
  return { how: 'decided' };
};

const handOn: Choice = async ({ screen, gate, ctx }, proposal) => {
  const to = await screen.ask('To whom? ', { fresh: true });
  if (to.type !== 'line' || !to.text.trim()) return undefined;
  const note = await screen.ask('A note for them (Enter for none): ', { fresh: true });
  // whoever gave up here gave up the whole of it
  if (note.type !== 'line') return undefined;
  try {
    await delegateAndTell({ screen, gate, ctx }, proposal, to.text, note.text);
  } catch (error) {
    // there are other people to name
    if (!(error instanceof AppError) || error.code === 'conflict') throw error;
    screen.line(screen.paint.red(`✗ ${clean(error.message)}`));
    return undefined;
  }
  return { how: 'decided' };
};

const choices: Record<string, Choice> = {
  y: accept,
  yes: accept,
  e: edit,
  edit,
  a: askBack,
  ask: askBack,
  n: skip,
  no: skip,
  skip,
  d: handOn,
  delegate: handOn,
};

/** A key or its word; "approve it" is about the one that is asked about. */
function choiceOf(word: string, proposal: Proposal): Choice | undefined {
  if (Object.hasOwn(choices, word)) return choices[word];
  if (!/^(?:please )?[a-z]+(?: it| this| that| this one)?(?: please)?[.!]?$/.test(word)) return undefined;
  const said = decisionsIn(word, [proposal]);
  if (!said || said === 'unclear') return undefined;
  return said.accept.length ? accept : skip;
}

/** Hands the decision on and says to whom. */
export async function delegateAndTell({ screen, gate, ctx }: Desk, { id }: Proposal, to: string, note?: string): Promise<void> {
  const { deciderId } = await delegate(gate, id, { to, ...(note && { note }) }, ctx);
  const person = deciderId && (await gate.deps.db.records(scopeOf(ctx)).users.get(deciderId));
  screen.line(`Handed on to ${person ? oneLine(person.name) : 'somebody else'}: it is theirs to decide now.`);
}

/** Bulk asks for the number of records, so that nobody presses through it. */
async function typedCount(screen: Screen, count: number | null): Promise<number | undefined | 'wrong'> {
  if (count === null) return undefined;
  const answer = await screen.ask(`This changes ${count} records. Type that number to approve: `, { fresh: true });
  const typed = answer.type === 'line' ? answer.text.replace(/[,.\s]/g, '') : '';
  if (/^\d+$/.test(typed) && Number(typed) === count) return count;
  screen.line('That is not the number; nothing was done.');
  return 'wrong';
}

/** Decides, waits for the effect and says what came of it. False when it did not work out. */
export async function decideAndTell({ screen, gate, ctx }: Desk, proposal: Proposal, input: DecisionInput): Promise<boolean> {
  const { proposal: now, receipt } = await decide(gate, proposal.id, { paramsHash: proposal.paramsHash, ...input }, ctx);
  if (now.status === 'ignored') screen.line('Skipped; nothing was changed.');
  else if (receipt) screen.line(receiptLine(screen, receipt));
  else if (now.status === 'accepted')
    screen.line('Approved; it is still being carried out. npm run approvals -- show tells how it ended.');
  else if (now.error) screen.line(screen.paint.red(`✗ ${clean(now.error.message)}`));
  else screen.line(`Ended: ${now.status}.`);
  return !now.error;
}

const inputFields = (input: Record<string, unknown>): { label: string; value: string }[] =>
  Object.entries(input).map(([label, value]) => ({ label, value: typeof value === 'string' ? value : JSON.stringify(value) }));
