import { withSigns } from '../../core/entities.ts';
import { visible } from '../../core/visible.ts';

/** What is done to the text of a cell before anyone reads it. */

/** Control characters other than tab and line feed. Postgres refuses NUL, terminals obey the rest. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Spaces of other widths read as spaces. */
const wideSpaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
/** Signs without width that carry no meaning in any script. */
const widthless = /[\u00ad\u200b\u2060\ufeff]/g;
/** How programs make spreadsheets keep leading zeros: ="02134". */
const forcedText = /^="([^"]*)"$/;

const unusual = /[^\x20-\x7e]/;

/**
 * Trimmed, composed, without control characters and signs without width; line breaks inside become line feeds; letters that
 * were read in the wrong encoding are put right. Everything else stays as written.
 */
export function tidy(cell: string): string {
  const length = cell.length;
  if (length === 0) return cell;
  if (unusual.test(cell)) return tidied(cell);
  if (cell.charCodeAt(0) > 32 && cell.charCodeAt(length - 1) > 32) {
    return cell.charCodeAt(0) === 61 ? cell.replace(forcedText, '$1').trim() : cell;
  }
  return cell.trim().replace(forcedText, '$1').trim();
}

function tidied(cell: string): string {
  return repaired(cell.toWellFormed())
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(controls, '')
    .replace(wideSpaces, ' ')
    .replace(widthless, '')
    .trim()
    .replace(forcedText, '$1')
    .trim()
    .normalize('NFC');
}

/** What Windows-1252 shows for the bytes 80-9F. */
const windowsSigns = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const windowsBytes = new Map([...windowsSigns].map((sign, index) => [sign.charCodeAt(0), 0x80 + index]));
/** How letters of UTF-8 begin when they were read as Windows-1252: "Ã©", "â€™", "Å‚", "ðŸ". */
const misread = /[ÂÃâðï][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|(?<!\p{Lu})[ÄÅ][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** "CafÃ©" -> "Café": only when every sign of it can have been a byte, and the bytes are sound UTF-8. */
function repaired(text: string): string {
  if (!misread.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const sign = text.charCodeAt(i);
    const byte = sign < 0x100 ? sign : windowsBytes.get(sign);
    if (byte === undefined) return text;
    bytes[i] = byte;
  }
  try {
    return utf8.decode(bytes);
  } catch {
    // Some of it is not UTF-8, so it was meant as it stands.
    return text;
  }
}

/** Signs of web pages read as signs, also when they were escaped twice. */
export function unescaped(text: string): string {
  const plain = withSigns(withSigns(text));
  return plain === text ? text : tidy(plain);
}

/** On one line. Of tidied text: other spaces than these are gone. */
export const inline = (text: string): string =>
  text.includes('  ') || text.includes('\n') || text.includes('\t') ? text.replace(/\s+/g, ' ').trim() : text;

const ascii = /^[\x20-\x7e]*$/;

/** Two names that look alike are alike; quotation marks around the whole are the file's, not the name's. */
export function tidyName(text: string): string {
  const name = inline(unescaped(ascii.test(text) ? text : visible(text)));
  const first = name.charCodeAt(0);
  if (first !== 34 && first !== 39 && first !== 0x201c && first !== 0x2018) return name;
  const inner = name.slice(1, -1);
  return /^(?:".*"|'.*'|“.*”|‘.*’)$/.test(name) && !/["“”]/.test(inner) ? inner.trim() : name;
}

/** What people and programs write for "nothing". */
const nothing = new Set([
  'n/a',
  'n.a.',
  'n.a',
  'na',
  '#n/a',
  '#na',
  'null',
  '(null)',
  '<null>',
  '[null]',
  '\\n',
  'none',
  '(none)',
  '<none>',
  'nil',
  'nan',
  'nat',
  'undefined',
  '(undefined)',
  'unknown',
  '(unknown)',
  '(blank)',
  '<blank>',
  '(empty)',
  '<empty>',
  'not available',
  'not provided',
  'not specified',
  'not applicable',
  'not found',
  'no data',
  'not listed',
  '#ref!',
  '#value!',
  '#name?',
  '#div/0!',
  '#num!',
  '#null!',
  '#error!',
  '[object object]',
]);
const longestNothing = 15;
const punctuation = /^[-–—_.,;:/\\?…'"·\s]+$/;
/** A word for nothing begins with one of these; most cells do not. */
const beginsNothing = new Uint8Array(128);
for (const sign of '-_.,;:/\\?\'" \n\tnNuU#(<[') beginsNothing[sign.charCodeAt(0)] = 1;

/** True for cells that say nothing: empty, a word for it, or punctuation alone. */
export function isBlank(text: string): boolean {
  if (text === '') return true;
  if (text.length > longestNothing) return false;
  const first = text.charCodeAt(0);
  if (first < 128 && beginsNothing[first] === 0) return false;
  // "(713) 555-0142"
  if (first === 40 && text.charCodeAt(1) <= 57) return false;
  return punctuation.test(text) || nothing.has(text.toLowerCase());
}

/** Fields are indexed and shown on one line; nothing real is longer than this. */
export const isLong = (text: string): boolean => text.length > 500;
