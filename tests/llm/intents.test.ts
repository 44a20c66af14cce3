import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trainingHash } from '../../scripts/train-intents.ts';
import { guess, type Model } from '../../src/llm/offline/classify.ts';
import { masked } from '../../src/llm/offline/features.ts';
import { namesIn, nameWithin } from '../../src/llm/offline/names.ts';
import { Sentence } from '../../src/llm/offline/sentence.ts';

const file = new URL('../../src/llm/offline/model.json', import.meta.url);

describe('the intent model', () => {
  it('is what the training script makes of the phrasings as they are', () => {
    const model = JSON.parse(readFileSync(file, 'utf8')) as Model;
    expect(model.trainedOn).toBe(trainingHash());
    expect(readFileSync(file).length).toBeLessThan(250_000);
  });

  it.each([
    ['who should I call first', 'top'],
    ['mark Quillfeather as won', 'status'],
    ['log a call with Quillfeather, no answer', 'log'],
    ['remind me to ring Quillfeather on friday', 'task'],
    ['should I delete Quillfeather?', 'talk'],
    ['order me a pizza', 'refuse'],
    ['gold leads in ohio', 'search'],
    ['why is Quillfeather silver', 'explain'],
  ])('takes "%s" for %s', (text, intent) => {
    expect(guess(Sentence.of(text))[0]?.intent).toBe(intent);
  });

  it('does not see names, places, days and numbers', () => {
    const one = masked(Sentence.of('remind me to call Quillfeather Solar on friday at 5'));
    expect(one).toBe(masked(Sentence.of('remind me to call abc heating on monday at 7')));
    expect(guess(Sentence.of('mark Quillfeather as won'))).toEqual(guess(Sentence.of('mark Zanzibar Heating as won')));
  });

  it('gives shares that add up to one, for any text', () => {
    for (const text of ['', '?', 'x'.repeat(50_000), '\u202e\u0000 ok', 'Ünïcödé & Söhne'])
      expect(guess(Sentence.of(text)).reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  });
});

describe('names in a text', () => {
  it.each([
    ['give me the rundown on quillfeather before my call', ['quillfeather']],
    ['mark won & sons as won', ['won & sons']],
    ['show a & b standby power', ['a & b standby power']],
    ['who should I call first', []],
    ['spoke to mike at zephyr ridge today', ['mike', 'zephyr ridge']],
    ['wipe the database', []],
  ])('finds in "%s"', (text, wanted) => {
    expect(namesIn(Sentence.of(text, false)).map((span) => span.text)).toEqual(wanted);
  });

  it.each([
    ['zephyr ridge folks before I dial in', 'zephyr ridge'],
    ['mike at zephyr ridge', 'zephyr ridge'],
    ['Call Center Pros', 'Call Center Pros'],
    ['yourself', undefined],
    ['status', undefined],
    ['the database', undefined],
  ])('reads "%s" as %s', (raw, wanted) => {
    expect(nameWithin(raw)).toBe(wanted);
  });
});
