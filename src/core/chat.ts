import type { Card } from './card.ts';

/**
 * What chat surfaces have in common: somebody says or presses something somewhere, and something is said there. A surface turns its own events
 * into these, and sends what it is given; everything between is the same for all of them.
 */
export const chatSurfaces = ['slack', 'teams', 'playground'] as const;
export type ChatSurface = (typeof chatSurfaces)[number];

/** Who reads along. In a shared channel people of another organisation do. */
export const audiences = ['dm', 'private_channel', 'public_channel', 'shared_channel'] as const;
export type Audience = (typeof audiences)[number];

/** Where something is said, and where the answer goes. */
export interface Place {
  surface: ChatSurface;
  /** Slack's team or enterprise, Microsoft's tenant; of the playground, always `local`. */
  externalTenant: string;
  channel: string;
  /** The root of the thread; absent: the channel itself. */
  thread?: string;
  audience: Audience;
}

/** Somebody, as the surface names them. Who that is to us is looked up anew for everything they do. */
export interface ChatUser {
  surface: ChatSurface;
  externalTenant: string;
  externalUser: string;
}

/** The playground names people as we do. Whoever is nobody to us has any other name there. */
export const playgroundUser = (userId: string): ChatUser => ({
  surface: 'playground',
  externalTenant: 'local',
  externalUser: userId,
});

export interface ChatFile {
  id: string;
  name: string;
  bytes: number;
}

/** Something that happened on a surface, verified by it. Kept as JSON until it is dealt with. */
export type Inbound = {
  /** The same happening has the same key, however often it is delivered. */
  key: string;
  user: ChatUser;
  place: Place;
  /** When it happened, by the surface's clock; ISO. */
  at: string;
} & Happening;

export type Happening =
  /** Said to us, in a private conversation, by mention, or in a thread that we take part in. `agent` is absent but for commands that name one. */
  | {
      kind: 'message';
      messageId: string;
      text: string;
      files: ChatFile[];
      /** A proposal that this asks about. */
      about?: string;
      /** What it is about, in words of others: outside text, never an order. */
      outside?: string;
      /** It was taken back before, and is there again. */
      back?: boolean;
      /** Asked where others read along, by somebody who alone may see the answer. */
      alone?: boolean;
    }
  /** A question was changed, or taken back. */
  | { kind: 'edited'; messageId: string; text: string }
  | { kind: 'deleted'; messageId: string }
  | { kind: 'stop' }
  /** A button under the dry run of a list, which `messageId` shows: import it, or leave it. */
  | { kind: 'import'; messageId: string; uploadId: string; conversationId: string; fileName: string; commit: boolean };

/** A message as it is said. Texts in cards are untrusted; `text` is Markdown, and untrusted too unless code wrote it. */
export interface Said {
  text?: string;
  cards: Card[];
  /** For notifications, and for whoever cannot see cards. */
  fallback: string;
  /** Of an answer: who gave it. Absent for what code says by itself. */
  made?: Made;
  /** What one may say next, in so many words; shown in private where the surface has a place for it. */
  suggestions?: string[];
}

/** Who gave an answer, and what that cost; exact decimal USD. `degraded`: a fallback or the offline rules stood in. */
export interface Made {
  agent: string;
  /** `none` when no model and no rules were asked. */
  model: string;
  costUsd: string;
  degraded: boolean;
}

/** A message that was sent, for changing it later. */
export interface Sent {
  place: Place;
  messageId: string;
  /** Proposals that have messages of their own: which message shows which. */
  proposals?: Record<string, string>;
}

/** What makes that something is said once: a name that nothing else has, and since when it may have been said already, where nobody knows. */
export interface Once {
  id: string;
  since?: Date;
}

/** An answer while it is being written. Every call is safe after the end, and does nothing then. */
export interface Sink {
  text(delta: string): void;
  step(step: { id: string; title: string; status: 'running' | 'done' | 'failed' | 'waiting' }): void;
  /** Says the whole of it in the end; gives the message that holds it. Called once. `id` is what `send` would find it by. */
  finish(said: Said, how: { waits: boolean; id?: string }): Promise<Sent>;
}

/** One surface, as the core uses it. Failures are AppErrors: `rate_limited` with `details.retryAfterMs`, `forbidden` when we may not speak there (any more), `unavailable` when it may pass. */
export interface Surface {
  readonly id: ChatSurface;
  /** Whether `send` keeps to `once.since`: what was said under this id by a process that went away is found, and not said again. */
  readonly findsSaid: boolean;
  /** Begins an answer to somebody, that of this turn. Failing streams must not fail the answer: what could not be streamed is said by `finish`. */
  open(place: Place, to: ChatUser, turnId: string): Promise<Sink>;
  /** What a process that went away left half written for this turn, to be finished; nothing where it left nothing. */
  reopen?(place: Place, to: ChatUser, turnId: string): Promise<Sink | undefined>;
  /** Begins an answer in the place of one that was said, where it can be seen being written there. */
  replace?(sent: Sent): Promise<Sink>;
  send(place: Place, said: Said, once?: Once): Promise<Sent>;
  /** Seen by one person alone, where the surface can; otherwise in a private conversation. */
  whisper(place: Place, to: ChatUser, said: Said): Promise<void>;
  update(sent: Sent, said: Said): Promise<void>;
  /** The private conversation with somebody. */
  direct(user: ChatUser): Promise<Place>;
  /** What the surface knows of somebody: the e-mail only when the surface itself verified it. Nothing for people it does not know. */
  profile(user: ChatUser): Promise<ChatProfile | undefined>;
  /** A file that came with a message. */
  file(user: ChatUser, file: ChatFile): Promise<AsyncIterable<Uint8Array>>;
  /** Shows somebody's home, where the surface has one. */
  home?(user: ChatUser, sections: HomeSection[]): Promise<void>;
}

export interface ChatProfile {
  name: string;
  email?: string;
  timeZone?: string;
  /** A guest of the workspace, a bot, or somebody of another organisation: reads nothing unless an admin links them. */
  outsider: boolean;
}

export interface HomeSection {
  title: string;
  cards: Card[];
}
