import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { complexities } from '../src/core/llm.ts';
import { softmax } from '../src/llm/offline/classify.ts';
import { classifier } from '../src/llm/router/classify.ts';
import { read } from '../src/llm/router/features.ts';
import { scorer, type TierModel } from '../src/llm/router/tier-model.ts';
import { figuresOf, hashOf, inPercent, type Labelled, labelled, type Verdict } from './labelled-tiers.ts';

/**
 * Makes src/llm/router/tier-model.json, the model behind the complexity classifier, from the labelled requests in
 * tests/fixtures/complexity/train-*.json. Nothing in it is left to chance: the same requests give the same file. First prints how well it
 * does on voices that it was not trained on; the held-out requests are never read here (`npm run bench -- router` judges by them).
 */

const openings = [
  'hey, ',
  'ok so ',
  'can you ',
  'could you ',
  'hi, quick one: ',
  'right, ',
  'morning! ',
  'i need you to ',
  'so ',
];
const endings = [' thanks', ' for me', ' now', ' when you have a minute', ' asap', ' if you can', ' ok?', ' cheers'];

/** The request and ways it might as well have been put: with politeness, a word less, two letters swapped. None changes what it takes. */
function variants(text: string, at: number): string[] {
  const words = text.split(' ');
  const letter = 1 + ((at * 7) % Math.max(1, text.length - 2));
  return [
    text,
    openings[at % openings.length] + text.charAt(0).toLowerCase() + text.slice(1),
    text + endings[at % endings.length],
    ...(words.length > 3 ? [words.filter((_, i) => i !== at % words.length).join(' ')] : []),
    text.slice(0, letter) + text.charAt(letter + 1) + text.charAt(letter) + text.slice(letter + 2),
  ];
}

/** What only one voice says is its names and habits: it is not learned. */
const fewestVoices = 2;
/** Draws weights towards nothing. Like the next two chosen by what voices left out said. */
const shrink = 2;
const rounds = 200;
/** The probabilities come out too sure of themselves by so much. */
const temperature = 1.2;
/** Weights are kept in hundredths; what is smaller for every tier decides nothing. */
const smallest = 4;

const tiers = complexities.length;

/** Multinomial logistic regression by full descent (AdaGrad); each tier counts the same, however many requests it has. */
export function trained(requests: readonly Labelled[]): TierModel {
  const examples = requests.flatMap(({ text, tier, author }, at) =>
    variants(text, at).map((variant) => ({ features: read(variant).features, target: complexities.indexOf(tier), author })),
  );
  const voices = new Map<string, Set<string>>();
  for (const { features, author } of examples)
    for (const feature of features) {
      const own = voices.get(feature) ?? new Set();
      voices.set(feature, own.add(author));
    }
  const vocabulary = [...voices].flatMap(([feature, own]) => (own.size >= fewestVoices ? [feature] : [])).sort();
  const places = new Map(vocabulary.map((feature, at) => [feature, at]));
  const inputs = examples.map(({ features }) => Int32Array.from(features.flatMap((feature) => places.get(feature) ?? [])));
  const counts = complexities.map((_, tier) => examples.filter(({ target }) => target === tier).length);
  const importance = counts.map((count) => examples.length / (tiers * Math.max(1, count)));

  // the last place is the bias, which is not drawn towards nothing
  const weights = new Float64Array((vocabulary.length + 1) * tiers);
  const bias = vocabulary.length * tiers;
  const steepness = new Float64Array(weights.length).fill(1e-8);
  const slope = new Float64Array(weights.length);
  const scores = new Array<number>(tiers).fill(0);
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < bias; at++) slope[at] = shrink * weights[at]!;
    slope.fill(0, bias);
    for (const [at, { target }] of examples.entries()) {
      const input = inputs[at]!;
      for (let tier = 0; tier < tiers; tier++) scores[tier] = weights[bias + tier]!;
      for (const place of input) for (let tier = 0; tier < tiers; tier++) scores[tier]! += weights[place * tiers + tier]!;
      const guessed = softmax(scores);
      for (let tier = 0; tier < tiers; tier++) {
        const off = importance[target]! * (guessed[tier]! - (tier === target ? 1 : 0));
        slope[bias + tier]! += off;
        for (const place of input) slope[place * tiers + tier]! += off;
      }
    }
    for (let at = 0; at < weights.length; at++) {
      steepness[at]! += slope[at]! ** 2;
      weights[at]! -= (0.5 * slope[at]!) / Math.sqrt(steepness[at]!);
    }
  }

  const hundredths = (from: number): number[] =>
    complexities.map((_, tier) => Math.round((100 * weights[from + tier]!) / temperature) || 0);
  const kept = vocabulary.flatMap((feature, at) => {
    const own = hundredths(at * tiers);
    return own.some((weight) => Math.abs(weight) >= smallest) ? [[feature, own.join(' ')] as const] : [];
  });
  return {
    about: 'Made by scripts/train-tiers.ts. What each word or sign says for simple, moderate and complex, in hundredths.',
    trainedOn: hashOf(requests),
    bias: hundredths(bias).join(' '),
    weights: Object.fromEntries(kept),
  };
}

const modelText = (model: TierModel): string => `${JSON.stringify(model, null, 2)}\n`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Each voice judged by a model that never heard it. */
function report(requests: readonly Labelled[]): void {
  const authors = [...new Set(requests.map(({ author }) => author))].sort();
  const folds = 8;
  const verdicts = Array.from({ length: folds }, (_, fold): Verdict[] => {
    const out = new Set(authors.filter((_, at) => at % folds === fold));
    const judge = classifier(scorer(trained(requests.filter(({ author }) => !out.has(author)))));
    return requests
      .filter(({ author }) => out.has(author))
      .map((request) => ({ request, said: judge({ text: request.text, turns: 1 }).tier }));
  }).flat();
  const line = (what: string, some: readonly Verdict[]): void => {
    const { n, macroAccuracy, macroF1, underRouted } = figuresOf(some);
    print(
      `${what.padEnd(18)} ${String(n).padStart(5)}  macro accuracy ${inPercent(macroAccuracy).padStart(7)}  macro-F1 ${inPercent(macroF1).padStart(7)}  under-routed ${inPercent(underRouted).padStart(6)}`,
    );
  };
  line('voices left out', verdicts);
  for (const author of authors)
    line(
      `  ${author}`,
      verdicts.filter(({ request }) => request.author === author),
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const requests = labelled('train');
  if (!process.argv.includes('--quiet')) report(requests);
  writeFileSync(new URL('../src/llm/router/tier-model.json', import.meta.url), modelText(trained(requests)));
}
