/** Hashes of up to 53 bits in a plain number: values are compared by them, never recovered from them. */

const half = 4_294_967_296;
/** The upper half keeps 21 bits, so that the whole stays a safe integer. */
const upperBits = 0x1f_ffff;

/** Two multiplicative hashes in one pass over the text. */
export function hashText(text: string, seed = 0): number {
  let low = 0x811c_9dc5 ^ seed;
  let high = 0x9747_b28c ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x0100_0193);
    high = Math.imul(high ^ code, 0x85eb_ca6b);
    high ^= high >>> 15;
  }
  return join(low, high);
}

/** One hash of two, in this order. */
export function mix(a: number, b: number): number {
  const low = Math.imul((a | 0) ^ 0x27d4_eb2f, 0x0100_0193) ^ (b | 0);
  const high = Math.imul(((a / half) | 0) ^ 0x1656_67b1, 0xc2b2_ae35) ^ ((b / half) | 0);
  return join(Math.imul(low ^ (low >>> 15), 0x85eb_ca6b), Math.imul(high ^ (high >>> 13) ^ low, 0xc2b2_ae35));
}

/** One hash of several, in any order: the sum of both halves. */
export const add = (a: number, b: number): number =>
  ((((a / half) | 0) + ((b / half) | 0)) & upperBits) * half + (((a | 0) + (b | 0)) >>> 0);

function join(low: number, high: number): number {
  const settled = low ^ (low >>> 16);
  return ((high ^ (high >>> 11)) & upperBits) * half + (settled >>> 0);
}
