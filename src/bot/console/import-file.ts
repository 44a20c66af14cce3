import { rowOutcomes } from '../../core/importing.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { findImport, listImports } from './import-history.ts';
import { writeLeftOut } from './import-left-out.ts';
import { reviewRows } from './import-review.ts';
import { type ImportParts, type Reading, runImport } from './import-run.ts';
import { typedPath } from './local-file.ts';

const usage = `Usage: npm run import -- FILE [MORE ...] [--dry-run] [--map "Header=field" ...] [--sheet NAME] [--header-line N]
       npm run import -- --list
       npm run import -- --review [IMPORT]
       npm run -s import -- --left-out IMPORT [--outcome rejected,review] > left-out.csv

Turns a list of companies into leads: CSV, TSV, an Excel workbook (.xlsx), each also gzipped. One import can be undone as a whole.
  --dry-run        show what would happen, keep nothing
  --map "H=field"  what the column H means: a field, "attribute" to keep it aside, "ignore" to leave it out
  --sheet NAME     of a workbook: the sheet to read
  --header-line N  the line with the column names; 0 when there is none
  --list           the imports so far
  --review         decide the rows that may be a lead that is here
  --left-out       the rows that did not become leads of their own, as CSV
  --outcome        only these of them: ${rowOutcomes.join(', ')}
  --help           this text

IMPORT is an id as --list shows it, the name of a file, or "last".`;

const options = {
  'dry-run': { type: 'boolean', default: false },
  map: { type: 'string', multiple: true, default: [] as string[] },
  sheet: { type: 'string' },
  'header-line': { type: 'string' },
  list: { type: 'boolean', default: false },
  review: { type: 'boolean', default: false },
  'left-out': { type: 'string' },
  outcome: { type: 'string' },
} as const;

/** `npm run import`. */
export function importCommand(argv: string[], parts: ImportParts): Promise<number> {
  // the rows go where a shell sends them; what is said beside them must not get in between
  const rowsOut = argv.some((word) => /^--left-out(=|$)/.test(word));
  const streams = rowsOut ? { ...parts, output: parts.complaints ?? process.stderr } : parts;
  return runCommand(argv, streams, {
    usage,
    options,
    async run({ values, words, screen }) {
      const { records } = parts;
      if (values['left-out'] !== undefined) {
        const source = await findImport(records, values['left-out']);
        return writeLeftOut({
          records,
          screen,
          source,
          outcome: outcomes(values.outcome),
          output: parts.output ?? process.stdout,
        });
      }
      if (values.list) return listImports({ ...parts, screen });
      if (values.review) {
        const [reference] = words;
        const source = reference === undefined ? undefined : await findImport(records, reference);
        return reviewRows({ ...parts, screen, ...(source && { source }) });
      }
      if (words.length === 0) throw new UsageError('Name the file to import.');
      const reading = readingOf(values);
      let worst: number = exitCodes.ok;
      for (const word of words) {
        const path = typedPath(word, parts.cwd ?? process.cwd());
        const code = await runImport({ ...parts, screen, path, reading, dryRun: values['dry-run'] ?? false });
        if (code === exitCodes.interrupted) return code;
        worst = Math.max(worst, code);
      }
      return worst;
    },
  });
}

function readingOf(values: { map?: string[]; sheet?: string; 'header-line'?: string }): Reading {
  const { map = [], sheet, 'header-line': line } = values;
  if (line !== undefined && !/^\d{1,7}$/.test(line)) throw new UsageError('--header-line takes a number.');
  const pairs = map.map(pairOf);
  const twice = pairs.find(([header], at) => pairs.findIndex(([earlier]) => earlier === header) < at);
  if (twice) throw new UsageError(`--map says twice what "${twice[0]}" is; say it once.`);
  const mapping = Object.fromEntries(pairs);
  return {
    ...(map.length && { mapping }),
    ...(sheet !== undefined && { sheet }),
    ...(line !== undefined && { headerLine: Number(line) }),
  };
}

/** A header may hold "=" itself; a field never does. */
function pairOf(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new UsageError(`--map takes "Header=field"; "${text}" is not that.`);
  return [text.slice(0, at), text.slice(at + 1).trim()];
}

function outcomes(text: string | undefined): (typeof rowOutcomes)[number][] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').map((word) => {
    const known = rowOutcomes.find((outcome) => outcome === word.trim());
    if (!known) throw new UsageError(`--outcome takes some of ${rowOutcomes.join(', ')}.`);
    return known;
  });
}
