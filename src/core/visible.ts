/**
 * Signs that draw lies or hide text: control signs, direction marks and overrides, signs without width, private tags.
 * Tab and line feed stay.
 */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text as a reader takes it: nothing in it that cannot be seen. */
export const visible = (text: string): string => text.replace(hidden, '');

/** The same on one line, single-spaced. Line ends of any kind become spaces. */
export const visibleLine = (text: string): string =>
  visible(text.replace(/[\r\u2028\u2029\u0085\u000b\u000c]/g, '\n'))
    .replace(/\s+/g, ' ')
    .trim();

/** What a database can keep: Postgres text has no NUL, and UTF-8 no half of a pair. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** The same for every text inside a JSON value, keys included. */
export function storableJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return storable(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth > 50) throw new RangeError('nested too deeply');
  if (Array.isArray(value)) return value.map((item) => storableJson(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), storableJson(item, depth + 1)]));
}
