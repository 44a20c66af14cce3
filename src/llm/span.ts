import type { CallRecord } from '../core/cost.ts';
import type { LlmRequest } from '../core/llm.ts';
import type { EndedSpan } from '../core/tracing.ts';

/** Notes an attempt that has ended: for what it was asked, and how the model said it ended. */
export type Note = (call: CallRecord, request: LlmRequest, finish?: string) => void;

/** Where OpenTelemetry's GenAI conventions have another word for a provider than we do. */
const standardNames: Record<string, string> = { gemini: 'gcp.gemini' };

/** An attempt to ask a model as a span, in the words of OpenTelemetry's GenAI conventions; what they have no word for begins with ours. */
export function attemptSpan(call: CallRecord, { maxTokens, purpose }: LlmRequest, finish?: string): EndedSpan {
  const { provider, model, usage, price, status, complexity, fallbackFrom, ttftMs } = call;
  const cacheWrite = usage.cacheWrite5m + usage.cacheWrite1h;
  const name = standardNames[provider] ?? provider;
  return {
    name: `chat ${model}`,
    client: true,
    parent: purpose.span,
    ms: call.latencyMs,
    errorType: status === 'ok' ? undefined : (call.failure ?? status),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': name,
      // the same under its earlier name, which many backends still read
      'gen_ai.system': name,
      'gen_ai.request.model': model,
      'gen_ai.request.max_tokens': maxTokens,
      'gen_ai.agent.name': call.agentType,
      ...(call.sessionId && { 'gen_ai.conversation.id': call.sessionId }),
      ...(status === 'ok' && { 'gen_ai.response.model': model }),
      ...(finish && { 'gen_ai.response.finish_reasons': [finish] }),
      'gen_ai.usage.input_tokens': usage.input + usage.cacheRead + cacheWrite,
      'gen_ai.usage.output_tokens': usage.output,
      'gen_ai.usage.cache_read.input_tokens': usage.cacheRead,
      'gen_ai.usage.cache_creation.input_tokens': cacheWrite,
      'sales_agent.status': status,
      ...(price.status === 'priced' && { 'sales_agent.cost_usd': Number(price.costUsd) }),
      ...(complexity && { 'sales_agent.tier': complexity }),
      ...(fallbackFrom && { 'sales_agent.fallback_from': fallbackFrom }),
      ...(ttftMs !== undefined && { 'sales_agent.time_to_first_token_ms': ttftMs }),
      'sales_agent.degraded': call.degraded,
      'sales_agent.cache_hit': call.cacheHit === true,
    },
  };
}
