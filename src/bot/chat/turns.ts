import type { Actor } from '../../core/actor.ts';
import type { ChatUser, Place, Said, Sent, Sink } from '../../core/chat.ts';
import type { StoredMessage, TurnEvent } from '../../core/conversation.ts';
import type { Proposal } from '../../core/proposal.ts';
import { AppError } from '../../errors.ts';
import { supersede } from '../../tools/decide.ts';
import { postApproval } from './approval-cards.ts';
import { keepInterrupted } from './interrupted.ts';
import { type ChatParts, plainSaid, recordsOf, surfaceOf } from './parts.ts';
import { saidOf } from './said.ts';
import type { Done } from './steps.ts';

/** A question on its way to its answer: everything but the words. */
export interface Question {
  actor: Actor;
  user: ChatUser;
  place: Place;
  conversationId: string;
  turnId: string;
  /** Found begun: whoever began it may have said the answer already, since then. */
  since?: Date;
  /** The answer that this one takes the place of. */
  replaces?: Sent;
  /** The proposal that was asked about: a changed draft supersedes it. */
  about?: string;
  /** What was asked about, in words of others. */
  outside?: string;
}

/** While somebody else's turn runs in the same conversation, or another process still holds ours. */
export const busyMs = 1000;

/** How far back a conversation is looked through for one turn. */
const rememberedMessages = 60;

/** Runs a turn, shows it while it runs and says its reply in the end. */
export async function runTurn(parts: ChatParts, question: Question, text: string): Promise<Done> {
  const { actor, conversationId, turnId, outside } = question;
  let events: AsyncIterable<TurnEvent>;
  try {
    ({ events } = await parts.converser.say({
      actor,
      conversationId,
      text,
      turnId,
      requestId: shortId(turnId),
      ...(outside && { outside }),
    }));
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return { afterMs: busyMs };
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    // what is wrong with the words themselves: there is no turn that could be kept
    await say(parts, question, plainSaid(error.message));
    return 'answered';
  }
  const shown: Shown = { sink: await openSink(parts, question) };
  let failed = false;
  for await (const event of events) {
    show(event, shown.sink);
    failed = event.type === 'error' && event.code !== 'cancelled';
  }
  try {
    return await deliver(parts, question, shown, failed);
  } catch (error) {
    // nothing that was begun is left open; what it should have said is said by whoever comes back to it
    await shown.sink
      ?.finish(plainSaid('I could not finish this answer here; it follows.'), { waits: false })
      .catch(() => undefined);
    throw error;
  }
}

/** An answer that is being shown; its end is said once, whatever becomes of that. */
interface Shown {
  sink?: Sink | undefined;
}

/** Where nothing can be shown while it is written, all of it is said in the end. */
async function openSink(parts: ChatParts, { place, user, turnId, replaces }: Question): Promise<Sink | undefined> {
  const surface = surfaceOf(parts, user.surface);
  try {
    return replaces ? await surface.replace?.(replaces) : await surface.open(place, user, turnId);
  } catch (error) {
    parts.gate.deps.log.debug({ err: error, turnId }, 'an answer is not shown while it is written');
    return undefined;
  }
}

function show(event: TurnEvent, sink: Sink | undefined): void {
  if (event.type === 'text') sink?.text(event.delta);
  else if (event.type === 'step') {
    const { id, title, status } = event;
    sink?.step({ id, title, status });
  }
}

/** How a turn that was begun before stands, and what is left to do for it. `begin` is for one that never did begin. */
export async function resumeTurn(parts: ChatParts, question: Question, begin: () => Promise<Done>): Promise<Done> {
  const { actor, conversationId, turnId } = question;
  const { conversations } = recordsOf(parts, actor);
  const running = await conversations.runningTurn(conversationId);
  if (running === turnId) return { afterMs: busyMs };
  const of = (await conversations.messages(conversationId, rememberedMessages)).filter((message) => message.turnId === turnId);
  if (of.some(({ role }) => role === 'assistant')) return deliver(parts, question, await leftOpen(parts, question));
  const asked = of.find(({ role }) => role === 'user');
  // written down, and then nothing came of it: whoever was to begin it is gone
  if (!asked) return running ? { afterMs: busyMs } : begin();
  await keepInterrupted(parts, question, asked.createdAt);
  return deliver(parts, question, await leftOpen(parts, question));
}

async function leftOpen(parts: ChatParts, { place, user, turnId }: Question): Promise<Shown> {
  return { sink: await surfaceOf(parts, user.surface).reopen?.(place, user, turnId) };
}

/** Says the reply that was kept, once; then puts up what waits for a decision. */
export async function deliver(parts: ChatParts, question: Question, shown: Shown = {}, failed = false): Promise<Done> {
  const { actor, conversationId, turnId } = question;
  const kept = await replyOf(parts, question);
  if (!kept) {
    await say(parts, question, plainSaid(lost(turnId)), shown);
    return 'answered';
  }
  const said = await saidOf(parts, conversationId, kept);
  if (failed) said.text = `${said.text ?? ''} (error ${shortId(turnId)})`.trim();
  const proposals = await proposalsOf(parts, actor, kept);
  const sent = await say(
    parts,
    question,
    said,
    shown,
    proposals.some(({ status }) => status === 'pending'),
  );
  await parts.store.inbox.noteAnswer(turnId, sent.messageId);
  await readAlong(parts, question, said);
  await announce(parts, question, proposals);
  return 'answered';
}

async function readAlong(parts: ChatParts, { actor, place, turnId, conversationId }: Question, said: Said): Promise<void> {
  if (!parts.readAlong || place.audience !== 'dm') return;
  try {
    const messages = await recordsOf(parts, actor).conversations.messages(conversationId, rememberedMessages);
    const asked = messages.find((message) => message.turnId === turnId && message.role === 'user');
    if (!asked) return;
    const { text, createdAt: at } = asked;
    await parts.readAlong({ turnId, userId: actor.userId, surface: place.surface, asked: text, at, said });
  } catch (error) {
    // it was said where it was asked
    parts.gate.deps.log.debug({ err: error, turnId }, 'an answer is not shown elsewhere as well');
  }
}

/** After the reply was said: what was left undone of the rest. */
export async function finishDelivered(parts: ChatParts, question: Question): Promise<void> {
  const kept = await replyOf(parts, question);
  if (kept) await announce(parts, question, await proposalsOf(parts, question.actor, kept));
}

async function announce(parts: ChatParts, { actor, place, about }: Question, proposals: readonly Proposal[]): Promise<void> {
  for (const proposal of proposals) await postApproval(parts, proposal, place, actor, 'asked');
  const old = about && proposals.length ? await recordsOf(parts, actor).proposals.get(about) : undefined;
  if (old) await supersede(parts.gate, old, [...proposals], { actor, by: 'person' });
}

async function replyOf(parts: ChatParts, { actor, conversationId, turnId }: Question): Promise<StoredMessage | undefined> {
  const messages = await recordsOf(parts, actor).conversations.messages(conversationId, rememberedMessages);
  return messages.find((message) => message.turnId === turnId && message.role === 'assistant');
}

/** The proposals of a reply as they are by now. */
async function proposalsOf(parts: ChatParts, actor: Actor, { reply }: StoredMessage): Promise<Proposal[]> {
  const { proposals } = recordsOf(parts, actor);
  const all = await Promise.all((reply?.proposals ?? []).map(({ id }) => proposals.get(id)));
  return all.filter((one) => one !== undefined);
}

async function say(
  parts: ChatParts,
  { place, user, replaces, turnId, since }: Question,
  said: Said,
  shown: Shown = {},
  waits = false,
): Promise<Sent> {
  const { sink } = shown;
  if (sink) {
    shown.sink = undefined;
    return sink.finish(said, { waits, id: turnId });
  }
  const surface = surfaceOf(parts, user.surface);
  if (!replaces) return surface.send(place, said, { id: turnId, ...(since && { since }) });
  await surface.update(replaces, said);
  return replaces;
}

/** The end of an id is what differs between turns of one moment. */
export const shortId = (id: string): string => id.slice(-8);

const lost = (turnId: string): string =>
  `Something went wrong on our side, and the answer could not be kept. Ask again; if it stays, tell whoever runs this: error ${shortId(turnId)}.`;
