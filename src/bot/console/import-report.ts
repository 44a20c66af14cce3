import type { Card } from '../../core/card.ts';
import { plural } from './text.ts';

/** What import_leads answers. */
export interface ImportResult {
  importId: string;
  fileName: string;
  rows: number;
  imported: number;
  merged: number;
  duplicates: number;
  review: number;
  failed: number;
  durationSeconds: number;
  mapping: Record<string, string>;
  problems: { line: number; reason: string }[];
  demoHidden: number;
  tiers?: Record<string, number>;
}

const shownProblems = 10;

/** What became of a list: how it was understood, what it brought, what was left out and why. */
export function importReport(result: ImportResult, dryRun: boolean): Card {
  const { fileName, mapping, problems, failed, durationSeconds, demoHidden, tiers = {} } = result;
  const understood = Object.entries(mapping).filter(([, field]) => !field.startsWith('attributes.'));
  const others = Object.keys(mapping).length - understood.length;
  const counts: [string, number][] = [
    ['Rows', result.rows],
    [dryRun ? 'Would be new' : 'New leads', result.imported],
    ['Merged', result.merged],
    ['Duplicates left out', result.duplicates],
    ['To review', result.review],
    ['Rejected', failed],
  ];
  const best = Object.entries(tiers).filter(([, count]) => count > 0);
  return {
    title: `${dryRun ? 'Dry run' : 'Import'} of ${fileName}`,
    blocks: [
      {
        type: 'fields',
        fields: [
          ...counts
            .filter(([label, count], i) => i < 2 || count > 0 || label === 'Rejected')
            .map(([label, count]) => ({ label, value: count.toLocaleString('en-US') })),
          ...(best.length ? [{ label: 'Tiers', value: best.map(([tier, count]) => `${tier} ${count}`).join(', ') }] : []),
          { label: 'Columns', value: understood.map(([header, field]) => `${header} → ${field}`).join(', ') },
          ...(others ? [{ label: '', value: `${plural(others, 'more column')} kept as they are` }] : []),
          { label: 'Time', value: `${durationSeconds.toFixed(1)} s` },
        ],
      },
      ...(problems.length
        ? [
            {
              type: 'table' as const,
              columns: ['Line', 'Rejected because'],
              rows: problems.slice(0, shownProblems).map(({ line, reason }) => [String(line), reason]),
              ...(failed > shownProblems && { note: `the first ${Math.min(shownProblems, problems.length)} of ${failed}` }),
            },
          ]
        : []),
      ...(demoHidden && !dryRun
        ? [
            {
              type: 'notice' as const,
              level: 'info' as const,
              text: `${plural(demoHidden, 'demo lead')} stepped aside. npm run demo -- show brings them back.`,
            },
          ]
        : []),
    ],
  };
}
