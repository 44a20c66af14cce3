import { commandWords, isKnown, shorthand } from './vocabulary.ts';

const byLength = new Map<number, string[]>();
for (const word of commandWords) byLength.set(word.length, [...(byLength.get(word.length) ?? []), word]);

/** Edits between two words, a swap of neighbours counting as one; `most + 1` as soon as it is more than `most`. */
export const editDistance = (a: string, b: string, most: number): number => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? most + 1;
};

/** A long word may hold two slips, a short one a single slip, three letters none. */
const allowed = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2);

/** Among equally near words: a letter left out or two swapped are likelier slips than a wrong letter. */
const bias = (word: string, candidate: string): number =>
  candidate.length === word.length
    ? [...candidate].sort().join('') === [...word].sort().join('')
      ? -0.3
      : 0
    : candidate.length > word.length
      ? -0.2
      : 0.1;

/**
 * The command word that was probably meant, or the word itself. Only for steering: slots are cut from what the user wrote,
 * so a company's name is never changed by this.
 */
export const correct = (word: string): string => {
  const short = Object.hasOwn(shorthand, word) ? shorthand[word] : undefined;
  if (short) return short;
  if (word.length < 4 || word.length > 16 || isKnown(word) || !/^[a-z]+$/.test(word)) return word;
  if (word.endsWith('s') && isKnown(word.slice(0, -1))) return word;
  if (/(?:ed|ing)$/.test(word) && (isKnown(word.replace(/(?:ed|ing)$/, '')) || isKnown(word.replace(/(?:ed|ing)$/, 'e'))))
    return word;
  const most = allowed(word.length);
  let best: string | undefined;
  let bestCost = most + 0.5;
  for (let length = word.length - most; length <= word.length + most; length++) {
    for (const candidate of byLength.get(length) ?? []) {
      // Slips at the first letter are rare, and rhyming words are usually other words; only a swap is forgiven.
      const opening = candidate[0] === word[0] || (candidate[0] === word[1] && candidate[1] === word[0]);
      if (!opening) continue;
      const edits = editDistance(word, candidate, most);
      if (edits > most) continue;
      const cost = edits + bias(word, candidate);
      if (cost < bestCost) {
        best = candidate;
        bestCost = cost;
      }
    }
  }
  return best ?? word;
};
