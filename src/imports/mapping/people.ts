import type { RawRow } from '../table.ts';
import { type Claim, groupOf, mainGroup, type Reach, weaker } from './claim.ts';
import { longestCell } from './content.ts';
import { thresholds } from './fits.ts';
import { roleMailboxes } from './lexicon.ts';

/** Who the people of a row are, and which of its e-mails and phones are theirs. */

/** More people than anyone keeps of one company; columns of further ones stay attributes. */
export const mostPeople = 20;

/** Groups of columns that name a person, and which number that person has. */
export class People {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #first: string | undefined;
  /** Groups with a name in some row. */
  readonly #filled = new Set<string>();
  /** Columns with the parts of the name, by group. */
  readonly names: ReadonlyMap<string, number[]>;

  constructor(nameClaims: readonly Claim[], fixed: ReadonlyMap<string, number>) {
    const names = new Map<string, number[]>();
    for (const { group, column, rank } of nameClaims) {
      if (group === undefined) continue;
      if (rank > 0) this.#filled.add(group);
      const columns = names.get(group) ?? [];
      if (!columns.includes(column)) columns.push(column);
      names.set(group, columns);
    }
    this.names = names;
    const numbers = new Map(fixed);
    const used = new Set(fixed.values());
    const order = [...names.keys()].filter((group) => !numbers.has(group)).sort((a, b) => this.#place(a) - this.#place(b));
    let next = 1;
    for (const group of order) {
      while (used.has(next)) next++;
      if (next > mostPeople) break;
      used.add(next);
      numbers.set(group, next);
    }
    this.#numbers = numbers;
    this.#first = [...numbers].sort((a, b) => a[1] - b[1])[0]?.[0];
  }

  /** "Contact 2" comes after all first ones, names of which there are none last, and otherwise who stands further left comes first. */
  #place(group: string): number {
    const index = Number(group.slice(group.lastIndexOf('#') + 1)) + (this.#filled.has(group) ? 0 : 1_000);
    return index * 10_000 + Math.min(...this.names.get(group)!);
  }

  number(group: string): number | undefined {
    return this.#numbers.get(group);
  }

  /** Whose a column is that belongs to this group: its own person, or for the main one the first whose name is in some row. */
  whose(group: string): string | undefined {
    const isEmpty = !this.#filled.has(group) && this.#first !== undefined && this.#filled.has(this.#first);
    if (this.#numbers.has(group) && !(group === mainGroup && isEmpty)) return group;
    return group === mainGroup ? this.#first : undefined;
  }
}

/** Settles each e-mail and phone column: the company's, or whose of the people. Several claims when either will do. */
export function settleReaches(
  reaches: readonly Reach[],
  people: People,
  rows: readonly RawRow[],
  firstNames: ReadonlySet<string>,
): Claim[] {
  return reaches.flatMap((reach): Claim[] => {
    const { column, field, rank, confidence, because, scope, direct } = reach;
    const whose = people.whose(groupOf(reach.group, reach.index));
    // "E-mail 2" of nobody in particular is the second one of whoever has the first.
    const further = reach.index > 1 && whose === undefined;
    const someone = whose ?? (further && scope !== 'company' ? people.whose(mainGroup) : undefined);
    const company = { column, field, rank, confidence, because };
    const person = { ...company, field: personal[field], group: someone };
    const settle = (...claims: Claim[]) => (further ? claims.map((claim) => weaker(claim, secondFactor)) : claims);

    if (scope === 'company') return settle(company);
    // A person without a name is nobody; what is said of them reaches the company all the same.
    if (someone === undefined) return settle(scope === 'person' || direct ? weaker(company, namelessFactor) : company);
    if (scope === 'person' || direct) return settle(person);
    if (field === 'email') {
      const own = isOwnMailbox(reach, people.names.get(someone) ?? [], rows, further || firstNames.has(someone));
      return settle(own ? person : company);
    }
    // One phone is the company's; beside a company's own it is the person's.
    return further ? settle(company) : [company, weaker(person, spareFactor)];
  });
}

const personal = { email: 'personEmail', phone: 'personPhone' } as const;
/** How much weaker the claim is of a second one, of a person whom no column names, and of a phone that may be anybody's. */
const secondFactor = 0.4;
const namelessFactor = 0.6;
const spareFactor = 0.55;

/** "jsmith@acme.com" beside "John Smith" is his; "info@acme.com" is the company's. Undecided, it is the person's in a list of people. */
function isOwnMailbox(reach: Reach, nameColumns: readonly number[], rows: readonly RawRow[], listOfPeople: boolean): boolean {
  let mails = 0;
  let roles = 0;
  let own = 0;
  for (const { cells } of rows) {
    const mail = cells[reach.column]?.slice(0, longestCell).trim().toLowerCase() ?? '';
    const at = mail.indexOf('@');
    if (at < 1) continue;
    mails++;
    const box = mail.slice(0, at).replace(/^.*[<\s:]/, '');
    if (roleMailboxes.has(box)) roles++;
    else if (nameColumns.some((column) => namesIn(box, cells[column]))) own++;
  }
  if (mails === 0) return listOfPeople;
  if (roles / mails >= thresholds.roleMailboxes) return own > roles;
  return own / mails >= thresholds.ownMailboxes || listOfPeople;
}

/** A word of the name, of three letters or more, stands in the mailbox. */
function namesIn(box: string, name: string | undefined): boolean {
  const words = (name ?? '')
    .slice(0, longestCell)
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return words.some((word) => word.length > 2 && box.includes(word));
}
