import type { Facts } from './facts.ts';
import type { Finding } from './findings.ts';
import type { ScoreDetail, Tier } from './scoring.ts';

/** A company we may sell to. */
export const leadStatuses = ['new', 'contacted', 'qualified', 'meeting', 'nurture', 'won', 'lost', 'disqualified'] as const;
export type LeadStatus = (typeof leadStatuses)[number];
/** Statuses in which nobody needs to be called any more. */
export const closedStatuses: readonly LeadStatus[] = ['won', 'lost', 'disqualified'];

export interface Lead {
  id: string;
  name: string;
  status: LeadStatus;
  ownerId: string | null;
  ownerName: string | null;
  /** E.164 where it could be read. */
  phone: string | null;
  email: string | null;
  domain: string | null;
  website: string | null;
  street: string | null;
  city: string | null;
  /** Two-letter region code in the US and Canada, otherwise as written. */
  state: string | null;
  zip: string | null;
  country: string | null;
  industry: string | null;
  employees: number | null;
  /** Columns of an import that have no field of their own. Outside text. */
  attributes: Record<string, string>;
  source: string;
  importId: string | null;
  /** 0-100, unrounded. */
  score: number;
  tier: Tier;
  scoreDetail: ScoreDetail;
  /** What a model found out about it. */
  findings: Finding[];
  lastContactedAt: Date | null;
  demo: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The fields a person may set. */
export interface LeadFields {
  name?: string;
  status?: LeadStatus;
  ownerId?: string | null;
  phone?: string | null;
  email?: string | null;
  website?: string | null;
  /** Follows from a website that is set without it. */
  domain?: string | null;
  street?: string | null;
  city?: string | null;
  state?: string | null;
  zip?: string | null;
  country?: string | null;
  industry?: string | null;
  employees?: number | null;
  attributes?: Record<string, string>;
  lastContactedAt?: Date | null;
}

export interface LeadFilter {
  /** Words that must all appear in name, place, phone, e-mail, domain or industry. */
  query?: string;
  status?: LeadStatus[];
  tier?: Tier[];
  state?: string;
  city?: string;
  ownerId?: string | null;
  minScore?: number;
  maxScore?: number;
  has?: ('phone' | 'email' | 'website')[];
  missing?: ('phone' | 'email' | 'website' | 'owner')[];
  /** Not contacted for this many days, or never; 0 means never contacted at all. */
  notContactedDays?: number;
  createdSince?: Date;
  importId?: string;
}

export const leadSorts = ['score', 'name', 'newest', 'oldest'] as const;
export type LeadSort = (typeof leadSorts)[number];

export interface Page<T> {
  items: T[];
  total: number;
  /** Opaque; absent on the last page. */
  nextCursor?: string;
}

/** A lead with what today's ranking needs to know about it. */
export interface LeadCandidate {
  lead: Lead;
  nextTaskAt: Date | null;
  nextTaskTitle: string | null;
}

/** A lead as scoring sees it. */
export interface ScoredLead {
  id: string;
  score: number;
  tier: Tier;
  facts: Facts;
}

export interface Leads {
  get(id: string): Promise<Lead | undefined>;
  /**
   * Leads that a person may mean by this text: id, phone, e-mail, domain, or name without regard to case, punctuation
   * and legal form, then by spelling. Best first; `exact` when nothing else comes close.
   */
  find(reference: string, limit?: number): Promise<{ leads: Lead[]; exact: boolean }>;
  /** Leads with a contact of this name: the whole of it, or its first or last word. Best first. */
  ofContact(name: string, limit: number): Promise<Lead[]>;
  search(filter: LeadFilter, page: { sort: LeadSort; limit: number; cursor?: string }): Promise<Page<Lead>>;
  /** Open leads worth a look today: best by score, and all with an open task due before `until`. */
  candidates(filter: LeadFilter, until: Date, limit: number): Promise<LeadCandidate[]>;
  create(fields: LeadFields & { name: string; source: string; importId?: string }): Promise<Lead>;
  /** Throws `conflict` when `version` is given and no longer the row's. `edited` false for what a list brings: undoing the lead's own import may take it. */
  update(id: string, fields: LeadFields, version?: number, edited?: boolean): Promise<Lead>;
  delete(id: string, version?: number): Promise<Lead>;
  /** All that fit, a few thousand at a time, without an order that means anything. */
  each(filter: LeadFilter): AsyncIterable<ScoredLead[]>;
  count(filter: LeadFilter): Promise<number>;
  /** Keeps what a model found out beside what it found before, and scores the lead anew. No change of the record: its version stays. */
  keepFindings(id: string, findings: readonly Finding[]): Promise<void>;
}

export interface Contact {
  id: string;
  name: string;
  title: string | null;
  email: string | null;
  phone: string | null;
}

export interface Deal {
  id: string;
  name: string;
  stage: string;
  /** Decimal text, USD. */
  amountUsd: string | null;
  closesAt: Date | null;
}

/** What hangs on one lead. */
export interface LeadFile {
  contacts: Contact[];
  deals: Deal[];
}
