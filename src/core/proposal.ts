import type { Role, Surface } from './actor.ts';
import type { Change } from './change.ts';
import type { Reach, Risk, Standing } from './policy.ts';

/**
 * A change that waits for a person. Its row is the truth: buttons, cards and graphs only point at it.
 * pending -> accepted -> executed | failed | uncertain; pending -> ignored | expired | superseded.
 */
export const proposalStatuses = [
  'pending',
  'accepted',
  'executed',
  'failed',
  'uncertain',
  'ignored',
  'expired',
  'superseded',
] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];
export const decisions = ['accept', 'edit', 'respond', 'ignore'] as const;
export type Decision = (typeof decisions)[number];

export interface Proposal {
  id: string;
  tool: string;
  input: Record<string, unknown>;
  /** sha256 of tool and canonical input: what a person saw is what runs. */
  paramsHash: string;
  risk: Risk;
  reach: Reach;
  title: string;
  reason: string | null;
  changes: Change[];
  /** What the tool would answer, where a diff alone does not say it. */
  preview: unknown;
  evidence: string[];
  /** Set for bulk: the number a person must type. */
  confirmCount: number | null;
  status: ProposalStatus;
  requesterId: string;
  requestedBy: Standing;
  surface: Surface;
  deciderId: string | null;
  deciderRole: Role | null;
  /** Who handed the decision on to the decider: from then on it is theirs alone. */
  delegatedById: string | null;
  delegatedAt: Date | null;
  conversationId: string | null;
  threadId: string | null;
  decidedById: string | null;
  decidedAt: Date | null;
  decision: Decision | null;
  note: string | null;
  error: { code: string; message: string } | null;
  receiptId: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** How long a proposal waits before doing nothing becomes the answer. */
export const proposalTtlHours: Record<Risk, number> = { read: 24, draft: 24, write: 24, send: 24, bulk: 4 };

export type NewProposal = Pick<
  Proposal,
  | 'tool'
  | 'input'
  | 'paramsHash'
  | 'risk'
  | 'reach'
  | 'title'
  | 'reason'
  | 'changes'
  | 'preview'
  | 'confirmCount'
  | 'requestedBy'
  | 'deciderRole'
  | 'conversationId'
> & { idempotencyKey?: string; ttlHours: number };

export interface ProposalFilter {
  status?: ProposalStatus;
  conversationId?: string;
  /** Only what this user may decide. */
  decidableBy?: { userId: string; role: Role };
  /** Only what this user may decide, asked for or handed on. */
  visibleTo?: { userId: string; role: Role };
  limit: number;
}

export interface Proposals {
  get(id: string): Promise<Proposal | undefined>;
  list(filter: ProposalFilter): Promise<{ items: Proposal[]; total: number }>;
  /** The same idempotency key gives the same row. */
  create(proposal: NewProposal): Promise<Proposal>;
  /**
   * One conditional UPDATE: pending, not expired by the database's clock, still what was shown and still with the same decider.
   * Nothing comes back when somebody or something was faster.
   */
  decide(
    id: string,
    decision: {
      decision: Decision;
      note?: string;
      shownHash: string;
      decider: Decider;
      edited?: Pick<Proposal, 'input' | 'paramsHash' | 'title' | 'changes' | 'preview' | 'risk' | 'reach' | 'confirmCount'>;
    },
  ): Promise<Proposal | undefined>;
  /**
   * Makes somebody else the one who decides, by one conditional UPDATE: pending, not expired by the database's clock, still with the
   * same decider, and the new one is a real person of this role or above. Nothing comes back otherwise.
   */
  delegate(id: string, to: { userId: string; least: Role; decider: Decider; note?: string }): Promise<Proposal | undefined>;
  /** Locks the row and returns it only while it is `accepted`: the executor's claim. */
  claim(id: string): Promise<Proposal | undefined>;
  finish(
    id: string,
    outcome: { status: 'executed' | 'failed' | 'uncertain'; receiptId?: string; error?: { code: string; message: string } },
  ): Promise<void>;
  /** Closes pending rows past their time; returns how many. */
  expire(): Promise<number>;
  supersede(id: string): Promise<boolean>;
}

/** Who decides, as it was read. */
export type Decider = Pick<Proposal, 'deciderId' | 'delegatedAt'>;

/** Any admin where one is needed, unless it was handed on to one of them; otherwise the decider alone. */
export const mayDecide = (
  proposal: Pick<Proposal, 'deciderId' | 'deciderRole' | 'delegatedById'>,
  who: { userId: string; role: Role },
): boolean =>
  (proposal.deciderRole === null || who.role === 'admin') &&
  (proposal.deciderId === who.userId || (proposal.deciderRole !== null && proposal.delegatedById === null));

/** Whose business a proposal is: theirs to decide, asked for by them, or handed on by them. */
export const mayLookAt = (
  proposal: Pick<Proposal, 'deciderId' | 'deciderRole' | 'delegatedById' | 'requesterId'>,
  who: { userId: string; role: Role },
): boolean => mayDecide(proposal, who) || proposal.requesterId === who.userId || proposal.delegatedById === who.userId;
