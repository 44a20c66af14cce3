/** Spans of days whose sums are kept: 1, 6 and 36 of them, counted from this day on (see the migration that made the tables). */
const lengths = [1, 6, 36] as const;
export const firstDay = '1900-01-01';

export interface Span {
  level: number;
  /** Which of its level: it begins `span * length` days after the first. */
  span: number;
  /** Its sums are added, or taken away. */
  sign: 1 | -1;
}

/**
 * The spans that together make the days from `from` to before `until`, about four of them for a month: long ones as near as they come to the two
 * ends, and shorter ones that add what is missing there or take away what is too much.
 */
export function spansOf(from: number, until: number): Span[] {
  const counts = new Map<string, { level: number; span: number; count: number }>();
  const add = (level: number, first: number, end: number, sign: number) => {
    const length = lengths[level]!;
    const [low, high] = first < end ? [first, end] : [end, first];
    for (let span = low / length; span < high / length; span++) {
      const key = `${level}/${span}`;
      const known = counts.get(key) ?? { level, span, count: 0 };
      counts.set(key, { ...known, count: known.count + (first < end ? sign : -sign) });
    }
  };
  /** From an end to the nearest one where long spans meet, and what lies between. */
  const rounded = (day: number, sign: number): number => {
    let at = day;
    for (let level = 0; level < lengths.length - 1; level++) {
      const next = lengths[level + 1]!;
      const near = Math.floor((at + next / 2) / next) * next;
      add(level, near, at, sign);
      at = near;
    }
    return at;
  };
  const [start, end] = [rounded(from, -1), rounded(until, 1)];
  if (start < end) add(lengths.length - 1, start, end, 1);
  return [...counts.values()].flatMap(({ level, span, count }) => (count ? [{ level, span, sign: count > 0 ? 1 : -1 }] : []));
}

/** The same where nothing lies after `until`: its end may be anywhere later, so the longest spans reach over it. */
export function openSpansOf(from: number, until: number): Span[] {
  const longest = lengths.at(-1)!;
  return spansOf(from, (Math.floor(until / longest) + 1) * longest);
}
