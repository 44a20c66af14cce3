import type { ChatUser, Place, Said, Sent, Sink } from '../../core/chat.ts';
import type { Stream, Streams } from '../../core/streams.ts';
import { AppError } from '../../errors.ts';
import { hardBreaks, InertMarkdown } from '../cards/markdown.ts';
import { cutText, safeLine } from '../cards/safe-text.ts';
import type { TeamsMessage } from '../cards/teams.ts';
import { statusOf, teamsCode } from './failures.ts';
import { asActivity, draw, type PostParts, postAll, reachOf, rewrite, votable } from './posts.ts';
import type { Outgoing } from './transport.ts';

/** An answer that comes at once needs no stream. */
const beginAfterMs = 300;
/** Teams takes one update a second. */
const updateEveryMs = 1000;
/** It gives up on a stream that says nothing for 45 seconds, and on any after two minutes. */
const longestSilenceMs = 30_000;
const longestStreamMs = 110_000;
/** Of the text in a stream; longer answers are said in several messages in the end. */
const longestStream = 15_000;
const longestNote = 900;
/** How long an answer waits where Teams asks for it, before the outbox has to see to it. */
const patienceMs = 15_000;
/** How long Teams shows that somebody is typing. */
const typingMs = 4000;
const longestTypingMs = 120_000;

export interface SinkParts extends PostParts {
  streams: Streams;
  stopped(place: Place, user: ChatUser): void;
}

/**
 * An answer that is written while it comes: in private as a stream of Teams', elsewhere we only seem to be typing. Streams are a nicety: whatever
 * goes wrong with one, the whole answer is said by `finish`.
 */
export class TeamsSink implements Sink {
  readonly #parts: SinkParts;
  readonly #place: Place;
  readonly #to: ChatUser;
  readonly #turnId: string;
  readonly #left: boolean;
  readonly #inert = new InertMarkdown();
  readonly #began = Date.now();
  #text = '';
  #note = '';
  /** What Teams shows of the text. */
  #shown = '';
  #sequence = 0;
  #stream: string | undefined;
  /** Teams does not take any of it. */
  #broken: boolean;
  /** No more of it is shown before its end. */
  #full = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #notBefore: number;
  #lastSaid = '';
  #lastAt = 0;
  #work: Promise<void> = Promise.resolve();

  /** `left`: what another process began, and only its end is missing. */
  constructor(parts: SinkParts, place: Place, to: ChatUser, turnId: string, left?: Stream) {
    this.#parts = parts;
    this.#place = place;
    this.#to = to;
    this.#turnId = turnId;
    this.#left = left !== undefined;
    this.#broken = place.audience !== 'dm' || left !== undefined;
    this.#notBefore = this.#began + (left ? updateEveryMs : beginAfterMs);
    this.#stream = left?.messageId;
    this.#shown = left?.shown ?? '';
    if (left) this.#note = 'Working on it…';
    else if (this.#broken) this.#type();
    else {
      this.#note = 'Working on it…';
      this.#soon();
    }
  }

  text(delta: string): void {
    if (this.#ended) return;
    this.#text += this.#inert.push(delta);
    if (this.#text.length > longestStream) this.#full = true;
    this.#soon();
  }

  step({ title, status }: Parameters<Sink['step']>[0]): void {
    if (this.#ended || status !== 'running') return;
    this.#note = cutText(`${safeLine(title)}…`, longestNote);
    this.#soon();
  }

  async finish(said: Said, _how: { waits: boolean }): Promise<Sent> {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#idle);
    await this.#work;
    const parts = patient(this.#parts);
    const messages = await draw(parts, this.#place, said);
    const stream = this.#stream;
    if (stream === undefined) return postAll(parts, this.#place, messages, said.suggestions);
    const sent = await this.#end(parts, messages, stream, said);
    await this.#kept(this.#parts.streams.ended(this.#turnId));
    return sent;
  }

  /** The last message of the stream holds the first of what is said; the rest follows it. */
  async #end(parts: PostParts, [first, ...rest]: TeamsMessage[], stream: string, said: Said): Promise<Sent> {
    await sleep(this.#notBefore - Date.now());
    const id = await this.#final(parts, first!, stream).catch((error) => {
      if (!isRefused(error)) throw error;
      return this.#lost(error);
    });
    if (id === undefined) return this.#replace(parts, [first!, ...rest], stream, said);
    await votable(parts, this.#place, id, first!);
    const below = await postAll(parts, this.#place, rest, undefined, id);
    return first!.proposalId ? { ...below, proposals: { ...below.proposals, [first!.proposalId]: id } } : below;
  }

  /**
   * The stream takes nothing but what was streamed: it is ended as it is, and then becomes the answer. One that another process began may have
   * ended by itself, or with the last words of that process: its message becomes the answer all the same.
   */
  async #replace(parts: PostParts, messages: TeamsMessage[], stream: string, said: Said): Promise<Sent> {
    const now = (messageId: string) => rewrite(parts, { place: this.#place, messageId }, said);
    const streamed = { summary: messages[0]!.summary, text: hardBreaks(this.#shown) || this.#note, ai: true };
    try {
      return await this.#final(parts, streamed, stream).then(now, (error) => {
        if (!this.#left || !isRefused(error)) throw error;
        return now(stream);
      });
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.#lost(error);
      return postAll(parts, this.#place, messages, said.suggestions);
    }
  }

  async #final({ transport, references }: PostParts, message: TeamsMessage, stream: string): Promise<string> {
    const activity = asActivity({ ...message, text: message.text ?? message.summary });
    const id = await transport.post(await reachOf(references, this.#place), {
      ...activity,
      ...streamInfo({ streamId: stream, streamType: 'final' }, activity),
    });
    return id || stream;
  }

  #soon(): void {
    if (this.#broken || this.#full || this.#ended || this.#timer) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#work = this.#work.then(() => this.#flush());
      },
      Math.max(0, this.#notBefore - Date.now()),
    );
  }

  async #flush(): Promise<void> {
    if (Date.now() - this.#began > longestStreamMs) this.#full = true;
    if (this.#ended || this.#broken || this.#full) return;
    // asked for while another was on its way
    if (Date.now() < this.#notBefore) return this.#soon();
    const text = this.#text;
    const say = text || this.#note;
    try {
      if (say !== this.#lastSaid || Date.now() - this.#lastAt > longestSilenceMs - updateEveryMs) await this.#update(text, say);
    } catch (error) {
      this.#held(error);
      return;
    }
    // whatever came meanwhile; where nothing did, a sign of life in time
    if (this.#text !== text || (!text && this.#note !== say)) this.#soon();
    else {
      this.#idle = setTimeout(() => this.#soon(), longestSilenceMs);
      this.#idle.unref();
    }
  }

  async #update(text: string, say: string): Promise<void> {
    const { transport, references } = this.#parts;
    clearTimeout(this.#idle);
    this.#sequence += 1;
    const info = {
      ...(this.#stream !== undefined && { streamId: this.#stream }),
      streamType: text ? 'streaming' : 'informative',
      streamSequence: this.#sequence,
    };
    const activity: Outgoing = { type: 'typing', text: hardBreaks(say) };
    const id = await transport.post(await reachOf(references, this.#place), { ...activity, ...streamInfo(info, activity) });
    this.#stream ??= id;
    this.#shown = text;
    this.#lastSaid = say;
    this.#lastAt = Date.now();
    this.#notBefore = this.#lastAt + updateEveryMs;
    if (!this.#stream) return this.#break();
    await this.#kept(this.#parts.streams.shows(this.#turnId, { messageId: this.#stream, shown: text }));
  }

  /** Should it not be, and this process die, then Teams ends the stream in time, and the answer is another message. */
  async #kept(work: Promise<void>): Promise<void> {
    await work.catch((error) => this.#parts.log.debug({ err: error }, 'nobody else could end this stream'));
  }

  /** A limit passes; anything else ends the stream. */
  #held(error: unknown): void {
    if (error instanceof AppError && error.code === 'rate_limited') {
      // not said: its number is taken by what follows
      this.#sequence -= 1;
      this.#notBefore = Date.now() + Math.max(Number(error.details?.['retryAfterMs']) || 0, updateEveryMs);
      this.#soon();
      return;
    }
    this.#lost(error);
    if (isStopped(error)) this.#parts.stopped(this.#place, this.#to);
    // Teams has ended it by itself; anything else we end
    if (statusOf(error) === 403) this.#stream = undefined;
    this.#break();
  }

  /** Nothing is lost but the stream: the answer is said in the end. */
  #lost(error: unknown): undefined {
    this.#parts.log.debug({ err: error }, 'an answer cannot be streamed in Teams');
    return undefined;
  }

  #break(): void {
    this.#broken = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #type(): void {
    if (this.#ended || Date.now() - this.#began > longestTypingMs) return;
    this.#work = this.#work
      .then(async () => {
        const { transport, references } = this.#parts;
        if (!this.#ended) await transport.post(await reachOf(references, this.#place), { type: 'typing' });
      })
      .then(
        () => {
          this.#idle = setTimeout(() => this.#type(), typingMs);
          this.#idle.unref();
          if (this.#ended) clearTimeout(this.#idle);
        },
        // it is a sign of life and no more
        (error) => this.#lost(error),
      );
  }
}

/** Teams reads it in one of two places, depending on the client. */
function streamInfo(
  info: Record<string, unknown>,
  { entities = [], channelData = {} }: Outgoing,
): Pick<Outgoing, 'entities' | 'channelData'> {
  return { entities: [{ type: 'streaminfo', ...info }, ...entities], channelData: { ...channelData, ...info } };
}

const isRefused = (error: unknown): boolean => {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408 && status !== 412;
};

/** Whoever waits for an answer may stop it where it is written. */
const isStopped = (error: unknown): boolean => {
  const { cause } = error as { cause?: unknown };
  return teamsCode(error) === 'ContentStreamNotAllowed' && cause instanceof Error && /cancel/i.test(cause.message);
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** Waits where Teams asks for it, for all calls of one answer together. */
function patient<P extends PostParts>(parts: P): P {
  const until = Date.now() + patienceMs;
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;)
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'rate_limited') throw error;
        const waitMs = Math.max(Number(error.details?.['retryAfterMs']) || 0, 200);
        if (Date.now() + waitMs > until) throw error;
        await sleep(waitMs);
      }
  };
  const { transport } = parts;
  return {
    ...parts,
    transport: {
      post: (...args) => again(() => transport.post(...args)),
      update: (...args) => again(() => transport.update(...args)),
    },
  };
}
