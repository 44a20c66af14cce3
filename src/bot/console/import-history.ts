import type { ImportSummary } from '../../core/importing.ts';
import type { Records } from '../../core/records.ts';
import { formatWhen } from '../../core/when.ts';
import { AppError } from '../../errors.ts';
import { exitCodes } from './command.ts';
import type { ImportParts } from './import-run.ts';
import type { Screen } from './screen.ts';
import { byShortId, shortIds } from './short-id.ts';
import { clean } from './text.ts';

const lookedThrough = 200;

/** By "last", by short id, or by the name of its file: then the newest. */
export async function findImport({ imports }: Pick<Records, 'imports'>, reference: string): Promise<ImportSummary> {
  const all = await imports.list(lookedThrough);
  const found =
    reference.trim().toLowerCase() === 'last'
      ? all[0]
      : (all.find(({ fileName }) => fileName === reference) ??
        byShortId(all, reference, 'import') ??
        (await imports.get(reference)));
  if (!found) throw new AppError('not_found', `There is no import "${clean(reference)}". npm run import -- --list shows them.`);
  return found;
}

/** The id of an import as people type it. */
export async function shortIdOf({ imports }: Pick<Records, 'imports'>, id: string): Promise<string> {
  const ids = (await imports.list(lookedThrough)).map((one) => one.id);
  return shortIds(ids.includes(id) ? ids : [...ids, id]).get(id)!;
}

const listed = 30;

/** `npm run import -- --list`. */
export async function listImports({ records, gate, actor, screen }: ImportParts & { screen: Screen }): Promise<number> {
  const all = await records.imports.list(lookedThrough);
  if (all.length === 0) {
    screen.line('Nothing was imported yet.');
    return exitCodes.ok;
  }
  const ids = shortIds(all.map(({ id }) => id));
  const count = (value: number) => value.toLocaleString('en-US');
  screen.card({
    title: 'Imports',
    blocks: [
      {
        type: 'table',
        columns: ['ID', 'File', 'State', 'When', 'Rows', 'New', 'Merged', 'Dupl.', 'Rejected', 'To review'],
        rows: all
          .slice(0, listed)
          .map((one) => [
            ids.get(one.id)!,
            one.fileName,
            one.state,
            formatWhen(one.createdAt, gate.deps.now(), actor.timeZone),
            ...[one.rows, one.imported, one.merged, one.duplicates, one.failed, one.waiting].map(count),
          ]),
        ...(all.length > listed && { note: `the newest ${listed}` }),
      },
    ],
  });
  return exitCodes.ok;
}
