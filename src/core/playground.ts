import type { Said, Sink } from './chat.ts';

/** What the playground shows: rows, so that every browser window and every process see the same. A channel is one person's conversation. */

export interface PlaygroundContent {
  /** What a person said. */
  text?: string;
  files?: { name: string; bytes: number }[];
  /** A button said it for them. */
  picked?: true;
  /** Its words were changed after it was said. */
  edited?: true;
  /** What was answered; while it is being written, as far as it is. */
  said?: Said;
  steps?: Parameters<Sink['step']>[0][];
  /** The other surface on which it was said. */
  via?: string;
}

export interface PlaygroundEntry {
  /** Ids grow in the order in which things are said. */
  id: string;
  /** Grows with every change of anything in the channel, in the order of commits: nothing is missed by asking for what came after. */
  seq: string;
  at: Date;
  speaker: 'you' | 'assistant';
  whisper: boolean;
  writing: boolean;
  /** Absent: it is gone. */
  content?: PlaygroundContent;
}

/** Marks that differ when something of a person's is not what it was. */
export interface PlaygroundPulse {
  /** Whether the person may (still) look. */
  open: boolean;
  seq: string;
  queue: string;
  receipts: string;
}

export interface PlaygroundMessages {
  /** Says something. The same key is kept once; a key that is seen again gives what was kept. */
  add(
    channel: string,
    entry: Pick<PlaygroundEntry, 'speaker'> & {
      content: PlaygroundContent;
      whisper?: boolean;
      writing?: boolean;
      key?: string | undefined;
      at?: Date;
    },
  ): Promise<{ id: string; isNew: boolean }>;
  /** What a person said here, with the key it was said with; nothing for what was said elsewhere, or is gone. */
  own(channel: string, id: string): Promise<{ key: string; content: PlaygroundContent } | undefined>;
  /** Changes what was said; false when it is gone. `writing` holds for some seconds, and is said again and again. It has the `key` from then on. */
  write(channel: string, id: string, content: PlaygroundContent, how?: { writing: boolean; key?: string }): Promise<boolean>;
  /** Takes back one message, or all of them. */
  remove(channel: string, id?: string): Promise<void>;
  /** What was begun by a process that is gone is taken back: whoever takes over says it anew. */
  removeAbandoned(channel: string): Promise<void>;
  /** The last of a channel in the order they were said, and how far the channel is. */
  latest(channel: string, limit: number): Promise<{ entries: PlaygroundEntry[]; seq: string }>;
  /** What is new or changed since, in that order; and those of `writing` that nobody writes any more. */
  after(channel: string, seq: string, writing: readonly string[], limit: number): Promise<PlaygroundEntry[]>;
  /** How far the channel is, and whether the person's proposals or receipts are what they were. */
  pulse(channel: string, userId?: string): Promise<PlaygroundPulse>;
}

/** Whoever watches a channel waits for this signal. */
export const playgroundTopic = (channel: string): string => `playground:${channel}`;
