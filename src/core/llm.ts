import type { Span } from './tracing.ts';

/** Our own model door. Providers speak it, the router prices it, agents reach it through one LangChain model. */
export interface LlmToolCall {
  id: string;
  name: string;
  input: Record<string, unknown>;
}

export type LlmMessage =
  | { role: 'system' | 'user'; text: string }
  | {
      role: 'assistant';
      text: string;
      toolCalls?: LlmToolCall[];
      /** Parts that only the provider who said this understands, such as thinking blocks: shown to it again, and to nobody else. */
      opaque?: { provider: string; parts: unknown[] };
      /** Who said this, where it is known: a tool loop stays with its model. */
      by?: { provider: string; model: string; tier: Complexity };
    }
  /** `text` is the tool's answer as JSON. */
  | { role: 'tool'; text: string; toolCallId: string; toolName: string };

export interface LlmTool {
  name: string;
  description: string;
  /** JSON schema of the input. */
  parameters: Record<string, unknown>;
}

/** What the call is for: who pays, whom it concerns, when and where "now" is. */
export interface LlmPurpose {
  tenantId: string;
  userId: string;
  agent: string;
  mode: 'passthrough' | 'smart_router';
  sessionId?: string;
  /** The turn of a conversation that these words are for: what people say of the answer is said of this call. */
  turnId?: string;
  leadId?: string;
  /** The work this call is part of. */
  span?: Span;
  now: Date;
  timeZone: string;
}

/** How much a request asks of a model. */
export const complexities = ['simple', 'moderate', 'complex'] as const;
export type Complexity = (typeof complexities)[number];

/** Which of a provider's models: cheap is its cheapest fit, for simple questions with short answers. */
export type LlmTier = 'cheap' | 'default';

export interface LlmRequest {
  messages: LlmMessage[];
  tools: LlmTool[];
  /** The name of the one tool in `tools` that has to be called: its input is the answer. Whether it fits is for the caller to check. */
  mustCall?: string;
  /** For agents that name their model: the cheapest fit, or a better one than usual. Absent: the one they name. */
  tier?: LlmTier;
  /** A model that has to be tried first, by provider and model id or alias. */
  route?: { provider: string; model: string };
  /** The same request may be answered from what was answered before: it reads nothing that changes and does nothing. */
  cacheable?: boolean;
  /** Models that think spend their thinking from this too. */
  maxTokens: number;
  /** Exact decimal USD. Whether a first attempt fits is for the caller to see; no second one is made that might pass it. */
  maxCostUsd?: string;
  purpose: LlmPurpose;
  signal?: AbortSignal;
}

/** Token counts in buckets that do not overlap; output includes reasoning. */
export interface Usage {
  input: number;
  cacheRead: number;
  /** Written to the provider's cache for five minutes, and for an hour: they cost differently. */
  cacheWrite5m: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
  /** Who counted: the provider, or we by length because it did not say; `partial` when the answer was cut off. */
  source: 'provider' | 'estimated' | 'partial';
}

export const noUsage: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  source: 'provider',
};

export type Delta =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; call: LlmToolCall }
  | { type: 'opaque'; provider: string; part: unknown }
  /** Always last; a stream without it was cut off. */
  | {
      type: 'finish';
      reason: 'stop' | 'tool_calls' | 'length';
      usage: Usage;
      provider: string;
      model: string;
      /** What the request was taken for. */
      tier?: Complexity;
      /** True where somebody else answered than should have: the offline rules, or a cheaper model because of a budget. */
      degraded: boolean;
      /** Why, in words for the user. */
      notice?: string;
      /** From the response cache. */
      cached?: boolean;
      callId?: string;
      /** Null when the price is not known. */
      costUsd: string | null;
      /** Then, what limits count in its place: a guess on the safe side. */
      guessUsd?: string;
    };

export interface Llm {
  stream(request: LlmRequest): AsyncIterable<Delta>;
}

/** What a call of so many tokens would cost a workspace today, as exact decimal USD; null when there is no model or its price is not known. */
export type Estimate = (inputTokens: number, outputTokens: number, tier: LlmTier, tenantId: string) => string | null;
