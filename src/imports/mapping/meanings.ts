import type { ImportField } from '../table.ts';
import { type Claim, fromCells, fromHeader, groupOf, type Known, type Reach, weaker } from './claim.ts';
import type { Content } from './content.ts';
import { areCompanies, arePeople, judge, thresholds } from './fits.ts';
import type { Meaning } from './headers.ts';
import { setOf } from './kinds.ts';
import type { Noun } from './vocabulary.ts';

/** What a column could be, by what its header names and what its cells say to that. */

/** What the columns together say about the list. */
export interface ListKind {
  /** A list of deals: a deal's name, or a stage with a sum or a date. */
  deals: boolean;
  dealNames: boolean;
  people: boolean;
  firstNames: boolean;
  lastNames: boolean;
  towns: boolean;
  streets: boolean;
}

type Claims = (Claim | Reach | undefined)[];
type Rule = (column: Known, meaning: Meaning, list: ListKind) => Claims;

/** "Company City" goes before "City", which in lists of people may be where they live. */
const companyFirst = 0.05;
/** The second of something is taken for the first one only when there is nothing better. */
const secondFactor = 0.4;

const levelOf = ({ scope, index, level }: Meaning): number =>
  scope === 'company' ? level + companyFirst : index > 1 ? level * secondFactor : level;

const company =
  (field: ImportField): Rule =>
  (column, meaning) => [fromHeader(column, field, levelOf(meaning))];

const account =
  (field: ImportField): Rule =>
  (column, { level }) => [fromHeader(column, field, level)];

const deal =
  (field: ImportField): Rule =>
  (column, { level }, { deals }) => [deals ? fromHeader(column, field, level) : undefined];

const person =
  (field: ImportField): Rule =>
  (column, meaning) => [of(meaning, fromHeader(column, field, meaning.level))];

const of = ({ group, index }: Pick<Meaning, 'group' | 'index'>, claim: Claim | undefined): Claim | undefined =>
  claim && { ...claim, group: groupOf(group, index) };

const reach =
  (field: 'email' | 'phone', direct: boolean): Rule =>
  (column, { scope, group, index, level }) => {
    const claim = fromHeader(column, field, level + (scope === 'company' ? companyFirst : 0));
    return [claim && ({ ...claim, field, scope: scope === 'deal' ? 'any' : scope, group, index, direct } satisfies Reach)];
  };

const profiles = setOf('profile');
const ranges = setOf('range');
const places = setOf('place');
const streets = setOf('street');
const wholes = setOf('address');
const wholeOrPlace = setOf('address', 'place');

const rules: Record<Noun, Rule> = {
  company: companyName,
  name: someName,
  person: (column, meaning) =>
    areCompanies(column.content) && !arePeople(column.content)
      ? [fromCells(column.index, 'name', 'contradicting')]
      : [of(meaning, fromHeader(column, 'personName', meaning.level))],
  firstName: person('personFirstName'),
  lastName: person('personLastName'),
  title,
  email: reach('email', false),
  phone: reach('phone', false),
  direct: reach('phone', true),
  domain: company('domain'),
  website: company('website'),
  // Of a page about them on someone else's site nothing is to be had.
  link: (column, meaning) => [
    column.content.share(profiles) < thresholds.agrees ? fromHeader(column, 'website', levelOf(meaning)) : undefined,
  ],
  street: (column, meaning) => [
    column.content.share(wholes) >= thresholds.agrees
      ? fromCells(column.index, 'address', 'contradicting')
      : fromHeader(column, 'street', levelOf(meaning)),
  ],
  address,
  place: someplace,
  city: (column, meaning) => [
    column.content.share(places) >= thresholds.agrees ? fromCells(column.index, 'address', 'contradicting') : undefined,
    fromHeader(column, 'city', levelOf(meaning)),
  ],
  state: company('state'),
  zip: company('zip'),
  country: company('country'),
  industry: company('industry'),
  // "Size" alone may be of anything: only ranges are of people.
  employees: (column, meaning) =>
    meaning.level > 0.5 || column.content.share(ranges) >= thresholds.agrees
      ? [fromHeader(column, 'employees', levelOf(meaning))]
      : [],
  leadStatus: (column, { level }) => [
    column.content.filled === 0 || isStatus(column) ? fromHeader(column, 'status', level) : undefined,
  ],
  status: stage(0.7),
  stage: stage(1),
  dealName: deal('dealName'),
  dealStage: deal('dealStage'),
  amount: deal('dealAmount'),
  closes: deal('dealCloses'),
  since: account('accountSince'),
  mrr: account('accountMrr'),
  health: account('accountHealth'),
};

/** All that a column may be by its header. */
export function claimsByHeader(column: Known, list: ListKind): (Claim | Reach)[] {
  return column.meanings.flatMap((meaning) => rules[meaning.noun](column, meaning, list)).filter((claim) => claim !== undefined);
}

/** A company column that is nearly empty ranks this much lower; one with gaps by its share of them. */
const gapsWeigh = 0.6;
const gaps = ({ filled, fill }: Content): number => (filled === 0 ? 0 : (1 - fill) * gapsWeigh);

/** Headers that name a company, the last of which ("Customer") may be a person. */
function companyName(column: Known, { level, index }: Meaning): Claims {
  const at = index > 1 ? level * secondFactor : level;
  const found = fromHeader(column, 'name', at);
  // A row without a name is no lead: of two columns of companies the fuller one is worth more.
  const claim = found && { ...found, rank: found.rank - gaps(column.content) };
  if (!claim || !arePeople(column.content)) return [claim];
  // Sole traders are companies under their own names, unless another column knows better.
  const person = at < 0.7 ? of({ group: '', index: 1 }, fromHeader(column, 'personName', at)) : undefined;
  return [person ? weaker(claim, 0.5) : { ...claim, rank: claim.rank - 0.3 }, person];
}

const fullNames = setOf('person');
/** Below a plain header without confirmation, above a usual one. */
const nameRank = 0.85;

/** "Name" is the company or the person or the deal: the cells say it, and otherwise what other columns leave. */
function someName(column: Known, { level, index }: Meaning, list: ListKind): Claims {
  const { content } = column;
  const whom = { group: '', index };
  // "Nom, Prénom" and "Nombre, Apellidos": beside one half of a person's name it is the other half.
  const half = list.firstNames === list.lastNames ? undefined : list.firstNames ? 'personLastName' : 'personFirstName';
  if (half && !areCompanies(content) && content.share(fullNames) < thresholds.fullNames) {
    return [fromHeader(column, 'name', level * secondFactor), of(whom, fromHeader(column, half, level))];
  }
  if (arePeople(content)) return [of(whom, fromHeader(column, 'personName', level))];
  // A second line of the company's name.
  if (index > 1) return [fromHeader(column, 'name', level * secondFactor)];
  const claim = fromHeader(column, 'name', level);
  // A name that speaks of a trade is still no better than a column that says "Company".
  const name = claim && { ...claim, rank: Math.min(claim.rank, nameRank) };
  if (areCompanies(content)) return [name];
  const dealName = list.deals && !list.dealNames ? fromHeader(column, 'dealName', level * 0.8) : undefined;
  return [name, dealName, of(whom, fromHeader(column, 'personName', level * 0.65))];
}

/** "Title" is what a person does, in lists of deals what the deal is called, and on maps the name of the place. */
function title(column: Known, meaning: Meaning, list: ListKind): Claims {
  const { level, scope } = meaning;
  const job = of(meaning, fromHeader(column, 'personTitle', level));
  // "Position" and "Job Title" are what people do, whatever they are called.
  if (level >= 0.8 || scope === 'person' || judge('personTitle', column.content) === 'agrees') return [job];
  if (list.deals && !list.dealNames) return [fromHeader(column, 'dealName', level * 0.9)];
  if (areCompanies(column.content) || !list.people) return [fromHeader(column, 'name', level * 0.6)];
  return [job];
}

function address(column: Known, meaning: Meaning, list: ListKind): Claims {
  const level = levelOf(meaning);
  const street = column.content.share(streets);
  const whole = column.content.share(wholeOrPlace);
  if (Math.max(street, whole) >= thresholds.addresses)
    return [fromHeader(column, street >= whole ? 'street' : 'address', level, true)];
  return [fromHeader(column, list.towns && !list.streets ? 'street' : 'address', level * 0.9)];
}

/** "Location", "City, State, Zip": an address without a street, or a town. */
function someplace(column: Known, meaning: Meaning): Claims {
  const { content } = column;
  const level = levelOf(meaning);
  if (content.filled === 0) return [fromHeader(column, 'address', level * 0.9)];
  if (content.share(wholeOrPlace) >= thresholds.addresses) return [fromHeader(column, 'address', level * 0.9, true)];
  return [judge('city', content) === 'agrees' ? fromHeader(column, 'city', level * 0.7) : undefined];
}

const isStatus = ({ content }: Known): boolean => judge('status', content) === 'agrees';

/** In a list of deals where they stand; otherwise a lead's status, when its words are known. No status is guessed. */
function stage(factor: number): Rule {
  return (column, { level, noun }, list) => {
    if (list.deals) return [fromHeader(column, 'dealStage', level * factor)];
    return [noun !== 'dealStage' && isStatus(column) ? fromHeader(column, 'status', level) : undefined];
  };
}
