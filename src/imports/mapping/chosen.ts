import { AppError } from '../../errors.ts';
import { type Column, type ColumnTarget, importFields, personFields } from '../table.ts';
import { mostPeople } from './people.ts';

/** What people said a column is: for this file, or earlier for one like it. */

export interface Choice {
  /** Header (or "column 3") -> field, "attribute" or "ignore", as a person wants it for this file. */
  chosen?: Readonly<Record<string, string>>;
  /** The same, as it was chosen earlier for a list with these headers. */
  remembered?: Readonly<Record<string, string>>;
}

export interface Fixed {
  target: ColumnTarget;
  person?: number;
  because: 'chosen' | 'remembered';
}

/** What is settled before anything is guessed, by column. What is chosen goes before what is remembered. */
export function fixedColumns(
  columns: readonly Pick<Column, 'header' | 'key'>[],
  { chosen, remembered }: Choice,
): Map<number, Fixed> {
  const find = finder(columns);
  const fixed = new Map<number, Fixed>();
  const taken = new Map<string, number>();
  for (const [header, words] of Object.entries(chosen ?? {})) {
    const index = find(header, true);
    if (index === undefined) throw unknownHeader(header, columns);
    const target = readTarget(words);
    if (!target) throw unknownField(header, words);
    const before = fixed.get(index);
    if (before && place(before) !== place(target)) {
      throw new AppError(
        'invalid_input',
        `The column "${columns[index]!.header}" was chosen twice: as ${place(before)} and as ${place(target)}. Choose one.`,
      );
    }
    const other = taken.get(place(target));
    if (isField(target.target) && other !== undefined && other !== index) {
      throw new AppError(
        'invalid_input',
        `Two columns were chosen as ${place(target)}: "${columns[other]!.header}" and "${columns[index]!.header}". Choose one of them, and "attribute" for the other.`,
      );
    }
    fixed.set(index, { ...target, because: 'chosen' });
    taken.set(place(target), index);
  }
  for (const [header, words] of Object.entries(remembered ?? {})) {
    const index = find(header, false);
    const target = readTarget(words);
    if (index === undefined || !target || fixed.has(index) || (isField(target.target) && taken.has(place(target)))) continue;
    fixed.set(index, { ...target, because: 'remembered' });
    taken.set(place(target), index);
  }
  return fixed;
}

const isField = (target: ColumnTarget): boolean => target !== 'attribute' && target !== 'ignore';

/** As it is written in a mapping: "phone", "personEmail 2". */
export const place = ({ target, person }: { target: ColumnTarget; person?: number }): string =>
  person !== undefined && person > 1 ? `${target} ${person}` : target;

const targets = new Map<string, ColumnTarget>(
  [...importFields, 'attribute' as const, 'ignore' as const].map((t) => [t.toLowerCase(), t]),
);
const ofPeople: ReadonlySet<string> = new Set(personFields);

function readTarget(words: unknown): { target: ColumnTarget; person?: number } | undefined {
  if (typeof words !== 'string') return undefined;
  // As a mapping shows it, so that what was shown can be sent back.
  if (/^\s*attributes\./.test(words)) return { target: 'attribute' };
  const parts = /^\s*([a-z]+)(?:\s*(\d{1,3}))?\s*$/i.exec(words);
  const target = targets.get(parts?.[1]?.toLowerCase() ?? '');
  if (!parts || !target) return undefined;
  if (!ofPeople.has(target)) return parts[2] === undefined ? { target } : undefined;
  const person = Number(parts[2] ?? 1);
  return person >= 1 && person <= mostPeople ? { target, person } : undefined;
}

const plain = (header: string): string => header.replace(/\s+/g, ' ').trim().toLowerCase();

/** Finds a column by its header as written, else without regard to case and blanks, else by its position ("column 3"). */
function finder(columns: readonly Pick<Column, 'header'>[]): (header: string, byPosition: boolean) => number | undefined {
  const exact = new Map<string, number>();
  const loose = new Map<string, number>();
  for (const [index, { header }] of columns.entries()) {
    exact.set(header, index);
    if (!loose.has(plain(header))) loose.set(plain(header), index);
  }
  return (header, byPosition) => {
    const found = exact.get(header) ?? loose.get(plain(header));
    if (found !== undefined || !byPosition) return found;
    const position = Number(/^column (\d{1,5})$/.exec(plain(header))?.[1]) - 1;
    return position >= 0 && position < columns.length ? position : undefined;
  };
}

const shownHeaders = 30;

/** The headers of a list in a sentence; of very many the first ones. */
export function headersInWords(columns: readonly Pick<Column, 'header'>[]): string {
  const shown = columns.slice(0, shownHeaders).map((c) => c.header);
  return columns.length > shownHeaders ? `${shown.join(', ')} and ${columns.length - shownHeaders} more` : shown.join(', ');
}

/** Text of the caller's in a sentence of ours: short. */
const quoted = (text: unknown): string => {
  const words = String(text).replace(/\s+/g, ' ').trim();
  return `"${words.length > 80 ? `${words.slice(0, 80).toWellFormed()}…` : words}"`;
};

function unknownHeader(header: string, columns: readonly Pick<Column, 'header'>[]): AppError {
  return new AppError(
    'invalid_input',
    `The list has no column ${quoted(header)}. Its headers are: ${headersInWords(columns)}. A column can also be named by its position, such as "column 3".`,
    { details: { headers: columns.map((c) => c.header) } },
  );
}

function unknownField(header: string, words: unknown): AppError {
  return new AppError(
    'invalid_input',
    `The column ${quoted(header)} cannot be ${quoted(words)}. It can be: ${importFields.join(', ')}, attribute or ignore. ` +
      `Fields of a person may be followed by which one of the row, from 1 to ${mostPeople}: "personEmail 2".`,
    { details: { fields: [...importFields, 'attribute', 'ignore'] } },
  );
}
