import { randomBytes } from 'node:crypto';

/** Signs that draw lies or hide text: control signs, direction marks, zero-width letters, private tags. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

export const visible = (text: string): string => text.replace(invisible, '');

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
