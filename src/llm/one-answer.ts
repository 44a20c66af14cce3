import type { LlmToolCall } from '../core/llm.ts';
import { thrownFailure, truncated } from './failure.ts';
import type { ProviderDelta } from './provider.ts';
import { newCallId } from './tool-calls.ts';

/** A server may add its counts after the end; one that keeps the connection open instead is not waited for longer than this. */
const afterwordMs = 1000;

/**
 * One answer as the contract wants it, whatever an SDK does: a stop is heard at every moment and its own reason thrown, every
 * other error is a ProviderFailure, an answer without an end is one too, and the connection is let go of. `begin` is given the
 * connection's own signal: the caller's may live long and would gather listeners.
 */
export async function* oneAnswer(
  label: string,
  signal: AbortSignal,
  begin: (connection: AbortSignal) => AsyncIterable<ProviderDelta>,
): AsyncGenerator<ProviderDelta> {
  signal.throwIfAborted();
  const connection = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    connection.signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  stopped.catch(() => undefined);
  const stop = () => connection.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const callIds = new Set<string>();
  let finished = false;
  let over = false;
  try {
    const deltas = begin(connection.signal)[Symbol.asyncIterator]();
    for (;;) {
      signal.throwIfAborted();
      const coming = deltas.next();
      // nobody waits for it any more when the stop was quicker
      coming.catch(() => undefined);
      const next = await (finished ? within(afterwordMs, coming, stopped) : Promise.race([coming, stopped]));
      if (next === undefined) break;
      if (next.done) {
        over = true;
        break;
      }
      if (next.value.type === 'finish') finished = true;
      if (next.value.type === 'tool_call') yield { type: 'tool_call', call: withOwnId(next.value.call, callIds) };
      else if (next.value.type !== 'usage' || counts(next.value)) yield next.value;
    }
  } catch (error) {
    signal.throwIfAborted();
    // the answer is whole: only the afterword was lost
    if (!finished) throw thrownFailure(label, error);
  } finally {
    signal.removeEventListener('abort', stop);
    if (!over) connection.abort();
  }
  if (!finished) throw truncated(label);
}

/** No call takes and gives nothing: a server that counts zero has not counted. What it bills is told all the same. */
const counts = ({ usage, billedUsd }: Extract<ProviderDelta, { type: 'usage' }>): boolean =>
  billedUsd !== undefined || Object.values(usage).some((count) => typeof count === 'number' && count > 0);

/** A call whose id another one of the answer has already gets one of ours: what a tool answers belongs to one call. */
function withOwnId(call: LlmToolCall, known: Set<string>): LlmToolCall {
  const id = known.has(call.id) ? newCallId() : call.id;
  known.add(id);
  return id === call.id ? call : { ...call, id };
}

async function within<T>(ms: number, coming: Promise<T>, stopped: Promise<never>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([coming, stopped, late]);
  } finally {
    clearTimeout(timer);
  }
}
