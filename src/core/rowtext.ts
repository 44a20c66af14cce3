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
  if (!special.test(value)) return value;
  if (value.length <= longText) return value.replace(/[\\\t\n\r\0]/g, (sign) => escapes[sign]!);
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '');
}

/** A replacing function is given all places at once: in a text of millions of signs these alone fill the memory. */
const longText = 10_000;

/** One line, without its line feed. */
export function rowText(cells: readonly Cell[]): string {
  let line = '';
  for (let i = 0; i < cells.length; i++) line += i === 0 ? cellText(cells[0]) : `\t${cellText(cells[i])}`;
  return line;
}

const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', v: '\v' };

export function cellOf(text: string): string | undefined {
  if (text === '\\N') return undefined;
  if (!text.includes('\\')) return text;
  return text.length <= longText ? text.replace(/\\(.)/gs, (_, sign: string) => letters[sign] ?? sign) : longCell(text);
}

function longCell(text: string): string {
  const bytes = Buffer.from(text);
  let used = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== backslash) bytes[used++] = bytes[at]!;
    else {
      const sign = String.fromCharCode(bytes[++at]!);
      bytes[used++] = (letters[sign] ?? sign).charCodeAt(0);
    }
  }
  return bytes.toString('utf8', 0, used);
}

const backslash = 92;

export const rowOf = (line: string): (string | undefined)[] => line.split('\t').map(cellOf);
