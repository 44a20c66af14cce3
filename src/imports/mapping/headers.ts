import { createHash } from 'node:crypto';
import { fold } from '../../core/names.ts';
import type { Column } from '../table.ts';
import {
  companyOwners,
  dealOwners,
  fillers,
  foreignWords,
  type Noun,
  nouns,
  ordinals,
  otherThings,
  personOwners,
  systemHeaders,
} from './vocabulary.ts';

/** What the names of columns say, before anyone looks at what is in them. */

export type Scope = 'company' | 'person' | 'deal' | 'any';

/** One thing that a header may mean. */
export interface Meaning {
  noun: Noun;
  scope: Scope;
  /** Of a person: whom of the row. The same words mean the same person; '' is whoever the row is about. */
  group: string;
  /** "E-mail 2" is the second one; 1 when nothing is said. */
  index: number;
  /** How plainly the header says so, 0-1. */
  level: number;
}

/** A synonym is plain, usual or a guess. Leaves room above for what the cells confirm. */
const levels = { sure: 0.9, likely: 0.75, perhaps: 0.5 } as const;
/** A header whose words had to be taken apart is a little less plain than one that stands in the list as a whole. */
const apart = 0.97;
/** Headers are names: what is longer is cut before anyone looks at it. */
const longestHeader = 200;

const list = (text: string): string[] => text.split(',').map((word) => spelling(word));

/** "E-mail", "EMAIL" and "e_mail" are one header, and so are "CompanyName", "company name" and "* Company name:". */
const spelling = (header: string): string => fold(header.replaceAll('ß', 'ss')).replaceAll(' ', '');

const known = new Map<string, { noun: Noun; level: number }[]>();
for (const noun of Object.keys(nouns) as Noun[]) {
  for (const level of ['sure', 'likely', 'perhaps'] as const) {
    for (const word of list(nouns[noun][level] ?? '')) {
      const meanings = known.get(word) ?? [];
      if (!meanings.some((m) => m.noun === noun)) known.set(word, [...meanings, { noun, level: levels[level] }]);
    }
  }
}
known.delete('');

const others = new Set(list(otherThings));
const systems = new Set(list(systemHeaders));

interface Owner {
  word: string;
  scope: Scope;
  group: string;
  index?: number;
  factor: number;
}

/** Longest first: "contact person" is not "contact" with something behind it. */
const owners: Owner[] = [
  ...Object.entries(personOwners).map(([word, group]) => ({ word: spelling(word), scope: 'person' as const, group, factor: 1 })),
  ...Object.entries(companyOwners).map(([word, factor]) => ({
    word: spelling(word),
    scope: 'company' as const,
    group: '',
    factor,
  })),
  ...dealOwners.map((word) => ({ word: spelling(word), scope: 'deal' as const, group: '', factor: 1 })),
  ...Object.entries(ordinals).map(([word, index]) => ({ word, scope: 'any' as const, group: '', index, factor: 1 })),
  ...fillers
    .filter((word) => !(word in ordinals))
    .map((word) => ({ word: spelling(word), scope: 'any' as const, group: '', factor: 0.97 })),
].sort((a, b) => b.word.length - a.word.length);

/** By their first and last two letters: most headers begin and end with none of them. */
const atStart = ownersBy((word) => word.slice(0, 2));
const atEnd = ownersBy((word) => word.slice(-2));

function ownersBy(letters: (word: string) => string): Map<string, Owner[]> {
  const found = new Map<string, Owner[]>();
  for (const owner of owners) found.set(letters(owner.word), [...(found.get(letters(owner.word)) ?? []), owner]);
  return found;
}

/** Words of a person are enough for a name: "Secondary Contact", "CEO". */
const personWords = new Map(owners.filter((owner) => owner.scope === 'person').map((owner) => [owner.word, owner]));

/** What a header may mean; nothing for one that no synonym knows. */
export function readHeader(header: string): Meaning[] {
  const written = header.slice(0, longestHeader).replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1');
  // "Account #" is a number, and so is "Phone #"; what is left of "Employees #" is read without it.
  const numbered = written.includes('#') ? readSpelling(spelling(written.replace('#', ' number '))) : undefined;
  const whole = numbered ?? readSpelling(spelling(written));
  if (whole) return whole;
  // "Revenue (USD)", "Phone [required]", "1. Company": what stands beside the name.
  const bare = written.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ').replace(/^\s*\d{1,2}\s*[.):-]\s*/, '');
  return (bare === written ? undefined : readSpelling(spelling(bare))) ?? [];
}

/** True for headers that are known to be something we have no field for, and for those that speak of others. */
export function isOtherThing(header: string): boolean {
  const written = header.slice(0, longestHeader);
  if (others.has(spelling(written))) return true;
  const words = fold(written.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')).split(' ');
  return words.some((word) => foreignWords.has(word));
}

/** True for headers that only systems of sales people write. */
export const isSystemHeader = (header: string): boolean => systems.has(spelling(header.slice(0, longestHeader)));

/** Names that a reader of files or a library made up because the list has none: nothing is known but the cells. */
export const isMadeUp = (header: string): boolean =>
  /^\s*(?:(?:unnamed:?|column|col|field|spalte|colonne|columna|var|v|f|c|_c|x)[\s_.:-]*\d{1,4}|\d{1,4}|[a-z]{1,2})?\s*$/i.test(
    header.slice(0, longestHeader),
  );

function readSpelling(text: string): Meaning[] | undefined {
  if (text === '') return undefined;
  if (others.has(text)) return [];
  const exact = known.get(text);
  if (exact) return exact.map((m) => ({ ...m, scope: scopeOf(m.noun, text), group: '', index: 1 }));
  // "Business Address Line 1" has its number in the name of the thing; "Contact 2 E-mail" has it elsewhere.
  const found = taken(text, 0);
  const index = found ? undefined : /^\D*(\d{1,2})(?:\D+\d)?\D*$/.exec(text)?.[1];
  if (index === undefined) return found;
  return taken(text.replace(/\d+/g, ''), 0)?.map((m) => ({ ...m, index: Math.max(1, Number(index)) }));
}

/** "Company Phone", "Person - E-mail", "Full address" say themselves whose they are. */
function scopeOf(noun: Noun, text: string): Scope {
  if (noun === 'person') return 'person';
  if ((noun === 'phone' || noun === 'email') && /^(?:company|corporate|business|office|main|switchboard|zentrale)/.test(text))
    return 'company';
  return 'any';
}

/** The words before or after the name of the thing taken off one by one: "contact" + "primary" + "email". */
function taken(text: string, depth: number): Meaning[] | undefined {
  if (others.has(text)) return [];
  const exact = known.get(text);
  if (exact) return exact.map((m) => ({ ...m, scope: scopeOf(m.noun, text), group: '', index: 1 }));
  const person = personWords.get(text);
  if (person) return [{ noun: 'person', scope: 'person', group: person.group, index: 1, level: levels.likely }];
  if (depth > 2) return undefined;
  for (const owner of atStart.get(text.slice(0, 2)) ?? []) {
    if (text.length <= owner.word.length + 1 || !text.startsWith(owner.word)) continue;
    const found = ownedBy(owner, taken(text.slice(owner.word.length), depth + 1));
    if (found) return found;
  }
  for (const owner of atEnd.get(text.slice(-2)) ?? []) {
    if (text.length <= owner.word.length + 1 || !text.endsWith(owner.word)) continue;
    const rest = text.slice(0, -owner.word.length).replace(/(?:of|du|del|der|des|de)$/, '');
    const found = ownedBy(owner, taken(rest, depth + 1));
    if (found) return found;
  }
  return undefined;
}

function ownedBy(owner: Owner, meanings: Meaning[] | undefined): Meaning[] | undefined {
  const found = meanings?.map((m) => owned(m, owner)).filter((m) => m !== undefined);
  // What is nobody's field stays so, whoever owns it; what cannot be owned may be read in another way.
  return found?.length || meanings?.length === 0 ? found : undefined;
}

const personal = new Set<Noun>(['person', 'firstName', 'lastName', 'title', 'email', 'phone', 'direct']);
const placing = new Set<Noun>(['street', 'address', 'place', 'city', 'state', 'zip', 'country']);
/** "Account Total" and "Business Stage" are no deal's. */
const notOfCompanies = new Set<Noun>(['status', 'stage', 'amount', 'closes', 'dealName', 'dealStage']);
/** A person's own town is the company's only when nothing better is known. */
const personPlaceFactor = 0.55;

function owned(meaning: Meaning, owner: Owner): Meaning | undefined {
  const { noun } = meaning;
  const level = meaning.level * owner.factor * apart;
  if (owner.scope === 'any') return { ...meaning, level, index: owner.index ?? meaning.index };
  // The owner that is nearer to the thing has spoken: "company" in "contact company phone".
  if (meaning.scope === 'person' && owner.scope === 'company') return { ...meaning, level };
  if (meaning.scope === 'company' && owner.scope === 'person') return { ...meaning, level };
  if (owner.scope === 'deal') {
    const ofDeal: Partial<Record<Noun, Noun>> = { name: 'dealName', title: 'dealName', stage: 'dealStage' };
    if (noun === 'status' || noun === 'email' || noun === 'phone') return undefined;
    return { ...meaning, noun: ofDeal[noun] ?? noun, scope: 'deal', level: Math.max(level, levels.likely) };
  }
  if (owner.scope === 'company') {
    if (noun === 'name') return { ...meaning, noun: 'company', scope: 'company', level: Math.max(level, levels.likely) };
    if (personal.has(noun) && noun !== 'email' && noun !== 'phone' && noun !== 'direct') return { ...meaning, level };
    if (notOfCompanies.has(noun)) return undefined;
    return { ...meaning, scope: 'company', level };
  }
  const group = owner.group || meaning.group;
  if (noun === 'name' || noun === 'person')
    return { ...meaning, noun: 'person', scope: 'person', group, level: levels.sure * apart };
  if (personal.has(noun)) return { ...meaning, scope: 'person', group, level };
  if (noun === 'company') return { ...meaning, scope: 'company', level };
  if (placing.has(noun)) return { ...meaning, scope: 'person', group, level: level * personPlaceFactor };
  return undefined;
}

const unprintable = /[\p{Cc}\p{Cf}]/gu;

/** Unique headers, and unique keys for attributes. */
export function nameColumns(headers: readonly string[]): Pick<Column, 'header' | 'key'>[] {
  const uniqueHeader = uniquely(' ');
  const uniqueKey = uniquely('_');
  return headers.map((text, index) => {
    const written = text
      .slice(0, longestHeader * 4)
      .replace(unprintable, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, longestHeader)
      .toWellFormed();
    const header = written || `column ${index + 1}`;
    // No leading underscores: "__proto__" must not be the name of anything.
    const key =
      written
        .toLowerCase()
        .replace(/\s/g, '_')
        .replace(/^_+|_+$/g, '') || `column ${index + 1}`;
    return { header: uniqueHeader(header), key: uniqueKey(key) };
  });
}

function uniquely(joint: string): (name: string) => string {
  const seen = new Set<string>();
  // Where to go on counting: five thousand columns of one name are counted once each.
  const next = new Map<string, number>();
  return (name) => {
    let result = name;
    let n = next.get(name) ?? 2;
    for (; seen.has(result); n++) result = `${name}${joint}${n}`;
    next.set(name, n);
    seen.add(result);
    return result;
  };
}

/** The same for every list with the same columns, in whatever order and spelling they come. */
export function headerSignature(header: readonly string[]): string {
  const names = header.map((text) => spelling(text.slice(0, longestHeader)) || text.slice(0, longestHeader).trim().toLowerCase());
  return createHash('sha256').update(JSON.stringify(names.sort())).digest('base64url').slice(0, 22);
}
