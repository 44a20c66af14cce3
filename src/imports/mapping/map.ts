import { AppError } from '../../errors.ts';
import { type Column, type ImportField, personFields, type RawRow } from '../table.ts';
import { type Choice, type Fixed, fixedColumns, headersInWords, place } from './chosen.ts';
import { type Claim, groupOf, isReach, mainGroup } from './claim.ts';
import { type Claims, claimsOf } from './claims.ts';
import { contentsOf } from './content.ts';
import { judge } from './fits.ts';
import { claimsByPlace } from './headerless.ts';
import { isMadeUp, nameColumns, readHeader } from './headers.ts';
import { People, settleReaches } from './people.ts';

export { headerSignature } from './headers.ts';

/** How sure we are of an attribute that might have been a field, had another column not been better or its cells not spoken against it. */
const runnerUp = 0.5;

const nameFields: ReadonlySet<ImportField> = new Set(['personName', 'personFirstName', 'personLastName']);
const ofPeople: ReadonlySet<string> = new Set(personFields);

/** Says what each column means, by its header and by the cells of some rows. A field is filled by one column, the surest and leftmost. */
export function mapColumns(header: readonly string[], sample: readonly RawRow[] = [], choice: Choice = {}): Column[] {
  const columns: Column[] = nameColumns(header).map((named) => ({
    ...named,
    target: 'attribute',
    confidence: 0,
    because: 'nothing',
  }));
  const contents = contentsOf(columns.length, sample);
  const fixed = fixedColumns(columns, choice);
  const headerless = header.every((text) => isMadeUp(text));
  if (headerless) {
    // Every list without a header looks like every other: what was remembered of one holds for the next if its cells allow it.
    for (const [index, { target, because }] of fixed) {
      const field = target !== 'attribute' && target !== 'ignore' && target;
      if (because === 'remembered' && field && judge(field, contents[index]!) === 'contradicts') fixed.delete(index);
    }
  }

  const chosenFields = new Set([...fixed.values()].map(({ target }): string => target));
  const found = claimsOf(header, contents, (index) => !fixed.has(index), chosenFields);
  if (headerless) found.claims.push(...claimsByPlace(contents, found.claims).filter((c) => !fixed.has(c.column)));
  assign(columns, header, found, fixed, sample);
  return columns;
}

/** Gives the fields away: what people chose, then the company's name, then everything else in the order of rank. */
function assign(
  columns: Column[],
  header: readonly string[],
  found: Claims,
  fixed: ReadonlyMap<number, Fixed>,
  sample: readonly RawRow[],
): void {
  const taken = new Set<string>();
  for (const [index, { target, person, because }] of fixed) {
    Object.assign(
      columns[index]!,
      { target, confidence: because === 'chosen' ? 1 : rememberedConfidence, because },
      person && { person },
    );
    taken.add(place({ target, person }));
  }

  const company = taken.has('name') ? undefined : bestName(found.claims);
  const nameClaims = found.claims.filter((claim) => nameFields.has(claim.field) && claim.column !== company?.column);
  const people = new People(nameClaims, chosenPeople(header, fixed));
  const firstNames = new Set(nameClaims.filter((claim) => claim.field === 'personFirstName').map((claim) => claim.group!));
  // Once the company's name is given away, other columns whose header says as much are only marked.
  const isNamed = company !== undefined || taken.has('name');
  const isRunnerUp = ({ because }: Claim) => isNamed && because !== 'content';
  const claims = [
    ...found.claims.filter((claim) => claim !== company && !isReach(claim) && (claim.field !== 'name' || isRunnerUp(claim))),
    ...(company ? [{ ...company, rank: Number.POSITIVE_INFINITY }] : []),
    ...settleReaches(found.claims.filter(isReach), people, sample, firstNames),
  ];
  for (const claim of claims.sort((a, b) => b.rank - a.rank || a.column - b.column)) {
    const column = columns[claim.column]!;
    if (column.target !== 'attribute' || fixed.has(claim.column)) continue;
    const person = ofPeople.has(claim.field) ? personOf(claim, people) : undefined;
    // A title or a first name of nobody stays with the company as what it is called.
    const lost = (ofPeople.has(claim.field) && person === undefined) || taken.has(place({ target: claim.field, person }));
    if (lost) {
      if (column.because === 'nothing') Object.assign(column, { confidence: runnerUp, because: claim.because });
      continue;
    }
    taken.add(place({ target: claim.field, person }));
    Object.assign(column, { target: claim.field, confidence: claim.confidence, because: claim.because }, person && { person });
  }
  for (const index of found.contradicted) {
    const column = columns[index]!;
    if (column.because === 'nothing') Object.assign(column, { confidence: runnerUp, because: 'content' });
  }
}

/** A name is its own person's; what else is said goes to whoever is meant. */
function personOf({ field, group = mainGroup }: Claim, people: People): number | undefined {
  const whose = nameFields.has(field) ? group : people.whose(group);
  return whose === undefined ? undefined : people.number(whose);
}

/** A person chose it, but for another file. */
const rememberedConfidence = 0.95;

/** The column of company names: the best of those that are not still better at something else. */
function bestName(claims: readonly Claim[]): Claim | undefined {
  const best = new Map<number, number>();
  for (const { column, rank } of claims) best.set(column, Math.max(rank, best.get(column) ?? Number.NEGATIVE_INFINITY));
  return claims
    .filter((claim) => claim.field === 'name' && claim.rank === best.get(claim.column))
    .sort((a, b) => b.rank - a.rank || a.column - b.column)[0];
}

/** Names of people that were chosen: columns whose header means the same person follow them. */
function chosenPeople(header: readonly string[], fixed: ReadonlyMap<number, Fixed>): Map<string, number> {
  const groups = new Map<string, number>();
  for (const [index, { target, person = 1 }] of fixed) {
    if (!nameFields.has(target as ImportField)) continue;
    const meaning = readHeader(header[index]!).find((m) => m.scope === 'person');
    const group = meaning ? groupOf(meaning.group, meaning.index) : groupOf(`chosen ${person}`, 1);
    if (!groups.has(group)) groups.set(group, person);
  }
  return groups;
}

/** The mapping as people and programs read it: header -> field, "personEmail 2", "attributes.key" or "ignore". */
export function mappingInWords(columns: readonly Column[]): Record<string, string> {
  return Object.fromEntries(columns.map((c) => [c.header, c.target === 'attribute' ? `attributes.${c.key}` : place(c)]));
}

/** A list needs at least a column of company names. */
export function requireName(columns: readonly Column[]): void {
  if (columns.some((c) => c.target === 'name')) return;
  const understood = columns
    .filter((c) => c.target !== 'attribute' && c.target !== 'ignore')
    .map((c) => ({ header: c.header, field: place(c) }));
  const known = understood.length ? understood.map((u) => `"${u.header}" as ${u.field}`).join(', ') : 'none of them';
  throw new AppError(
    'invalid_input',
    `No column of this list holds company names. Its headers are: ${headersInWords(columns)}. Understood: ${known}. ` +
      `Say which column does: in the API {"mapping": {"Header": "name"}}, in the terminal --map "Header=name". ` +
      'Or name it "Company" in the first line and send the file again.',
    { details: { headers: columns.map((c) => c.header), understood } },
  );
}
