import type { types } from '@slack/bolt';
import type { CardBlock } from '../../core/card.ts';
import { paint } from '../console/color.ts';
import { limits } from './slack-limits.ts';
import { context, cut, more, nothing, preformatted, type SlackBlock, shown, shownLine, slackLength } from './slack-text.ts';
import { tableLines } from './terminal-table.ts';

type Table = Extract<CardBlock, { type: 'table' }>;
type Cell = types.RawTextElement;

const longestCell = 500;
/** Columns wider than this wrap. */
const wide = 24;
/** What a table may take of a message, which has a title and a note as well. */
const budget = 9000;

/** As much of the table as one block holds; what is left out is counted below it. */
export function tableBlocks(table: Table, classic: boolean): SlackBlock[] {
  const note = table.note ? shownLine(table.note) : '';
  const columns = Math.max(table.columns.length, ...table.rows.map((row) => row.length), 0);
  if (columns === 0 || table.rows.length === 0) {
    const header = table.columns.map(shownLine).filter(Boolean).join(' · ');
    return [context(header ? `${header}: nothing here` : 'Nothing here'), ...(note ? [context(note)] : [])];
  }
  const drawn = Math.min(columns, limits.tableColumns);
  const cells = (row: string[]): string[] =>
    Array.from({ length: drawn }, (_, i) => cut(shown(row[i] ?? ''), longestCell).trim() || nothing);
  const header = cells(table.columns).map((cell) => cut(cell, 75));
  const rows: string[][] = [];
  let used = size(header);
  for (const row of table.rows) {
    const next = cells(row);
    used += size(next);
    if (used > budget || rows.length + 1 >= limits.tableRows) break;
    rows.push(next);
  }
  const left = [
    ...(table.rows.length > rows.length ? [more(table.rows.length - rows.length, 'row')] : []),
    ...(columns > drawn ? [more(columns - drawn, 'column')] : []),
    ...(note ? [note] : []),
  ];
  return [...drawTable(header, rows, classic), ...(left.length ? [context(...left)] : [])];
}

const size = (cells: string[]): number => cells.reduce((sum, cell) => sum + slackLength(cell), 0);

const numeric = /^[-+–$€£]?[\d.,\s]*%?$/;

function drawTable(header: string[], rows: string[][], classic: boolean): SlackBlock[] {
  if (classic) return preformatted(tableLines({ type: 'table', columns: header, rows }, 76, paint(false)).join('\n'));
  const raw = (text: string): Cell => ({ type: 'raw_text', text });
  const all = [header, ...rows].map((row) => row.map(raw));
  return [
    {
      type: 'table',
      rows: all,
      column_settings: header.map((_name, i) =>
        rows.every((row) => numeric.test(row[i]!))
          ? { align: 'right' as const }
          : { align: 'left' as const, is_wrapped: rows.some((row) => row[i]!.length > wide) },
      ),
    },
  ];
}
