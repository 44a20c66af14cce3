import { randomBytes } from 'node:crypto';
import { visible } from './visible.ts';

/**
 * Puts text from outside between marks that it cannot forge: the id is new each time, and "<" inside is written as JSON
 * writes it. A model is told that what stands between the marks is data.
 */
export function fence(json: string): string {
  const id = randomBytes(4).toString('hex');
  return `<data id="${id}">\n${visible(json).replaceAll('<', '\\u003c')}\n</data id="${id}">`;
}

export const unfence = (text: string): string =>
  /^<data id="([0-9a-f]{8})">\n([\s\S]*)\n<\/data id="\1">$/.exec(text)?.[2] ?? text;

/** What stands fenced below words. */
export const fencedBelow = (text: string): string | undefined =>
  /^[\s\S]*?\n\n<data id="([0-9a-f]{8})">\n([\s\S]*)\n<\/data id="\1">$/.exec(text)?.[2];

/** Words without what stands fenced below them. */
export const aboveFence = (text: string): string =>
  /^([\s\S]*?)\n\n<data id="([0-9a-f]{8})">\n[\s\S]*\n<\/data id="\2">$/.exec(text)?.[1] ?? text;
