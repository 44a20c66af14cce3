import type { ChatSurface, ChatUser, Inbound, Place } from './chat.ts';

/** A thread, as the queue knows it: everything said in it is dealt with in order, by one process at a time. */
export const threadKey = ({ surface, externalTenant, channel, thread }: Place): string =>
  [surface, externalTenant, channel, thread ?? ''].join('|');

export interface InboxRow {
  id: string;
  inbound: Inbound;
  /** Set before a turn begins: a row that has one is never answered by a second turn. */
  turnId: string | null;
  conversationId: string | null;
}

/** What was said to us and waits to be dealt with: rows, so that nothing is lost and nothing is dealt with twice. */
export interface Inbox {
  /** Keeps it, and queues the thread's work with it. `seen`: it was kept before, whatever became of it. */
  put(inbound: Inbound): Promise<'new' | 'seen'>;
  /** All that waits in this thread, oldest first. */
  waiting(thread: string): Promise<InboxRow[]>;
  /** Says which turn answers these rows; false when one of them is done or has a turn already, and then nothing is written. */
  answeredBy(ids: readonly string[], answer: { turnId: string; conversationId: string }): Promise<boolean>;
  done(ids: readonly string[], outcome: 'answered' | 'ignored' | 'failed'): Promise<void>;
  /** The conversation of one person in a thread, or under any other name; made as `made` says when there is none. What one person is told is not remembered for another. */
  conversationOf(
    thread: string,
    userId: string,
    made: { agent: string; surface: ChatSurface },
  ): Promise<{ id: string; agent: string; isNew: boolean }>;
  /** What is said from now on in a thread begins a conversation of its own; the old one is kept. */
  beginAnew(thread: string, userId: string): Promise<void>;
  /** Whether we were spoken to in this thread before: then we follow it. */
  follows(thread: string): Promise<boolean>;
  /**
   * What answered a question last, to change it when the question changes. `asked`: all that this turn answered, as it was then, in order; `saidAt`:
   * when the question was what it was answered as.
   */
  answerTo(
    thread: string,
    messageId: string,
  ): Promise<
    | {
        turnId: string;
        conversationId: string;
        saidAt: Date;
        answerId: string | null;
        asked: { messageId: string; text: string }[];
      }
    | undefined
  >;
  /** Whether a message was taken back (after it came `back`, where it did); that may be heard of before the message itself. */
  wasDeleted(thread: string, messageId: string, back?: string): Promise<boolean>;
  /** Which message holds the answer of a turn. */
  noteAnswer(turnId: string, messageId: string): Promise<void>;
}

/** Who somebody of a chat surface is to us. */
export interface Identities {
  find(user: ChatUser): Promise<{ userId: string } | { none: 'unknown' | 'outsider' | 'disabled' }>;
  /** Links by the e-mail address that the surface verified, when exactly one of our users has it. */
  linkByEmail(user: ChatUser, email: string): Promise<{ userId: string } | undefined>;
  noteOutsider(user: ChatUser): Promise<void>;
  /** A code for linking, shown to one of our users where they are signed in; eight characters, ten minutes, once. */
  makeCode(userId: string): Promise<string>;
  /** Links by a code; nothing for a wrong, used or old one. At most five wrong ones by one person in ten minutes. */
  linkByCode(user: ChatUser, code: string): Promise<{ userId: string } | 'wrong' | 'too_many'>;
  unlink(user: ChatUser): Promise<boolean>;
  /** Where one of our users can be reached: not where we were thrown out. The one they linked first before others. */
  of(userId: string): Promise<ChatUser[]>;
}
