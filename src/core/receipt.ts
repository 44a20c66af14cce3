import type { Surface } from './actor.ts';
import type { Change } from './change.ts';
import type { Reach, Risk, Standing } from './policy.ts';

/** Proof of a change that happened. Only code writes these; a claim without one never reaches a user. */
export interface Receipt {
  id: string;
  tool: string;
  title: string;
  changes: Change[];
  userId: string;
  userName: string;
  requestedBy: Standing;
  surface: Surface;
  risk: Risk;
  reach: Reach;
  /** Exact decimal text, USD. */
  costUsd: string;
  conversationId: string | null;
  proposalId: string | null;
  undoOfId: string | null;
  undoneById: string | null;
  undoable: boolean;
  createdAt: Date;
}

export interface Receipts {
  get(id: string): Promise<Receipt | undefined>;
  /** Newest first; only what this filter says. */
  list(filter: { userId?: string; conversationId?: string; limit: number }): Promise<Receipt[]>;
  create(
    receipt: Pick<Receipt, 'tool' | 'title' | 'changes' | 'requestedBy' | 'risk' | 'reach' | 'conversationId'> & {
      proposalId?: string;
      jobId?: string;
      undoOfId?: string;
      undoable: boolean;
    },
  ): Promise<Receipt>;
  /** The newest receipt of this conversation that can still be undone; locks nothing. */
  newestUndoable(filter: { userId: string; conversationId?: string }): Promise<Receipt | undefined>;
  /** Marks it undone; false when somebody was faster. */
  markUndone(id: string, byReceiptId: string): Promise<boolean>;
  /** Waits for and holds the receipt's row until the transaction ends, so that two undos cannot interleave. */
  lock(id: string): Promise<Receipt | undefined>;
}

/** A field that undo left as it is, because somebody changed it since. */
export interface KeptField {
  label: string;
  field: string;
  wanted: unknown;
  found: unknown;
}
