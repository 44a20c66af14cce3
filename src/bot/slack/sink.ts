import type { types } from '@slack/bolt';
import type { ChatUser, Place, Said, Sent, Sink } from '../../core/chat.ts';
import type { Streams } from '../../core/streams.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { InertMarkdown } from '../cards/markdown.ts';
import type { SlackMessage } from '../cards/slack.ts';
import type { Caller, SlackClients } from './clients.ts';
import { plainer, post, postAll, rewrite } from './posts.ts';
import { type Mark, markOf, saidBefore } from './said-before.ts';

/** Slack lets a workspace append some hundred times a minute. */
const flushEveryMs = 700;
/** Of one append; Slack takes twelve thousand characters. */
const longestPiece = 11_000;
/** Beyond this an answer is said in several messages in the end, so it is no longer written out while it comes. */
const longestStream = 30_000;
/** How long an answer waits where Slack asks for it, before the outbox has to see to it. */
const patienceMs = 15_000;

const taskStatus = { running: 'in_progress', done: 'complete', failed: 'error', waiting: 'pending' } as const;

/** What an answer is written with. */
export interface SinkParts {
  clients: SlackClients;
  streams: Streams;
  log: Log;
  /** Somebody's private conversation, for an answer that cannot be given where it was asked for. */
  direct(user: ChatUser): Promise<Place>;
}

/**
 * An answer that is written while it comes, as a stream of Slack's with its steps. Streams are a nicety: whatever goes wrong with one, the whole
 * answer is said by `finish`.
 */
export class SlackSink implements Sink {
  readonly #parts: SinkParts;
  readonly #place: Place;
  readonly #to: ChatUser;
  readonly #turnId: string;
  /** What another process began: only its end is missing, and perhaps not even that. */
  readonly #left: string | undefined;
  readonly #inert = new InertMarkdown();
  #heard = '';
  #text = '';
  #tasks = new Map<string, types.TaskUpdateChunk>();
  #ts: string | undefined;
  /** Slack does not take more of it. */
  #broken: boolean;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #notBefore = 0;
  #work: Promise<void> = Promise.resolve();
  #statuses: Promise<void> = Promise.resolve();

  constructor(parts: SinkParts, place: Place, to: ChatUser, turnId: string, left?: string) {
    this.#parts = parts;
    this.#place = place;
    this.#to = to;
    this.#turnId = turnId;
    this.#left = left;
    this.#ts = left;
    // a stream answers in a thread
    this.#broken = place.thread === undefined || left !== undefined;
    if (left === undefined) this.#status('processing');
  }

  text(delta: string): void {
    if (this.#ended) return;
    this.#heard += delta;
    this.#text += this.#inert.push(delta);
    if (this.#heard.length > longestStream) this.#broken = true;
    this.#soon();
  }

  step({ id, title, status }: Parameters<Sink['step']>[0]): void {
    if (this.#ended) return;
    this.#tasks.set(id, { type: 'task_update', id: id.slice(0, 255), title: title.slice(0, 250), status: taskStatus[status] });
    this.#soon();
  }

  async finish(said: Said, { waits, id }: { waits: boolean; id?: string }): Promise<Sent> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#work;
    const status = waits ? 'suspended' : 'active';
    const slack = patient(this.#parts.clients);
    try {
      if (this.#ts === undefined) return await this.#say(slack, said, id);
      const sent = await this.#end(slack, this.#ts, said, status, id);
      await this.#kept(this.#parts.streams.ended(this.#turnId));
      return sent;
    } finally {
      this.#status(status);
    }
  }

  /** Makes the message of the stream the whole answer; says it anew where that message cannot hold it any more. */
  async #end(slack: Caller, ts: string, said: Said, status: string, id: string | undefined): Promise<Sent> {
    const below = await this.#stop(slack, said, status, id);
    if (below) return postAll(slack, this.#place, below, { first: ts, id });
    if (this.#left !== undefined && id) {
      // whoever began it may have come to the end of it: its marks tell, by Slack's own clock
      const once = { id, since: new Date(Number(ts) * 1000) };
      if ((await saidBefore(slack, this.#place, once)).parts.size) return post(slack, this.#place, said, once);
    }
    return rewrite(slack, { place: this.#place, messageId: ts }, said, id).catch((error) => {
      // it may stand there by now: whoever comes back to it looks first
      if (id && isPassing(error)) throw error;
      this.#lost(error);
      return this.#say(slack, said, id);
    });
  }

  /**
   * Ends the stream with what is still to come, and gives the cards that come below it. Nothing where the stream does not hold the answer in the
   * end, because it was cut off or said something else: then the message has to be written anew.
   */
  async #stop(slack: Caller, said: Said, status: string, id: string | undefined): Promise<SlackMessage[] | undefined> {
    const { externalTenant, channel } = this.#place;
    const stop = (more: { chunks?: types.AnyChunk[]; blocks?: types.KnownBlock[]; metadata?: Mark }) =>
      slack.call(externalTenant, (web) => web.chat.stopStream({ channel, ts: this.#ts!, session_status: status, ...more }));
    const rest = this.#broken ? undefined : restOf(said.text ?? '', this.#heard);
    try {
      if (rest === undefined) {
        await stop({});
        return undefined;
      }
      const text = this.#text + this.#inert.push(rest) + this.#inert.end();
      const chunks = [...this.#tasks.values(), ...piecesOf(text)];
      return await plainer(slack, this.#place, { cards: said.cards, fallback: said.fallback }, async (messages) => {
        const drawn = said.cards.length ? messages : [];
        // a card that is rewritten later has a message of its own
        const inside = drawn[0]?.proposalId === undefined ? drawn[0] : undefined;
        const below = inside ? drawn.slice(1) : drawn;
        await stop({
          ...(chunks.length && { chunks }),
          ...(inside && { blocks: inside.blocks as types.KnownBlock[] }),
          ...(id && { metadata: markOf(id, 0, 1 + below.length) }),
        });
        return below;
      });
    } catch (error) {
      // one that stays open takes nothing else: whoever comes back to it tries again
      if (this.#left !== undefined && isPassing(error)) throw error;
      return this.#lost(error);
    }
  }

  /** In messages of its own; in private where this place is not open to us. */
  async #say(slack: Caller, said: Said, id: string | undefined): Promise<Sent> {
    const once = id === undefined ? undefined : { id };
    try {
      return await post(slack, this.#place, said, once);
    } catch (error) {
      // only what is asked in private may be answered elsewhere: that is where it stays
      if (!(error instanceof AppError) || error.code !== 'forbidden' || this.#place.audience !== 'dm') throw error;
      const place = await this.#parts.direct(this.#to);
      if (place.channel === this.#place.channel) throw error;
      return post(slack, place, said, once);
    }
  }

  #soon(): void {
    if (this.#broken || this.#timer) return;
    const waitMs = Math.max(this.#ts === undefined ? 0 : flushEveryMs, this.#notBefore - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work = this.#work.then(() => this.#flush());
    }, waitMs);
  }

  async #flush(): Promise<void> {
    if (this.#ended || this.#broken) return;
    const [text, tasks] = [this.#text, this.#tasks];
    const chunks = [...tasks.values(), ...piecesOf(text)];
    if (!chunks.length) return;
    [this.#text, this.#tasks] = ['', new Map()];
    try {
      await this.#send(chunks);
    } catch (error) {
      // not said: it comes with what follows, or with the end
      this.#text = text + this.#text;
      this.#tasks = new Map([...tasks, ...this.#tasks]);
      this.#held(error);
    }
  }

  async #send(chunks: types.AnyChunk[]): Promise<void> {
    const { clients } = this.#parts;
    const { externalTenant, channel, thread, audience } = this.#place;
    if (this.#ts !== undefined) {
      await clients.call(externalTenant, (web) => web.chat.appendStream({ channel, ts: this.#ts!, chunks }));
      return;
    }
    const started = await clients.call(externalTenant, (web) =>
      web.chat.startStream({
        channel,
        thread_ts: thread!,
        chunks,
        task_display_mode: 'timeline',
        ...(audience !== 'dm' && { recipient_team_id: externalTenant, recipient_user_id: this.#to.externalUser }),
      }),
    );
    this.#ts = started.ts;
    if (this.#ts === undefined) this.#broken = true;
    else await this.#kept(this.#parts.streams.shows(this.#turnId, { messageId: this.#ts, shown: '' }));
  }

  /** Should it not be, and this process die, then the stream stays as it is, above the answer. */
  async #kept(work: Promise<void>): Promise<void> {
    await work.catch((error) => this.#parts.log.debug({ err: error }, 'nobody else could end this stream'));
  }

  /** A limit passes; anything else ends the stream. */
  #held(error: unknown): void {
    const waitMs = retryAfter(error);
    if (waitMs === undefined) this.#lost(error);
    else {
      this.#notBefore = Date.now() + waitMs;
      this.#soon();
    }
  }

  /** Nothing is lost but the stream: the answer is said in the end. */
  #lost(error: unknown): undefined {
    this.#broken = true;
    this.#parts.log.debug({ err: error }, 'an answer cannot be streamed in Slack');
    return undefined;
  }

  /** What Slack shows beside the thread; in order, and never awaited by an answer. */
  #status(status: 'processing' | 'active' | 'suspended'): void {
    const { externalTenant, channel, thread } = this.#place;
    if (!thread) return;
    const { clients, log } = this.#parts;
    this.#statuses = this.#statuses.then(async () => {
      await clients
        .call(externalTenant, (web) => web.agents.sessions.setStatus({ channel_id: channel, thread_ts: thread, status }))
        .catch((error) => log.debug({ err: error }, 'Slack does not show the state of a session'));
    });
  }
}

const retryAfter = (error: unknown): number | undefined =>
  error instanceof AppError && error.code === 'rate_limited'
    ? Math.max(Number(error.details?.['retryAfterMs']) || 1000, 200)
    : undefined;

const isPassing = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'unavailable' || error.code === 'rate_limited');

/** Waits where Slack asks for it, for all calls of one answer together. */
function patient(clients: SlackClients): Caller {
  const until = Date.now() + patienceMs;
  return {
    async call(externalTenant, method) {
      for (;;)
        try {
          return await clients.call(externalTenant, method);
        } catch (error) {
          const waitMs = retryAfter(error);
          if (waitMs === undefined || Date.now() + waitMs > until) throw error;
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        }
    },
  };
}

/** What an answer says beyond what was heard of it; nothing where it says something else. White space at the end counts for nothing. */
function restOf(whole: string, heard: string): string | undefined {
  if (whole.startsWith(heard)) return whole.slice(heard.length);
  const told = heard.trimEnd();
  return whole.startsWith(told) ? whole.slice(told.length).trimStart() : undefined;
}

function piecesOf(text: string): types.MarkdownTextChunk[] {
  const pieces: types.MarkdownTextChunk[] = [];
  for (let at = 0; at < text.length; ) {
    // half of a pair is no character
    const end = /[\ud800-\udbff]/.test(text[at + longestPiece - 1] ?? '') ? at + longestPiece - 1 : at + longestPiece;
    pieces.push({ type: 'markdown_text', text: text.slice(at, end) });
    at = end;
  }
  return pieces;
}
