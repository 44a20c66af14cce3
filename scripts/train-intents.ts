import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type IntentName, intentNames, type Model, softmax } from '../src/llm/offline/classify.ts';
import { buckets, featuresOf, masked } from '../src/llm/offline/features.ts';
import { Sentence } from '../src/llm/offline/sentence.ts';

/**
 * Trains the statistical half of the offline understanding from the labelled phrasings of the tests and writes
 * src/llm/offline/model.json. The same phrasings give the same file. First prints how well it does on phrasings that it
 * was not trained on: left out by tenths, and each set by the others.
 */

interface Phrasing {
  family: string;
  say: string;
  after?: unknown[];
  expect: Record<string, unknown>;
}
interface Example {
  set: string;
  family: string;
  say: string;
  intent: IntentName;
}

const sets = ['phrasings-first.json', 'phrasings-second.json', 'phrasings-rules.json', 'phrasings-scoring.json'];
const fixture = (file: string): string => readFileSync(new URL(`../tests/fixtures/${file}`, import.meta.url), 'utf8');
export const trainingHash = (): string =>
  createHash('sha256')
    .update(sets.map((set) => JSON.stringify(JSON.parse(fixture(set)))).join('\n'))
    .digest('hex')
    .slice(0, 16);

const ofTool: Record<string, IntentName> = {
  search_leads: 'search',
  get_lead: 'get',
  top_leads: 'top',
  explain_score: 'explain',
  create_lead: 'create',
  delete_lead: 'delete',
  log_activity: 'log',
  create_task: 'task',
  complete_task: 'complete',
  list_tasks: 'tasks',
  import_leads: 'import',
  list_imports: 'imports',
  undo: 'undo',
  list_pending: 'pending',
  list_jobs: 'jobs',
  get_job: 'jobs',
  cancel_job: 'jobs',
  whoami: 'whoami',
  get_costs: 'costs',
  qualify_lead: 'qualify',
  qualify_leads: 'qualify',
  compare_leads: 'compare',
  score_what_if: 'suppose',
  preview_profile: 'suppose',
  list_profiles: 'profile',
  get_profile: 'profile',
  update_profile: 'reweigh',
  activate_profile: 'reweigh',
  get_calibration: 'calibration',
};

const intentOf = (expect: Record<string, unknown>, family: string): IntentName | undefined => {
  if (Array.isArray(expect['anyOf'])) return intentOf(expect['anyOf'][0] as Record<string, unknown>, family);
  if (expect['refuse']) return 'refuse';
  if (expect['noWrite']) return 'talk';
  const tool = expect['tool'];
  if (typeof tool !== 'string') return undefined;
  if (tool !== 'update_lead') return ofTool[tool];
  const input = (expect['input'] ?? {}) as Record<string, unknown>;
  return 'status' in input ? 'status' : 'owner' in input ? 'owner' : 'field';
};

const examples: Example[] = sets.flatMap((set) =>
  (JSON.parse(fixture(set)) as Phrasing[]).flatMap((phrasing) => {
    // What only makes sense after other words would teach the wrong thing.
    const intent = phrasing.after || phrasing.family === 'two-things' ? undefined : intentOf(phrasing.expect, phrasing.family);
    return intent ? [{ set, family: phrasing.family, say: phrasing.say, intent }] : [];
  }),
);

/** A repeatable stream of numbers between 0 and 1 (mulberry32). */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
};

const openings = ['hey ', 'ok ', 'can you ', 'could you ', 'um ', 'right, ', 'quick one, ', 'so ', 'and ', 'i want to ', 'also '];
const endings = [' thanks', ' for me', ' now', ' mate', ' then', ' if you can', ' asap', ' again'];

/** The phrasing itself and ways it might as well have been put: with politeness, a slip, a word less. */
const variants = (example: Example, random: () => number): string[] => {
  const pickOne = (list: string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const words = example.say.split(' ');
  const dropped = words.length > 3 ? words.filter((_, i) => i !== Math.floor(random() * words.length)).join(' ') : example.say;
  const at = 1 + Math.floor(random() * Math.max(1, example.say.length - 2));
  const swapped = example.say.slice(0, at) + (example.say[at + 1] ?? '') + (example.say[at] ?? '') + example.say.slice(at + 2);
  return [
    example.say,
    example.intent === 'talk' ? example.say : pickOne(openings) + example.say,
    example.say + pickOne(endings),
    dropped,
    swapped,
  ];
};

interface Trained {
  weights: Float64Array;
  bias: number[];
}
const classes = intentNames.length;

const scoresOf = (model: Trained, features: readonly number[]): number[] => {
  const norm = 1 / Math.sqrt(features.length || 1);
  const scores = [...model.bias];
  for (const feature of features)
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) + (model.weights[feature * classes + k] ?? 0) * norm;
  return scores;
};

/** Multinomial logistic regression by stochastic gradient descent; rare intents count more, and weights shrink a little. */
const train = (chosen: readonly Example[], rounds = 24): Trained => {
  const random = numbers(20);
  const data = chosen.flatMap((example) =>
    variants(example, random).map((say) => ({
      features: featuresOf(masked(Sentence.of(say))),
      target: intentNames.indexOf(example.intent),
    })),
  );
  const counts = intentNames.map((name) => chosen.filter((example) => example.intent === name).length);
  const model: Trained = { weights: new Float64Array(buckets * classes), bias: intentNames.map(() => 0) };
  const order = data.map((_, i) => i);
  for (let round = 0; round < rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    const rate = 3 / (1 + round * 0.25);
    for (const index of order) {
      const one = data[index];
      if (!one) continue;
      const norm = 1 / Math.sqrt(one.features.length || 1);
      const guessed = softmax(scoresOf(model, one.features));
      const weight = Math.min(2, Math.sqrt(60 / (counts[one.target] || 60)));
      for (let k = 0; k < classes; k++) {
        const step = rate * weight * ((k === one.target ? 1 : 0) - (guessed[k] ?? 0));
        if (Math.abs(step) < 1e-4) continue;
        model.bias[k] = (model.bias[k] ?? 0) + step * 0.02;
        for (const feature of one.features) {
          const at = feature * classes + k;
          model.weights[at] = (model.weights[at] ?? 0) * (1 - rate * 2e-5) + step * norm;
        }
      }
    }
  }
  return model;
};

const best = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const readable = (part: number, whole: number): string =>
  `${part}/${whole} = ${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

const tested = (model: Trained, chosen: readonly Example[]): { example: Example; said: IntentName; sure: number }[] =>
  chosen.map((example) => {
    const shares = softmax(scoresOf(model, featuresOf(masked(Sentence.of(example.say)))));
    const top = best(shares);
    return { example, said: intentNames[top] ?? 'talk', sure: shares[top] ?? 0 };
  });

const report = (): void => {
  const folds = 10;
  const results = Array.from({ length: folds }, (_, fold) => {
    const inFold = (_example: Example, i: number): boolean => i % folds === fold;
    return tested(
      train(
        examples.filter((example, i) => !inFold(example, i)),
        14,
      ),
      examples.filter(inFold),
    );
  }).flat();
  const right = results.filter((one) => one.said === one.example.intent);
  print(`By tenths left out: ${readable(right.length, results.length)}`);
  const sure = results.filter((one) => one.sure >= 0.7);
  print(`Where it is sure (0.7): ${readable(sure.filter((one) => one.said === one.example.intent).length, sure.length)}`);
  for (const family of [...new Set(examples.map((example) => example.family))].sort()) {
    const own = results.filter((one) => one.example.family === family);
    print(`  ${family.padEnd(16)} ${readable(own.filter((one) => one.said === one.example.intent).length, own.length)}`);
  }
  for (const set of sets) {
    const others = tested(
      train(
        examples.filter((example) => example.set !== set),
        14,
      ),
      examples.filter((example) => example.set === set),
    );
    print(`${set} by the other sets: ${readable(others.filter((one) => one.said === one.example.intent).length, others.length)}`);
  }
};

const packed = ({ weights, bias }: Trained): Model => {
  const scale = intentNames.map((_, k) => {
    let most = 1e-9;
    for (let b = 0; b < buckets; b++) most = Math.max(most, Math.abs(weights[b * classes + k] ?? 0));
    return most / 127;
  });
  const bytes = Int8Array.from({ length: buckets * classes }, (_, i) =>
    Math.round((weights[i] ?? 0) / (scale[i % classes] ?? 1)),
  );
  return {
    trainedOn: trainingHash(),
    buckets,
    intents: [...intentNames],
    bias: bias.map((one) => one.toFixed(5)).join(' '),
    scale: scale.map((one) => one.toPrecision(6)).join(' '),
    weights: Buffer.from(bytes.buffer).toString('base64'),
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--quiet')) report();
  const file = new URL('../src/llm/offline/model.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify(packed(train(examples)), null, 2)}\n`);
}
