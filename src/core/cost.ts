import { type Actor, atLeast } from './actor.ts';
import type { Decision } from './learning.ts';
import type { Complexity, LlmPurpose, Usage } from './llm.ts';
import type { Priced } from './price.ts';

/** One attempt to ask a model, whatever came of it, as it is kept in ai_cost_tracking. */
export interface CallRecord {
  /** The same id is kept once, however often it is written. */
  callId: string;
  /** All attempts of one request share it. */
  requestId?: string;
  /** 1 for the first of a request. */
  attempt?: number;
  /** When it began: that moment decides the price. */
  at: Date;
  tenantId: string;
  agentType: string;
  agentMode: 'passthrough' | 'smart_router';
  leadId?: string;
  sessionId?: string;
  /** The turn of a conversation it was asked for. */
  turnId?: string;
  userId?: string;
  complexity?: Complexity;
  provider: string;
  model: string;
  usage: Usage;
  price: Priced;
  /** What limits count for it while its price is not known; no cost. */
  guessUsd?: string;
  latencyMs: number;
  ttftMs?: number;
  status: 'ok' | 'failed' | 'aborted';
  /** How it failed. */
  failure?: string;
  /** Who was asked before and failed. */
  fallbackFrom?: string;
  degraded: boolean;
  /** From the response cache: it cost nothing, and `savedUsd` is what it would have cost. */
  cacheHit?: boolean;
  savedUsd?: string;
  /** How a router that learns chose who is asked first; on the first attempt of a request. */
  decision?: Decision;
  /** What was asked and answered; called only where texts are kept at all, and then without personal data and keys. */
  texts?: () => CallTexts;
}

/** For whom and what a call was, as its record says it. */
export const recordedPurpose = ({ tenantId, userId, agent, mode, leadId, sessionId, turnId }: LlmPurpose) => ({
  ...{ tenantId, userId, leadId, sessionId, turnId },
  agentType: agent,
  agentMode: mode,
});

export interface CallTexts {
  prompt: string;
  answer: string;
}

/** A call on its way into the table, as it stands in a segment: checked, in plain JSON, with texts that may be kept. */
export interface CallLine extends Omit<CallRecord, 'at' | 'price' | 'texts'> {
  at: string;
  costUsd: string | null;
  priceRow: string | null;
  because: string | null;
  texts?: CallTexts;
}

/** Where model calls are written down. */
export interface CallTracker {
  /** Returns at once and never throws: the call is on disk before anything else happens, and in the table within a second. */
  record(call: CallRecord): void;
  /** Resolves when what was recorded before is in the table, or cannot be put there now: then it is there later. */
  flush(): Promise<void>;
  state(): TrackerState;
  close(): Promise<void>;
}

export interface TrackerState {
  /** Recorded and not in the table yet. */
  waiting: number;
  /** Of that, on disk. */
  bytesAhead: number;
  /** Whether a process that is killed now loses nothing. */
  safe: boolean;
  /** Lost for good, because neither disk nor database took them. */
  dropped: number;
}

/** The table side of it. */
export interface CallStore {
  /** All of them or none; those that are there already are left alone. */
  add(lines: readonly CallLine[]): Promise<void>;
  /** Runs `work` unless somebody else, in any process, runs it under this name; says whether it ran. */
  alone(name: string, work: () => Promise<void>): Promise<boolean>;
  /** Called before costs are read, so that a reader finds what was recorded before. */
  beforeReading(flush: () => Promise<void>): void;
}

/** What operations can see of the writing down. */
export interface CostMetrics {
  /** A call whose price is not known. */
  unpriced(provider: string): void;
  calls(outcome: 'stored' | 'replayed' | 'rejected' | 'dropped', count: number): void;
}

/** A manager sees what the workspace spends, everybody else what they spend themselves. */
export const costsVisibleTo = ({ role, userId }: Actor): { userId?: string } => (atLeast(role, 'manager') ? {} : { userId });
