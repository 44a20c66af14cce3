/**
 * An ideal customer profile is data; code sums. Each criterion is worth 0-100 and counts by its weight; bonuses are added
 * on top; the total is capped at 100. Tiers are judged on the unrounded total.
 */
export const tiers = ['PLATINUM', 'GOLD', 'SILVER', 'BRONZE'] as const;
export type Tier = (typeof tiers)[number];

export type { EvidenceSource, Profile } from './profile.ts';

export interface Factor {
  id: string;
  label: string;
  /** Share of the total, 0-1; 0 for a bonus. */
  weight: number;
  /** 0-100; null when nothing in the record speaks to it. */
  points: number | null;
  /** What it adds to the total. */
  contribution: number;
  evidence: string | null;
  /** Where that stands: a column, or "name". */
  source: string | null;
  /** How far it can be trusted, 0-1; 0 without any. */
  certainty: number;
  /** Of a model's finding: the words of the record that it rests on. */
  quote?: string;
}

export interface ScoreDetail {
  profile: string;
  score: number;
  tier: Tier;
  grade: 'A' | 'B' | 'C' | 'D';
  temperature: 'hot' | 'warm' | 'cold';
  factors: Factor[];
  met: string[];
  missed: string[];
  /** Criteria without any evidence. */
  missing: string[];
  /** What would lift the lead to the next tier. */
  wouldRaise: string[];
  /** 0-1: how much of the weight rests on evidence, and how sure that is. Says nothing about how good the lead is. */
  confidence: number;
}

/** Where evidence stands, for people: "from OEMs Certified", "read by a model in About". Columns of lists are named with underscores. */
export const foundIn = (source: string, byModel: boolean): string =>
  `${byModel ? 'read by a model in' : 'from'} ${source.replaceAll('_', ' ')}`;
