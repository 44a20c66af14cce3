/** How company names are compared: as people say them, not as registers write them. */

/** Lower case, accents off, punctuation to single spaces, "&" read as "and". */
export const fold = (text: string): string => foldedWords(text).join(' ');

let lastText = '';
let lastWords: readonly string[] = [];

/** The words of `fold`. Of one name they are asked for several times in a row, so the last ones are kept. */
export function foldedWords(text: string): readonly string[] {
  if (text !== lastText) {
    lastWords = cutWords(text);
    lastText = text;
  }
  return lastWords;
}

/** Plain ASCII, nearly every text there is, is cut by hand: the patterns need ten times as long. */
function cutWords(text: string): string[] {
  const lower = text.toLowerCase();
  const words: string[] = [];
  let start = -1;
  let apostrophes = false;
  for (let i = 0; i <= lower.length; i++) {
    const code = i < lower.length ? lower.charCodeAt(i) : space;
    if (code > 127) return foldedAnyScript(text);
    const role = roles[code];
    if (role === letter) {
      if (start < 0) start = i;
    } else if (role === apostrophe) {
      apostrophes ||= start >= 0;
    } else {
      if (start >= 0) {
        const word = lower.slice(start, i);
        words.push(apostrophes ? word.replace(/['`]/g, '') : word);
        start = -1;
        apostrophes = false;
      }
      if (code === ampersand) words.push('and');
    }
  }
  return words;
}

const [letter, apostrophe] = [1, 2];
const space = 32;
const ampersand = '&'.charCodeAt(0);
const roles = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return /[a-z0-9]/.test(sign) ? letter : sign === "'" || sign === '`' ? apostrophe : 0;
});

const foldedAnyScript = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđı]/g, (letter) => ownLetters[letter]!)
    .replace(/&/g, ' and ')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .split(' ')
    .filter(Boolean);

/** Letters that are no base letter with an accent, as people without them on their keys write them. */
const ownLetters: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' };

/** Legal forms of many countries that are no words of their own in a name. */
export const legalForms: ReadonlySet<string> = new Set(
  (
    'inc incorporated llc llp lllp lp ltd limited co corp corporation company pllc pc plc cic ' +
    'gmbh mbh ohg gbr ggmbh sarl sas sasu eurl srl snc sro lda ltda bvba vof sprl ' +
    'pty pvt aps oyj sdn bhd kft zrt doo ooo zao oao eood'
  ).split(' '),
);

/** The name without legal form: "A & A GENPRO INC." and "a&a genpro" are one key. */
export function nameKey(name: string): string {
  const words = joinLetters([...foldedWords(name)]);
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
  if (a === b) return 0;
  const width = b.length + 1;
  if (rows[0].length < width) rows = [new Int32Array(width * 2), new Int32Array(width * 2), new Int32Array(width * 2)];
  let [previous, row, next] = rows;
  for (let j = 0; j < width; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    next[0] = i;
    let least = i;
    const letter = a.charCodeAt(i - 1);
    for (let j = 1; j < width; j++) {
      const other = b.charCodeAt(j - 1);
      let edits = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (letter === other ? 0 : 1));
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other)
        edits = Math.min(edits, previous[j - 2]! + 1);
      next[j] = edits;
      if (edits < least) least = edits;
    }
    if (least > max) return max + 1;
    [previous, row, next] = [row, next, previous];
  }
  return row[b.length]!;
}

/** Three lines of the table of edits, used again by every call: names are compared by the million. */
let rows: [Int32Array, Int32Array, Int32Array] = [new Int32Array(64), new Int32Array(64), new Int32Array(64)];

/** How many typos a word of this length may carry and still be that word. */
export const typosAllowed = (word: string): number => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

export const wordsAlike = (a: string, b: string): boolean =>
  a === b || editDistance(a, b, 2) <= Math.min(typosAllowed(a), typosAllowed(b));
