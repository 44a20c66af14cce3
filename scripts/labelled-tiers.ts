import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type Complexity, complexities } from '../src/core/llm.ts';

/** A request and how much model its answer needs; tests/fixtures/complexity/README.md says how that is judged. */
export interface Labelled {
  text: string;
  tier: Complexity;
  /** One way of asking. */
  family: string;
  /** In whose voice: the file it stands in. */
  author: string;
}

export type Part = 'train' | 'held-out';

const folder = new URL('../tests/fixtures/complexity/', import.meta.url);

export const labelled = (part: Part): Labelled[] =>
  readdirSync(folder)
    .filter((file) => file.startsWith(`${part}-`))
    .sort()
    .flatMap((file) => {
      const author = file.slice(part.length + 1, -'.json'.length);
      const requests = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<Labelled, 'author'>[];
      return requests.map((request) => ({ ...request, author }));
    });

export const hashOf = (requests: readonly Labelled[]): string =>
  createHash('sha256').update(JSON.stringify(requests)).digest('hex').slice(0, 16);

export interface Verdict {
  request: Labelled;
  said: Complexity;
}

export interface TierFigures {
  n: number;
  /** The mean of the three tiers' shares of right answers, so that the commonest tier does not decide. */
  macroAccuracy: number;
  macroF1: number;
  /** Share of the requests that went to a weaker model than they need. */
  underRouted: number;
  /** Rows: what it is; columns: what was said. */
  confusion: number[][];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

export function figuresOf(verdicts: readonly Verdict[]): TierFigures {
  const confusion = complexities.map(() => complexities.map(() => 0));
  for (const { request, said } of verdicts) confusion[complexities.indexOf(request.tier)]![complexities.indexOf(said)]! += 1;
  const asked = confusion.map(sum);
  const answered = complexities.map((_, at) => sum(confusion.map((row) => row[at]!)));
  const right = confusion.map((row, at) => row[at]!);
  // a voice that never asks anything of a tier says nothing about it
  const present = complexities.flatMap((_, at) => (asked[at] ? [at] : []));
  const under = sum(confusion.map((row, at) => sum(row.slice(0, at))));
  return {
    n: verdicts.length,
    macroAccuracy: mean(present.map((at) => right[at]! / asked[at]!)),
    macroF1: mean(present.map((at) => (2 * right[at]!) / (asked[at]! + answered[at]!))),
    underRouted: under / Math.max(1, verdicts.length),
    confusion,
  };
}

export const inPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;
