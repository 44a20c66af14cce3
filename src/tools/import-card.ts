import type { Card } from '../core/card.ts';
import type { ImportResult } from './import-leads.ts';

const shownProblems = 5;
const shownColumns = 8;

/** What became of a list, or would, as chat and every other surface shows it: counts, what was guessed, first problems, what next. */
export function importCard(result: ImportResult, { dryRun = false } = {}): Card {
  const { fileName, rows, imported, merged, duplicates, review, failed, samples, demoHidden } = result;
  const problems = [...samples.rejected, ...samples.review].sort((a, b) => a.line - b.line);
  const guessed = result.columns.filter(isNoteworthy);
  const counts: [string, number][] = [
    ['Rows', rows],
    ['New leads', imported],
    ['Merged', merged],
    ['Duplicates', duplicates],
    ['To review', review],
    ['Rejected', failed],
  ];
  return {
    title: `${dryRun ? 'Dry run' : 'Import'} of ${fileName}`,
    blocks: [
      { type: 'fields', fields: counts.map(([label, count]) => ({ label, value: count.toLocaleString('en-US') })) },
      ...(guessed.length
        ? [
            {
              type: 'table' as const,
              columns: ['Column', 'Understood as', 'How sure', 'Example'],
              rows: guessed.slice(0, shownColumns).map(columnCells),
              ...(guessed.length > shownColumns && { note: `${shownColumns} of ${guessed.length} columns worth a look` }),
            },
          ]
        : []),
      ...(problems.length
        ? [
            {
              type: 'table' as const,
              columns: ['Line', 'Company', 'Why'],
              rows: problems.slice(0, shownProblems).map((row) => [String(row.line), row.name, row.reason ?? '']),
              ...(review + failed > shownProblems && {
                note: `the first ${Math.min(shownProblems, problems.length)} of ${(review + failed).toLocaleString('en-US')}`,
              }),
            },
          ]
        : []),
      ...notices(result, demoHidden, dryRun),
    ],
  };
}

function notices({ review, changedSincePreview }: ImportResult, demoHidden: number, dryRun: boolean): Card['blocks'] {
  const texts = [
    changedSincePreview && `${surprise(changedSincePreview)}.`,
    review > 0 && `${rowsOf(review)} may be leads that are here: say "show the rows to review" to decide.`,
    demoHidden > 0 && (dryRun ? `${demoHidden} demo leads will step aside.` : `${demoHidden} demo leads stepped aside.`),
  ];
  return texts.flatMap((text) => (text ? [{ type: 'notice', level: 'info', text }] : []));
}

const rowsOf = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;

type Surprises = NonNullable<ImportResult['changedSincePreview']>;

const namedSurprises = 3;

/** "2 rows end otherwise than the dry run said: line 7, Acme, was new, is a duplicate". */
export function surprise({ count, rows }: Surprises): string {
  const named = rows.slice(0, namedSurprises).map(({ line, name, was, now }) => `line ${line}, ${name}, was ${was}, is ${now}`);
  const more = count - named.length;
  const ends = count === 1 ? 'ends' : 'end';
  return `${rowsOf(count)} ${ends} otherwise than the dry run said: ${named.join('; ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`;
}

export type ImportColumn = ImportResult['columns'][number];

const sureFrom = 0.9;
const likelyFrom = 0.6;

/** How sure the meaning of a column is, in a word. */
function sureness({ field, confidence, because }: ImportColumn): string {
  if (because === 'chosen') return 'you said so';
  if (because === 'remembered') return 'as last time';
  if (field.startsWith('attributes.')) return '';
  return confidence >= sureFrom ? 'sure' : confidence >= likelyFrom ? 'likely' : 'guess';
}

export const columnCells = (column: ImportColumn): string[] => [
  column.header,
  column.field.startsWith('attributes.') ? 'kept as it is' : column.field === 'ignore' ? 'left out' : column.field,
  sureness(column),
  column.samples[0] ?? '',
];

/** A person should look: it was guessed, or taken from the last time. */
const isNoteworthy = (column: ImportColumn): boolean => ['guess', 'likely', 'as last time'].includes(sureness(column));
