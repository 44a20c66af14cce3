import { AppError } from '../errors.ts';
import type { CostRange } from './cost-report.ts';
import type { LoggedDecision } from './router-replay.ts';
import { storable } from './visible.ts';

export const votes = ['up', 'down'] as const;
export type Vote = (typeof votes)[number];

/** Longest comment on an answer, in characters. */
export const longestComment = 2000;

/** What a person thinks of an answer of the assistant. */
export interface Rating {
  conversationId: string;
  turnId: string;
  /** Null: none, or taken back. */
  vote: Vote | null;
  comment: string | null;
}

/** A comment as it is kept; nothing when there are no words in it. Throws where it is too long, or where there is no vote that it goes with. */
export function commentOf(vote: Vote | null, comment: string | undefined): string | null {
  const text = storable(comment ?? '').trim();
  if (!text) return null;
  if (vote === null) throw new AppError('invalid_input', 'A comment goes with a vote: say up or down.');
  if (text.length > longestComment)
    throw new AppError('too_large', `A comment may have ${longestComment} characters; this one has ${text.length}.`);
  return text;
}

/** How the answers of one model are liked. */
export interface AnswerQuality {
  provider: string;
  model: string;
  /** Turns in which this model had the last word. */
  answers: number;
  up: number;
  down: number;
  /** What such a turn cost on average with all its attempts, as exact decimal USD; null when no turn has a known price. */
  averageCostUsd: string | null;
  /** Turns with a call whose price is not known; they are not in the average. */
  unpriced: number;
}

/** What somebody wrote about an answer; by whom is not said. */
export interface AnswerComment {
  at: Date;
  provider: string;
  model: string;
  vote: Vote;
  comment: string;
}

/** People's votes on answers: thumbs from any surface end here. */
export interface Feedback {
  /**
   * One vote of this person for the turn: again changes it, null takes it back. A comment stays while the vote stays and none is given.
   * Throws `not_found` for a turn of somebody else's conversation, and for one that has no answer (yet).
   */
  rate(rating: { conversationId: string; turnId: string; vote: Vote | null; comment?: string }): Promise<Rating>;
  /** This person's votes in a conversation, by turn. */
  mine(conversationId: string): Promise<ReadonlyMap<string, Rating>>;
  /** By model, those that answered most first. */
  quality(range: CostRange): Promise<AnswerQuality[]>;
  /** The newest comments, at most `limit`. */
  comments(range: CostRange, limit: number): Promise<AnswerComment[]>;
  /** What a router that learns decided, with the votes that came of it: the newest `limit`, oldest first. */
  decisions(range: CostRange, limit: number): Promise<LoggedDecision[]>;
}
