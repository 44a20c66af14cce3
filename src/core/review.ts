import type { FillableField, ReviewDecision } from './importing.ts';
import type { Arrival, Gain } from './merge.ts';

/** What a row in review says about its company, cleaned. */
export interface ReviewCompany extends Arrival {
  name: string;
  status?: string;
  fields: Partial<Record<FillableField, string | number>>;
}

/** A row of a list that may be a lead that is here: a person says whether it is. */
export interface ReviewRow {
  id: string;
  importId: string;
  fileName: string;
  line: number;
  reason: string;
  /** That it is the lead, 0-1. */
  confidence: number | null;
  company: ReviewCompany;
  leadId: string | null;
  /** The lead it may be, as it is now; absent when it is gone. */
  lead?: Pick<ReviewCompany, 'name' | 'fields' | 'people'> & { id: string };
  decided?: { decision: ReviewDecision; by: string; at: Date };
}

/** Where a page of rows ended. */
export interface ReviewPlace {
  importId: string;
  line: number;
}

export interface Reviews {
  /** Rows that wait, of all imports that stand or of one: the newest import first, in the order of its file. */
  list(
    filter: { importId?: string },
    page: { limit: number; after?: ReviewPlace },
  ): Promise<{ rows: ReviewRow[]; total: number }>;
  /** Rows of an import, held until the transaction ends: these lines, decided or not, or the first that wait. */
  hold(importId: string, which: { lines: number[] } | { first: number }): Promise<ReviewRow[]>;
  /** Closes a row; `became` is the lead that it is now part of, and what it filled there. */
  decide(row: ReviewRow, decision: ReviewDecision, became?: { leadId: string; filled?: object }): Promise<void>;
  /** Adds what came with a row to a lead. */
  attach(
    row: ReviewRow,
    lead: { id: string; name: string },
    what: Omit<Arrival, 'attributes'> & Partial<Pick<Gain, 'contacts'>>,
  ): Promise<void>;
}
