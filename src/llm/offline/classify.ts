import { readFileSync } from 'node:fs';
import { buckets, featuresOf, masked } from './features.ts';
import type { Sentence } from './sentence.ts';

/** What a text may be after, as the training phrasings tell it. "talk" wants nothing done; "refuse" is beyond the tools. */
export const intentNames = [
  'search',
  'get',
  'top',
  'explain',
  'create',
  'status',
  'owner',
  'field',
  'delete',
  'log',
  'task',
  'complete',
  'tasks',
  'import',
  'imports',
  'undo',
  'pending',
  'jobs',
  'whoami',
  'costs',
  'qualify',
  'compare',
  'suppose',
  'profile',
  'reweigh',
  'calibration',
  'refuse',
  'talk',
] as const;
export type IntentName = (typeof intentNames)[number];

export interface Guess {
  intent: IntentName;
  probability: number;
}

/** Weights as the training script writes them: one signed byte each, by bucket and intent, with a scale per intent. */
export interface Model {
  /** Hash of the phrasings it was trained on. */
  trainedOn: string;
  buckets: number;
  intents: string[];
  /** Numbers with a space between, like the scale: one line each in the file. */
  bias: string;
  scale: string;
  weights: string;
}

interface Loaded {
  intents: string[];
  bias: number[];
  scale: number[];
  weights: Int8Array;
}

let loaded: Loaded | undefined;
const load = (): Loaded => {
  if (!loaded) {
    const model = JSON.parse(readFileSync(new URL('./model.json', import.meta.url), 'utf8')) as Model;
    const bytes = Buffer.from(model.weights, 'base64');
    loaded = {
      intents: model.intents,
      bias: model.bias.split(' ').map(Number),
      scale: model.scale.split(' ').map(Number),
      weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    };
  }
  return loaded;
};

export const softmax = (scores: readonly number[]): number[] => {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((all, one) => all + one, 0);
  return powers.map((power) => power / sum);
};

/** The likeliest intents of a sentence, best first, by how it is put; names and numbers in it do not count. */
export const guess = (sentence: Sentence): Guess[] => {
  const { intents, bias, scale, weights } = load();
  const features = featuresOf(masked(sentence).slice(0, 400)).filter((feature) => feature < buckets);
  const norm = 1 / Math.sqrt(features.length || 1);
  const scores = intents.map((_, k) => {
    let sum = 0;
    for (const feature of features) sum += weights[feature * intents.length + k] ?? 0;
    return (bias[k] ?? 0) + sum * norm * (scale[k] ?? 0);
  });
  return softmax(scores)
    .map((probability, k) => ({ intent: intents[k] as IntentName, probability }))
    .sort((a, b) => b.probability - a.probability);
};
