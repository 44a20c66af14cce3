import type { Column, ImportField } from '../table.ts';
import type { Content } from './content.ts';
import { judge } from './fits.ts';
import type { Meaning } from './headers.ts';

/** A claim: a column could be this field, so surely, because of its header, its cells or both. */
export interface Claim {
  column: number;
  field: ImportField;
  /** Of person fields and of what may be a person's: whom of the row. */
  group?: string;
  /** Orders the claims to a field; higher comes first. */
  rank: number;
  confidence: number;
  because: Extract<Column['because'], 'header' | 'content' | 'both'>;
}

/** An e-mail or phone column that may be the company's or a person's, to be settled when the people of the row are known. */
export interface Reach extends Claim {
  field: 'email' | 'phone';
  scope: 'company' | 'person' | 'any';
  group: string;
  index: number;
  /** Mobiles and direct lines are a person's if there is one. */
  direct: boolean;
}

/** What is known of a column before it is settled what it is. */
export interface Known {
  index: number;
  header: string;
  content: Content;
  meanings: Meaning[];
}

/** What the cells confirm goes before what only a header says; cells alone come last. */
const ranks = { agreement: 0.2, certain: 0.3, alone: 0.3, contradicting: 0.25, rescue: 0.05 } as const;
/** How sure cells alone can be: of e-mails and the like, of anything else, against their own header, and of names that carry no trade. */
const sureness = { certain: 0.7, alone: 0.6, contradicting: 0.5, rescue: 0.45 } as const;
/** A field never goes to a column without a single value while another one has some. */
const emptyRank = -10;
/** A header that its cells confirm leaves a fifth of the doubt. */
const doubtLeft = 0.2;

const round = (share: number): number => Math.round(share * 100) / 100;

/** The claim of a header as the cells see it; nothing when they speak against it. */
export function fromHeader({ index, content }: Known, field: ImportField, level: number, agreed = false): Claim | undefined {
  const verdict = agreed ? 'agrees' : judge(field, content);
  if (verdict === 'contradicts') return undefined;
  const agrees = verdict === 'agrees';
  return {
    column: index,
    field,
    rank: level + (agrees ? ranks.agreement : 0) + (content.filled === 0 ? emptyRank : 0),
    confidence: round(agrees ? 1 - (1 - level) * doubtLeft : level),
    because: agrees ? 'both' : 'header',
  };
}

/** The claim of the cells alone. */
export function fromCells(column: number, field: ImportField, how: keyof typeof sureness): Claim {
  return { column, field, rank: ranks[how], confidence: sureness[how], because: 'content' };
}

/** The same claim, weaker. */
export function weaker<C extends Claim>(claim: C, factor: number): C {
  return {
    ...claim,
    // Below zero is an empty column: it stays there.
    rank: claim.rank < 0 ? claim.rank - (1 - factor) : claim.rank * factor,
    // Being second choice says little against what it is.
    confidence: round(claim.confidence * Math.max(factor, 0.6)),
  };
}

/** The name of one person's columns: the same words and the same number mean the same person. */
export const groupOf = (group: string, index: number): string => `${group}#${index}`;
/** Whoever the row is about: e-mails and titles that say nobody's name are theirs. */
export const mainGroup = groupOf('', 1);

export const isReach = (claim: Claim | Reach): claim is Reach => 'direct' in claim;
