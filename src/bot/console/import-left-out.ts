import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportSummary, RowOutcome } from '../../core/importing.ts';
import type { Records } from '../../core/records.ts';
import { leftOutCsv } from '../../imports/left-out.ts';
import { exitCodes } from './command.ts';
import type { Output, Screen } from './screen.ts';
import { oneLine } from './text.ts';

/** `npm run -s import -- --left-out`: the rows to `output`, page by page, and a word about them beside it. */
export async function writeLeftOut(run: {
  records: Pick<Records, 'imports'>;
  screen: Screen;
  source: ImportSummary;
  outcome: RowOutcome[] | undefined;
  output: Output;
}): Promise<number> {
  const { records, screen, source, outcome, output } = run;
  try {
    await pipeline(Readable.from(leftOutCsv(records.imports, source, outcome), { objectMode: false }), output, { end: false });
  } catch (error) {
    // whoever read it has had enough, as after `| head`
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
  const which = outcome ? ` (${outcome.join(', ')})` : '';
  screen.line(`Rows of ${oneLine(source.fileName)} that did not become leads of their own${which}.`);
  return exitCodes.ok;
}
