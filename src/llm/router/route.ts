import type { Decision } from '../../core/learning.ts';
import { type Complexity, complexities, type LlmMessage, type LlmRequest } from '../../core/llm.ts';
import type { Provider } from '../provider.ts';
import type { Policy } from './policy.ts';
import { goesOn } from './task.ts';

export const aliases = ['fast', 'cheap', 'smart'] as const;
export type Alias = (typeof aliases)[number];

/** A provider that is switched on. */
export interface Connected {
  id: string;
  label: string;
  provider: Provider;
  /** Its models by alias; one that is not given is the next best. */
  models: Readonly<Record<Alias, string>>;
  bills?: boolean;
  ownServer?: boolean;
}

/** One model that may answer. */
export interface Candidate {
  id: string;
  label: string;
  provider: Provider;
  model: string;
  /** Somebody here runs it. */
  ownServer?: boolean;
}

export interface Route {
  tier: Complexity;
  /** Why, for whoever reads the record. */
  because: string;
  candidates: Candidate[];
  /** How many of them, from the first on, are the tier's own, and may change places by what was learned; none where somebody is named or a tool loop runs. */
  own: number;
  /** Who answered before in a task that goes on. */
  author?: string;
  /** How it was decided who of them is asked first, where it was. */
  decision?: Decision;
  /** For when a budget does not allow these. */
  cheaper: Candidate[];
}

export type Classify = (request: { text: string; turns: number; toolsUsed: number }) => { tier: Complexity; because: string };

/**
 * Who is asked, in order. A tool loop stays with whoever began it, and a task that began on a higher tier is not finished on a lower one; both
 * may be taken over by the chain when that model fails.
 */
export function routeOf(
  request: LlmRequest,
  policy: Policy,
  connected: ReadonlyMap<string, Connected>,
  classify: Classify,
): Route {
  const { messages, purpose, route } = request;
  const agent = policy.agents[purpose.agent] ?? policy.otherwise;
  const before = lastAnswer(messages);
  const cheaper = candidatesOf(
    [...connected.keys()].flatMap((id) => [`${id}/cheap`, `${id}/fast`]),
    connected,
  );
  const first = route ? [`${route.provider}/${route.model}`] : [];
  if (agent.mode === 'passthrough' || purpose.mode === 'passthrough') {
    const named = agent.mode === 'passthrough' ? agent.first : [];
    // a cheap question goes to the named provider's cheapest fit
    const asked = [...named, ...policy.chain];
    const wanted = request.tier === 'cheap' ? asked.map((choice) => choice.replace(/\/smart$/, '/cheap')) : asked;
    const better = request.tier === 'default' ? policy.tiers.complex.first : [];
    return {
      tier: 'moderate',
      because: `named for ${purpose.agent}`,
      candidates: candidatesOf([...first, ...better, ...wanted], connected),
      own: 0,
      cheaper,
    };
  }
  const text = lastUserText(messages);
  const found = classify({
    text,
    turns: countUser(messages),
    toolsUsed: messages.filter(({ role }) => role === 'tool').length,
  });
  // in the middle of a tool loop the tier stays; after it, it does not fall while the same task goes on
  const kept = before?.by && (before.current || goesOn(text, before.text)) ? before.by.tier : undefined;
  const tier = kept && (before?.current || rank(kept) > rank(found.tier)) ? kept : found.tier;
  const named = policy.tiers[tier].first;
  const pinned = before?.current && before.by ? [`${before.by.provider}/${before.by.model}`] : [];
  return {
    tier,
    get because() {
      return tier === found.tier ? found.because : `stays with the task (${found.because})`;
    },
    candidates: candidatesOf([...first, ...pinned, ...named, ...policy.chain], connected),
    own: route || before?.current ? 0 : candidatesOf(named.length ? named : policy.chain, connected).length,
    ...(kept && before?.by && { author: `${before.by.provider}/${before.by.model}` }),
    cheaper,
  };
}

const rank = (tier: Complexity): number => complexities.indexOf(tier);

/** Chains are few and asked for again with every call. */
const memo = new WeakMap<ReadonlyMap<string, Connected>, Map<string, Candidate[]>>();
const memoLimit = 1000;

/** "provider/alias" or "provider/model id" to who that is; what is not switched on is left out, and nobody is asked twice. */
function candidatesOf(choices: readonly string[], connected: ReadonlyMap<string, Connected>): Candidate[] {
  const chains = memo.get(connected) ?? new Map<string, Candidate[]>();
  memo.set(connected, chains);
  const chain = choices.join(' ');
  const known = chains.get(chain);
  if (known) return known;
  const all = new Map<string, Candidate>();
  for (const choice of choices) {
    const slash = choice.indexOf('/');
    const one = connected.get(choice.slice(0, slash));
    const name = choice.slice(slash + 1);
    if (!one) continue;
    const model = (aliases as readonly string[]).includes(name) ? one.models[name as Alias] : name;
    const key = `${one.id}/${model}`;
    if (!all.has(key))
      all.set(key, { id: one.id, label: one.label, provider: one.provider, model, ownServer: one.ownServer ?? false });
  }
  const candidates = [...all.values()];
  if (chains.size >= memoLimit) chains.clear();
  chains.set(chain, candidates);
  return candidates;
}

/** The assistant's last message, who said it or what it said before that is known, and whether the tool loop it began still runs. */
function lastAnswer(messages: readonly LlmMessage[]): { by?: Author; text: string; current: boolean } | undefined {
  const at = messages.findLastIndex(({ role }) => role === 'assistant');
  const message = messages[at];
  if (message?.role !== 'assistant') return undefined;
  const current = messages.slice(at + 1).every(({ role }) => role === 'tool') && at < messages.length - 1;
  // a turn that failed has no author: whoever tries again goes on with the one before
  const by =
    message.by ?? (current ? undefined : messages.findLast((one): one is Said => one.role === 'assistant' && !!one.by)?.by);
  return { ...(by && { by }), text: message.text, current };
}

type Said = Extract<LlmMessage, { role: 'assistant' }>;
type Author = NonNullable<Said['by']>;

const lastUserText = (messages: readonly LlmMessage[]): string => messages.findLast(({ role }) => role === 'user')?.text ?? '';
const countUser = (messages: readonly LlmMessage[]): number => messages.filter(({ role }) => role === 'user').length;
