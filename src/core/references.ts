import type { ChatUser, Place, Sent } from './chat.ts';

type Spot = Pick<Place, 'surface' | 'externalTenant' | 'channel'>;

/** How a conversation is reached by ourselves, long after somebody spoke there and from another process. */
export interface Reference extends Spot {
  /** Whose private conversation it is; absent where others read along. */
  externalUser?: string;
  /** What the surface needs to speak there; its own record, no secret. */
  reach: Record<string, string>;
}

/** Where a surface that cannot be asked for its conversations was heard from. */
export interface References {
  /** Said anew with everything that arrives; the newest holds. */
  keep(reference: Reference): Promise<void>;
  find(spot: Spot): Promise<Reference | undefined>;
  /** The private conversation with somebody, where they ever had one with us. */
  privateOf(user: ChatUser): Promise<Reference | undefined>;
  /** The newest of a tenant: how others there are reached. */
  newestIn(surface: Spot['surface'], externalTenant: string): Promise<Reference | undefined>;
  /** We were removed there. */
  forget(spot: Spot): Promise<void>;
  /** Which answer a message holds: votes on surfaces that name only the message. */
  noteVotable(sent: Sent, about: { conversationId: string; turnId: string }): Promise<void>;
  votable(sent: Sent): Promise<{ conversationId: string; turnId: string } | undefined>;
}
