import { stripVTControlCharacters } from 'node:util';
import { visible } from '../../core/visible.ts';

/** Text from outside as a terminal may show it: nothing in it can move the cursor, change a colour, or hide. Lines stay. */
export const clean = (text: string): string =>
  visible(stripVTControlCharacters(text.replace(/\r\n?/g, '\n').replaceAll('\t', '  ')))
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .normalize('NFC')
    // more marks than a letter can carry would climb over the lines above
    .replace(/(\p{Mn}{3})\p{Mn}+/gu, '$1');

/** The same on one line. */
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/** A word of a command that is shown for pasting: a shell takes all of it as text, whatever stands in it. */
export const shellWord = (text: string): string => `'${clean(text).replaceAll("'", "'\\''")}'`;

/** What terminals draw two columns wide: East Asian wide and full-width letters, and emoji. */
const wide =
  /[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f7e0}-\u{1f7f0}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const none = /[\p{Mn}\p{Me}\p{Cf}]/u;

const widthOf = (letter: string): number =>
  letter < '\u0300' ? (letter === '\u00ad' ? 0 : 1) : wide.test(letter) ? 2 : none.test(letter) ? 0 : 1;

/** Columns that cleaned text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += widthOf(letter);
  return width;
}

/** At most `width` columns; what was cut away shows as "…". */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `${split(text, width - 1)[0].trimEnd()}…`;
}

/** As much as fits into `width` columns, and the rest. A mark stays with its letter. */
function split(text: string, width: number): [string, string] {
  let used = 0;
  let at = 0;
  for (const letter of text) {
    used += widthOf(letter);
    if (used > width) break;
    at += letter.length;
  }
  return [text.slice(0, at), text.slice(at)];
}

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - displayWidth(text))) + text;

/** Lines of at most `width` columns, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(width, 2)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  const indent = /^ */.exec(line)![0].slice(0, Math.floor(width / 2));
  let current = indent;
  for (const word of line.trim().split(/ +/)) {
    let rest = word;
    const joint = current.trim() ? ' ' : '';
    if (displayWidth(current) + joint.length + displayWidth(rest) <= width) {
      current += joint + rest;
      continue;
    }
    if (current.trim()) {
      lines.push(current);
      current = indent;
    }
    while (displayWidth(current) + displayWidth(rest) > width) {
      const [head, tail] = split(rest, width - displayWidth(current));
      if (!head) break;
      lines.push(current + head);
      current = indent;
      rest = tail;
    }
    current += rest;
  }
  return [...lines, current].map((text) => text.trimEnd());
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
