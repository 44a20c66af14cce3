import { editDistance } from '../names.ts';

/** How far two unequal words may be one word, 0 to 1. Below `firm` it takes other evidence to believe it. */
export const firm = 0.7;
/** Another word as likely as not: "Bell" and "Ball", "Ace" and "Acme". */
export const faint = 0.15;

/** Short words are other words after one letter: Bell and Ball, A1 and A2. Long ones are typos. Slips at the first letter are rare. */
export function likeness(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const least = short.length;
  if (least < 3) return least === 1 && long.startsWith(short) && long.length > 2 ? initial : 0;
  const extra = long.length - least;
  const swapped = short.charCodeAt(0) === long.charCodeAt(1) && short.charCodeAt(1) === long.charCodeAt(0);
  if (short.charCodeAt(0) !== long.charCodeAt(0) && !swapped && !(isHardC(short) && isHardC(long))) return 0;
  if (least >= 5 && stemOf(short) === stemOf(long)) return 0.5;
  if (extra > 2) return least * 2 >= long.length && long.startsWith(short) ? 0.4 : 0;
  const edits = editDistance(short, long, least >= 9 ? 2 : 1);
  if (least === 3) return edits === 1 && extra === 1 ? faint : 0;
  if (edits === 1) {
    const slip = isSlip(short, long);
    if (least >= 8) return slip ? 0.95 : 0.85;
    if (least >= 6 && slip) return 0.75;
    return least >= 5 ? 0.5 : faint;
  }
  if (edits === 2 && least >= 9) return least >= 12 ? firm : 0.5;
  return extra > 0 && least >= 5 && long.startsWith(short) ? 0.4 : 0;
}

/** "J Miller" and "John Miller". */
const initial = 0.25;

/** "Kompass" and "Compass" */
const isHardC = (word: string): boolean => word.charCodeAt(0) === 99 || word.charCodeAt(0) === 107;

/** "Paving", "Pavers" and "Pave" are one trade's words. */
const stemOf = (word: string): string => (word.length > 5 ? word.replace(/(?:ing|er|e)$/, '') : word.replace(/e$/, ''));

/** A letter doubled or not, two letters swapped: how fingers err, and not how one name differs from another. */
function isSlip(short: string, long: string): boolean {
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (long.length > short.length) return at > 0 && long[at] === long[at - 1];
  return short[at] === long[at + 1] && short[at + 1] === long[at];
}
