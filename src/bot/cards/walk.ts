/** Looks through cards without knowing every kind of block. */

export interface Found {
  path: string;
  key: string;
  value: unknown;
  parent: Record<string, unknown>;
}

/** Every value in there, with where it stands. */
export function* walk(value: unknown, path = ''): Generator<Found> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* walk(item, `${path}[${i}]`);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    yield { path: at, key, value: item, parent: value as Record<string, unknown> };
    yield* walk(item, at);
  }
}
