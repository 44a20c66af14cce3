import { AppError } from '../../errors.ts';

const least = 8;

/** As few letters of each id as tell it from the others; ids that were made together begin alike. */
export function shortIds(ids: string[]): Map<string, string> {
  return new Map(
    ids.map((id) => {
      let length = least;
      while (length < id.length && ids.some((other) => other !== id && other.startsWith(id.slice(0, length)))) length++;
      return [id, id.slice(0, length)];
    }),
  );
}

/** The one record that this beginning (or end) of an id means. */
export function byShortId<T extends { id: string }>(items: T[], reference: string, what: string): T | undefined {
  const asked = reference.trim().toLowerCase();
  const exact = items.find((item) => item.id === asked);
  const found = exact ? [exact] : items.filter((item) => item.id.startsWith(asked) || item.id.endsWith(asked));
  if (found.length > 1) {
    const ids = [...shortIds(found.map((item) => item.id)).values()].slice(0, 5).join(', ');
    throw new AppError('ambiguous', `${reference} is the beginning of several ${what}s: ${ids}. Give more of it.`);
  }
  return found[0];
}
