import { slackLength } from './slack-text.ts';
import { walk } from './walk.ts';

/** What a reader of a Slack message sees, whatever kinds of blocks it has. */

/** Texts that a reader sees; ids, values and addresses are none. */
const readable = new Set(['text', 'title', 'caption', 'alt_text', 'label', 'name', 'hint', 'placeholder']);

export function textsOf(blocks: unknown): string[] {
  const texts: string[] = [];
  for (const { key, value } of walk(blocks)) if (typeof value === 'string' && readable.has(key)) texts.push(value);
  return texts;
}

/** Characters that a reader sees, as Slack counts them. */
export const sizeOf = (blocks: unknown): number => textsOf(blocks).reduce((sum, text) => sum + slackLength(text), 0);
