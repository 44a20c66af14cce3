import { type Claim, fromCells, type Known, mainGroup, type Reach } from './claim.ts';
import { type Content, nothing } from './content.ts';
import { fieldAlone, thresholds } from './fits.ts';
import { isMadeUp, isOtherThing, isSystemHeader, readHeader } from './headers.ts';
import { setOf } from './kinds.ts';
import { claimsByHeader, type ListKind } from './meanings.ts';
import type { Noun } from './vocabulary.ts';

/** All that the columns could be, from their headers and their cells together. Who gets a field is settled elsewhere. */
export interface Claims {
  claims: (Claim | Reach)[];
  /** Columns whose cells did not let their header be believed. */
  contradicted: Set<number>;
}

/** The claims of the columns that nobody has chosen for. `chosen` holds the fields that somebody has. */
export function claimsOf(
  headers: readonly string[],
  contents: readonly Content[],
  isFree: (column: number) => boolean,
  chosen: ReadonlySet<string>,
): Claims {
  const columns = headers.map(
    (header, index): Known => ({ index, header, content: contents[index]!, meanings: readHeader(header) }),
  );
  withoutOurs(columns);
  countRepeated(columns);
  const list = listKind(columns, chosen);
  const found: Claims = { claims: [], contradicted: new Set() };
  for (const column of columns) {
    if (!isFree(column.index)) continue;
    const claims = claimsByHeader(column, list);
    // Without cells, a header that claims nothing here means nothing here; with cells, they may have denied it.
    const denied = claims.length === 0 && column.meanings.length > 0 && isDenied(column, list);
    if (denied) found.contradicted.add(column.index);
    found.claims.push(...claims);
    if (claims.length === 0) found.claims.push(...claimsByCells(column, denied));
  }
  return found;
}

/** True when the header would have claimed something, had the column been empty. */
const isDenied = (column: Known, list: ListKind): boolean =>
  column.content.filled > 0 && claimsByHeader({ ...column, content: nothing }, list).length > 0;

/** The "Owner" of a record is one of our own people in lists of a system, and wherever a few names repeat all the way down. */
function withoutOurs(columns: readonly Known[]): void {
  const system = columns.some(({ header }) => isSystemHeader(header));
  const few = ({ filled, distinct }: Content) => filled >= thresholds.repeating && distinct < filled * thresholds.repeated;
  for (const column of columns) {
    if (system || few(column.content)) column.meanings = column.meanings.filter(({ group }) => group !== 'owner');
  }
}

/** "Contact, Phone, Contact, Phone": the second one of a name is the second person's. */
function countRepeated(columns: readonly Known[]): void {
  const seen = new Map<string, number>();
  for (const { meanings } of columns) {
    for (const meaning of meanings) {
      if (meaning.index > 1 || !ofPeople.has(meaning.noun)) continue;
      const key = `${meaning.noun} ${meaning.scope} ${meaning.group} ${meaning.level}`;
      meaning.index = (seen.get(key) ?? 0) + 1;
      seen.set(key, meaning.index);
    }
  }
}
const ofPeople = new Set<Noun>(['person', 'firstName', 'lastName', 'title', 'email', 'phone', 'direct']);

/** From here on a header is more than a guess. */
const plain = 0.7;

function listKind(columns: readonly Known[], chosen: ReadonlySet<string>): ListKind {
  const has = (...nouns: Noun[]) => columns.some((c) => c.meanings.some((m) => nouns.includes(m.noun) && m.level >= plain));
  const dealNames = chosen.has('dealName') || has('dealName');
  const stages = chosen.has('dealStage') || has('stage', 'dealStage');
  const sums = chosen.has('dealAmount') || chosen.has('dealCloses') || has('amount', 'closes');
  return {
    dealNames,
    deals: dealNames || (stages && sums),
    people: has('person', 'firstName', 'lastName'),
    firstNames: has('firstName'),
    lastNames: has('lastName'),
    towns: has('city', 'zip', 'state'),
    streets: has('street'),
  };
}

const phones = setOf('phone');
const numbers = setOf('number');

/** What the cells say where the header says nothing, or nothing that can be believed. */
function claimsByCells({ index, header, content, meanings }: Known, denied: boolean): (Claim | Reach)[] {
  // A header that is understood, and means nothing in a list like this one: what it holds is known and not ours.
  if (meanings.length > 0 && !denied) return [];
  if (!denied && isOtherThing(header)) return [];
  const found = fieldAlone(content);
  if (!found) return [];
  // Ten digits in a row under an unknown header may be any number.
  const bare = found.field === 'phone' && content.only(phones, numbers) < thresholds.alone;
  if (!denied && !isMadeUp(header) && (!found.certain || bare)) {
    return found.field === 'name' ? [fromCells(index, 'name', 'rescue')] : [];
  }
  return [ofNobody(fromCells(index, found.field, denied ? 'contradicting' : found.certain ? 'certain' : 'alone'))];
}

/** Cells do not say whose they are. */
function ofNobody(claim: Claim): Claim | Reach {
  const { field } = claim;
  if (field === 'email' || field === 'phone') return { ...claim, field, scope: 'any', group: '', index: 1, direct: false };
  return { ...claim, group: mainGroup };
}
