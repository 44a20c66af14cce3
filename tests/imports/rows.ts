import { conventionsOf, rowCleaner } from '../../src/imports/cleaning/clean.ts';
import {
  type Column,
  type ColumnTarget,
  type CompanyRow,
  type Conventions,
  importFields,
  type RejectedRow,
} from '../../src/imports/table.ts';

/** A column called after its field; "personName 2" is the second person's, any other word a column without a field. */
export function columnOf(header: string): Column {
  const [, field, person] = /^(\w+?)(?: (\d))?$/.exec(header) ?? [];
  const isField = (importFields as readonly string[]).includes(field ?? '') || field === 'ignore';
  const target = isField ? (field as ColumnTarget) : 'attribute';
  const key = header.toLowerCase();
  return {
    header,
    key,
    target,
    ...(target.startsWith('person') && { person: Number(person ?? 1) }),
    confidence: 1,
    because: 'header',
  };
}

/** One row of a list with these columns, as it comes out; the company is Acme unless the cells say otherwise. */
export function cleaned(cells: Record<string, string>, conventions: Partial<Conventions> = {}): CompanyRow & RejectedRow {
  const row = { name: 'Acme', ...cells };
  const clean = rowCleaner(Object.keys(row).map(columnOf), { country: 'US', dates: 'mdy', decimal: '.', ...conventions });
  return clean({ line: 2, cells: Object.values(row) }) as CompanyRow & RejectedRow;
}

/** What a list with these columns is found to be like. */
export function found(columns: Record<string, string[]>, country = 'US'): Conventions {
  const headers = Object.keys(columns);
  const length = Math.max(...Object.values(columns).map((values) => values.length));
  const rows = Array.from({ length }, (_, i) => ({ line: i + 2, cells: headers.map((header) => columns[header]![i] ?? '') }));
  return conventionsOf(headers.map(columnOf), rows, country);
}
