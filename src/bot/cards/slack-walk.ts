import { slackLength } from './slack-text.ts';

/** Looks through what is sent to Slack without knowing every kind of block. */

export interface Found {
  path: string;
  key: string;
  value: unknown;
  parent: Record<string, unknown>;
}

/** Every value in there, with where it stands. */
export function* walk(value: unknown, path = ''): Generator<Found> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* walk(item, `${path}[${i}]`);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    yield { path: at, key, value: item, parent: value as Record<string, unknown> };
    yield* walk(item, at);
  }
}

/** Texts that a reader sees; ids, values and addresses are none. */
const readable = new Set(['text', 'title', 'caption', 'alt_text', 'label', 'name', 'hint', 'placeholder']);

export function textsOf(blocks: unknown): string[] {
  const texts: string[] = [];
  for (const { key, value } of walk(blocks)) if (typeof value === 'string' && readable.has(key)) texts.push(value);
  return texts;
}

/** Characters that a reader sees, as Slack counts them. */
export const sizeOf = (blocks: unknown): number => textsOf(blocks).reduce((sum, text) => sum + slackLength(text), 0);
