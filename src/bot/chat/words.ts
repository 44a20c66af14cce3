import { atLeast } from '../../core/actor.ts';
import { decisionsIn } from '../../core/decision-words.ts';
import { mayDecide, type Proposal } from '../../core/proposal.ts';
import { decideMany, type OneOfMany } from '../../tools/decide-many.ts';
import { keepAnswer, keepQuestion } from './code-answer.ts';
import { type ChatParts, recordsOf } from './parts.ts';
import type { Question } from './turns.ts';

const unclear = 'Nothing was decided: it is not clear which ones. Say for example "approve all except the second" or "skip 2".';
const rememberedMessages = 60;

/**
 * "Approve all except the second": a person's own words about what waits in this conversation, judged and carried out by code, never by a
 * model. False when the words decide nothing.
 */
export async function decideInWords(parts: ChatParts, question: Question, text: string): Promise<boolean> {
  const { actor, conversationId } = question;
  // a person's own decision needs what a press needs
  if (!atLeast(actor.role, 'rep')) return false;
  const { inView, older } = await waitingIn(parts, question);
  const said = decisionsIn(text, inView);
  if (!said) return false;
  // "the first" is another one once the first is decided: these words are never judged twice
  await keepQuestion(parts, question, text);
  const results: OneOfMany[] = [];
  if (said !== 'unclear') {
    const paramsHashes = Object.fromEntries(inView.map(({ id, paramsHash }) => [id, paramsHash]));
    const ctx = { actor, by: 'person' as const, conversationId };
    for (const decision of ['accept', 'ignore'] as const)
      results.push(...(await decideMany(parts.gate, said[decision], { decision, paramsHashes }, ctx)));
  }
  const lines = said === 'unclear' ? [unclear] : results.map(line);
  if (older) lines.push(`${older} from before ${older === 1 ? 'waits' : 'wait'} still.`);
  await keepAnswer(parts, question, { text: lines.join('\n'), receipts: results.flatMap(({ receipt }) => receipt ?? []) });
  return true;
}

/** What was put before the person last and waits, in that order: what "all" and "the second" are about. What waits further up is counted. */
async function waitingIn(parts: ChatParts, { actor, conversationId }: Question): Promise<{ inView: Proposal[]; older: number }> {
  const { conversations, proposals } = recordsOf(parts, actor);
  const replies = (await conversations.messages(conversationId, rememberedMessages))
    .filter(({ role }) => role === 'assistant')
    .reverse();
  const seen = new Set<string>();
  let inView: Proposal[] = [];
  let older = 0;
  for (const [i, { reply, shown }] of replies.entries()) {
    // a list of what waits counts while it is the last that was said
    const listed = i === 0 && reply?.sources.includes('list_pending') ? shown.filter(({ entity }) => entity === 'proposal') : [];
    const ids = (listed.length ? listed : (reply?.proposals ?? [])).map(({ id }) => id).filter((id) => !seen.has(id));
    for (const id of ids) seen.add(id);
    const found = await Promise.all(ids.map((id) => proposals.get(id)));
    const waiting = found.filter((one) => one !== undefined && one.status === 'pending' && mayDecide(one, actor)) as Proposal[];
    if (inView.length) older += waiting.length;
    else inView = waiting;
  }
  return { inView, older };
}

/** What was done has its receipt below; the rest is told in a line each. */
const line = ({ title, ok, message, receipt }: OneOfMany): string =>
  receipt ? `Approved: ${title ?? receipt.title}` : `${ok ? '' : '⚠ '}${title ? `${title}: ` : ''}${message}`;
