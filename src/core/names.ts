/** How company names are compared: as people say them, not as registers write them. */

/** Lower case, accents off, punctuation to single spaces, "&" read as "and". */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const legalForms = new Set([
  'inc',
  'incorporated',
  'llc',
  'llp',
  'lp',
  'ltd',
  'limited',
  'co',
  'corp',
  'corporation',
  'company',
  'pllc',
  'pc',
  'plc',
  'gmbh',
]);

/** The name without legal form: "A & A GENPRO INC." and "a&a genpro" are one key. */
export function nameKey(name: string): string {
  const words = joinLetters(fold(name).split(' '));
  while (words.length > 1 && legalForms.has(words.at(-1)!)) words.pop();
  if (words.length > 1 && words[0] === 'the') words.shift();
  return words.join(' ');
}

/** "L.L.C." is folded to three letters: at the end of a name they are one legal form again. */
function joinLetters(words: string[]): string[] {
  for (const count of [3, 2]) {
    const tail = words.slice(-count);
    if (words.length > count && tail.every((word) => word.length === 1) && legalForms.has(tail.join('')))
      return [...words.slice(0, -count), tail.join('')];
  }
  return words;
}

/** What search looks through, folded once when the record is written. */
export function searchText(fields: {
  name: string;
  city?: string | null;
  state?: string | null;
  zip?: string | null;
  phone?: string | null;
  email?: string | null;
  domain?: string | null;
  industry?: string | null;
}): string {
  const { name, city, state, zip, phone, email, domain, industry } = fields;
  return [
    fold(name),
    city && fold(city),
    state?.toLowerCase(),
    zip,
    phone?.replace(/\D/g, ''),
    email?.toLowerCase(),
    domain,
    industry && fold(industry),
  ]
    .filter(Boolean)
    .join(' ')
    .slice(0, 1000);
}

/** Edits (insert, delete, replace, swap of neighbours) between two words, given up beyond `max`. */
export function editDistance(a: string, b: string, max = 3): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j]!, previous[j - 2]! + 1);
    }
    previous = row;
    row = next;
    if (Math.min(...row) > max) return max + 1;
  }
  return row[b.length]!;
}

/** How many typos a word of this length may carry and still be that word. */
export const typosAllowed = (word: string): number => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

export const wordsAlike = (a: string, b: string): boolean =>
  a === b || editDistance(a, b, 2) <= Math.min(typosAllowed(a), typosAllowed(b));
