import type { Llm, LlmRequest, Usage } from '../core/llm.ts';
import { noUsage } from '../core/llm.ts';
import { AppError } from '../errors.ts';
import { costOf } from './prices.ts';
import { ProviderFailure } from './provider.ts';
import { anthropic } from './providers/anthropic.ts';

export interface AnthropicSettings {
  apiKey: string;
  baseUrl?: string | undefined;
  model: string;
  /** Answers requests of the cheap tier. */
  cheapModel: string;
}

/** Claude alone, with nobody to take over. */
export function createAnthropic(settings: AnthropicSettings, now: () => Date = () => new Date()): Llm {
  const provider = anthropic.create({ ANTHROPIC_API_KEY: settings.apiKey, ANTHROPIC_BASE_URL: settings.baseUrl });
  return {
    async *stream(request) {
      const { messages, tools, mustCall, maxTokens } = request;
      const model = request.tier === 'cheap' ? settings.cheapModel : settings.model;
      const signal = request.signal ?? new AbortController().signal;
      let usage: Usage = noUsage;
      let reason: 'stop' | 'tool_calls' | 'length' = 'stop';
      try {
        for await (const delta of provider.stream({ model, messages, tools, maxTokens, signal, ...(mustCall && { mustCall }) })) {
          if (delta.type === 'usage') usage = { ...usage, ...delta.usage };
          else if (delta.type === 'finish') reason = delta.reason;
          else yield delta.type === 'opaque' ? { ...delta, provider: 'anthropic' } : delta;
        }
      } catch (error) {
        if (!(error instanceof ProviderFailure)) throw error;
        // without a status the model itself refused: its words are the answer
        if (error.kind !== 'bad_request' || error.status !== undefined) throw inOurWords(error, request, model);
        yield { type: 'text', text: error.message };
      }
      yield {
        type: 'finish',
        reason,
        usage,
        provider: 'anthropic',
        model,
        degraded: false,
        costUsd: costOf(model, usage, now()),
      };
    },
  };
}

function inOurWords(failure: ProviderFailure, request: LlmRequest, model: string): AppError {
  const told = { cause: failure };
  switch (failure.kind) {
    case 'auth':
      return new AppError('misconfigured', `${failure.message} Check ANTHROPIC_API_KEY.`, told);
    case 'no_model': {
      const variable = request.tier === 'cheap' ? 'ANTHROPIC_CHEAP_MODEL' : 'ANTHROPIC_MODEL';
      return new AppError(
        'misconfigured',
        `Anthropic knows no model "${model}". Check ${variable} and ANTHROPIC_BASE_URL.`,
        told,
      );
    }
    case 'bad_request':
      return new AppError('internal', failure.message, told);
    case 'too_large':
      return new AppError('too_large', 'This conversation has grown too long for the model. Begin a new one.', told);
    case 'rate_limit': {
      const seconds = Math.ceil((failure.retryAfterMs ?? 0) / 1000);
      return new AppError(
        'unavailable',
        `Anthropic asks to wait${seconds > 0 ? ` ${seconds} s` : ' a little'}. Try again then.`,
        told,
      );
    }
    default:
      return new AppError('unavailable', `${failure.message} Try again in a moment.`, told);
  }
}
