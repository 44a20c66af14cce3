import { isUtf8 } from 'node:buffer';

/** The encodings that lists come in. What is read on is UTF-8 in every case. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'macintosh';

/** The upper half of what programs wrote before UTF-8: Windows in the West, and Excel for Mac as "CSV (Macintosh)". */
const upperHalf = {
  'windows-1252':
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' +
    String.fromCharCode(...Array.from({ length: 96 }, (_, i) => 0xa0 + i)),
  macintosh:
    'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
};
type SingleByte = keyof typeof upperHalf;

const utf8Of = Object.fromEntries(
  Object.entries(upperHalf).map(([name, characters]) => [name, [...characters].map((character) => Buffer.from(character))]),
) as Record<SingleByte, Buffer[]>;

/** How the file is written, from its first bytes, and how many of them are its byte order mark. */
export function encodingOf(head: Buffer): { encoding: Encoding; mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  const wide = utf16By(head);
  if (wide) return { encoding: wide, mark: 0 };
  const { good, bad } = countSequences(head);
  // A broken byte or two among whole characters is damage; in another encoding hardly any sequence is whole.
  if (bad <= good) return { encoding: 'utf-8', mark: 0 };
  const macintosh = head.includes(13) && !head.includes(10);
  return { encoding: macintosh ? 'macintosh' : 'windows-1252', mark: 0 };
}

/** UTF-16 without a mark: delimiters, digits and line ends have a NUL on the same side each. */
function utf16By(head: Buffer): Encoding | undefined {
  const nuls = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) nuls[i % 2]!++;
  const [even, odd] = nuls as [number, number];
  const pairs = head.length / 2;
  if (odd > pairs * 0.2 && even < odd * 0.02) return 'utf-16le';
  if (even > pairs * 0.2 && odd < even * 0.02) return 'utf-16be';
  return undefined;
}

/** The same text as UTF-8, without its byte order mark; no character is cut between two chunks of UTF-16. */
export async function* toUtf8(bytes: AsyncIterable<Buffer>, encoding: Encoding, mark: number): AsyncGenerator<Buffer> {
  const narrow = encoding in utf8Of ? (encoding as SingleByte) : undefined;
  const wide = encoding.startsWith('utf-16') ? new TextDecoder(encoding, { ignoreBOM: true }) : undefined;
  let skip = mark;
  for await (const chunk of bytes) {
    const rest = skip > 0 ? chunk.subarray(skip) : chunk;
    skip -= chunk.length - rest.length;
    if (wide) yield Buffer.from(wide.decode(rest, { stream: true }));
    else yield narrow ? fromSingleByte(rest, narrow) : rest;
  }
  const last = wide?.decode();
  if (last) yield Buffer.from(last);
}

/**
 * Whole records of a file that began as UTF-8, made UTF-8 throughout. Lists are glued together from several sources: one
 * block may be all Windows-1252, or a cell of it was pasted in. Each byte that is no part of a UTF-8 character is read as
 * Windows-1252, which can spell every byte: nothing is lost and no import fails over one cell. Where such bytes outnumber
 * whole characters, the block is Windows-1252 and these "characters" are two of its letters.
 */
export function repaired(text: Uint8Array): Uint8Array {
  if (isUtf8(text)) return text;
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const { good, bad } = countSequences(bytes);
  return Uint8Array.from(fromSingleByte(bytes, 'windows-1252', bad <= good));
}

/** Spells bytes of the upper half as UTF-8; `keepUtf8` leaves characters alone that are UTF-8 already. */
function fromSingleByte(bytes: Buffer, encoding: SingleByte, keepUtf8 = false): Buffer {
  const table = utf8Of[encoding];
  const out = Buffer.allocUnsafe(bytes.length * 3);
  let size = 0;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    const length = byte >= 0x80 && keepUtf8 ? sequenceLength(bytes, i) : 1;
    if (byte < 0x80 || length > 1) {
      for (const end = i + length; i < end; i++) out[size++] = bytes[i]!;
    } else {
      for (const part of table[byte - 0x80]!) out[size++] = part;
      i++;
    }
  }
  return out.subarray(0, size);
}

/** UTF-8 characters of more than one byte, and bytes that are no part of any. One cut off at the end does not count. */
function countSequences(bytes: Buffer): { good: number; bad: number } {
  let good = 0;
  let bad = 0;
  if (isUtf8(bytes)) return { good, bad };
  for (let i = 0; i < bytes.length; ) {
    if (bytes[i]! < 0x80) i++;
    else {
      const length = sequenceLength(bytes, i);
      if (length > 1) good++;
      else if (i < bytes.length - 3) bad++;
      i += length;
    }
  }
  return { good, bad };
}

/** Length of the UTF-8 character that begins here; 1 when none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
  return length > 1 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 1;
}
