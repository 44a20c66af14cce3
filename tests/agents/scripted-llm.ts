import { setTimeout as sleep } from 'node:timers/promises';
import { type Delta, type Llm, type LlmRequest, noUsage } from '../../src/core/llm.ts';

export type Move = { text: string } | { call: string; input?: Record<string, unknown> } | { breakOff: true } | { wait: number };

/** A model that says what it is told to, so that tests can make it lie, loop, stall and break off. It keeps what it was asked. */
export function scripted(
  moves: Move[] | ((request: LlmRequest) => Move[]),
  costUsd: string | null = '0.000000000000',
  guessUsd?: string,
): Llm & { requests: LlmRequest[] } {
  const requests: LlmRequest[] = [];
  let next = 0;
  return {
    requests,
    async *stream(request): AsyncGenerator<Delta> {
      requests.push(request);
      const now = typeof moves === 'function' ? moves(request) : [moves[Math.min(next++, moves.length - 1)]!];
      let calls = 0;
      for (const move of now) {
        if ('breakOff' in move) return;
        if ('wait' in move)
          await sleep(move.wait, undefined, request.signal && { signal: request.signal }).catch(() => {
            throw request.signal!.reason as Error;
          });
        if ('text' in move) for (const piece of move.text.match(/.{1,7}/gs) ?? []) yield { type: 'text', text: piece };
        if ('call' in move)
          yield { type: 'tool_call', call: { id: `c${requests.length}-${calls++}`, name: move.call, input: move.input ?? {} } };
      }
      yield {
        type: 'finish',
        reason: calls ? 'tool_calls' : 'stop',
        usage: { ...noUsage, input: 100, cacheRead: 20, output: 30 },
        provider: 'scripted',
        model: 'one',
        degraded: false,
        costUsd,
        ...(guessUsd !== undefined && { guessUsd }),
      };
    },
  };
}
