import { ProviderFailure } from './provider.ts';
import type { Connected } from './router/route.ts';

const patienceMs = 20_000;

/**
 * Whether a provider can be worked with, in words: it takes the key, has the models, and one of them says a word, which costs a
 * token or two. Throws what is wrong, and which of the variables that switch it on is to be looked at.
 */
export async function checkProvider({ label, provider, models }: Connected, variables: readonly string[] = []): Promise<string> {
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
    return `${model} answers (${ms} ms); ${known.length} ${known.length === 1 ? 'model' : 'models'}${missing.length ? `, but ${missing.join(' and ')} not among them` : ''}`;
  } catch (error) {
    if (signal.aborted)
      throw new ProviderFailure('timeout', `${label} did not answer within ${patienceMs / 1000} s.`, { cause: error });
    if (error instanceof ProviderFailure && error.kind === 'auth' && variables.length > 0)
      throw new ProviderFailure('auth', `${error.message} Look at ${variables.join(' and ')}.`, { cause: error });
    if (error instanceof ProviderFailure && error.kind === 'no_model')
      throw new ProviderFailure('no_model', `${error.message} It was asked for ${model}.`, { cause: error });
    throw error;
  }
}
