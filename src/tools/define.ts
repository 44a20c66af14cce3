import type { z } from 'zod';
import type { Actor, Role } from '../core/actor.ts';
import type { AgentRunner } from '../core/agent.ts';
import type { Clock } from '../core/approval.ts';
import type { Card } from '../core/card.ts';
import type { Tense } from '../core/change.ts';
import type { Shown } from '../core/conversation.ts';
import type { ImportLimits, UploadFiles } from '../core/importing.ts';
import type { Progress } from '../core/job.ts';
import type { Metrics } from '../core/metrics.ts';
import type { Policy, Reach, Risk, Standing } from '../core/policy.ts';
import type { Db, Records, Signals } from '../core/records.ts';
import type { Said } from '../core/said.ts';
import type { Span, Tracing } from '../core/tracing.ts';
import type { Log } from '../log.ts';

/** Everything the product is built from; app.ts makes it, everyone else receives it. */
export interface Deps {
  db: Db;
  signals: Signals;
  files: UploadFiles;
  importLimits: ImportLimits;
  qualifyLimits: QualifyLimits;
  /** Filled in once the agents are built: they need the gate, and the gate needs these. */
  agents: AgentRunner;
  policy: Policy;
  metrics: Metrics;
  tracing: Tracing;
  log: Log;
  now(): Date;
}

/** What qualifying with a model may cost and how hard it may press. */
export interface QualifyLimits {
  /** USD as decimal text, of one lead. */
  leadUsd: string;
  /** Of one run over many leads. */
  runUsd: string;
  concurrency: number;
  perMinute: number;
}

/** What a tool gets for one call: records of this tenant, inside the call's own transaction. */
export interface ToolDeps {
  records: Records;
  files: UploadFiles;
  importLimits: ImportLimits;
  qualifyLimits: QualifyLimits;
  agents: AgentRunner;
  now(): Date;
}

export interface ToolContext {
  actor: Actor;
  standing: Standing;
  conversationId?: string;
  signal: AbortSignal;
  /** Of the job that runs this call, if one does. */
  jobId?: string;
  /** What agents and models that the tool asks are part of. */
  span?: Span;
  /** What this call writes is taken back: long tools may leave the writing out. */
  preview?: boolean;
  progress(progress: Progress): void;
}

/** What a conversation or a door knows about the call. */
export interface CallContext {
  actor: Actor;
  /** A person's own press or key, or the assistant speaking for them. */
  by: 'person' | 'assistant';
  /** The user's words of this turn, for judging whether the assistant was asked for exactly this. */
  said?: Said;
  conversationId?: string;
  requestId?: string;
  idempotencyKey?: string;
  /** The work this call is part of. */
  span?: Span;
  signal?: AbortSignal;
  /** Told how far a call is that runs here and now; a job keeps its own. */
  progress?(progress: Progress): void;
}

/**
 * A tool is a use case, written once and served unchanged to agents, REST, MCP, voice and jobs. Descriptions are for a
 * model that has never seen our product.
 */
export interface Tool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  /** A function where the risk depends on what the call would do (undo has the risk of what it reverts). */
  risk: Risk | ((input: z.infer<I>, deps: ToolDeps, ctx: ToolContext) => Promise<{ risk: Risk; reach: Reach }>);
  /** Of a write; one record unless said otherwise. */
  reach?: Reach;
  minRole?: Role;
  /** Runs as a job: the call answers with a jobId when it takes longer than a few seconds. */
  long?: boolean;
  /**
   * A draft that waits for models or agents: it runs without a transaction, because one that waits for another connection of the pool
   * may wait for itself. What it keeps, it commits as it goes.
   */
  ownTransactions?: boolean;
  /** Did the user ask for exactly this call in these words? Judged before it runs; absent means never. */
  asked?(input: z.infer<I>, said: Said, deps: ToolDeps, ctx: ToolContext): Promise<boolean>;
  run(input: z.infer<I>, deps: ToolDeps, ctx: ToolContext): Promise<z.infer<O>>;
  /** The sentence of its receipt, and of a proposal, where the changes alone do not tell it. */
  sentence?(output: z.infer<O>, tense: Tense): string;
  /** Which receipt this call reverted, if any: it is marked as undone with the same commit. */
  undoes?(output: z.infer<O>): string | undefined;
  /** For somebody on this clock. */
  card?(output: z.infer<O>, clock: Clock): Card | undefined;
  /** Records the answer puts before the person, in the order shown. */
  shows?(output: z.infer<O>): Shown[];
}

export const defineTool = <I extends z.ZodType, O extends z.ZodType>(tool: Tool<I, O>): Tool => tool as unknown as Tool;
