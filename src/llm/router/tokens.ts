import type { LlmRequest, LlmTool } from '../../core/llm.ts';

/** How many tokens a text comes to, before or instead of a provider's own count. */

/** What English text comes to; for when the provider does not count. */
export const tokens = (characters: number): number => Math.ceil(characters / 4);

/** What a request comes to before anybody counted it. */
export const promptTokens = ({ messages, tools }: LlmRequest): number => tokens(JSON.stringify(messages).length + bytesOf(tools));

/** What vendors put around tools. */
const formTokens = 600;

/** What a request comes to at the most, also when it has to be written to the provider's cache. */
export const mostPromptTokens = ({ messages, tools }: LlmRequest): number =>
  formTokens + Math.ceil((Buffer.byteLength(JSON.stringify(messages)) + bytesOf(tools)) / 2);

/** Tools are the same with every call, and the longest part of most. */
const known = new WeakMap<LlmTool['parameters'], number>();

function bytesOf(tools: readonly LlmTool[]): number {
  let sum = 0;
  for (const { name, description, parameters } of tools) {
    const own = known.get(parameters) ?? Buffer.byteLength(JSON.stringify(parameters));
    known.set(parameters, own);
    sum += Buffer.byteLength(JSON.stringify({ name, description })) + own;
  }
  return sum;
}
