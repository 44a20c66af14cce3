import { defused } from './markdown.ts';
import { chunkText, cutText, type Measure, safe, safeLine } from './safe-text.ts';
import type { Inline, RichTextBlock, TextBlock, TextRun } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import { walk } from './walk.ts';

/** Text as Teams takes it. Untrusted text stands in rich text, where no Markdown is read, and in a TextBlock only where it is plain words. */

/** How long something is in what is sent. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** A text is at least as many bytes as letters: of a very long one that says enough. */
export const textBytes: Measure = (text) => (text.length > 100_000 ? text.length : bytesOf(text) - 2);

/** Shown where there is no text and there has to be one. */
export const nothing = '–';

/** Cards write the date in place of "{{DATE(…)}}" wherever they find it. */
const withoutMacros = (text: string): string => text.replace(/\{(?=\{)/g, '{ ');

/** Untrusted text with its line ends; no sign of Teams' own is left in it. */
export const shown = (text: string): string => withoutMacros(defused(safe(text))).trimEnd();
export const shownLine = (text: string): string => withoutMacros(defused(safeLine(text)));

export const cut = (text: string, max: number): string => cutText(text, max);
/** At most so many bytes, the sign for what was cut away included. */
export const cutBytes = (text: string, max: number): string =>
  textBytes(text) <= max ? text : cutText(text, max - 3, textBytes);
export const chunks = (text: string, max: number): string[] => chunkText(text, max, textBytes);

export const run = (text: string, style: Omit<TextRun, 'type' | 'text'> = {}): TextRun => ({ type: 'TextRun', text, ...style });

export const rich = (...inlines: Inline[]): RichTextBlock => ({ type: 'RichTextBlock', inlines });

/** A long text in as many blocks as it takes. */
export const paragraphs = (text: string): RichTextBlock[] => chunks(shown(text), limits.element).map((piece) => rich(piece));

/** A small grey line. */
export const context = (...texts: string[]): RichTextBlock => ({
  ...rich(run(texts.join(' · '), { isSubtle: true, size: 'Small' })),
  spacing: 'Small',
});

/** Letters, figures and the signs of ordinary sentences: nothing that Markdown could take for its own, and no address. */
export const isPlain = (text: string): boolean =>
  /^[\p{L}\p{N}(€£$%"'“‘…–✓][\p{L}\p{M}\p{N} ,.;:!?'"“”‘’()/%€£$&@…–—→+=·✓-]*$/u.test(text) &&
  !/^\p{N}+[.)]|&\w+;|:\/\/|\bwww\.|--|==/iu.test(text);

/** A heading, which screen readers can jump to; where the words are not plain it only looks like one. */
export function heading(title: string, size: 'Medium' | 'Large' = 'Medium'): (TextBlock | RichTextBlock)[] {
  const line = shownLine(title);
  if (!line) return [];
  const first = cut(line, limits.heading);
  const block: TextBlock | RichTextBlock = isPlain(first)
    ? { type: 'TextBlock', text: first, wrap: true, style: 'heading', size, weight: 'Bolder' }
    : rich(run(first, { size, weight: 'Bolder' }));
  return first === line ? [block] : [block, ...paragraphs(line)];
}

/** What a reader sees in these elements, first to last. */
export function wordsIn(elements: unknown): string[] {
  const words: string[] = [];
  for (const { key, value, parent } of walk(elements))
    if (key === 'inlines') words.push((value as Inline[]).map((one) => (typeof one === 'string' ? one : one.text)).join(''));
    else if (typeof value === 'string' && readable.has(key) && parent.type !== 'TextRun') words.push(value);
  return words;
}
const readable = new Set(['text', 'title', 'value', 'label', 'x', 'legend']);
