import type { Actor } from '../../core/actor.ts';
import type { Inbound, Place, Said } from '../../core/chat.ts';
import { threadKey } from '../../core/inbox.ts';
import { localDay } from '../../core/preferences.ts';
import { publicError } from '../../errors.ts';
import { reportLists, unread } from './lists.ts';
import type { Asked, Step } from './order.ts';
import { type ChatParts, isOpen, noticeSaid, plainSaid, recordsOf, surfaceOf } from './parts.ts';
import { type Done, hasEnded } from './steps.ts';
import { busyMs, deliver, type Question, runTurn } from './turns.ts';
import { type Known, linkCode, linkWith, toldStrangers } from './who.ts';
import { decideInWords } from './words.ts';

const writeDirectly =
  'People of another organisation read along here, so I show nothing of ours in this channel. Write to me directly.';
const linkDirectly =
  'Codes are for private conversations: others may have read this one. Ask for a new code and send it to me directly.';
const greeting =
  'Hello! Ask me about your leads, tasks and deals, such as "who should I call first today?", or send me a list (CSV or Excel) to import.';

/** Whether this is not answered with a turn; whoever asked is told why. */
export async function refuse(
  parts: ChatParts,
  inbound: Inbound,
  known: Known,
  { messages }: Pick<Asked, 'messages'>,
): Promise<boolean> {
  const { user, place } = inbound;
  const surface = surfaceOf(parts, user.surface);
  const code = linkCode(messages.at(-1)?.text ?? '');
  if (code) {
    if (isOpen(place)) await tell(parts, inbound, plainSaid(linkDirectly));
    else await surface.send(place, plainSaid(await linkWith(parts, user, code)));
    return true;
  }
  if ('stranger' in known) {
    const said = noticeSaid(toldStrangers[known.stranger], 'warning');
    // guests of a channel are not told again and again; at the machine itself nobody could be flooded
    if (known.stranger !== 'outsider' || user.surface === 'playground') await tell(parts, inbound, said);
    else await parts.store.outbox.put(onceToday(parts, inbound), { kind: 'whisper', place, to: user, said });
    return true;
  }
  if (place.audience === 'shared_channel') {
    await tell(parts, inbound, noticeSaid(writeDirectly));
    return true;
  }
  return false;
}

/** To them alone. Where that cannot be, it stays unsaid: a channel need not hear whom we refuse, nor that we could not say so. */
async function tell(parts: ChatParts, { user, place }: Inbound, said: Said): Promise<void> {
  try {
    await surfaceOf(parts, user.surface).whisper(place, user, said);
  } catch (error) {
    const { code } = publicError(error);
    if (place.audience === 'dm' || code === 'rate_limited' || code === 'unavailable' || code === 'timeout') throw error;
    parts.gate.deps.log.info({ err: error }, 'somebody could not be told why they are not answered');
  }
}

const onceToday = ({ gate }: ChatParts, { user }: Inbound): string =>
  `outsider:${user.surface}:${user.externalTenant}:${user.externalUser}:${localDay(gate.deps.now(), 'UTC')}`;

/** Answers what one person asked: code where code can decide, a turn otherwise. */
export async function answerAsked(
  parts: ChatParts,
  thread: string,
  step: Extract<Step, { do: 'answer' }> & { actor: Actor },
): Promise<Done> {
  const { asked, actor } = step;
  const text = joined(asked);
  // what is answered in private is talked on about there
  const place = await placeFor(parts, asked);
  const { id: conversationId } = await conversationFor(parts, place, actor, asked.about);
  if (await recordsOf(parts, actor).conversations.runningTurn(conversationId)) return { afterMs: busyMs };
  const turnId = parts.converser.newTurn();
  const ids = step.rows.map(({ id }) => id);
  if (!(await parts.store.inbox.answeredBy(ids, { turnId, conversationId }))) return 'claimed';
  // a stop that came while this was taken up found nothing yet that it could stop
  if (await hasEnded(parts, thread, asked)) return 'ignored';
  const { about, outside } = asked;
  const question = { actor, user: asked.last.user, place, conversationId, turnId };
  return answerNow(parts, { ...question, ...(about && { about }), ...(outside && { outside }) }, asked, text);
}

/** Where the answer goes: what one person alone may see, to them directly. */
export async function placeFor(parts: ChatParts, { alone, last: { user, place } }: Asked): Promise<Place> {
  return alone && place.audience !== 'dm' ? surfaceOf(parts, user.surface).direct(user) : place;
}

/** The same for rows that have a turn already and whose turn never began. */
export async function answerNow(parts: ChatParts, question: Question, asked: Asked, text: string): Promise<Done> {
  if (asked.files.length && (await reportLists(parts, question, asked.files, text))) return deliver(parts, question);
  if (!text) {
    const { turnId: id, since } = question;
    await surfaceOf(parts, question.user.surface).send(question.place, plainSaid(greeting), { id, ...(since && { since }) });
    return 'answered';
  }
  const done = (await decideInWords(parts, question, text))
    ? await deliver(parts, question)
    : await runTurn(parts, question, text);
  // what came with the words and is not read: nobody is to think that the answer knows it
  if (asked.files.length && done === 'answered')
    await parts.store.outbox.put(`unread:${question.turnId}`, {
      kind: 'post',
      place: question.place,
      said: noticeSaid(unread(asked.files)),
    });
  return done;
}

export const joined = ({ messages }: Pick<Asked, 'messages'>): string =>
  messages
    .map(({ text }) => text.trim())
    .filter(Boolean)
    .join('\n');

/** In private every message begins a thread, but a person has one conversation with us, on whichever surface: "the first one" may stand above, or elsewhere. */
const privately = 'private';
const memoryOf = (place: Place): string => (place.audience === 'dm' ? privately : threadKey(place));

/** What somebody says in private from now on is not about what was said before. */
export const beginAnew = ({ store }: ChatParts, userId: string): Promise<void> => store.inbox.beginAnew(privately, userId);

/** What is asked about a proposal is asked where that was made, when that is this person's own conversation. */
export async function conversationFor(parts: ChatParts, place: Place, actor: Actor, about?: string): Promise<{ id: string }> {
  const records = recordsOf(parts, actor);
  const origin = about ? (await records.proposals.get(about))?.conversationId : undefined;
  const own = origin ? await records.conversations.get(origin) : undefined;
  if (own) return own;
  const made = { agent: parts.converser.agentNames()[0]!, surface: place.surface };
  return parts.store.inbox.conversationOf(memoryOf(place), actor.userId, made);
}
