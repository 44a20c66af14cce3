import { fillableFields, knownCells, type MergeTarget } from './importing.ts';
import { rowOf } from './rowtext.ts';

/** A line of `knownCells` as merges see it. */
export function mergeTarget(line: string): MergeTarget {
  const cells = rowOf(line);
  const cell = (name: (typeof knownCells)[number]) => cells[place[name]!];
  const fields: MergeTarget['fields'] = {};
  for (const field of fillableFields) {
    const text = cell(field);
    if (text !== undefined) fields[field] = field === 'employees' ? Number(text) : text;
  }
  return {
    id: cell('id')!,
    name: cell('name')!,
    fields,
    attributes: JSON.parse(cell('attributes') ?? '{}') as Record<string, string>,
    people: JSON.parse(cell('people') ?? '[]') as MergeTarget['people'],
    deals: JSON.parse(cell('deals') ?? '[]') as string[],
    hasAccount: cell('account') === 't',
  };
}

const place = Object.fromEntries(knownCells.map((name, index) => [name, index]));
