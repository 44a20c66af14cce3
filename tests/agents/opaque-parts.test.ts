import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { expect, it } from 'vitest';
import { LlmChatModel } from '../../src/agents/chat-model.ts';
import { type Llm, type LlmRequest, noUsage } from '../../src/core/llm.ts';

const purpose = {
  tenantId: 't',
  userId: 'u',
  agent: 'sr-bdr',
  mode: 'passthrough' as const,
  now: new Date(),
  timeZone: 'UTC',
};

/** Thinks in two parts, and calls a tool. */
function thinking(asked: LlmRequest[]): Llm {
  return {
    async *stream(request) {
      asked.push(request);
      yield { type: 'opaque', provider: 'anthropic', part: { index: 0, block: { signature: 'sig-1' } } };
      yield { type: 'text', text: 'I look.' };
      yield { type: 'opaque', provider: 'anthropic', part: { index: 0, block: { signature: 'sig-2' } } };
      yield { type: 'tool_call', call: { id: 'a', name: 'whoami', input: {} } };
      const finish = { reason: 'tool_calls' as const, usage: noUsage, degraded: false, costUsd: null };
      yield { type: 'finish', provider: 'anthropic', model: 'm', ...finish };
    },
  };
}

it('what only its provider understands stays with an answer and goes back with it, part for part', async () => {
  const asked: LlmRequest[] = [];
  const model = new LlmChatModel(thinking(asked));
  const answer = await model.invoke([new HumanMessage('Who am I?')], { purpose });
  expect(answer.text).toBe('I look.');
  const parts = [
    { index: 0, block: { signature: 'sig-1' } },
    { index: 0, block: { signature: 'sig-2' } },
  ];
  expect(answer.additional_kwargs).toEqual({ opaque: { provider: 'anthropic', parts } });

  // as the graph keeps it
  const kept = new AIMessage({
    content: answer.text,
    tool_calls: answer.tool_calls ?? [],
    additional_kwargs: answer.additional_kwargs,
  });
  for (const message of [answer, kept]) {
    const tool = new ToolMessage({ content: '{}', tool_call_id: 'a', name: 'whoami' });
    await model.invoke([new HumanMessage('Who am I?'), message, tool], { purpose });
    expect(asked.at(-1)!.messages[1]).toMatchObject({
      role: 'assistant',
      text: 'I look.',
      opaque: { provider: 'anthropic', parts },
    });
  }
});

it('an answer without such parts carries none', async () => {
  const plain: Llm = {
    async *stream() {
      yield { type: 'text', text: 'Yes.' };
      yield { type: 'finish', reason: 'stop', usage: noUsage, provider: 'x', model: 'm', degraded: false, costUsd: null };
    },
  };
  const answer = await new LlmChatModel(plain).invoke('Hi', { purpose });
  expect(answer.additional_kwargs).toEqual({});
});
