import type { Ledger } from '../core/execution.ts';
import type { Delta, Llm, LlmRequest } from '../core/llm.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

type Finish = Extract<Delta, { type: 'finish' }>;

/** Every model call leaves a row of what it cost, also the failed and the stopped ones. */
export function metered(llm: Llm, ledger: Pick<Ledger, 'call'>, log: Log): Llm {
  return {
    async *stream(request) {
      const started = performance.now();
      let ttftMs: number | undefined;
      let finish: Finish | undefined;
      let thrown: unknown;
      try {
        for await (const delta of llm.stream(request)) {
          ttftMs ??= performance.now() - started;
          if (delta.type === 'finish') finish = delta;
          yield delta;
        }
        if (!finish) throw new AppError('unavailable', 'The model broke off in the middle of its answer. Try again.');
      } catch (error) {
        thrown = error;
        throw error;
      } finally {
        const status = finish ? 'ok' : thrown === undefined || request.signal?.aborted ? 'aborted' : 'failed';
        await ledger
          .call(recordOf(request, finish, { status, latencyMs: performance.now() - started, ttftMs }))
          .catch((error) => log.error({ err: error }, 'a model call could not be written down'));
      }
    },
  };
}

function recordOf(
  { purpose }: LlmRequest,
  finish: Finish | undefined,
  run: { status: 'ok' | 'failed' | 'aborted'; latencyMs: number; ttftMs: number | undefined },
) {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = finish?.usage ?? {};
  const { tenantId, userId, agent, mode, sessionId, leadId } = purpose;
  return {
    ...run,
    callId: crypto.randomUUID(),
    tenantId,
    userId,
    agentType: agent,
    agentMode: mode,
    sessionId,
    leadId,
    provider: finish?.provider ?? 'unknown',
    model: finish?.model ?? 'unknown',
    promptTokens: input + cacheRead + cacheWrite,
    completionTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    reasoningTokens: reasoning,
    // what a broken call used is not known: unpriced, never zero
    costUsd: finish?.costUsd ?? null,
    degraded: finish?.degraded ?? false,
  };
}
