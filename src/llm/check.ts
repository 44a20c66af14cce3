import { ProviderFailure } from './provider.ts';
import type { Connected } from './router/route.ts';

const patienceMs = 20_000;

/**
 * Whether a provider can be worked with, in words: it takes the key, has the models, and one of them says a word, which costs a
 * token or two. Throws what is wrong.
 */
export async function checkProvider({ label, provider, models }: Connected): Promise<string> {
  const signal = AbortSignal.timeout(patienceMs);
  const wanted = [...new Set(Object.values(models))];
  const model = models.fast;
  try {
    const known = await provider.models(signal);
    const missing = wanted.filter((id) => !known.includes(id));
    const started = performance.now();
    const messages = [{ role: 'user' as const, text: 'Say yes.' }];
    for await (const _ of provider.stream({ model, messages, tools: [], maxTokens: 1, signal }));
    const ms = Math.round(performance.now() - started);
    return `${model} answers (${ms} ms); ${known.length} models${missing.length ? `, but ${missing.join(' and ')} not among them` : ''}`;
  } catch (error) {
    if (signal.aborted)
      throw new ProviderFailure('timeout', `${label} did not answer within ${patienceMs / 1000} s.`, { cause: error });
    throw error;
  }
}
