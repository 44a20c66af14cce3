import { cityKey, isKnownCity } from './cities.ts';

/** The words of street addresses, and where a street ends when its city follows without a comma. */

const types = new Set(
  (
    'street st avenue ave av road rd drive dr lane ln boulevard blvd place pl circle cir trail trl tr court ct parkway pkwy pky highway hwy ' +
    'terrace ter square sq turnpike tpke pike way expressway expy freeway fwy plaza plz loop run row alley aly crescent cres broadway ' +
    'crossing xing causeway cswy bypass extension esplanade path point pt cove cv landing lndg bend ridge rdg'
  ).split(' '),
);
/** Those that are not also beginnings of cities: only they show where a street ends when nothing else does. */
const sureTypes = new Set(
  'street avenue ave road rd drive dr lane ln boulevard blvd place pl circle cir trail trl court ct parkway pkwy highway hwy terrace turnpike tpke pike expressway freeway fwy'.split(
    ' ',
  ),
);
const shortDirections = new Set('n s e w ne nw se sw'.split(' '));
const longDirections = new Set('north south east west northeast northwest southeast southwest'.split(' '));
const units = new Set('suite ste unit apt apartment bldg building floor fl room rm lot space spc #'.split(' '));
/** What follows a street and is no city. */
const inBuildings = new Set(
  'rear upper lower front basement lobby plaza center centre mall box office floor building business park ext extension lot gate dock'.split(
    ' ',
  ),
);
/** Endings of types that a cut in the wrong place leaves at the front of the city: "john st" + "reet bridgeport". */
const wholeTypes = [
  'street',
  'avenue',
  'drive',
  'road',
  'boulevard',
  'place',
  'circle',
  'trail',
  'court',
  'parkway',
  'highway',
  'terrace',
  'turnpike',
];

const bare = (word: string): string => word.toLowerCase().replace(/[.,]+$/, '');

export const isStreetType = (word: string): boolean => types.has(bare(word));
export const isDirection = (word: string): boolean => shortDirections.has(bare(word)) || longDirections.has(bare(word));
export const isShortDirection = (word: string): boolean => shortDirections.has(bare(word));

/** The type that these two pieces make together. */
export function typeFrom(start: string, end: string): string | undefined {
  if (end.length < 2 || isDirection(end)) return undefined;
  return wholeTypes.find((type) => type === start.toLowerCase() + end.toLowerCase());
}

/** Where a unit that starts at `index` ends: "ste 130", "# 4", "#400"; `index` itself when none starts there. */
function unitEnd(words: readonly string[], index: number): number {
  const word = words[index];
  if (word === undefined) return index;
  if (/^#\S/.test(word)) return index + 1;
  return units.has(bare(word)) && /^#?(?:\d[\da-z-]*|[a-z]\d*)[.,]?$/i.test(words[index + 1] ?? '') ? index + 2 : index;
}

/** Where what belongs to the street ends, after its type at `index`; undefined when that is open ("drive west lakeland"). */
function streetEnd(words: readonly string[], index: number): number | undefined {
  let end = index + 1;
  if (shortDirections.has(bare(words[end] ?? ''))) end++;
  else if (longDirections.has(bare(words[end] ?? ''))) return end + 1 === words.length ? end + 1 : undefined;
  for (let next = unitEnd(words, end); next > end; next = unitEnd(words, end)) end = next;
  return end;
}

/** Whether nothing is missing at the end of it: "4400 blalock rd #400", "9475 us 290", "po box 12". */
export function isWholeStreet(words: readonly string[]): boolean {
  if (words.length < 2) return false;
  if (
    /^p\.?\s*o\.?\s*box\s+\S+$/i.test(words.join(' ')) ||
    /^(?:us|sr|cr|fm|hwy|highway|route|rt|rte|i|county|state)\b.* \d+[a-z]?$/i.test(words.slice(1).join(' '))
  )
    return true;
  for (let index = words.length - 1; index >= 1; index--) {
    if (types.has(bare(words[index]!))) {
      const end = streetEnd(words, index);
      if (end === words.length) return true;
    }
  }
  return false;
}

const poBox = /^(p\.?\s*o\.?\s*box\s+#?[\da-z-]+)[\s,]+(.+)$/i;

/** "575 BOND STREET LINCOLNSHIRE": street and city, when it is certain where the one ends. */
export function splitStreet(text: string, state: string | undefined): { street: string; city: string } | undefined {
  const box = poBox.exec(text);
  if (box) return isCityLike(box[2]!.split(/\s+/)) ? { street: box[1]!, city: box[2]! } : undefined;
  const words = text.split(/\s+/);
  if (words.length < 3 || words.length > 14 || !/^#?\d|^one$/i.test(words[0]!)) return undefined;
  if (state) {
    for (let count = Math.min(4, words.length - 2); count >= 1; count--) {
      const street = words.slice(0, -count);
      const city = words.slice(-count).join(' ');
      if (!isKnownCity(state, city)) continue;
      // "12 main st paul": the "st" may belong to either.
      if (street.length < 2 || (units.has(bare(street.at(-1)!)) && !/\d/.test(street.at(-1)!))) return undefined;
      if (cityKey(city).startsWith('st ') && !isWholeStreet(street)) return undefined;
      return { street: street.join(' ').replace(/,$/, ''), city };
    }
  }
  for (let index = words.length - 2; index >= 1; index--) {
    if (!types.has(bare(words[index]!))) continue;
    // "1800 park ave st francis"
    if (bare(words[index]!) === 'st' && index > 1 && isStreetType(words[index - 1]!)) continue;
    if (!sureTypes.has(bare(words[index]!)) && bare(words[index]!) !== 'st' && bare(words[index]!) !== 'way') continue;
    const end = streetEnd(words, index);
    if (end === undefined || end >= words.length) return undefined;
    const city = words.slice(end);
    return isCityLike(city) ? { street: words.slice(0, end).join(' ').replace(/,$/, ''), city: city.join(' ') } : undefined;
  }
  return undefined;
}

function isCityLike(words: readonly string[]): boolean {
  return (
    words.length <= 3 &&
    words.every((word) => /^[\p{L}][\p{L}'’.-]*$/u.test(word) && !inBuildings.has(bare(word)) && !units.has(bare(word))) &&
    bare(words.join('')).length >= 3 &&
    !isDirection(words.at(-1)!)
  );
}

/** "Elm Place  Broken Arrow": the end of a street before the city, where the cell of the street is empty. */
export function streetInCity(text: string): { street?: string; city: string } | undefined {
  const wide = /^(.*\S)\s{2,}(\S.*)$/.exec(text);
  if (wide && isStreetType(wide[1]!.split(/\s+/).at(-1)!) && isCityLike(wide[2]!.split(/\s+/))) {
    // A type alone is no street.
    return { street: wide[1]!.includes(' ') ? wide[1]! : undefined, city: wide[2]! };
  }
  const words = text.split(/\s+/);
  for (let index = words.length - 2; index >= 1; index--) {
    if (!sureTypes.has(bare(words[index]!))) continue;
    const city = words.slice(index + 1);
    return isCityLike(city) ? { street: words.slice(0, index + 1).join(' '), city: city.join(' ') } : undefined;
  }
  return undefined;
}
