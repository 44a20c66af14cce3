import { setTimeout as delay } from 'node:timers/promises';
import { createAgents } from '../../src/agents/index.ts';
import type { App } from '../../src/app.ts';
import { type Delta, type Llm, type LlmMessage, noUsage } from '../../src/core/llm.ts';

/** What a model says next, given the last message and all before it. */
export type Script = (last: LlmMessage, signal: AbortSignal | undefined) => AsyncIterable<Delta> | Delta[];

export const says = (text: string): Delta[] => [{ type: 'text', text }];
export const uses = (name: string, input: Record<string, unknown>): Delta[] => [
  { type: 'tool_call', call: { id: `call-${name}`, name, input } },
];

/** Talks until it is stopped. */
export async function* talksOn(signal: AbortSignal | undefined): AsyncIterable<Delta> {
  for (let i = 1; i < 1000; i++) {
    yield { type: 'text', text: `Sentence number ${i}. ` };
    await delay(20, undefined, { signal });
  }
}

/** The assistant with a model of which every word is known. */
export function scripted({ gate, database }: Pick<App, 'gate' | 'database'>, script: Script, costUsd = '0.000000000000') {
  const llm: Llm = {
    async *stream({ messages, signal }) {
      let called = false;
      for await (const delta of script(messages.at(-1)!, signal)) {
        called ||= delta.type === 'tool_call';
        yield delta;
      }
      const usage = noUsage;
      // what costs nothing is the rules
      const free = costUsd.startsWith('0.0000000');
      yield {
        type: 'finish',
        reason: called ? 'tool_calls' : 'stop',
        usage,
        ...(free ? { provider: 'offline', model: 'rules' } : { provider: 'test', model: 'script' }),
        degraded: free,
        costUsd,
      };
    },
  };
  return createAgents({ gate, llm, ledger: database.ledger, caps: { steps: 8, seconds: 60, costUsd: '1' } });
}
