import { createHash } from 'node:crypto';
import type { ChatUser } from './chat.ts';

/** Long work that a person can watch and stop. */
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

export interface Progress {
  done: number;
  /** Absent while nobody knows. */
  total?: number;
  message?: string;
}

export interface Job {
  id: string;
  tool: string;
  input: Record<string, unknown>;
  state: JobState;
  progress: Progress | null;
  result: unknown;
  error: { code: string; message: string; details?: Record<string, unknown> } | null;
  attempts: number;
  userId: string;
  conversationId: string | null;
  receiptId: string | null;
  cancelRequested: boolean;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Everything the worker needs to act as the person who started it. */
export interface JobContext {
  userId: string;
  surface: string;
  standing: string;
  conversationId?: string;
  requestId?: string;
}

export interface Jobs {
  get(id: string): Promise<Job | undefined>;
  list(filter: { state?: JobState; userId?: string; limit: number }): Promise<Job[]>;
  create(job: { tool: string; input: Record<string, unknown>; context: JobContext; conversationId?: string }): Promise<Job>;
  contextOf(id: string): Promise<JobContext | undefined>;
  /** Takes a queued or abandoned job up; nothing when it is finished or was cancelled meanwhile. */
  start(id: string): Promise<Job | undefined>;
  /** Locks the row until the transaction ends and says whether it may still succeed. */
  holdForFinish(id: string): Promise<boolean>;
  report(id: string, progress: Progress): Promise<void>;
  finish(
    id: string,
    outcome: {
      state: 'succeeded' | 'failed' | 'cancelled';
      result?: unknown;
      error?: { code: string; message: string; details?: Record<string, unknown> };
      receiptId?: string;
    },
  ): Promise<void>;
  /** A queued job ends at once; a running one is asked to stop. */
  cancel(id: string): Promise<Job | undefined>;
}

/** What the queue runs. One name, one handler, at least once: handlers are safe to run twice. */
export interface JobPayloads {
  /** Runs the stored tool of an accepted proposal. */
  proposal: { tenantId: string; proposalId: string };
  /** Runs a long tool, as part of the work that called it. */
  tool: { tenantId: string; jobId: string; traceparent?: string };
  /** Makes the leads of a long import searchable. */
  index: { tenantId: string; importId: string };
  /** Holds scores against outcomes, once a month. */
  calibrate: { tenantId: string; month: string };
  /** Expires proposals, removes old uploads and events. */
  sweep: { slot: string };
  /** Deals with all that waits in a thread of a chat surface. */
  chat: { tenantId: string; thread: string };
  /** Sends what waits to be said on a chat surface. */
  outbox: { tenantId: string; surface?: string };
  /** Rewrites every message that shows a proposal. */
  cards: { tenantId: string; proposalId: string };
  /** Tells people of their day, where it is time for that. */
  brief: { tenantId: string; slot: string };
  /** Draws somebody's home anew. */
  home: { tenantId: string; user: ChatUser };
}
export type JobName = keyof JobPayloads;

/** Work for chat surfaces: left alone by a process that has none. */
export type ChatJobName = 'chat' | 'outbox' | 'cards' | 'brief' | 'home';

/** One waiting job for each; one more is made when there is news while it runs. */
export const jobKeys = {
  chat: ({ thread }: JobPayloads['chat']) => `chat:${short(thread)}`,
  outbox: ({ tenantId, surface }: JobPayloads['outbox']) => ['outbox', tenantId, surface].filter(Boolean).join(':'),
  cards: ({ proposalId }: JobPayloads['cards']) => `cards:${proposalId}`,
  home: ({ user: { surface, externalTenant, externalUser } }: JobPayloads['home']) =>
    `home:${short([surface, externalTenant, externalUser].join('|'))}`,
};

/** The queue takes keys of up to 512 characters, and surfaces name their channels and people as they like. */
const short = (name: string): string => (name.length <= 400 ? name : createHash('sha256').update(name).digest('hex'));

/** The chat surface that a job speaks on: a process where that is off leaves it to others. */
export function surfaceOfJob<N extends JobName>(name: N, payload: JobPayloads[N]): string | undefined {
  if (name === 'chat') return (payload as JobPayloads['chat']).thread.split('|')[0];
  if (name === 'home') return (payload as JobPayloads['home']).user.surface;
  return name === 'outbox' ? (payload as JobPayloads['outbox']).surface : undefined;
}

/**
 * Work on something that nobody may work on at the same time, in any process. False, and nothing is done, when somebody works on it
 * already: the job is queued again, for when they are done. The signal says that we cannot keep others away any more, because we
 * lost the database.
 */
export type Alone = <N extends 'chat' | 'cards'>(
  name: N,
  payload: JobPayloads[N],
  work: (signal: AbortSignal) => Promise<void>,
) => Promise<boolean>;

export interface DeadLetter {
  id: string;
  name: string;
  key: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
}

/** The queue itself, seen by the operator. */
export interface Queue {
  deadLetters(): Promise<DeadLetter[]>;
  retry(id: string): Promise<boolean>;
  discard(id: string): Promise<boolean>;
  depth(): Promise<{ waiting: number; running: number; dead: number }>;
}
