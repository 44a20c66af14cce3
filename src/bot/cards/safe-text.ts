import { graphemeStart } from '../../core/graphemes.ts';

/** Text from outside as a chat surface may show it, and how it is cut into pieces that fit. */

/** Flags of England, Scotland and Wales are the one good use of tag signs; everything else written in them is hidden text. */
const hidden =
  /\u{1f3f4}[\u{e0061}-\u{e007a}]{5}\u{e007f}|(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]|(?!\n)\p{Cc}/gu;
/** Joiners are part of emoji and of scripts that join letters; between others they only hide. */
const strayJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|[\u0600-\u08ff\u0900-\u0dff])\u200d|\u200d(?![\p{Extended_Pictographic}\u0600-\u08ff\u0900-\u0dff])|(?<![\u0600-\u08ff\u0900-\u0dff])\u200c/gu;
const strayVariation = /(?<![\p{Emoji}\p{L}\p{S}\p{P}])(?:\ufe0e|\ufe0f)+/gu;

/** Nothing in it can be unseen, run backwards or climb over other lines. Line ends stay. */
export const safe = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085\u000b\u000c]/g, '\n')
    .replaceAll('\t', '  ')
    .replace(hidden, (found) => (found.length > 2 ? found : ''))
    .replace(strayJoiner, '')
    .replace(strayVariation, '')
    // more marks than a letter can carry
    .replace(/(\p{M}{8})\p{M}+/gu, '$1');

/** The same on one line, single-spaced. */
export const safeLine = (text: string): string => safe(text).replace(/\s+/g, ' ').trim();

/** An address that a face may link to, or nothing. */
export function httpUrl(text: string, max = 2000): string | undefined {
  if (text.length > max || /[\s<>|"'`\\]|\p{Cc}/u.test(text)) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const honest = (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password && url.hostname;
  return honest && url.href.length <= max ? url.href : undefined;
}

/** How long a surface counts a text. */
export type Measure = (text: string) => number;
const units: Measure = (text) => text.length;

/** At most `max`, cut between letters; what was cut away shows as "…". */
export function cutText(text: string, max: number, measure: Measure = units): string {
  if (measure(text) <= max) return text;
  return `${text.slice(0, graphemeStart(text, reach(text, 0, max - 1, measure))).trimEnd()}…`;
}

/** Pieces of at most `max`: whole paragraphs where that is possible, then lines, then words, never less than a letter. */
export function chunkText(text: string, max: number, measure: Measure = units): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (measure(rest) > max) {
    const end = graphemeStart(rest, reach(rest, 0, max, measure));
    if (end === 0) {
      // one "letter" longer than a whole piece is no letter
      rest = rest.slice(nextLetter(rest));
      pieces.push('\ufffd');
      continue;
    }
    const at = breakBefore(rest, end);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).replace(/^\n+/, '');
  }
  if (rest) pieces.push(rest);
  return pieces.filter((piece) => piece.trim());
}

/** The furthest index from `from` on whose text stays within `max`. */
function reach(text: string, from: number, max: number, measure: Measure): number {
  let [low, high] = [from, Math.min(text.length, from + Math.max(0, max))];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(from, middle)) <= max) low = middle;
    else high = middle - 1;
  }
  return low;
}

function breakBefore(text: string, end: number): number {
  for (const sign of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(sign, end - sign.length) + sign.length;
    // a mark may sit on a space: then there is no break
    if (at > end / 2 && graphemeStart(text, at) === at) return at;
  }
  return end;
}

function nextLetter(text: string): number {
  let at = 1;
  while (at < text.length && graphemeStart(text, at) !== at) at++;
  return at;
}

/** "…and 12 more rows". */
export const more = (count: number, one: string, many = `${one}s`): string =>
  `…and ${count.toLocaleString('en-US')} more ${count === 1 ? one : many}`;
