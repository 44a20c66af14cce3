import { inline, isLong, unescaped } from './text.ts';

/** What a row says beyond its fields. */
export type Attributes = Record<string, string>;

/** A value that its field cannot hold stays with the row under a name that says why; nothing that is there is written over. */
export function keep(attributes: Attributes, key: string, value: string): void {
  let free = key;
  for (let count = 2; Object.hasOwn(attributes, free); count++) {
    if (attributes[free] === value) return;
    free = `${key} ${count}`;
  }
  attributes[free] = value;
}

/** The value on one line; fields are indexed and shown in lists, so what is no such value is kept aside. */
export function lineOf(value: string | undefined, field: string, attributes: Attributes): string | undefined {
  if (value === undefined) return undefined;
  const flat = inline(unescaped(value));
  if (!isLong(flat)) return flat;
  keep(attributes, `${field} (too long)`, value);
  return undefined;
}
