import type { z } from 'zod';
import type { LlmMessage, LlmTool, LlmToolCall, Usage } from '../core/llm.ts';

/** What a provider is asked: one attempt, with a model it has. */
export interface ProviderRequest {
  model: string;
  messages: LlmMessage[];
  tools: LlmTool[];
  /** The one tool that has to be called. */
  mustCall?: string;
  maxTokens: number;
  /** Left out where the model takes none. */
  temperature?: number;
  signal: AbortSignal;
}

export type ProviderDelta =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; call: LlmToolCall }
  /** It thinks: nothing that anybody hears, but a sign of life, and paid for. */
  | { type: 'thinking'; characters: number }
  /** Something that has to travel back with this answer, to this provider only: a thinking block, a thought signature. */
  | { type: 'opaque'; part: unknown }
  /** Counts for the whole answer so far; later ones replace earlier ones. */
  | {
      type: 'usage';
      usage: Partial<Usage>;
      /** What the provider says that it bills for it, as exact decimal USD. */
      billedUsd?: string;
    }
  /** Always there at the end of a whole answer; usage may still follow. */
  | { type: 'finish'; reason: 'stop' | 'tool_calls' | 'length' };

export type FailureKind =
  /** The key is not accepted. */
  | 'auth'
  /** The server knows no such model. */
  | 'no_model'
  /** The request itself is refused: another try would be refused too. */
  | 'bad_request'
  | 'too_large'
  | 'rate_limit'
  /** 5xx and 529. */
  | 'server'
  /** Not reached, or cut off. */
  | 'transport'
  /** Ended without saying that it ended. */
  | 'truncated'
  /** Said something that is not of its own format. */
  | 'malformed'
  | 'timeout';

/** How an attempt failed, the same for every provider. `cause` is the vendor's own error, for the log. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind;
  readonly status?: number;
  /** The server asked to wait so long. */
  readonly retryAfterMs?: number;

  constructor(kind: FailureKind, message: string, more: { status?: number; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'ProviderFailure';
    this.kind = kind;
    if (more.status !== undefined) this.status = more.status;
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs;
  }

  /** The request was refused, for this model: that says nothing about how the provider is, and another try would end the same. */
  get isRefusal(): boolean {
    return this.kind === 'bad_request' || this.kind === 'too_large' || this.kind === 'no_model';
  }
}

export interface Provider {
  stream(request: ProviderRequest): AsyncIterable<ProviderDelta>;
  /** The ids of its models, as it lists them. */
  models(signal: AbortSignal): Promise<string[]>;
}

/** One variable of the environment. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  schema: S;
  about: string;
  example?: string;
}

/**
 * A provider before it is switched on: its variables, and how it is made from them. All of `required` absent: off; some: the start is refused; all: on.
 */
export interface ProviderDeclaration {
  id: string;
  label: string;
  settings: Record<string, Setting>;
  required: readonly string[];
  /** The models it answers with unless the variables say otherwise, by alias. */
  models: { fast?: string; cheap?: string; smart?: string };
  /** Says with every answer what it costs: no price has to be known. */
  bills?: boolean;
  /** A server that a person runs, where nobody bills by the token. */
  ownServer?: boolean;
  create(values: Readonly<Record<string, string | undefined>>): Provider;
}
