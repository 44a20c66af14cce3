import type { Inbound } from '../../core/chat.ts';
import { type InboxRow, threadKey } from '../../core/inbox.ts';
import { type JobPayloads, jobKeys } from '../../core/job.ts';
import { AppError, publicError } from '../../errors.ts';
import { answerAsked, conversationFor, refuse } from './answer.ts';
import { carryImport } from './imports.ts';
import { nextStep, type Step } from './order.ts';
import { type ChatParts, everyone, plainSaid, recordsOf, surfaceOf } from './parts.ts';
import { resumeRows } from './resume.ts';
import { revise } from './revise.ts';
import { type Done, isOf } from './steps.ts';
import { whoIs } from './who.ts';

/** Words that stop what runs, said alone. */
const stopWords = /^\s*(?:please\s+)?stop(?:\s+(?:it|that|this|please|now))?\s*[.!]*\s*$/i;

/** What is said in the threads of chat surfaces, each thread in order and by one process at a time. */
export class Threads {
  readonly #parts: ChatParts;
  /** Rows that could not be answered for a reason that may pass, and since when. */
  readonly #troubledSince = new Map<string, number>();

  constructor(parts: ChatParts) {
    this.#parts = parts;
  }

  /** Keeps what happened on a surface, to be dealt with in its turn. A stop does not wait for its turn, nor does taking a question back. */
  async hear(happened: Inbound): Promise<'new' | 'seen'> {
    const inbound = asStop(happened);
    const kept = await this.#parts.store.inbox.put(inbound);
    if (kept === 'seen') return kept;
    if (inbound.kind === 'stop') {
      const stopped = await this.stop(inbound);
      if (!stopped && happened.kind === 'message')
        // whoever delivers does not wait for it
        void surfaceOf(this.#parts, inbound.user.surface)
          .whisper(inbound.place, inbound.user, plainSaid('Nothing is running here.'))
          .catch((error) => this.#parts.gate.deps.log.debug({ err: error }, 'a whisper did not arrive'));
    }
    if (inbound.kind === 'deleted') await this.#stopFor(inbound, (row) => asks(row, inbound.messageId));
    return kept;
  }

  /** The same for somebody who pressed a button for it; whether anything ran, or waited to. */
  async stopAll(inbound: Extract<Inbound, { kind: 'stop' }>): Promise<boolean> {
    const waiting = await this.#parts.store.inbox.waiting(threadKey(inbound.place));
    const waited = waiting.some((row) => row.inbound.kind === 'message' && isOf(row, inbound.user));
    const stopped = await this.stop(inbound);
    await this.hear(inbound);
    return stopped || waited;
  }

  /** Stops what runs for this person in this thread, in whichever process; their questions that wait are not begun. */
  async stop(inbound: Pick<Inbound, 'user' | 'place'>): Promise<boolean> {
    if (await this.#stopFor(inbound, () => true)) return true;
    // in private the word may be the beginning of a thread of its own
    const known = inbound.place.audience === 'dm' ? await whoIs(this.#parts, inbound.user) : undefined;
    if (!known || !('actor' in known)) return false;
    const { id } = await conversationFor(this.#parts, inbound.place, known.actor);
    return recordsOf(this.#parts, known.actor).conversations.stopTurn(id);
  }

  async #stopFor({ user, place }: Pick<Inbound, 'user' | 'place'>, which: (row: InboxRow) => boolean): Promise<boolean> {
    const { inbox } = this.#parts.store;
    const running = (await inbox.waiting(threadKey(place))).filter((row) => row.turnId && isOf(row, user));
    // a turn that answers other questions as well goes on
    const turns = new Map(running.map(({ turnId, conversationId }) => [turnId, conversationId]));
    let stopped = false;
    for (const [turnId, conversationId] of turns) {
      const known = await whoIs(this.#parts, user);
      if (!conversationId || !('actor' in known)) continue;
      if (!running.filter((row) => row.turnId === turnId && row.inbound.kind !== 'edited').every(which)) continue;
      stopped = (await recordsOf(this.#parts, known.actor).conversations.stopTurn(conversationId)) || stopped;
    }
    return stopped;
  }

  /** The job `chat`: deals with what waits in a thread until nothing is left, or has to wait. */
  async work(payload: JobPayloads['chat'], attempt: { last: boolean }): Promise<void> {
    await this.#parts.store.alone('chat', payload, (signal) => this.#all(payload, attempt, signal));
  }

  async #all(payload: JobPayloads['chat'], attempt: { last: boolean }, signal: AbortSignal): Promise<void> {
    const { inbox } = this.#parts.store;
    const leave = new Set<string>();
    let soonest: number | undefined;
    while (!signal.aborted) {
      const step = nextStep(await inbox.waiting(payload.thread), leave);
      if (!step) break;
      const done = await this.#take(payload.thread, step, attempt);
      if (typeof done !== 'object') continue;
      soonest = Math.min(done.afterMs, soonest ?? done.afterMs);
      // a list that is being imported holds up nobody; anything else keeps its place
      if (step.do !== 'import') break;
      for (const { id } of step.rows) leave.add(id);
    }
    if (soonest === undefined) return;
    const runAt = new Date(Date.now() + soonest);
    await everyone(this.#parts).enqueue('chat', payload, { key: jobKeys.chat(payload), runAt });
  }

  /** One step; what cannot be said right now is said later, and what can never be said is given up. */
  async #take(thread: string, step: Step, attempt: { last: boolean }): Promise<Done> {
    const { store, gate } = this.#parts;
    const ids = step.rows.map(({ id }) => id);
    try {
      const done = await this.#do(thread, step);
      this.#troubledSince.delete(ids[0]!);
      if (done === 'answered' || done === 'ignored') await store.inbox.done(ids, done);
      return done;
    } catch (error) {
      const later = this.#mayPass(error, ids[0]!);
      if (later) return later;
      // what nobody expected may pass, too; but one question must not hold up a thread for ever
      if (!(error instanceof AppError) && !attempt.last) throw error;
      gate.deps.log.error({ err: error, thread, rows: ids }, 'a question was given up');
      await store.inbox.done(ids, 'failed');
      await this.#apologise(step);
      return 'ignored';
    }
  }

  /** When to try again to speak where that may pass by itself; nothing where there is no speaking any more. */
  #mayPass(error: unknown, row: string): { afterMs: number } | undefined {
    const { code, details } = publicError(error);
    const since = this.#troubledSince.get(row) ?? Date.now();
    const passes = code === 'rate_limited' || code === 'unavailable' || code === 'timeout';
    if (!passes || Date.now() - since > patienceMs) {
      this.#troubledSince.delete(row);
      return undefined;
    }
    this.#troubledSince.set(row, since);
    return { afterMs: code === 'rate_limited' ? Number(details?.['retryAfterMs'] ?? unavailableMs) : unavailableMs };
  }

  /** Said where that is possible; nothing more can be done. */
  async #apologise({ rows }: Step): Promise<void> {
    const { id, inbound } = rows[0]!;
    const said = plainSaid(
      `Something went wrong on our side, and this was not answered. Ask again; if it stays, tell whoever runs this: error ${id}.`,
    );
    await surfaceOf(this.#parts, inbound.user.surface)
      .send(inbound.place, said)
      .catch((error) => this.#parts.gate.deps.log.debug({ err: error }, 'nothing can be said there'));
  }

  async #do(thread: string, step: Step): Promise<Done> {
    const parts = this.#parts;
    switch (step.do) {
      case 'drop':
        return 'ignored';
      case 'stop':
        // heard by a process that went away before it could act
        await this.stop(step.rows[0]!.inbound);
        return 'ignored';
      case 'import':
        return carryImport(parts, step.press.inbound);
      case 'resume':
        return resumeRows(parts, thread, step);
      case 'revise':
        return revise(parts, thread, step);
      case 'answer': {
        const { last } = step.asked;
        if (await this.#heardBefore(thread, step)) return 'ignored';
        const known = await whoIs(parts, last.user);
        if ((await refuse(parts, last, known, step.asked)) || !('actor' in known)) return 'ignored';
        return answerAsked(parts, thread, { ...step, actor: known.actor });
      }
    }
  }

  /** Messages that come late: taken back already, or changed and answered as they are now. */
  async #heardBefore(thread: string, step: Extract<Step, { do: 'answer' }>): Promise<boolean> {
    const { inbox } = this.#parts.store;
    const late = new Set<string>();
    for (const { messageId } of step.asked.messages) {
      const back = step.rows.findLast(
        ({ inbound }) => inbound.kind === 'message' && inbound.messageId === messageId && inbound.back,
      );
      if ((await inbox.wasDeleted(thread, messageId, back?.inbound.at)) || (await inbox.answerTo(thread, messageId)))
        late.add(messageId);
    }
    step.asked.messages = step.asked.messages.filter(({ messageId }) => !late.has(messageId));
    return step.asked.messages.length === 0;
  }
}

/** A message that is nothing but the word is no question. */
function asStop(inbound: Inbound): Inbound {
  if (inbound.kind !== 'message' || inbound.files.length || !stopWords.test(inbound.text)) return inbound;
  const { key, user, place, at } = inbound;
  return { kind: 'stop', key, user, place, at };
}

const asks = ({ inbound }: InboxRow, messageId: string): boolean =>
  (inbound.kind === 'message' || inbound.kind === 'edited') && inbound.messageId === messageId;

const unavailableMs = 5000;
/** An answer that could not be said for this long is not said any more. */
const patienceMs = 3_600_000;
