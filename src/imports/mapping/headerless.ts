import type { ImportField } from '../table.ts';
import { type Claim, fromCells, mainGroup } from './claim.ts';
import type { Content } from './content.ts';
import { arePeople, thresholds } from './fits.ts';
import { setOf } from './kinds.ts';

/** Lists without a header: what a column's place among the others adds to what its cells look like. */

const words = setOf('words', 'given', 'person');
const named = setOf('words', 'company');
const given = setOf('given');

/** Further claims for a list whose headers were all made up. */
export function claimsByPlace(contents: readonly Content[], claims: readonly Claim[]): Claim[] {
  const fields = new Map(claims.map((claim) => [claim.column, claim.field]));
  const free = (column: number) => contents[column] !== undefined && !fields.has(column);
  const where = (...any: ImportField[]) => claims.find((claim) => any.includes(claim.field))?.column;
  const found: Claim[] = [];

  // "Jane | Doe": the family name stands beside the given name.
  const first = where('personFirstName');
  const last = first === undefined ? undefined : [first + 1, first - 1].find((at) => free(at) && isWords(contents[at]!, given));
  if (last !== undefined) found.push({ ...fromCells(last, 'personLastName', 'alone'), group: mainGroup });

  // "Austin | TX | 78701": the town stands before the state or the ZIP.
  const region = where('state', 'zip');
  const town = region === undefined ? undefined : region - 1;
  if (town !== undefined && town !== last && free(town) && isWords(contents[town]!)) found.push(fromCells(town, 'city', 'alone'));

  // "Bright Future" says nothing of a trade: the first column of many different names, when none was found.
  if (where('name') === undefined) {
    const name = contents.findIndex((content, at) => free(at) && at !== town && at !== last && isNames(content));
    if (name >= 0) found.push(fromCells(name, 'name', 'rescue'));
  }
  return found;
}

const isWords = (content: Content, not = 0): boolean => content.only(words, not) >= thresholds.alone;

const isNames = (content: Content): boolean =>
  content.share(named) >= thresholds.alone && content.distinct >= content.filled * thresholds.different && !arePeople(content);
