/** Lists that become leads. */
export interface Upload {
  id: string;
  fileName: string;
  bytes: number;
  sha256: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface Uploads {
  /** Only the uploader's own; nothing once expired. */
  get(id: string): Promise<Upload | undefined>;
  /** The uploader's newest file of this name. */
  named(fileName: string): Promise<Upload | undefined>;
  create(upload: Pick<Upload, 'id' | 'fileName' | 'bytes' | 'sha256'>): Promise<Upload>;
}

/** Bytes of uploads, in DATA_DIR/uploads. Names in it are our ids: a path from outside never reaches the disk. */
export interface UploadFiles {
  save(content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<{ id: string; bytes: number; sha256: string }>;
  /** Where the file lies, for readers that need to jump about in it. */
  path(id: string): string;
  /** A new empty folder for working on the upload; whoever asked removes it, or `remove` does. */
  workFolder(id: string): Promise<string>;
  /** Where the outcome of its last dry run is kept. */
  previewPath(id: string): string;
  remove(id: string): Promise<void>;
  /** Removes work folders that nothing was added to for so long: whoever asked for them was killed. */
  tidy(olderThanMs: number): Promise<void>;
}

/** What a list may cost at most. */
export interface ImportLimits {
  /** Rows of data below the header. */
  maxRows: number;
  /** Bytes of text after unpacking: a small archive must not become an endless list. */
  maxTextBytes: number;
  maxMinutes: number;
}

/** What became of the rows of a list. */
export interface ImportCounts {
  rows: number;
  /** New leads. */
  imported: number;
  /** Rows of a lead that was here, or stood in an earlier row, and that brought something new to it. */
  merged: number;
  /** Rows that said nothing new. */
  duplicates: number;
  /** Rows that may be a lead that is here: a person decides. */
  review: number;
  /** Rows no lead can be made of. */
  failed: number;
}

export interface ImportSummary extends ImportCounts {
  id: string;
  fileName: string;
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'undone';
  /** The columns of the file, in its order. */
  headers: string[];
  mapping: Record<string, string>;
  /** Of the rows to review: those that nobody has decided yet. */
  waiting: number;
  createdAt: Date;
  finishedAt: Date | null;
}

export const rowOutcomes = ['merged', 'duplicate', 'review', 'rejected'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** A row that did not become a lead of its own. */
export interface LeftOutRow {
  line: number;
  outcome: RowOutcome;
  reason: string;
  /** That it is the same company as `leadId`, 0-1. */
  confidence: number | null;
  /** Header -> cell, as the file had it. */
  raw: Record<string, string>;
  leadId: string | null;
  leadName: string | null;
  decision: ReviewDecision | null;
}

export const reviewDecisions = ['same', 'new', 'drop'] as const;
/** What a person says of a row in review: it is that lead, it is a lead of its own, or nobody needs it. */
export type ReviewDecision = (typeof reviewDecisions)[number];

/** The columns of a new lead's row text, in order. */
export const leadCells = [
  'name',
  'name_key',
  'phone',
  'email',
  'domain',
  'website',
  'street',
  'city',
  'state',
  'zip',
  'country',
  'industry',
  'employees',
  'status',
  'attributes',
  'score',
  'tier',
] as const;

/** The columns of the row text in which live leads come: what matching looks at first. People and deals are JSON, account is "t" or "f". */
export const knownCells = [
  'id',
  'name',
  'phone',
  'email',
  'domain',
  'street',
  'city',
  'state',
  'zip',
  'country',
  'people',
  'website',
  'industry',
  'employees',
  'attributes',
  'deals',
  'account',
] as const;

/** The columns of the row text of a row that did not become a lead. */
export const outcomeCells = ['line', 'outcome', 'reason', 'confidence', 'raw', 'company', 'lead_id', 'filled'] as const;

export interface ImportPerson {
  leadId: string;
  name: string;
  title?: string;
  email?: string;
  phone?: string;
}

export interface ImportDeal {
  leadId: string;
  name: string;
  stage?: string;
  /** Decimal text. */
  amountUsd?: string;
  /** ISO date. */
  closesAt?: string;
}

export interface ImportAccount {
  leadId: string;
  name: string;
  /** ISO date. */
  since?: string;
  mrrUsd?: string;
  health?: string;
}

/** A question about a lead that an earlier list has raised already. */
export interface Asked {
  fileName: string;
  line: number;
  /** What the row said about its company, as a review keeps it. */
  company: unknown;
  /** Nothing while it waits; one that was answered with "new" is no question any more. */
  decision: 'same' | 'drop' | null;
}

/** Fields that a merge may fill where nothing stands yet. */
export const fillableFields = [
  'phone',
  'email',
  'domain',
  'website',
  'street',
  'city',
  'state',
  'zip',
  'country',
  'industry',
  'employees',
] as const;
export type FillableField = (typeof fillableFields)[number];

/** A lead as a merge sees it. */
export interface MergeTarget {
  id: string;
  name: string;
  fields: Partial<Record<FillableField, string | number>>;
  attributes: Record<string, string>;
  /** With an id where they are contacts already. */
  people: { id?: string; name: string; title?: string; email?: string; phone?: string }[];
  deals: string[];
  hasAccount: boolean;
}

export interface Merge {
  id: string;
  /** What contacts lacked, by their id. */
  contacts: Record<string, { title?: string; email?: string; phone?: string }>;
  fields: Partial<Record<FillableField, string | number>>;
  attributes: Record<string, string>;
  score: number;
  tier: string;
}

export interface Imports {
  get(id: string): Promise<ImportSummary | undefined>;
  list(limit: number): Promise<ImportSummary[]>;
  /** By line; `after` is the last line of the page before. */
  leftOut(
    id: string,
    filter: { outcome?: RowOutcome[]; undecided?: boolean },
    page: { limit: number; after?: number },
  ): Promise<LeftOutRow[]>;
  /** What columns with these headers meant the last time somebody said so. */
  remembered(signature: string): Promise<Record<string, string> | undefined>;
  remember(signature: string, mapping: Record<string, string>): Promise<void>;

  /** From here to the end of the transaction no other import of this workspace compares or writes. */
  hold(signal: AbortSignal): Promise<void>;
  /** Live leads as lines of `knownCells`, whole lines at a time; of their people the first few. */
  known(): AsyncIterable<Uint8Array>;
  /** These leads with all their people, by id, held until the transaction ends; deleted ones are left out. */
  targets(ids: string[]): Promise<Map<string, MergeTarget>>;
  /** What was asked before of these leads, by the id of the lead. */
  asked(leadIds: string[]): Promise<Map<string, Asked[]>>;
  begin(source: { id: string; fileName: string; headers: string[]; mapping: Record<string, string> }): Promise<void>;
  /** Bytes of lines, cut anywhere: an id, a tab, what `lines` is given, a tab, and `leadCells`. */
  addLeads(importId: string, lines: (between: string) => AsyncIterable<Uint8Array>): Promise<number>;
  addPeople(importId: string, people: AsyncIterable<ImportPerson[]>): Promise<void>;
  addDeals(importId: string, deals: AsyncIterable<ImportDeal[]>): Promise<void>;
  addAccounts(importId: string, accounts: AsyncIterable<ImportAccount[]>): Promise<void>;
  /** Writes what merges fill; every merge stands for one lead. */
  merge(merges: Merge[]): Promise<void>;
  /** Lines of `outcomeCells`. */
  addOutcomes(importId: string, lines: AsyncIterable<string[]>): Promise<void>;
  /** Closes the import with its counts, and sees to it that the new leads can be searched. */
  finish(importId: string, fileName: string, counts: ImportCounts): Promise<void>;
  /** Notes what an import would do as this transaction's change, when nothing of it is written. */
  note(importId: string, fileName: string, counts: ImportCounts): void;
  /** Makes the leads of an import searchable that are not yet. */
  index(importId: string): Promise<void>;
  /** Deletes what the import made and takes back what it filled, as far as nobody touched it since; returns what was kept. */
  revert(id: string): Promise<{ removed: number; keptCount: number; kept: { id: string; label: string; field?: string }[] }>;
}
