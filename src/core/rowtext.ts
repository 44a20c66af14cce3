/**
 * Rows as lines of text: cells between tabs, a backslash before what would break them, "\N" for nothing. It is what COPY reads and
 * writes, so that a row is put into text once, on whatever thread, and travels as bytes from there.
 */

export type Cell = string | number | null | undefined;

const special = /[\\\t\n\r\0]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' };

/** Postgres text holds no NUL, so it is dropped. */
export function cellText(value: Cell): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  return special.test(value) ? value.replace(/[\\\t\n\r\0]/g, (sign) => escapes[sign]!) : value;
}

/** One line, without its line feed. */
export function rowText(cells: readonly Cell[]): string {
  let line = '';
  for (let i = 0; i < cells.length; i++) line += i === 0 ? cellText(cells[0]) : `\t${cellText(cells[i])}`;
  return line;
}

const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', v: '\v' };

export function cellOf(text: string): string | undefined {
  if (text === '\\N') return undefined;
  return text.includes('\\') ? text.replace(/\\(.)/gs, (_, sign: string) => letters[sign] ?? sign) : text;
}

export const rowOf = (line: string): (string | undefined)[] => line.split('\t').map(cellOf);
