import { type Complexity, complexities } from '../../core/llm.ts';
import { softmax } from '../offline/classify.ts';

/** A linear model as scripts/train-tiers.ts writes it: what each feature says for each tier, in hundredths, readable on purpose. */
export interface TierModel {
  about: string;
  /** Hash of the labelled requests it was made from. */
  trainedOn: string;
  /** For simple, moderate and complex, with a space between, like the weights. */
  bias: string;
  weights: Record<string, string>;
}

export interface Scored {
  /** How likely each tier is, in the order of `complexities`; together 1. */
  probabilities: number[];
  /** How many of the words are known at all. */
  knownWords: number;
  /** The features that spoke most for a tier and against the others, strongest first. */
  reasonsFor(tier: Complexity): string[];
}

export type Scorer = (features: readonly string[]) => Scored;

interface Weight {
  /** For each tier, in the order of `complexities`. */
  says: readonly [number, number, number];
  isWord: boolean;
}

const triple = (text: string): [number, number, number] => {
  const [simple = 0, moderate = 0, complex = 0] = text.split(' ').map((part) => Number(part) / 100);
  return [simple, moderate, complex];
};

const mostReasons = 2;

export function scorer(model: TierModel): Scorer {
  const bias = triple(model.bias);
  const weights = new Map<string, Weight>(
    Object.entries(model.weights).map(([feature, text]) => [
      feature,
      { says: triple(text), isWord: /^[^#\s][^\s*]*$/.test(feature) },
    ]),
  );
  return (features) => {
    const scores = [...bias];
    let knownWords = 0;
    for (const feature of features) {
      const weight = weights.get(feature);
      if (!weight) continue;
      if (weight.isWord) knownWords++;
      for (let tier = 0; tier < scores.length; tier++) scores[tier]! += weight.says[tier]!;
    }
    return { probabilities: softmax(scores), knownWords, reasonsFor: (tier) => reasonsFor(tier, features, weights) };
  };
}

function reasonsFor(tier: Complexity, features: readonly string[], weights: ReadonlyMap<string, Weight>): string[] {
  const at = complexities.indexOf(tier);
  const best: { feature: string; push: number }[] = [];
  for (const feature of features) {
    const says = weights.get(feature)?.says;
    if (!says) continue;
    const push = says[at]! - (says[0] + says[1] + says[2] - says[at]!) / 2;
    if (push <= 0.1 || (best.length === mostReasons && push <= best.at(-1)!.push)) continue;
    best.push({ feature, push });
    best.sort((a, b) => b.push - a.push);
    best.length = Math.min(best.length, mostReasons);
  }
  return best.map(({ feature }) => feature);
}
