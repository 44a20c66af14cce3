import { AppError } from '../errors.ts';
import type { ProviderDeclaration, Setting } from './provider.ts';
import { anthropic } from './providers/anthropic.ts';
import { cerebras } from './providers/cerebras.ts';
import { deepseek } from './providers/deepseek.ts';
import { gemini } from './providers/gemini.ts';
import { ollama } from './providers/ollama.ts';
import { openai } from './providers/openai.ts';
import { openrouter } from './providers/openrouter.ts';
import { vllm } from './providers/vllm.ts';
import { type Alias, aliases, type Connected } from './router/route.ts';

const all = [
  anthropic,
  openai,
  gemini,
  cerebras,
  deepseek,
  openrouter,
  ollama,
  vllm,
] as const satisfies readonly ProviderDeclaration[];

/** Every provider, in the order in which people are shown them. */
export const providers: readonly ProviderDeclaration[] = all;

type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void ? All : never;

/** The variables of all of them. */
export const providerSettings = Object.assign({}, ...all.map(({ settings }) => settings)) as AllOf<
  (typeof all)[number]['settings']
> satisfies Record<string, Setting>;

type Values = Readonly<Record<string, unknown>>;

/** The required variables of a provider that lack while others of them are set: it is neither on nor off. */
export function halfSet(values: Values): { label: string; set: string[]; missing: string[] }[] {
  return providers
    .map(({ label, required }) => ({
      label,
      set: required.filter((name) => values[name] !== undefined),
      missing: required.filter((name) => values[name] === undefined),
    }))
    .filter(({ set, missing }) => set.length > 0 && missing.length > 0);
}

/** Those that are switched on, by id. */
export function connected(values: Values): ReadonlyMap<string, Connected> {
  const [half] = halfSet(values);
  if (half)
    throw new AppError(
      'misconfigured',
      `${half.label} needs ${half.missing.join(' and ')} too: ${half.set.join(' and ')} is set.`,
    );
  const on = providers.filter(({ required }) => required.every((name) => values[name] !== undefined));
  return new Map(
    on.map((declaration) => {
      const { id, label, settings } = declaration;
      const own = Object.fromEntries(Object.keys(settings).map((name) => [name, values[name] as string | undefined]));
      const { bills = false, ownServer = false } = declaration as ProviderDeclaration;
      return [id, { id, label, provider: declaration.create(own), models: modelsOf(declaration, own), bills, ownServer }];
    }),
  );
}

/** Its models by alias: what its variables say, else what it declares. A variable of its own says which is the cheap one. */
function modelsOf(
  { settings, models }: ProviderDeclaration,
  values: Readonly<Record<string, string | undefined>>,
): Record<Alias, string> {
  const names = Object.keys(settings).filter((name) => name.endsWith('_MODEL'));
  const cheapName = names.find((name) => name.endsWith('_CHEAP_MODEL'));
  const main = values[names.find((name) => name !== cheapName) ?? ''];
  const cheap = cheapName === undefined ? undefined : values[cheapName];
  const named: Record<Alias, string | undefined> = { fast: cheap ?? main, cheap: cheap ?? main, smart: main };
  return Object.fromEntries(aliases.map((alias) => [alias, named[alias] ?? models[alias] ?? main ?? ''])) as Record<
    Alias,
    string
  >;
}
