import { join } from 'node:path';
import type { ImportCounts, RowOutcome } from '../core/importing.ts';
import { rowText } from '../core/rowtext.ts';
import type { Comparison } from './compare.ts';
import type { Growth } from './growth.ts';
import type { Prepared } from './prepare.ts';
import { type KeptRow, keptRow } from './process.ts';
import { Spool } from './spool.ts';

export interface Sample {
  line: number;
  name: string;
  reason?: string;
  /** That it is the same company as `lead`. */
  confidence?: number;
  /** The lead it was found to be, or may be. */
  lead?: string;
}
export type Samples = Record<'created' | RowOutcome, Sample[]>;

/** The lead that a row was left out for; no id while that is a row which waits for review itself. */
export interface Lead {
  id: string | null;
  name: string;
}

const sampled = 20;
const longestName = 80;

/** What became of each row: counted, some shown, and those that did not become a lead written down with the reason. */
export class Outcomes {
  readonly counts: ImportCounts;
  /** What people said of a row when an earlier list brought it, in words. */
  readonly answers = new Map<number, string>();
  readonly #samples: Samples = { created: [], merged: [], duplicate: [], review: [], rejected: [] };
  readonly #list: Prepared;
  readonly #comparison: Comparison;
  /** Nothing where nothing is to be written. */
  readonly #spool: Spool | undefined;

  constructor(list: Prepared, comparison: Comparison, { folder, write }: { folder: string; write: boolean }) {
    this.#list = list;
    this.#comparison = comparison;
    this.#spool = write ? new Spool(join(folder, 'outcomes')) : undefined;
    this.counts = { rows: list.rows.length, imported: 0, merged: 0, duplicates: 0, review: 0, failed: list.rejected };
  }

  /** By line: rows that are alone came first, rows of one lead together. */
  samples(): Samples {
    for (const samples of Object.values(this.#samples)) samples.sort((a, b) => a.line - b.line);
    return this.#samples;
  }

  done(): number {
    const { imported, merged, duplicates, review, failed } = this.counts;
    return imported + merged + duplicates + review + failed;
  }

  get wantsCreated(): boolean {
    return this.#samples.created.length < sampled;
  }

  created(row: KeptRow): void {
    this.#sample('created', row);
  }

  async rejected(row: KeptRow): Promise<void> {
    const reason = row.reason ?? '';
    await this.#write('rejected', row, { reason });
    this.#sample('rejected', row, { reason });
  }

  /** `filled` on the one row of a lead that carries what the list fills there. */
  async leftOut(
    outcome: 'merged' | 'duplicate' | 'review',
    row: KeptRow,
    index: number,
    lead: Lead,
    filled?: Growth,
  ): Promise<void> {
    this.counts[outcome === 'duplicate' ? 'duplicates' : outcome]++;
    const { like, confidence } = this.#comparison.decisions;
    const other = like[index]!;
    const where = other < this.#list.rows.length ? `line ${this.#lineOf(other)}` : `${lead.name}, already here`;
    const waits = lead.id === null ? ', which waits for review' : '';
    const answer = this.answers.get(index);
    const reason = `${this.#comparison.reasons(index)} (${where}${waits})${answer ? `; ${answer}` : ''}`;
    const sure = Math.round(confidence[index]! * 1000) / 1000;
    await this.#write(outcome, row, { reason, confidence: sure, leadId: lead.id, ...(filled && { filled }) });
    this.#sample(outcome, row, { reason, confidence: sure, lead: lead.name });
  }

  #lineOf(index: number): string {
    const line = this.#list.rows.read(index);
    return line.slice(0, line.indexOf('\t'));
  }

  #sample(kind: keyof Samples, row: KeptRow, more: Partial<Sample> = {}): void {
    const samples = this.#samples[kind];
    if (samples.length < sampled) samples.push({ line: row.line, name: row.name || firstWords(row.cells), ...more });
  }

  async #write(
    outcome: RowOutcome,
    row: KeptRow,
    { reason, confidence, leadId, filled }: { reason: string; confidence?: number; leadId?: string | null; filled?: Growth },
  ): Promise<void> {
    if (!this.#spool) return;
    const { line, cells } = row;
    const whole = outcome === 'review' ? JSON.stringify(reviewed(row)) : null;
    const { fields, attributes, contacts } = filled ?? {};
    const kept = filled ? JSON.stringify({ fields, attributes, contacts }) : null;
    await this.#spool.add(rowText([line, outcome, reason, confidence, JSON.stringify(this.#raw(cells)), whole, leadId, kept]));
  }

  #raw(cells: string[]): Record<string, string> {
    const raw: [string, string][] = [];
    for (const [index, cell] of cells.entries()) {
      const header = this.#list.columns[index]?.header ?? `column ${index + 1}`;
      if (cell.trim() !== '') raw.push([header, cell]);
    }
    return Object.fromEntries(raw);
  }

  /** Lines for the database; nothing when nothing is to be written. */
  async lines(): Promise<AsyncIterable<string[]> | undefined> {
    await this.#spool?.finish();
    return this.#spool && this.#spool.length > 0 ? this.#spool.lines() : undefined;
  }

  async close(): Promise<void> {
    await this.#spool?.finish();
  }
}

/** What a review keeps of a row, to make a lead of. */
export function reviewed({
  line: _line,
  reason: _reason,
  cells: _cells,
  score: _score,
  tier: _tier,
  ...company
}: KeptRow): object {
  return company;
}

/** What stands where a name should be, as far as text of a database may hold it. */
function firstWords(cells: string[]): string {
  const cell = cells.find((text) => text.trim() !== '') ?? '';
  return cell.trim().slice(0, longestName).toWellFormed().replaceAll('\0', '');
}

export const keptRowAt = (list: Prepared, index: number): KeptRow => keptRow(list.rows.read(index));
