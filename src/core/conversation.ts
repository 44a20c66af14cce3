import type { Card } from './card.ts';
import type { Complexity } from './llm.ts';
import type { Proposal } from './proposal.ts';
import type { Receipt } from './receipt.ts';

/** A record that a reply put before the person: what "it", "the second one" and a pick refer to. */
export interface Shown {
  entity: 'lead' | 'task' | 'proposal' | 'receipt' | 'job' | 'import' | 'deal' | 'account';
  id: string;
  label: string;
}

export interface Reply {
  /** With the conversation's id, what a vote on this reply names. */
  turnId: string;
  text: string;
  agent: string;
  cards: Card[];
  receipts: Receipt[];
  proposals: Proposal[];
  /** Names of the tools whose answers the text rests on. */
  sources: string[];
  costUsd: string;
  degraded: boolean;
  model: string;
  /** What the request was taken for, where a model was chosen by that. */
  tier?: Complexity;
}

/** What a client sees while a turn runs. */
export type TurnEvent =
  | { type: 'text'; delta: string }
  | { type: 'step'; id: string; title: string; status: 'running' | 'done' | 'failed' | 'waiting' }
  | { type: 'card'; card: Card }
  | { type: 'proposal'; proposal: Proposal }
  | { type: 'receipt'; receipt: Receipt }
  | { type: 'done'; reply: Reply }
  | { type: 'error'; code: string; message: string };

/** One tool call as memory keeps it: the answer is cut to what later turns need. */
export interface Step {
  callId: string;
  tool: string;
  input: Record<string, unknown>;
  /** The tool's answer as JSON text, bounded. */
  result: string;
}

export interface StoredMessage {
  id: string;
  turnId: string;
  role: 'user' | 'assistant' | 'system';
  text: string;
  steps: Step[];
  shown: Shown[];
  reply: Reply | null;
  createdAt: Date;
}

export interface Conversation {
  id: string;
  userId: string;
  kind: 'assistant' | 'contact';
  agent: string;
  surface: string;
  title: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface Conversations {
  create(conversation: { agent: string; surface: string }): Promise<Conversation>;
  /** Only the owner's; others get nothing. */
  get(id: string): Promise<Conversation | undefined>;
  list(kind: 'assistant' | 'contact', limit: number): Promise<Conversation[]>;
  /** Oldest first, the last `limit`. */
  messages(id: string, limit: number): Promise<StoredMessage[]>;
  add(
    id: string,
    message: Pick<StoredMessage, 'turnId' | 'role' | 'text'> & Partial<Pick<StoredMessage, 'steps' | 'shown' | 'reply'>>,
  ): Promise<StoredMessage>;
  /** Takes the conversation for one turn; false while another one runs. A dead process's turn runs out by itself. */
  beginTurn(id: string, turnId: string, leaseSeconds: number): Promise<boolean>;
  /** Keeps the turn; false when it was asked to stop or lost. */
  renewTurn(id: string, turnId: string, leaseSeconds: number): Promise<'running' | 'stop' | 'lost'>;
  endTurn(id: string, turnId: string): Promise<void>;
  /** Asks the running turn to stop, in whichever process it runs. */
  stopTurn(id: string): Promise<boolean>;
  /** The turn that holds the conversation now, in whichever process. */
  runningTurn(id: string): Promise<string | undefined>;
  addEvents(id: string, turnId: string, firstSeq: number, events: TurnEvent[]): Promise<void>;
  /** Events after this id, in order; ids grow within a conversation. */
  eventsAfter(id: string, afterId: string, limit: number): Promise<{ id: string; turnId: string; event: TurnEvent }[]>;
}
