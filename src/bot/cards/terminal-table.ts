import type { CardBlock } from '../../core/card.ts';
import type { Paint } from '../console/color.ts';
import { cut, displayWidth, oneLine, padEnd, padStart, wrap } from '../console/text.ts';

type Table = Extract<CardBlock, { type: 'table' }>;

const gap = 2;
/** A column narrower than this tells nothing. */
const narrowest = 8;
/** A last column longer than this is prose: where the table is too wide, it goes under its row. */
const prose = 24;

/** A table that fits: columns shrink first, prose moves under its row, and what still does not fit is written as a list. */
export function tableLines(table: Table, width: number, colors: Paint): string[] {
  const header = table.columns.map(oneLine);
  // a row may be longer or shorter than the header says
  const rows = table.rows.map((row) => header.map((_name, i) => oneLine(row[i] ?? '')));
  const note = table.note ? wrap(oneLine(table.note), width).map(colors.dim) : [];
  if (header.length === 0) return note;
  return [...body(header, rows, width, colors), ...note];
}

function body(header: string[], rows: string[][], width: number, colors: Paint): string[] {
  const natural = widths(header, rows);
  if (total(natural) <= width) return grid(header, rows, natural, colors);
  const last = header.length - 1;
  if (last >= 2 && natural[last]! > prose) {
    const fitted = shrink(natural.slice(0, last), header, width);
    if (fitted) {
      const under = rows.map((row) => wrap(row[last]!, width - 4).map((line) => (line ? colors.dim(`    ${line}`) : '')));
      const above = rows.map((row) => row.slice(0, last));
      return grid(header.slice(0, last), above, fitted, colors, under);
    }
  }
  const fitted = shrink(natural, header, width);
  return fitted ? grid(header, rows, fitted, colors) : list(header, rows, width, colors);
}

const widths = (header: string[], rows: string[][]): number[] =>
  header.map((name, i) => rows.reduce((most, row) => Math.max(most, displayWidth(row[i]!)), displayWidth(name)));

const total = (columns: number[]): number => columns.reduce((sum, width) => sum + width, 0) + gap * (columns.length - 1);

/** Takes from the widest column until all fit; nothing when even the narrowest would not. */
function shrink(natural: number[], header: string[], width: number): number[] | undefined {
  const columns = [...natural];
  const least = natural.map((n, i) => Math.min(n, Math.max(narrowest, displayWidth(header[i]!))));
  if (total(least) > width) return undefined;
  while (total(columns) > width) {
    const spare = columns.map((n, i) => (n > least[i]! ? n : 0));
    columns[spare.indexOf(Math.max(...spare))]! -= 1;
  }
  return columns;
}

function grid(header: string[], rows: string[][], columns: number[], colors: Paint, under: string[][] = []): string[] {
  const numeric = columns.map(
    (_width, i) => rows.some((row) => row[i]) && rows.every((row) => /^[-+$]?[\d.,]*\s?%?$/.test(row[i]!)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => (numeric[i] ? padStart : padEnd)(cut(cell, columns[i]!), columns[i]!))
      .join(' '.repeat(gap))
      .trimEnd();
  return [colors.dim(line(header)), ...rows.flatMap((row, i) => [line(row), ...(under[i]?.filter(Boolean) ?? [])])];
}

/** One value a line, for a terminal too narrow for columns. */
function list(header: string[], rows: string[][], width: number, colors: Paint): string[] {
  const labelWidth = Math.min(Math.floor(width / 3), Math.max(...header.map(displayWidth)));
  return rows.flatMap((row, n) => [
    ...(n > 0 ? [''] : []),
    ...row.flatMap((cell, i) =>
      cell
        ? wrap(cell, width - labelWidth - gap).map((line, k) => {
            const label = padEnd(k === 0 ? cut(header[i]!, labelWidth) : '', labelWidth);
            return `${colors.dim(label)}${' '.repeat(gap)}${line}`;
          })
        : [],
    ),
  ]);
}
