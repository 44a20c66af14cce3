import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figuresOf, hashOf, type Labelled, labelled } from '../../scripts/labelled-tiers.ts';
import { trained } from '../../scripts/train-tiers.ts';
import { bundledModel, type Classified, classify } from '../../src/llm/router/classify.ts';

const training = labelled('train');
const heldOut = labelled('held-out');
const ask = (text: string, rest: { turns?: number; attachments?: number } = {}): Classified =>
  classify({ text, turns: 1, ...rest });

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}_']+/gu));
/** Words that both have, of all that either has. */
function likeness(one: Set<string>, other: Set<string>): number {
  let shared = 0;
  for (const word of one) if (other.has(word)) shared++;
  return shared / Math.max(1, one.size + other.size - shared);
}

describe('the labelled requests', () => {
  it('are many, of every tier, and none stands there twice', () => {
    expect(training.length).toBeGreaterThan(600);
    expect(heldOut.length).toBeGreaterThan(150);
    for (const part of [training, heldOut]) {
      expect(new Set(part.map(({ text }) => text)).size).toBe(part.length);
      for (const tier of ['simple', 'moderate', 'complex'])
        expect(part.filter((request) => request.tier === tier).length / part.length).toBeGreaterThan(0.2);
    }
  });

  it('are held out by whole families and voices', () => {
    const trainedOn = new Set(training.flatMap(({ family, author }) => [family, author]));
    expect(heldOut.filter(({ family, author }) => trainedOn.has(family) || trainedOn.has(author))).toEqual([]);
  });

  it('hold nothing out that is nearly a training request', () => {
    const known = training.map(({ text }) => ({ text, words: wordsOf(text) }));
    const near = heldOut.flatMap(({ text }) => {
      const words = wordsOf(text);
      return known.filter((other) => likeness(words, other.words) >= 0.5).map((other) => [text, other.text]);
    });
    expect(near).toEqual([]);
  });

  it('hold out what was frozen before there was anything to train', () => {
    expect(hashOf(heldOut)).toBe('74c9a9f63327f942');
  });
});

describe('the classifier', () => {
  const figuresFor = (requests: readonly Labelled[]) =>
    figuresOf(requests.map((request) => ({ request, said: ask(request.text).tier })));

  it('finds the tier of requests it was not trained on', () => {
    const { macroAccuracy, macroF1, underRouted } = figuresFor(heldOut);
    expect(macroAccuracy).toBeGreaterThan(0.8);
    expect(macroF1).toBeGreaterThan(0.79);
    expect(underRouted).toBeLessThan(0.06);
  });

  it.each([...new Set(heldOut.map(({ author }) => author))])('does not fail the voice of %s', (author) => {
    const { macroAccuracy, underRouted } = figuresFor(heldOut.filter((request) => request.author === author));
    expect(macroAccuracy).toBeGreaterThan(0.6);
    expect(underRouted).toBeLessThan(0.13);
  });

  it('takes nothing complex for simple that is held out', () => {
    expect(heldOut.filter(({ tier, text }) => tier === 'complex' && ask(text).tier === 'simple')).toEqual([]);
  });

  it('sends fewer to a weaker model than they need when it has to be surer', () => {
    const simple = (sure: number): number =>
      heldOut.filter(({ text }) => classify({ text, turns: 1 }, sure).tier === 'simple').length;
    expect(simple(0.9)).toBeLessThan(simple(0.4));
    expect(simple(1)).toBe(0);
  });

  it.each([
    ['Who owns Quillfeather Solar?', 'simple'],
    ['mark quillfeather as won', 'simple'],
    ['Draft a short follow-up email to Dana at Quillfeather', 'moderate'],
    ['Gold leads in Ohio with more than 50 staff that nobody called this month, grouped by owner', 'moderate'],
    ['Analyse every deal we lost this year, find out why, and propose a strategy to win more', 'complex'],
    ['They want 20% off and net 90 or they walk. What should we concede, and what do we ask for in return?', 'complex'],
  ])('takes "%s" for %s', (text, tier) => {
    expect(ask(text).tier).toBe(tier);
  });

  it('says why, and how sure it is', () => {
    const { tier, confidence, because } = ask('Analyse our whole pipeline and recommend a strategy');
    expect(tier).toBe('complex');
    expect(because).toMatch(/^complex: .*\d+ words$/);
    expect(confidence).toBeGreaterThan(0.4);
    expect(confidence).toBeLessThanOrEqual(1);
  });

  it('takes a short request with a file for more than a look-up', () => {
    expect(ask('log this').tier).toBe('simple');
    expect(ask('log this', { attachments: 1 }).tier).toBe('moderate');
  });

  it('takes a bare "why?" for an analysis only when nothing went before', () => {
    expect(ask('why?').tier).toBe('complex');
    expect(ask('why?', { turns: 4 }).tier).toBe('moderate');
    expect(ask('why do we keep losing?', { turns: 4 }).tier).toBe('complex');
  });

  it('says so when it takes the better model to be safe', () => {
    const unsure = heldOut.map(({ text }) => ask(text)).filter(({ because }) => because.includes('looks '));
    expect(unsure.length).toBeGreaterThan(0);
    for (const { because } of unsure)
      expect(because).toMatch(/^(moderate: looks (simple|complex)|complex: looks (simple|moderate)),/);
  });
});

describe('the model file', () => {
  it('is what the training script makes of the requests as they are', () => {
    const kept = bundledModel();
    const made = trained(training);
    expect(kept.trainedOn).toBe(made.trainedOn);
    // another processor may round the last digit otherwise
    const far = [...new Set([...Object.keys(kept.weights), ...Object.keys(made.weights)])].filter((feature) => {
      const [one, other] = [kept, made].map(({ weights }) => (weights[feature] ?? '0 0 0').split(' ').map(Number));
      return one!.some((weight, at) => Math.abs(weight - other![at]!) > 5);
    });
    expect(far).toEqual([]);
  });

  it('is small', () => {
    expect(readFileSync(new URL('../../src/llm/router/tier-model.json', import.meta.url)).length).toBeLessThan(150_000);
  });
});

describe('whatever is sent', () => {
  const hostile: [string, string][] = [
    ['nothing', ''],
    ['white space', ' \n\t '],
    ['marks alone', '?!… ---'],
    ['control characters', '\u0000\u0001\u0002\u001b[2J'],
    ['half a character', '\ud83d'],
    ['bytes', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)).toString('latin1')],
    ['another script', '我们应该如何定价才能赢得这个客户'],
    ['a language nobody taught', 'Проанализируй все проигранные сделки и предложи стратегию'],
    ['one endless word', 'x'.repeat(100_000)],
    ['endless addresses', 'a@'.repeat(50_000)],
    ['endless quotation marks', '"'.repeat(100_000)],
    ['endless lines', '\n'.repeat(100_000)],
    ['words of the object prototype', 'constructor __proto__ toString hasOwnProperty'],
  ];

  it.each(hostile)('%s is moderate', (_, text) => {
    expect(ask(text).tier).toBe('moderate');
  });

  it.each([
    ...hostile,
    ['a pasted book', 'The customer said that the price is too high. '.repeat(2200)],
    ['endless bullets', '- a\n'.repeat(25_000)],
    ['endless accents', 'e\u0301'.repeat(50_000)],
  ])('%s is answered, and the same way again', (_, text) => {
    const first = ask(text);
    expect(ask(text)).toEqual(first);
    expect(first.confidence).toBeGreaterThanOrEqual(0);
    expect(first.confidence).toBeLessThanOrEqual(1);
  });

  it('reads the question before and after pasted text', () => {
    const mail = 'Hi Sam,\nthe boxes arrived today. See you.\nDana\n'.repeat(300);
    expect(ask(`Analyse this thread and work out a negotiation strategy, with their options and ours:\n\n${mail}`).tier).toBe(
      'complex',
    );
    expect(ask(`${mail}\n\nAnalyse all of this and recommend a strategy to win them back, with the risks`).tier).toBe('complex');
  });
});
