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
  open(id: string): AsyncIterable<Buffer>;
  remove(id: string): Promise<void>;
}

export interface ImportCounts {
  rows: number;
  imported: number;
  merged: number;
  duplicates: number;
  review: number;
  failed: number;
}

export interface ImportSummary extends ImportCounts {
  id: string;
  fileName: string;
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'undone';
  mapping: Record<string, string>;
  createdAt: Date;
  finishedAt: Date | null;
}

/** One cleaned row on its way to COPY. */
export interface LeadRow {
  line: number;
  name: string;
  phone?: string;
  email?: string;
  domain?: string;
  website?: string;
  street?: string;
  city?: string;
  state?: string;
  zip?: string;
  country?: string;
  industry?: string;
  employees?: number;
  contactName?: string;
  contactTitle?: string;
  attributes: Record<string, string>;
  score: number;
  tier: string;
  scoreDetail: unknown;
}

export interface RejectedRow {
  line: number;
  reason: string;
  raw: Record<string, string>;
}

export interface Imports {
  get(id: string): Promise<ImportSummary | undefined>;
  list(limit: number): Promise<ImportSummary[]>;
  rejected(id: string, limit: number): Promise<RejectedRow[]>;
  /**
   * Streams rows through COPY into this transaction: new ones become leads, rows that repeat another row of the file or
   * a lead already here (same name and place, phone or e-mail) are kept as duplicates with the reason.
   */
  load(source: {
    id: string;
    fileName: string;
    mapping: Record<string, string>;
    rows: AsyncIterable<LeadRow | RejectedRow>;
    signal: AbortSignal;
  }): Promise<ImportCounts>;
  /** Deletes what the import made and nobody touched since; returns what was kept. */
  revert(id: string): Promise<{ removed: number; kept: { id: string; label: string }[] }>;
}
