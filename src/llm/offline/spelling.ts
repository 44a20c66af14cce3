import { editDistance, typosAllowed } from '../../core/names.ts';
import { commandWords, isKnown, shorthand } from './vocabulary.ts';

const byLength = new Map<number, string[]>();
for (const word of commandWords) byLength.set(word.length, [...(byLength.get(word.length) ?? []), word]);

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
  const most = typosAllowed(word);
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
