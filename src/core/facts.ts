import type { Finding } from './findings.ts';
import { fold } from './names.ts';

/** Fields of a lead that a profile reads like columns of a list. */
export const ownFields = ['industry', 'employees', 'city', 'state', 'zip', 'country', 'website', 'domain'] as const;

/** What a profile may look at. */
export type Facts = { [F in (typeof ownFields)[number]]?: string | number | null | undefined } & {
  name: string;
  industry: string | null;
  attributes: Record<string, string>;
  /** What a model found out, by question. */
  findings?: readonly Finding[] | null;
};

/** The facts of a lead, or of a row of leads. */
export const factsOf = (lead: Omit<Facts, 'attributes' | 'findings'> & { attributes: unknown; findings?: unknown }): Facts => ({
  name: lead.name,
  industry: lead.industry,
  employees: lead.employees,
  city: lead.city,
  state: lead.state,
  zip: lead.zip,
  country: lead.country,
  website: lead.website,
  domain: lead.domain,
  attributes: (lead.attributes ?? {}) as Facts['attributes'],
  // none is none, however it is kept: what follows from the facts is found again by them
  findings: Array.isArray(lead.findings) && lead.findings.length > 0 ? (lead.findings as Finding[]) : null,
});

export interface Evidence {
  points: number;
  /** The words that a person reads as the reason. */
  text: string;
  /** How far it can be trusted, 0-1: a column of the record is sure, a word in a name is a hint. */
  certainty: number;
  /** Where it stands: a column, "name", or what a model quoted from. */
  source: string;
  /** Of a model's finding: the words of the record that it rests on. */
  quote?: string;
}

/** How far each kind of evidence is trusted. */
export const certainties = { column: 1, wordsInColumn: 0.9, quoted: 0.8, wordsInName: 0.6 } as const;

/** A count and the bands it is judged by, kept apart from the points so that "two more" can be said. */
export interface Counted {
  count: number;
  noun: string;
  bands: readonly Band[];
}
export type Band = { atLeast: number; points: number };

/** One record laid out for the readers: cells by slot, words folded once and only when a reader asks. */
export class Sheet {
  readonly cells: readonly (string | undefined)[];
  readonly facts: Facts;
  #words: string | undefined;

  constructor(facts: Facts, cells: readonly (string | undefined)[]) {
    this.facts = facts;
    this.cells = cells;
  }

  /** Name and industry, as words between single spaces. */
  get words(): string {
    const { name, industry } = this.facts;
    this.#words ??= padded(industry ? `${name} ${industry}` : name);
    return this.#words;
  }
}

export interface Reader {
  read(sheet: Sheet): Evidence | undefined;
  count?(sheet: Sheet): Counted | undefined;
}

/** Attribute names as profiles see them: "Resimercial_Score" and "resimercial score" are one column. */
export const columnKey = (name: string): string => name.toLowerCase().replace(/[\s_]+/g, '');

/** Keys come from files; a stream of made-up ones must not grow the memo without end. */
const memoLimit = 10_000;

/** The columns that a profile reads, and where a record keeps them. */
export class Columns {
  readonly #slots = new Map<string, number>();
  readonly #memo = new Map<string, number>();
  /** The lead's own fields among them. */
  readonly #own: { field: (typeof ownFields)[number]; slot: number }[] = [];

  slot(name: string): number {
    const key = columnKey(name);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.#slots.size;
    this.#slots.set(key, slot);
    const field = ownFields.find((own) => own === key);
    if (field) this.#own.push({ field, slot });
    return slot;
  }

  sheet(facts: Facts): Sheet {
    const cells = new Array<string | undefined>(this.#slots.size).fill(undefined);
    // a field was cleaned; a column of the same name comes second
    for (const { field, slot } of this.#own) {
      const value = facts[field];
      if (value !== null && value !== undefined && value !== '') cells[slot] = String(value);
    }
    for (const key in facts.attributes) {
      const slot = this.#find(key);
      if (slot >= 0 && cells[slot] === undefined) cells[slot] = facts.attributes[key] || undefined;
    }
    return new Sheet(facts, cells);
  }

  /** Whether the record has a filled cell in one of them, or anything else that is its own alone. */
  readsAny(facts: Facts): boolean {
    const { attributes, findings } = facts;
    if (findings?.length) return true;
    for (const { field } of this.#own)
      if (facts[field] !== null && facts[field] !== undefined && facts[field] !== '') return true;
    for (const key in attributes) if (attributes[key] !== '' && this.#find(key) >= 0) return true;
    return false;
  }

  #find(key: string): number {
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    if (this.#memo.size >= memoLimit) this.#memo.clear();
    const slot = this.#slots.get(columnKey(key)) ?? -1;
    this.#memo.set(key, slot);
    return slot;
  }
}

export const plural = (noun: string, count: number): string => (count === 1 ? noun : `${noun}s`);

/** Words between single spaces, to look for whole ones. */
export const padded = (text: string): string => ` ${fold(text)} `;
