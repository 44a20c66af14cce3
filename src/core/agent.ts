import type { Actor } from './actor.ts';
import type { Facts } from './facts.ts';
import type { Estimate } from './llm.ts';
import type { Profile } from './profile.ts';
import type { Qualification } from './qualification.ts';
import type { Span } from './tracing.ts';

/** What an agent is asked and answers. A tool reaches it through `AgentRunner`; an agent's own tools never hold that tool. */
export interface AgentRuns {
  qualification: {
    input: {
      leadId: string;
      /** May a model be asked about what the record leaves open? */
      model: boolean;
      /** Most that the model may cost, USD as decimal text. */
      maxCostUsd: string;
    };
    output: QualificationRun;
  };
}
export type AgentName = keyof AgentRuns;

export interface QualificationRun extends Qualification {
  leadId: string;
  name: string;
  profile: { id: string; version: number };
  /** What a reader should know about this run: why no model was asked, what of its answers was dropped. */
  notes: string[];
  /** A model was wanted, and did not answer or could not be afforded. */
  degraded: boolean;
  /** Our own time, without waiting for a model or the database. */
  processingTimeMs: number;
  cached: boolean;
  /** Null when a model was asked whose price is not known. */
  costUsd: string | null;
  executionId: string;
}

export interface AgentContext {
  actor: Actor;
  conversationId?: string;
  /** The work this run is part of. */
  span?: Span;
  signal: AbortSignal;
}

export interface AgentRunner {
  /** Whether a model is connected, and what a question to it would cost. */
  readonly model: ModelFacts | undefined;
  asking(profile: Profile, facts: Facts, tenantId: string): Asking;
  run<A extends AgentName>(agent: A, input: AgentRuns[A]['input'], ctx: AgentContext): Promise<AgentRuns[A]['output']>;
}

/** What asking a model about one lead takes. */
export interface Asking {
  /** The labels of the criteria that the record leaves open. */
  open: string[];
  /** USD as decimal text, one answer of the cheapest model; null when its price is not known. */
  expectedUsd: string | null;
  /** With everything that may go wrong. */
  atMostUsd: string | null;
}

export interface ModelFacts {
  name: string;
  estimate: Estimate;
}
