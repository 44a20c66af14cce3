import type { Accounts } from './account.ts';
import type { Activities, Tasks } from './activity.ts';
import type { Users } from './actor.ts';
import type { Calibrations } from './calibration.ts';
import type { Change, Fields } from './change.ts';
import type { Conversations } from './conversation.ts';
import type { Costs } from './cost-report.ts';
import type { Deals } from './deal.ts';
import type { Executions } from './execution.ts';
import type { Feedback } from './feedback.ts';
import type { Imports, Uploads } from './importing.ts';
import type { JobName, JobPayloads, Jobs } from './job.ts';
import type { LeadFile, Leads } from './lead.ts';
import type { Mails } from './mail.ts';
import type { Outbox } from './outbox.ts';
import type { PriceOverrides } from './price.ts';
import type { Profiles } from './profile.ts';
import type { Proposals } from './proposal.ts';
import type { Receipts } from './receipt.ts';
import type { Reviews } from './review.ts';

/**
 * All records of one tenant, as one person may reach them. Inside `Db.tx` every write is part of one transaction and is
 * noted in `changes`; outside it, writes commit one by one.
 */
export interface Records {
  leads: Leads;
  leadFile(leadId: string): Promise<LeadFile>;
  deals: Deals;
  accounts: Accounts;
  activities: Activities;
  tasks: Tasks;
  proposals: Proposals;
  receipts: Receipts;
  jobs: Jobs;
  conversations: Conversations;
  uploads: Uploads;
  imports: Imports;
  reviews: Reviews;
  profiles: Profiles;
  calibrations: Calibrations;
  mails: Mails;
  users: Users;
  costs: Costs;
  feedback: Feedback;
  /** Prices of models that this workspace has of its own. */
  prices: PriceOverrides;
  executions: Executions;
  /** What is said on chat surfaces when, and only when, the transaction commits. */
  outbox: Pick<Outbox, 'put'>;
  workspace(): Promise<Workspace>;
  /** Takes the demo rows out of sight (kept, and counted), or brings them back; returns how many leads moved. */
  showDemo(visible: boolean): Promise<number>;
  audit(entry: AuditEntry): Promise<void>;
  /** What this transaction changed so far, in order. */
  changes(): Change[];
  /** Writes a change this layer cannot see by itself. */
  note(change: Change): void;
  /** Present values of these fields, with the row held until the transaction ends; nothing when the record is gone. */
  current(entity: Change['entity'], id: string, fields: string[]): Promise<{ fields: Fields; deleted: boolean } | undefined>;
  /** Puts values back, for undo: null fields and deletion included. */
  restore(entity: Change['entity'], id: string, to: { fields?: Fields; deleted?: boolean; label: string }): Promise<void>;
  /** Adds a job to the queue with this transaction: it exists exactly when the writes do. */
  enqueue<N extends JobName>(
    name: N,
    payload: JobPayloads[N],
    options?: { key?: string; maxAttempts?: number; runAt?: Date },
  ): Promise<void>;
  /** From here to the end of the transaction nobody else of this tenant is past this line with the same key. */
  alone(key: string): Promise<void>;
  /** Wakes waiters of this topic when the transaction commits. */
  signal(topic: string): Promise<void>;
}

export interface Workspace {
  name: string;
  timeZone: string;
  country: string;
  /** Which profile scores, and which version of it. */
  profile: string;
  profileVersion: number;
  demo: 'shown' | 'hidden' | 'removed' | null;
  leads: number;
}

export interface AuditEntry {
  action: string;
  tool?: string;
  paramsHash?: string;
  outcome: 'ran' | 'proposed' | 'refused' | 'decided' | 'failed';
  code?: string;
  proposalId?: string;
  receiptId?: string;
  /** Whom it is about, where that is not whoever acted. */
  toUserId?: string;
  requestId?: string;
}

export interface Scope {
  tenantId: string;
  userId: string;
  surface: string;
}

export interface Db {
  records(scope: Scope): Records;
  /** Commits when `work` returns, rolls back when it throws. */
  tx<T>(scope: Scope, work: (records: Records) => Promise<T>): Promise<T>;
  /** Does the work for real, looks at what it changed, and takes it all back: the only honest preview. */
  preview<T>(scope: Scope, work: (records: Records) => Promise<T>): Promise<T>;
}

/** Wakes whoever waits for something to happen in any process. */
export interface Signals {
  /** Calls `check` now, on every signal of the topic, and now and then in case one was lost; first defined answer wins. */
  waitFor<T>(
    topic: string,
    check: () => Promise<T | undefined>,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<T | undefined>;
}
