import { regionCode } from '../../core/regions.ts';
import { namesIn } from './names.ts';
import type { Sentence } from './sentence.ts';

/** Numbered places into which features are hashed; some share one, which a linear model forgives. */
export const buckets = 6144;

const dates =
  /^(?:today|tomorrow|tonight|yesterday|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec|fortnight|eod|eow)$/;

/** The text with all that varies put alike: names, places, days, numbers. What is left is how something is asked. */
export const masked = (sentence: Sentence): string => {
  const spans = namesIn(sentence);
  const words: string[] = [];
  for (let i = 0; i < sentence.tokens.length && words.length < 40; i++) {
    const span = spans.find((one) => one.from === i);
    if (span) {
      words.push(regionCode(span.text) ? 'xplace' : 'xname');
      i = span.to - 1;
      continue;
    }
    const token = sentence.tokens[i];
    if (!token) continue;
    const raw = sentence.source.slice(token.start, token.end);
    if (/@|^(?:https?:|www\.)|\w\.(?:com|net|org|example)\b/i.test(raw)) words.push('xlink');
    else if (/\d/.test(raw)) words.push(/\d{3}\D?\d{4}/.test(raw) ? 'xphone' : /[:ap]m?$|:/i.test(raw) ? 'xtime' : 'xnum');
    else if (dates.test(token.word)) words.push('xday');
    else if ((token.word.length > 3 || raw === raw.toUpperCase()) && regionCode(token.word)) words.push('xplace');
    else words.push(token.word);
  }
  return words.join(' ');
};

/** FNV-1a, the same on every machine. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value % buckets;
};

/** Words, neighbours, openings and letter groups of a masked text, as places in the weight table. */
export const featuresOf = (text: string): number[] => {
  const found = new Set<number>();
  const words = ['^', ...text.split(' '), '$'];
  for (let i = 0; i < words.length; i++) {
    if (i > 0 && i < words.length - 1) found.add(hash(`w:${words[i]}`));
    if (i > 0) found.add(hash(`b:${words[i - 1]} ${words[i]}`));
    if (i > 1) found.add(hash(`s:${words[i - 2]} ${words[i]}`));
  }
  found.add(hash(`o:${words[1]} ${words[2] ?? ''}`));
  const letters = ` ${text} `;
  for (let size = 3; size <= 5; size++)
    for (let i = 0; i + size <= letters.length; i++) found.add(hash(`c:${letters.slice(i, i + size)}`));
  return [...found];
};
