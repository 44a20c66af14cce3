import type { ChatUser, Once, Place, Said, Sent } from './chat.ts';

/** Something to be said without having been asked just now: a receipt, a reminder, a card that changed. Sent in order for each channel, at its pace. */
export type Outgoing =
  | {
      kind: 'post';
      place: Place;
      said: Said;
      /** Those that the message shows, so that they can be rewritten. */
      proposals?: string[];
    }
  | {
      kind: 'direct';
      to: ChatUser;
      said: Said;
      proposals?: string[];
      /** Nobody asked for it: what could not be said before the quiet hours stays unsaid. */
      unasked?: boolean;
    }
  /** Seen by one person alone, at this place. */
  | { kind: 'whisper'; place: Place; to: ChatUser; said: Said }
  | { kind: 'update'; sent: Sent; said: Said };

export interface OutboxRow {
  id: string;
  outgoing: Outgoing;
  attempts: number;
  /** `since`: an attempt before this one may have come through. */
  once: Once;
}

export interface Outbox {
  /** The same key is kept once. With the transaction it is called in; the job that sends is queued with it. */
  put(key: string, outgoing: Outgoing, options?: { notBefore?: Date }): Promise<void>;
  /** Whether something is kept under this key: then it need not be drawn again. */
  has(key: string): Promise<boolean>;
  /**
   * The next that may be sent now (on this surface), one a channel, marked as started: a row that is found started without an end is `uncertain`, and not
   * sent again by itself unless sending twice does no harm (updates), or the surface finds what was said before.
   */
  claim(limit: number, surface?: string, findsSaid?: boolean): Promise<OutboxRow[]>;
  /** Its proposals are in CardViews with it. */
  sent(id: string, sent?: Sent): Promise<void>;
  /** Tried again at this time, or given up. */
  failed(id: string, error: { code: string; message: string }, retryAt?: Date): Promise<void>;
  /** When the next row may be sent, its channel's pace included; nothing when none waits. The job that sends is queued again for then. */
  nextDue(surface?: string): Promise<Date | undefined>;
  /** How many messages there are of which nobody knows whether they arrived. */
  uncertain(): Promise<number>;
}

/** What a button or a form is about. The button carries only a token; this is what it means. */
export type Pressable =
  | { kind: 'decide'; proposalId: string; decision: 'accept' | 'ignore'; paramsHash: string }
  | { kind: 'edit'; proposalId: string; paramsHash: string }
  | { kind: 'ask'; proposalId: string }
  | { kind: 'undo'; receiptId: string }
  | { kind: 'vote'; conversationId: string; turnId: string }
  | { kind: 'choose'; conversationId: string; label: string }
  | { kind: 'import'; uploadId: string; conversationId: string; commit: boolean }
  /** `value`: the kind of notice, or the quiet hours that were picked. */
  | { kind: 'prefer'; preference: 'mute' | 'unmute' | 'quiet'; value: string };

export interface Tokens {
  /** 128 random bits as 22 characters; what it is about is kept here, under its hash. */
  make(pressable: Pressable, ttlHours: number): Promise<string>;
  /** Nothing for a token that is unknown or old. */
  read(token: string): Promise<Pressable | undefined>;
}

/** Which messages show which proposals: every copy of a card reaches its final state. */
export interface CardViews {
  add(proposalId: string, sent: Sent, viewer?: ChatUser): Promise<void>;
  /** Those that show something else than `state` by now. */
  stale(proposalId: string, state: string): Promise<{ sent: Sent; viewer?: ChatUser }[]>;
  shown(proposalId: string, sent: Sent, state: string): Promise<void>;
}

/** A chat surface's installation, with its secrets; sealed at rest. */
export interface Install {
  surface: string;
  externalTenant: string;
  name: string;
  /** The vendor's own record, as JSON. */
  secrets: Record<string, unknown>;
  botUserId?: string;
  botId?: string;
}

export interface Installs {
  save(install: Install): Promise<void>;
  find(surface: string, externalTenant: string): Promise<Install | undefined>;
  list(surface: string): Promise<Omit<Install, 'secrets'>[]>;
  /** Uninstalled, or its tokens were revoked: its secrets are gone with the same commit, and nothing is sent there any more. */
  revoke(surface: string, externalTenant: string): Promise<boolean>;
}
