import type { Complexity } from './llm.ts';

/** How the answers of one model were liked, on one tier of one workspace. */
export interface Standing {
  tenantId: string;
  tier: Complexity;
  /** Provider and model id. */
  model: string;
  up: number;
  down: number;
  /** What such an answer cost on average, in USD; null when that is not known. */
  costUsd: number | null;
}

/** A model that might be asked first, as it stood when it was decided. */
export interface Arm {
  model: string;
  up: number;
  down: number;
  /** What its answers cost, as a share of the dearest's among these: 0 to 1. Where it is not known, as if they were the dearest. */
  cost: number;
}

/** All that a decision follows from, but for the seed. */
export interface Choices {
  tier: Complexity;
  /** In the order of the policy. */
  arms: Arm[];
  /** How much cost counts against quality. */
  lambda: number;
  /** The share of requests that each of them gets, however it stands. */
  floor: number;
  /** Whoever has fewer votes gets that share alone. */
  votesNeeded: number;
}

/** A decision about who is asked first, with all that it takes to make it again. */
export interface Decision extends Choices {
  /** Which way of deciding this is; another one gets another number. */
  version: 1;
  seed: number;
  /** How likely each was to be chosen, in the order of the arms. */
  propensities: number[];
  /** The place of the chosen one. */
  chosen: number;
}
