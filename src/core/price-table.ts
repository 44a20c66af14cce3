import { momentOf, type PriceBucket, type PriceRow, priceBuckets } from './price.ts';

/** Price rows made ready for looking up: by provider and model, times as numbers. */
export interface PriceTable {
  /** The rows of exactly this model; nothing when it has none. */
  of(provider: string, model: string): readonly ReadyRow[] | undefined;
  /** The highest price in force of each kind of token, of whatever model, at whatever hour and length. */
  dearest(atMs: number): Partial<Record<PriceBucket, string>>;
}

export interface ReadyRow {
  id: string;
  usdPerMillion: Readonly<Partial<Record<PriceBucket, string>>>;
  /** Only some hours: such a row goes before one for the whole day. */
  timed: boolean;
  holds(atMs: number, promptTokens: number): boolean;
}

const minutesADay = 24 * 60;

/** Throws when two rows hold for one and the same call: which of them is meant would be chance. */
export function priceTable(rows: readonly PriceRow[]): PriceTable {
  const byModel = new Map<string, PriceRow[]>();
  const ids = new Set<string>();
  for (const row of rows) {
    if (ids.has(row.id)) throw new RangeError(`two price rows have the id ${row.id}`);
    ids.add(row.id);
    const key = keyOf(row.provider, row.model);
    const others = byModel.get(key) ?? [];
    const clash = others.find((other) => overlaps(row, other));
    if (clash) throw new RangeError(`the price rows ${clash.id} and ${row.id} hold for the same calls`);
    byModel.set(key, [...others, row]);
  }
  const ready = new Map([...byModel].map(([key, own]) => [key, own.map(readyRow)]));
  return { of: (provider, model) => ready.get(keyOf(provider, model)), dearest: (atMs) => dearestOf(rows, atMs) };
}

function dearestOf(rows: readonly PriceRow[], atMs: number): Partial<Record<PriceBucket, string>> {
  const dearest: Partial<Record<PriceBucket, string>> = {};
  for (const row of rows) {
    const [fromMs, toMs] = datesOf(row);
    if (atMs < fromMs || atMs >= toMs) continue;
    for (const bucket of priceBuckets) {
      const price = row[bucket];
      // so few digits compare as numbers as they do as decimals
      if (price !== undefined && Number(price) > Number(dearest[bucket] ?? -1)) dearest[bucket] = price;
    }
  }
  return dearest;
}

const keyOf = (provider: string, model: string): string => `${provider}\n${model}`;

function readyRow(row: PriceRow): ReadyRow {
  const [fromMs, toMs] = datesOf(row);
  const { promptAbove = -1, promptUpTo = Number.POSITIVE_INFINITY } = row;
  const open = row.utcWindow && minutesOf(row.utcWindow);
  const priced = priceBuckets.flatMap((bucket) => (row[bucket] === undefined ? [] : [[bucket, row[bucket]] as const]));
  return {
    id: row.id,
    usdPerMillion: Object.fromEntries(priced),
    timed: open !== undefined,
    holds: (atMs, prompt) =>
      atMs >= fromMs && atMs < toMs && prompt > promptAbove && prompt <= promptUpTo && (!open || open.has(minuteOfWeek(atMs))),
  };
}

const datesOf = ({ from, to }: PriceRow): [number, number] => [
  from ? momentOf(from) : Number.NEGATIVE_INFINITY,
  to ? momentOf(to) : Number.POSITIVE_INFINITY,
];

/** Minutes since Monday 00:00 UTC. The first of January 1970 was a Thursday. */
const minuteOfWeek = (atMs: number): number => {
  const minutes = Math.floor(atMs / 60_000) + 3 * minutesADay;
  const week = 7 * minutesADay;
  return ((minutes % week) + week) % week;
};

/** All minutes of a week in which a window is open. Ten thousand at the most, made once. */
function minutesOf({ from, to, weekdays = [1, 2, 3, 4, 5, 6, 7] }: NonNullable<PriceRow['utcWindow']>): Set<number> {
  const [start, end] = [clockMinutes(from), clockMinutes(to)];
  // "22:00 to 06:00" ends the next morning; "00:00 to 00:00" is a whole day
  const length = end > start ? end - start : end + minutesADay - start;
  const open = new Set<number>();
  for (const day of weekdays)
    for (let i = 0; i < length; i++) open.add(((day - 1) * minutesADay + start + i) % (7 * minutesADay));
  return open;
}

const clockMinutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function overlaps(a: PriceRow, b: PriceRow): boolean {
  if (!a.utcWindow !== !b.utcWindow) return false;
  const [[aFrom, aTo], [bFrom, bTo]] = [datesOf(a), datesOf(b)];
  if (aFrom >= bTo || bFrom >= aTo) return false;
  const most = Number.POSITIVE_INFINITY;
  if ((a.promptAbove ?? -1) >= (b.promptUpTo ?? most) || (b.promptAbove ?? -1) >= (a.promptUpTo ?? most)) return false;
  if (!a.utcWindow || !b.utcWindow) return true;
  const open = minutesOf(a.utcWindow);
  return [...minutesOf(b.utcWindow)].some((minute) => open.has(minute));
}
