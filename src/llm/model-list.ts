import { malformed, thrownFailure, toldFailure } from './failure.ts';
import { errorIn } from './sse.ts';

/** The ids in a list of models, in any of the vendors' shapes: `{data: [{id}]}`, or `{models: [{name: 'models/…'}]}`. */
export async function modelIds(label: string, signal: AbortSignal, ask: () => Promise<Response>): Promise<string[]> {
  try {
    signal.throwIfAborted();
    const response = await ask();
    const text = await response.text();
    if (!response.ok)
      throw toldFailure(label, { status: response.status, error: errorIn(text) ?? text, headers: response.headers });
    return idsIn(label, text);
  } catch (error) {
    signal.throwIfAborted();
    throw thrownFailure(label, error);
  }
}

function idsIn(label: string, text: string): string[] {
  const told = errorIn(text);
  if (told !== undefined) throw toldFailure(label, { error: told });
  const { data, models } = JSON.parse(text) as { data?: unknown; models?: unknown };
  const list = data ?? models;
  if (!Array.isArray(list)) throw malformed(label, text);
  return list.flatMap((model: { id?: unknown; name?: unknown } | null) => {
    const id = model?.id ?? model?.name;
    return typeof id === 'string' ? [id.replace(/^models\//, '')] : [];
  });
}
