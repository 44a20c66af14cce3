import type { CardBlock } from '../../core/card.ts';
import { more } from './safe-text.ts';
import type { CardElement, Table, TableRow } from './teams-card.ts';
import { limits } from './teams-limits.ts';
import {
  bytesOf,
  chunks,
  context,
  cut,
  cutBytes,
  isPlain,
  nothing,
  paragraphs,
  rich,
  run,
  shown,
  shownLine,
} from './teams-text.ts';

type Rows = Extract<CardBlock, { type: 'table' }>;

/** A table of more is counted, not shown: nobody reads further in a chat. */
const mostPieces = 3;
const pieceBytes = limits.filled - 3000;
const longestName = 75;

/** Of one row, so that the longest row and the longest header fit into one message. */
const mostBytes = { header: 6000, row: 9000 };
const shortNote = 300;

/** Each piece of a long table has its header again; every group of elements stays together. */
export function tableElements(table: Rows): CardElement[][] {
  const columns = table.rows.reduce((most, row) => Math.max(most, row.length), table.columns.length);
  const drawn = Math.min(columns, limits.tableColumns);
  const cells = (row: string[], most: number, bytes: number): string[] =>
    Array.from({ length: drawn }, (_, i) => cutBytes(cut(shown(row[i] ?? '').trim(), most), bytes / drawn) || nothing);
  const header = cells(table.columns, longestName, mostBytes.header);
  const note = shown(table.note ?? '').trim();
  const [brief, long] = note.length <= shortNote ? [note, ''] : ['', note];
  const below = paragraphs(long).map((piece) => [piece]);
  if (columns === 0 || table.rows.length === 0) {
    const names = header.filter((name) => name !== nothing).join(' · ');
    return [[rich(names ? `${names}: nothing here` : 'Nothing here'), ...(brief ? [context(brief)] : [])], ...below];
  }
  const all = table.rows.slice(0, limits.tableRows).map((row) => cells(row, limits.cell, mostBytes.row));
  const pieces = piecesOf(header, all);
  const rows = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const right = header.map((_name, i) => all.every((row) => numeric.test(row[i]!)));
  const left = [
    ...(table.rows.length > rows ? [more(table.rows.length - rows, 'row')] : []),
    ...(columns > drawn ? [more(columns - drawn, 'column')] : []),
    ...(brief ? [brief] : []),
  ];
  const widths = widthsOf([header, ...all]);
  const tables = pieces.map((piece, i): CardElement[] => [
    drawTable(header, piece, widths, right),
    ...(left.length && i === pieces.length - 1 ? [context(...left)] : []),
  ]);
  return [...tables, ...below];
}

const numeric = /^[-+–$€£]?[\d.,\s]*%?$/;

/** What one more row comes to, its brackets included. */
const rowBytes = (cells: string[]): number => bytesOf(tableRow(cells, [])) + 60 + cells.length * 30;

function piecesOf(header: string[], rows: string[][]): string[][][] {
  const pieces: string[][][] = [];
  let [piece, used]: [string[][], number] = [[], rowBytes(header)];
  for (const row of rows) {
    const bytes = rowBytes(row);
    if (piece.length && used + bytes > pieceBytes) {
      pieces.push(piece);
      if (pieces.length === mostPieces) return pieces;
      [piece, used] = [[], rowBytes(header)];
    }
    piece.push(row);
    used += bytes;
  }
  return [...pieces, piece];
}

/** Shares of the width: as much as what stands in a column needs; longer cells wrap. */
const widthsOf = (rows: string[][]): number[] =>
  rows[0]!.map((_name, i) => Math.min(wraps, Math.max(3, ...rows.map((row) => widthOf(row[i]!)))) + 3);
const wraps = 18;

/** In letters; capitals take more, and PLATINUM must not be broken. */
const widthOf = (text: string): number => Math.round(text.length + (text.match(/\p{Lu}/gu)?.length ?? 0) * 0.4);

const drawTable = (header: string[], rows: string[][], widths: number[], right: boolean[]): Table => ({
  type: 'Table',
  columns: widths.map((width, i) => ({ width, ...(right[i] && { horizontalCellContentAlignment: 'Right' as const }) })),
  rows: [{ ...tableRow(header, right, true), style: 'emphasis' }, ...rows.map((row) => tableRow(row, right))],
  firstRowAsHeaders: true,
  showGridLines: true,
});

const tableRow = (cells: string[], right: boolean[], bold = false): TableRow => ({
  type: 'TableRow',
  cells: cells.map((text, i) => ({
    type: 'TableCell',
    items: [
      { ...rich(bold ? run(text, { weight: 'Bolder' }) : text), ...(right[i] && { horizontalAlignment: 'Right' as const }) },
    ],
  })),
});

/** Longer values read better over the whole width, below their name. */
const narrow = 200;
const mostSideBySide = 30;

/** Names and values side by side; long values below one another, over the whole width, in full. */
export function fieldElements(fields: { label: string; value: string }[]): CardElement[] {
  const elements: CardElement[] = [];
  let side: [string, string][] = [];
  const close = (): void => {
    if (side.length) elements.push(sideBySide(side));
    side = [];
  };
  for (const field of fields) {
    const [label, value] = [shownLine(field.label), shown(field.value).trim() || nothing];
    if (label.length > narrow || value.length > narrow) {
      close();
      for (const piece of chunks(label, limits.element)) elements.push(rich(run(piece, { weight: 'Bolder' })));
      for (const piece of chunks(value, limits.element)) elements.push({ ...rich(piece), spacing: 'None' });
      continue;
    }
    if (side.length === mostSideBySide || bytesOf([...side, [label, value]]) > limits.element / 2) close();
    side.push([label || nothing, value]);
  }
  close();
  return elements;
}

/** A FactSet reads Markdown, so that it holds plain words only; a table without lines looks much the same. */
function sideBySide(fields: [string, string][]): CardElement {
  if (fields.flat().every(isPlain)) return { type: 'FactSet', facts: fields.map(([title, value]) => ({ title, value })) };
  return {
    type: 'Table',
    columns: [{ width: 1 }, { width: 2 }],
    rows: fields.map(([label, value]) => ({
      type: 'TableRow',
      cells: [rich(run(label, { weight: 'Bolder' })), rich(value)].map((text) => ({ type: 'TableCell', items: [text] })),
    })),
    firstRowAsHeaders: false,
    showGridLines: false,
  };
}
