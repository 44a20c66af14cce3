import { readFileSync } from 'node:fs';
import { type Complexity, complexities } from '../../core/llm.ts';
import { type Reading, read } from './features.ts';
import { type Scorer, scorer, type TierModel } from './tier-model.ts';

export interface Classifiable {
  /** What the user wrote. */
  text: string;
  /** The user's messages in this conversation so far, with this one. */
  turns: number;
  /** Files that came with it. */
  attachments?: number;
}

export interface Classified {
  tier: Complexity;
  /** How likely the request is of this tier, as the labelled requests tell it; 0 when there was nothing to judge by. */
  confidence: number;
  /** For whoever reads the record. */
  because: string;
}

/**
 * What it costs to take a request of one tier (row) for another (column): too weak a model three times as much as one too good, for each
 * tier between. A bad answer is paid by the user.
 */
const costs: readonly (readonly number[])[] = [
  [0, 1, 2],
  [3, 0, 1],
  [6, 3, 0],
];

/** Less sure than this of simple or complex, it is moderate. Chosen on the training requests, each author's judged by the others'. */
export const sureEnough = 0.4;
/** So few words in the middle of a conversation are about what went before: "why?" asks for no analysis of its own. */
const fragment = 2;
/** One word in so many has to be known. */
const leastKnown = 8;

/** How much model a request needs: pure, some microseconds, and moderate when unsure. */
export type Classifier = (request: Classifiable, sure?: number) => Classified;

export function classifier(score: Scorer): Classifier {
  return ({ text, turns, attachments = 0 }, sure = sureEnough) => {
    const reading = read(text);
    if (reading.words === 0) return { tier: 'moderate', confidence: 0, because: 'moderate: no words to go by' };
    const { probabilities, knownWords, reasonsFor } = score(reading.features);
    const of = (tier: Complexity): number => probabilities[complexities.indexOf(tier)]!;
    // reasons are put into words for whoever asks for them: that takes longer than finding them
    const found = (tier: Complexity, because: string | (() => string)): Classified => ({
      tier,
      confidence: of(tier),
      get because() {
        return `${tier}: ${typeof because === 'string' ? because : because()}`;
      },
    });

    // a language or a script nobody taught: its length alone says nothing
    if ((knownWords + reading.signs) * leastKnown < reading.words) return found('moderate', 'hardly a word is known');
    const likeliest = complexities.reduce((best, tier) => (of(tier) > of(best) ? tier : best));
    const chosen = cheapest(probabilities);
    if (chosen !== 'moderate' && of(chosen) < sure) return found('moderate', 'not sure enough of anything else');
    if (chosen === 'complex' && turns > 1 && reading.words <= fragment) return found('moderate', 'a fragment of a conversation');
    if (chosen === 'simple' && attachments > 0) return found('moderate', 'something has to be read first');
    if (chosen !== likeliest) return found(chosen, `looks ${likeliest}, and too likely is not`);
    return found(chosen, () => reasons(reasonsFor(chosen), reading));
  };
}

/** The tier whose expected cost is least. */
function cheapest(probabilities: readonly number[]): Complexity {
  let best: Complexity = 'moderate';
  let least = Number.POSITIVE_INFINITY;
  for (const [at, tier] of complexities.entries()) {
    let cost = 0;
    for (let really = 0; really < complexities.length; really++) cost += probabilities[really]! * costs[really]![at]!;
    if (cost < least) {
      best = tier;
      least = cost;
    }
  }
  return best;
}

/** Feature names in words: `#pair analyse scope` is "analyse with scope". */
const reasons = (features: readonly string[], { words }: Reading): string =>
  [...features.map(inWords), `${words} ${words === 1 ? 'word' : 'words'}`].join(', ');

function inWords(feature: string): string {
  if (!feature.startsWith('#')) return `"${feature.replace(/^\^ | \$$/, '').replace(/\*$/, '…')}"`;
  const [kind = '', ...rest] = feature.slice(1).split(' ');
  if (kind === 'pair') return rest.join(' with ');
  if (kind === 'first' && rest.length === 3) return `${rest[0]} first, then ${rest[2]}`;
  if (kind.includes('>=')) return kind.replace('>=', ' from ');
  return `${rest.join(' ')} (${kind})`;
}

export const bundledModel = (): TierModel =>
  JSON.parse(readFileSync(new URL('./tier-model.json', import.meta.url), 'utf8')) as TierModel;

let ready: Classifier | undefined;

/** With the model that comes with us; read once, at the first question. */
export const classify: Classifier = (request, sure) => {
  ready ??= classifier(scorer(bundledModel()));
  return ready(request, sure);
};
