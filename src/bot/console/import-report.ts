import type { Card } from '../../core/card.ts';
import { columnCells, surprise } from '../../tools/import-card.ts';
import type { ImportResult } from '../../tools/import-leads.ts';
import { plural } from './text.ts';

export type { ImportResult } from '../../tools/import-leads.ts';

interface Shown {
  dryRun: boolean;
  tiers?: Record<string, number>;
  /** How the import is called in commands; a dry run has nothing to look at later. */
  shortId?: string;
}

const shownRows = 5;
const shownColumns = 20;
const namedColumns = 8;
const longestCell = 32;
const longestReason = 120;

/** What became of a list: how it was understood, what it brought, what was left out and why, what to do next. */
export function importReport(result: ImportResult, shown: Shown): Card {
  const { fileName, demoHidden, changedSincePreview } = result;
  return {
    title: `${shown.dryRun ? 'Dry run' : 'Import'} of ${fileName}`,
    blocks: [
      { type: 'text', text: understood(result) },
      counts(result, shown),
      heading('Columns'),
      columnTable(result.columns),
      ...samples(result, shown),
      ...notice('warning', changedSincePreview && `${surprise(changedSincePreview)}.`),
      ...notice(
        'info',
        demoHidden > 0 &&
          !shown.dryRun &&
          `${plural(demoHidden, 'demo lead')} stepped aside. npm run demo -- show brings them back.`,
      ),
    ],
  };
}

/** Apart from what stands above it. */
const heading = (text: string): Card['blocks'][number] => ({ type: 'text', text: `\n${text}` });

const notice = (level: 'info' | 'warning', text: string | false | undefined): Card['blocks'] =>
  text ? [{ type: 'notice', level, text }] : [];

const delimiters: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/** "utf-8, commas, header in line 1": one look tells whether it was read as it was meant. */
function understood({ format, columns }: ImportResult): string {
  const { kind, encoding, delimiter, headerLine, sheet, sheets = [] } = format;
  const others = sheets.filter((name) => name !== sheet);
  const how =
    kind === 'workbook'
      ? `Excel workbook${sheet === undefined ? '' : `, sheet "${sheet}"`}${others.length ? ` (others: ${others.slice(0, 5).join(', ')}; --sheet NAME)` : ''}`
      : // nothing is between the cells of a single column
        [encoding, ...(columns.length > 1 ? [delimiters[delimiter] ?? `"${delimiter}"`] : [])].join(', ');
  const place = kind === 'workbook' ? 'row' : 'line';
  return `Read as ${how}, ${headerLine === 0 ? 'without a header' : `header in ${place} ${headerLine}`}.`;
}

function columnTable(columns: ImportResult['columns']): Card['blocks'][number] {
  const kept = columns.filter(({ field }) => field.startsWith('attributes.'));
  // of a wide list the columns that mean something; the others are kept all the same
  const wide = columns.length > shownColumns;
  const rows = (wide ? columns.filter((column) => !kept.includes(column)) : columns).slice(0, shownColumns);
  const more = columns.length - rows.length;
  const names = (wide ? kept : []).slice(0, namedColumns).map(({ header }) => header);
  return {
    type: 'table',
    columns: ['Column', 'Understood as', 'How sure', 'Example'],
    rows: rows.map((column) => columnCells(column).map((cell) => short(cell, longestCell))),
    ...(more > 0 && {
      note: `and ${plural(more, 'more column')}, kept as they are: ${names.join(', ')}${more > names.length ? ' …' : ''}`,
    }),
  };
}

function counts(result: ImportResult, { dryRun, tiers = {} }: Shown): Card['blocks'][number] {
  const all: [string, number][] = [
    ['Rows', result.rows],
    [dryRun ? 'Would be new' : 'New leads', result.imported],
    ['Merged', result.merged],
    ['Duplicates left out', result.duplicates],
    ['To review', result.review],
    ['Rejected', result.failed],
  ];
  const best = Object.entries(tiers).filter(([, count]) => count > 0);
  const pace =
    result.durationSeconds > 1 ? `, ${Math.round(result.rows / result.durationSeconds).toLocaleString('en-US')} rows/s` : '';
  return {
    type: 'fields',
    fields: [
      ...all
        .filter(([label, count], i) => i < 2 || count > 0 || label === 'Rejected')
        .map(([label, count]) => ({ label, value: count.toLocaleString('en-US') })),
      ...(best.length
        ? [{ label: 'Tiers', value: best.map(([tier, count]) => `${tier} ${count.toLocaleString('en-US')}`).join(', ') }]
        : []),
      { label: 'Time', value: `${result.durationSeconds.toFixed(1)} s${pace}` },
    ],
  };
}

type Outcome = keyof ImportResult['samples'];

const headings: Record<Outcome, { before: string; after: string }> = {
  rejected: { before: 'Would be rejected', after: 'Rejected' },
  review: { before: 'Would wait for you to decide', after: 'Wait for you to decide' },
  merged: { before: 'Would be merged into a lead', after: 'Merged into a lead' },
  duplicate: { before: 'Would be left out, they say nothing new', after: 'Left out, they say nothing new' },
  created: { before: 'Would be new', after: 'New' },
};

/** A few rows of each kind, with line, name and reason; the new ones only while they can still be looked for in vain. */
function samples(result: ImportResult, { dryRun, shortId }: Shown): Card['blocks'] {
  const totals: Record<Outcome, number> = {
    rejected: result.failed,
    review: result.review,
    merged: result.merged,
    duplicate: result.duplicates,
    created: result.imported,
  };
  return (Object.keys(headings) as Outcome[]).flatMap((outcome): Card['blocks'] => {
    const total = totals[outcome];
    const rows = result.samples[outcome].slice(0, shownRows);
    if (rows.length === 0 || (outcome === 'created' && !dryRun)) return [];
    const all = shortId && `npm run -s import -- --left-out ${shortId} --outcome ${outcome} > ${outcome}.csv`;
    return [
      heading(`${dryRun ? headings[outcome].before : headings[outcome].after}: ${plural(total, 'row')}`),
      {
        type: 'table',
        columns: outcome === 'created' ? ['Line', 'Company'] : ['Line', 'Company', 'Why'],
        rows: rows.map(({ line, name, reason = '' }) => [
          String(line),
          name,
          ...(outcome === 'created' ? [] : [short(reason, longestReason)]),
        ]),
        ...(total > rows.length && { note: `${rows.length} of ${total.toLocaleString('en-US')}${all ? `; all: ${all}` : ''}` }),
      },
    ];
  });
}

const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text);

/** What a person may want to do next, as commands. */
export function nextSteps({ review, failed, merged, duplicates }: ImportResult, shortId: string): string[] {
  const left = review + failed + merged + duplicates;
  return [
    ...(review ? [`${plural(review, 'row waits', 'rows wait')} for you to decide: npm run import -- --review ${shortId}`] : []),
    ...(left
      ? [`${plural(left, 'row')} merged or left out, with reasons: npm run -s import -- --left-out ${shortId} > left-out.csv`]
      : []),
  ];
}
