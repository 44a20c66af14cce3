/** How many of some decided leads came out well, and how sure one can be of their rate. */
export interface Share {
  leads: number;
  positives: number;
}

/** Decided leads of one score. */
export interface Tally extends Share {
  /** 0-100. */
  score: number;
}

/** Standard errors to either side that hold the truth in 95 of 100 cases. */
export const clearly = 1.96;

/** Between which bounds the true rate lies with 95 % confidence (Wilson 1927): also right for few leads, and for all or none. */
export function wilson({ leads: n, positives }: Share): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const z = clearly;
  const rate = positives / n;
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n));
  const [middle, whole] = [rate + (z * z) / (2 * n), 1 + (z * z) / n];
  return { low: Math.max(0, (middle - spread) / whole), high: Math.min(1, (middle + spread) / whole) };
}

export const rateOf = ({ leads, positives }: Share): number => positives / leads;

export const wholePercent = (rate: number): string => `${Math.round(rate * 100)} %`;
