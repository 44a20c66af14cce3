import { type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { addUsd } from '../core/money.ts';
import { AppError } from '../errors.ts';
import type { AnswerFacts } from './chat-model.ts';

/** The first few things that are wrong are enough, and a limit on costs can count on it. */
const longestComplaint = 2000;

/** An answer, and what was said on the way to it. */
export interface Answered<T> {
  parsed: T;
  /** The message that holds it. */
  raw: AIMessageChunk;
  /** Every message that was paid for, in order; `raw` is the last. */
  attempts: AIMessageChunk[];
}

/** What these messages cost together; null when the price of one is not known. */
export function costOfAll(messages: readonly AIMessageChunk[]): string | null {
  const costs = messages.map((message) => factsOf(message).costUsd);
  return costs.includes(null) ? null : addUsd(...(costs as string[]));
}

/**
 * Asks until the input of the tool `name` fits the schema, which is to say twice: the first answer that does not fit is sent
 * back with what is wrong with it. Throws `unavailable`, with what both have cost in `details.costUsd`.
 */
export async function askUntilFits<S extends z.ZodObject>(
  ask: (messages: BaseMessage[]) => Promise<AIMessageChunk>,
  messages: BaseMessage[],
  name: string,
  schema: S,
): Promise<Answered<z.output<S>>> {
  const attempts: AIMessageChunk[] = [];
  let said = messages;
  let wrong = '';
  while (attempts.length < 2) {
    const raw = await ask(said);
    attempts.push(raw);
    const call = raw.tool_calls?.find((one) => one.name === name);
    const read = call && (await schema.safeParseAsync(call.args));
    if (read?.success) return { parsed: read.data, raw, attempts };
    wrong = read ? z.prettifyError(read.error).slice(0, longestComplaint) : `The tool ${name} was not called.`;
    if (factsOf(raw).reason === 'length') wrong = 'It was too long and was cut off: make it shorter.';
    said = [...said, raw, ...objections(raw, `This answer cannot be used. ${wrong}\nCall ${name} again, with all of it right.`)];
  }
  throw new AppError('unavailable', 'The model gave no answer that can be used, even when asked again. Try again later.', {
    cause: new Error(wrong),
    details: { costUsd: costOfAll(attempts) },
  });
}

const factsOf = (message: AIMessageChunk) => message.response_metadata as unknown as AnswerFacts;

/** Every call wants its answer before anything else is said. */
const objections = ({ tool_calls: calls = [] }: AIMessageChunk, text: string): BaseMessage[] =>
  calls.length
    ? calls.map((call) => new ToolMessage({ content: text, tool_call_id: call.id ?? '', name: call.name }))
    : [new HumanMessage(text)];
