import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { figuresOf, inPercent, type Labelled, labelled } from '../scripts/labelled-tiers.ts';
import { type Complexity, complexities } from '../src/core/llm.ts';
import { estimateOf } from '../src/llm/costs/prices.ts';
import { providers } from '../src/llm/registry.ts';
import { classify, sureEnough } from '../src/llm/router/classify.ts';
import { parsePolicy } from '../src/llm/router/policy.ts';
import type { Alias } from '../src/llm/router/route.ts';
import { figures, print } from './figures.ts';

/**
 * How well requests are told apart that the classifier was not trained on, how long that takes, and what routing by it costs beside
 * asking the best model always.
 */
export async function benchRouterClassifier(): Promise<void> {
  const heldOut = labelled('held-out');
  print('router, classifier: held-out requests, one voice a line');
  printQuality(heldOut);
  printSpeed(heldOut);
  printCosts(heldOut);
}

const verdictsOf = (requests: readonly Labelled[], sure?: number) =>
  requests.map((request) => ({ request, said: classify({ text: request.text, turns: 1 }, sure).tier }));

function printQuality(requests: readonly Labelled[]): void {
  const line = (what: string, some: readonly Labelled[]): void => {
    const { n, macroAccuracy, macroF1, underRouted } = figuresOf(verdictsOf(some));
    print(
      `  ${what.padEnd(14)} n=${String(n).padStart(3)}  macro-F1 ${macroF1.toFixed(3)}  macro accuracy ${inPercent(macroAccuracy).padStart(7)}  under-routed ${inPercent(underRouted).padStart(6)}`,
    );
  };
  line('all', requests);
  for (const author of new Set(requests.map((request) => request.author)))
    line(
      author,
      requests.filter((request) => request.author === author),
    );
  print(`\n  ${'is, told as'.padEnd(14)}${complexities.map((tier) => tier.padStart(10)).join('')}`);
  for (const [at, row] of figuresOf(verdictsOf(requests)).confusion.entries())
    print(`  ${complexities[at]!.padEnd(14)}${row.map((count) => String(count).padStart(10)).join('')}`);
}

/** One call is shorter than the clock is exact: so many are taken together. */
const together = 50;

function printSpeed(requests: readonly Labelled[]): void {
  const times = (text: string): number => {
    const started = performance.now();
    for (let i = 0; i < together; i++) classify({ text, turns: 1 });
    return (1000 * (performance.now() - started)) / together;
  };
  // the first round is the compiler's
  for (const { text } of requests) times(text);
  const { p50, p95, max } = figures(requests.map(({ text }) => times(text)));
  print(`\n  microseconds a call: p50 ${p50.toFixed(1)}  p95 ${p95.toFixed(1)}  slowest text ${max.toFixed(1)}`);
  const pasted = 'Summarise this please: ' + 'The customer said that the price is too high. '.repeat(2300);
  print(`  microseconds for ${Math.round(pasted.length / 1000)} kB of pasted text: ${times(pasted).toFixed(1)}\n`);
}

/** What a request takes, in tokens: our instructions and tools with the history come first; a harder one has a longer answer. */
const promptTokens = 3000;
const answerTokens: Record<Complexity, number> = { simple: 150, moderate: 500, complex: 1500 };
/** A weekday afternoon in Europe, when no vendor's cheap hours hold. */
const at = new Date('2026-11-18T14:00:00Z');

interface TierPrice {
  name: string;
  usdOf(request: Labelled): number;
}

/** The model that answers a tier when every provider is connected, as the policy and the price table say. */
function priceOfTier(tier: Complexity): TierPrice {
  const policy = parsePolicy(parse(readFileSync(new URL('../src/llm/router/policy.yaml', import.meta.url), 'utf8')));
  const choice = [...policy.tiers[tier].first, ...policy.chain][0] ?? '';
  const [provider = '', alias = ''] = choice.split('/');
  const model = providers.find(({ id }) => id === provider)?.models[alias as Alias] ?? alias;
  return {
    name: `${provider}/${model}`,
    usdOf({ text, tier: really }) {
      const input = promptTokens + Math.ceil(text.length / 4);
      const usd = estimateOf({ provider, model, input, output: answerTokens[really], at });
      if (usd === null) throw new Error(`no price for ${provider}/${model}`);
      return Number(usd);
    },
  };
}

function printCosts(requests: readonly Labelled[]): void {
  const prices = Object.fromEntries(complexities.map((tier) => [tier, priceOfTier(tier)])) as Record<Complexity, TierPrice>;
  const costOf = (tierOf: (request: Labelled) => Complexity): number =>
    requests.reduce((sum, request) => sum + prices[tierOf(request)].usdOf(request), 0);
  const always = costOf(() => 'complex');
  print(`  cost against always ${prices.complex.name}; simple ${prices.simple.name}, moderate ${prices.moderate.name};`);
  print(
    `  a prompt of ${promptTokens} tokens and the text, an answer of ${complexities.map((tier) => answerTokens[tier]).join(' / ')} tokens by what the request is. "enough": served by the tier it needs or a better one.`,
  );
  const line = (what: string, cost: number, enough: number, note = ''): void =>
    print(
      `  ${what.padEnd(30)} cost ${inPercent(cost / always).padStart(7)}  enough ${inPercent(enough).padStart(7)}${note && `  ${note}`}`,
    );
  line('always the best', always, 1);
  line(
    'by the labels (nobody can)',
    costOf(({ tier }) => tier),
    1,
  );
  for (const sure of [0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1]) {
    const verdicts = verdictsOf(requests, sure);
    const said = new Map(verdicts.map(({ request, said: tier }) => [request, tier]));
    const { macroAccuracy, underRouted } = figuresOf(verdicts);
    const what = `unsure below ${sure.toFixed(2)} -> moderate${sure === sureEnough ? ' *' : ''}`;
    const cost = costOf((request) => said.get(request) ?? 'moderate');
    line(what, cost, 1 - underRouted, `macro accuracy ${inPercent(macroAccuracy)}`);
  }
  line(
    'always moderate',
    costOf(() => 'moderate'),
    requests.filter(({ tier }) => tier !== 'complex').length / requests.length,
  );
  print('  * what the router uses');
}
