import { type Allowed, type Finding, objection, shortened } from './findings.ts';
import { fold, foldedWords } from './names.ts';
import { regionCode, regionName } from './regions.ts';
import type { EvidenceSource, Profile } from './scoring.ts';

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
type Band = { atLeast: number; points: number };

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

/** Turns a source of the profile into the function that reads it. */
export function reader(source: EvidenceSource, columns: Columns, lists: Profile['lists']): Reader {
  if ('points' in source) return pointsReader(source, columns);
  if ('count' in source) return countReader(source, columns);
  if ('list' in source) return listReader(source, columns);
  if ('flags' in source) return flagsReader(source, columns);
  if ('groups' in source) return groupsReader(source, columns, lists);
  if ('regions' in source) return regionsReader(source, columns, lists);
  if ('question' in source) return questionReader(source, lists);
  return wordsReader(source, columns, lists);
}

/** "@sunbelt" stands for the words of that list. */
const spelledOut = (words: readonly string[], lists: Profile['lists']): string[] =>
  words.flatMap((word) => (word.startsWith('@') ? (lists[word.slice(1)] ?? []) : [word]));

type Of<K extends string> = Extract<EvidenceSource, Record<K, unknown>>;

function pointsReader(source: Of<'points'>, columns: Columns): Reader {
  const points = columns.slot(source.points);
  const words = source.evidence === undefined ? -1 : columns.slot(source.evidence);
  return {
    read({ cells }) {
      const value = numberIn(cells[points]);
      if (value === undefined) return undefined;
      const text = cells[words] ?? `${source.points}: ${cells[points]}`;
      return { points: Math.min(100, Math.max(0, value)), text, certainty: certainties.column, source: source.points };
    },
  };
}

function countReader(source: Of<'count'>, columns: Columns): Reader {
  const slot = columns.slot(source.count);
  return counting(source, source.count, certainties.column, ({ cells }) => {
    const count = numberIn(cells[slot]);
    return count === undefined || count < 0 ? undefined : { count, items: [] };
  });
}

function listReader(source: Of<'list'>, columns: Columns): Reader {
  const slot = columns.slot(source.list);
  return counting(source, source.list, certainties.column, ({ cells }) => {
    const items = new Map<string, string>();
    for (const part of cells[slot]?.split(/[,;/]/) ?? [])
      if (/[\p{L}\p{N}]/u.test(part)) items.set(part.trim().toLowerCase(), part.trim());
    return items.size === 0 ? undefined : { count: items.size, items: [...items.values()] };
  });
}

function flagsReader(source: Of<'flags'>, columns: Columns): Reader {
  const flags = Object.entries(source.flags).map(([column, label]) => ({ slot: columns.slot(column), label }));
  return counting(source, Object.keys(source.flags).join(', '), certainties.column, ({ cells }) => {
    let filled = false;
    const items: string[] = [];
    for (const { slot, label } of flags) {
      const flag = flagIn(cells[slot]);
      if (flag !== undefined) filled = true;
      if (flag) items.push(label);
    }
    return filled ? { count: items.length, items } : undefined;
  });
}

function groupsReader(source: Of<'groups'>, columns: Columns, lists: Profile['lists']): Reader {
  const groups = Object.entries(source.groups).map(([label, words]) => ({ label, any: oneOf(spelledOut(words, lists)) }));
  const text = wordsOf(source.in, columns);
  const [place, certainty] = standingOf(source.in);
  // Words in a name show what is there, not what is missing: they never say how many more it would take.
  return {
    read: counting(source, place, certainty, (sheet) => {
      const words = text(sheet);
      const items = groups.filter((group) => group.any.test(words)).map((group) => group.label);
      return items.length === 0 ? undefined : { count: items.length, items };
    }).read,
  };
}

function wordsReader(source: Of<'words'>, columns: Columns, lists: Profile['lists']): Reader {
  const rules = source.words.map(({ any, and, points, label }) => ({
    any: oneOf(spelledOut(any, lists)),
    and: and && oneOf(spelledOut(and, lists)),
    points,
    label,
  }));
  const { otherwise } = source;
  const text = wordsOf(source.in, columns);
  const [place, certainty] = standingOf(source.in);
  return {
    read(sheet) {
      const words = text(sheet);
      for (const { any, and, points, label } of rules) {
        const first = any.exec(words)?.[1];
        const second = first && and?.exec(words)?.[1];
        if (!first || (and && !second)) continue;
        return { points, text: `${label} ("${first}"${second ? ` and "${second}"` : ''})`, certainty, source: place };
      }
      return otherwise && words.trim() !== ''
        ? { points: otherwise.points, text: otherwise.label, certainty, source: place }
        : undefined;
    },
  };
}

/** Two letters that are a state or province mean that; "CA" is California, and Canada is written out. Other countries go by code or name. */
function regionsReader(source: Of<'regions'>, columns: Columns, lists: Profile['lists']): Reader {
  const [state, country] = [columns.slot('state'), columns.slot('country')];
  const rules = source.regions.map((rule) => {
    const entries = spelledOut(rule.any, lists);
    return {
      ...rule,
      states: new Set(entries.flatMap((entry) => regionCode(entry) ?? [])),
      others: new Set(entries.filter((entry) => regionCode(entry) === undefined).map((entry) => fold(countryName(entry)))),
    };
  });
  const { otherwise } = source;
  const told = (points: number, label: string, place: string, from: string): Evidence => ({
    points,
    text: `${label} (${place})`,
    certainty: certainties.column,
    source: from,
  });
  return {
    read({ cells }) {
      const [region, land] = [cells[state], cells[country] === undefined ? undefined : countryName(cells[country]!)];
      const code = region !== undefined && (land === undefined || stateLands.has(fold(land))) ? regionCode(region) : undefined;
      const place = code ? regionName(code)! : (region ?? land);
      for (const { states, others, points, label } of rules) {
        if (code ? states.has(code) : region !== undefined && others.has(fold(region)))
          return told(points, label, place!, 'state');
        if (land !== undefined && others.has(fold(land))) return told(points, label, land, 'country');
      }
      return otherwise && place !== undefined
        ? told(otherwise.points, otherwise.label, place, region === undefined ? 'country' : 'state')
        : undefined;
    },
  };
}

const stateLands = new Set(['united states', 'usa', 'us', 'united states of america', 'canada']);
const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** "GB" is United Kingdom; what is no code stays. */
const countryName = (text: string): string => (/^[A-Za-z]{2}$/.test(text) && countryNames.of(text.toUpperCase())) || text;

/** What a quote for this answer has to hold, made ready to look. */
export const allowedBy = ({ points, mentions, and }: Of<'question'>['answers'][string], lists: Profile['lists']): Allowed => ({
  points,
  mentions: mentions && oneOf(spelledOut(mentions, lists)),
  and: and && oneOf(spelledOut(and, lists)),
});

function questionReader(source: Of<'question'>, lists: Profile['lists']): Reader {
  const answers = new Map(Object.entries(source.answers).map(([answer, rule]) => [answer, allowedBy(rule, lists)]));
  return {
    read({ facts }) {
      const finding = facts.findings?.find(({ question }) => question === source.question);
      const answer = finding && answers.get(finding.answer);
      if (!answer || objection(finding, facts, answer) !== undefined) return undefined;
      const { quote, source: place } = finding;
      return {
        points: answer.points,
        text: `${finding.answer}: "${shortened(quote, longestQuote)}"`,
        certainty: certainties.quoted,
        source: place,
        quote,
      };
    },
  };
}

/** A reader that counts things and looks the count up in its bands. */
function counting(
  source: { noun: string; bands: readonly Band[] },
  place: string,
  certainty: number,
  read: (sheet: Sheet) => { count: number; items: string[] } | undefined,
): Required<Reader> {
  const bands = [...source.bands].sort((a, b) => a.atLeast - b.atLeast);
  return {
    read(sheet) {
      const found = read(sheet);
      const points = found && bands.findLast((band) => found.count >= band.atLeast)?.points;
      if (!found || points === undefined) return undefined;
      const list = found.items.length ? ` (${found.items.join(', ')})` : '';
      return { points, text: `${found.count} ${plural(source.noun, found.count)}${list}`, certainty, source: place };
    },
    count(sheet) {
      const found = read(sheet);
      return found && { count: found.count, noun: source.noun, bands };
    },
  };
}

/**
 * Of name and industry, the words that some rule of the profile looks for, with a gap wherever others stood between them: two records
 * for which this is the same, and that fill no column of the profile, get the same score.
 */
export function relevantWords(profile: Profile): (facts: Facts) => string {
  const phrases = [...profile.criteria, ...profile.bonuses]
    .flatMap((part) => part.sources)
    .flatMap((source) => spelledOut(phrasesOf(source), profile.lists));
  const sought = new Set(phrases.flatMap((phrase) => foldedWords(phrase)));
  return ({ name, industry }) => {
    let key = '';
    let gap = false;
    for (const word of foldedWords(industry ? `${name} ${industry}` : name)) {
      if (!sought.has(word)) gap = true;
      else {
        key += gap ? `| ${word} ` : `${word} `;
        gap = false;
      }
    }
    return key;
  };
}

function phrasesOf(source: EvidenceSource): string[] {
  if ('groups' in source) return Object.values(source.groups).flat();
  if ('words' in source) return source.words.flatMap(({ any, and = [] }) => [...any, ...and]);
  return [];
}

const padded = (text: string): string => ` ${fold(text)} `;
const standingOf = (columns: string[] | undefined): [place: string, certainty: number] =>
  columns ? [columns.join(', '), certainties.wordsInColumn] : ['name', certainties.wordsInName];
/** Folded words are letters, digits and spaces: nothing in them means anything to an expression. */
const oneOf = (words: string[]): RegExp => new RegExp(` (${words.map(fold).filter(Boolean).join('|')}) `);
/** Of a quote so much is said in a reason; the whole of it stands beside. */
const longestQuote = 120;
export const plural = (noun: string, count: number): string => (count === 1 ? noun : `${noun}s`);

function wordsOf(columnNames: string[] | undefined, columns: Columns): (sheet: Sheet) => string {
  if (!columnNames) return (sheet) => sheet.words;
  const slots = columnNames.map((name) => columns.slot(name));
  return (sheet) => slots.map((slot) => padded(sheet.cells[slot] ?? '')).join('');
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*-?\d+(\.\d+)?\s*%?\s*$/.test(text)) return undefined;
  return Number.parseFloat(text);
}

const yes = new Set(['true', 'yes', 'y', '1', '1.0', 'x', '✓']);
const no = new Set(['false', 'no', 'n', '0', '0.0']);

function flagIn(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase();
  if (word === undefined) return undefined;
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}
