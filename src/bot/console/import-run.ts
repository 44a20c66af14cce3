import type { Actor } from '../../core/actor.ts';
import type { Progress } from '../../core/job.ts';
import type { Records } from '../../core/records.ts';
import { tiers } from '../../core/scoring.ts';
import { AppError } from '../../errors.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import { exitCodes } from './command.ts';
import { shortIdOf } from './import-history.ts';
import { ImportProgress } from './import-progress.ts';
import { type ImportResult, importReport, nextSteps } from './import-report.ts';
import { findFile, type LocalFile, readFile } from './local-file.ts';
import { receiptLine } from './receipt-line.ts';
import { type Done, runJob, stoppable } from './run-job.ts';
import type { Output, Screen, Streams } from './screen.ts';
import { clean, oneLine, shellWord } from './text.ts';
import { recentThread, rememberDeed } from './thread.ts';

export interface ImportParts extends Streams {
  gate: Gate;
  actor: Actor;
  records: Records;
  config: { UPLOAD_MAX_MB: number };
  /** The folder that relative paths start from. */
  cwd?: string;
  /** Where words go while the output carries rows. */
  complaints?: Output;
}

/** How the file is to be read, where it is not understood by itself. */
export interface Reading {
  mapping?: Record<string, string>;
  sheet?: string;
  headerLine?: number;
}

export interface ImportRun extends Pick<ImportParts, 'gate' | 'actor' | 'records' | 'config'> {
  screen: Screen;
  path: string;
  dryRun: boolean;
  reading?: Reading;
  /** The conversation it belongs to; without one, the terminal conversation at hand or a new one. */
  conversationId?: string;
  undoHint?: string;
}

/** One file: looked at, uploaded, imported with its progress shown, reported. Ctrl-C stops it and nothing is kept. */
export async function runImport(run: ImportRun): Promise<number> {
  const { screen } = run;
  return stoppable(screen, async (signal) => {
    try {
      const file = await findFile(run.path);
      const upload = await store(run, file, signal);
      return await (run.dryRun ? preview(run, upload, signal) : commit(run, upload, signal));
    } catch (error) {
      if (signal.aborted) return stopped(screen);
      if (!(error instanceof AppError)) throw error;
      return refused(run, error);
    }
  });
}

interface Stored {
  fileName: string;
  /** About how many rows; nothing where only reading them will tell. */
  rows?: number;
  input: { uploadId: string } & Reading;
}

async function store(
  { gate, records, screen, config, reading }: ImportRun,
  file: LocalFile,
  signal: AbortSignal,
): Promise<Stored> {
  screen.status(`Reading ${file.name}`);
  let lines: number | undefined;
  const bytes = readFile(file, signal, (count) => {
    lines = count;
  });
  const saved = await gate.deps.files.save(bytes, config.UPLOAD_MAX_MB * 1_048_576);
  await records.uploads.create({ ...saved, fileName: file.name });
  return {
    fileName: file.name,
    ...(lines !== undefined && { rows: Math.max(1, lines - 1) }),
    input: { uploadId: saved.id, ...reading },
  };
}

const lookMs = 200;

async function preview(run: ImportRun, { fileName, rows, input }: Stored, signal: AbortSignal): Promise<number> {
  const { gate, actor, screen } = run;
  const progress = new ImportProgress(fileName, rows);
  let latest: Progress = { done: 0 };
  const ticking = setInterval(() => screen.status(progress.line(latest)), lookMs);
  const ctx: CallContext = {
    actor,
    by: 'person',
    signal,
    progress: (now) => {
      latest = now;
    },
  };
  try {
    const outcome = await gate.call('import_leads', input, ctx, { dryRun: true });
    if (outcome.status !== 'preview') throw new AppError('internal', 'The dry run gave no preview.');
    const result = outcome.result as ImportResult;
    screen.card(importReport(result, { dryRun: true }));
    screen.line();
    tellUnused(run, result);
    screen.line('A column that was misunderstood: --map "Header=field", "Header=attribute" or "Header=ignore".');
    screen.line(`Nothing was kept. To import it: ${commandFor(run)}`);
    return exitCodes.ok;
  } finally {
    clearInterval(ticking);
  }
}

/** The command that imports this file as it was asked for here. */
function commandFor(
  { path, reading: { mapping = {}, sheet, headerLine } = {} }: ImportRun,
  more: [string, string][] = [],
): string {
  const words = [
    // what is asked for more goes before what was said of the same header
    ...[...new Map([...Object.entries(mapping), ...more])].map(
      ([header, field]) => `--map ${shellWord(oneLine(`${header}=${field}`))}`,
    ),
    ...(sheet === undefined ? [] : [`--sheet ${shellWord(sheet)}`]),
    ...(headerLine === undefined ? [] : [`--header-line ${headerLine}`]),
  ];
  return `npm run import -- ${[shellWord(path), ...words].join(' ')}`;
}

/** An option that had nothing to work on is told, not passed over. */
function tellUnused({ screen, reading }: ImportRun, { format }: ImportResult): void {
  if (reading?.sheet !== undefined && format.kind !== 'workbook')
    screen.line('This is not a workbook; --sheet is for workbooks.');
}

async function commit(run: ImportRun, upload: Stored, signal: AbortSignal): Promise<number> {
  const { actor, records, screen } = run;
  const conversationId = run.conversationId ?? (await threadForImport(run)).id;
  const ctx: CallContext = { actor, by: 'person', conversationId };
  const progress = new ImportProgress(upload.fileName, upload.rows);
  let done: Done<ImportResult> | undefined;
  try {
    done = await runJob<ImportResult>({ ...run, ctx, signal }, 'import_leads', { ...upload.input }, progress);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    return refused(run, error, 'Nothing was kept.');
  }
  if (!done) return exitCodes.interrupted;
  const { result, receipt } = done;
  const shortId = await shortIdOf(records, result.importId);
  screen.card(importReport(result, { dryRun: false, tiers: await tiersOf(records, result), shortId }));
  screen.line();
  tellUnused(run, result);
  for (const step of nextSteps(result, shortId)) screen.line(step);
  if (receipt) screen.line(receiptLine(screen, receipt, run.undoHint ?? 'npm run chat -- "undo that"'));
  const { mapping: _mapping, columns: _columns, samples: _samples, ...counts } = result;
  await rememberDeed(records, conversationId, {
    words: `Import ${result.fileName}`,
    answer: `${receipt?.title ?? `Read ${result.fileName}; nothing was new`}.`,
    tool: 'import_leads',
    input: { ...upload.input },
    result: counts,
    shown: [{ entity: 'import', id: result.importId, label: result.fileName }],
  });
  return exitCodes.ok;
}

/** "undo that" needs a conversation to mean something in: the one at hand, or one that begins here. */
export const threadForImport = async ({ gate, records }: Pick<ImportParts, 'gate' | 'records'>) =>
  (await recentThread(records, gate.deps.now())) ?? records.conversations.create({ agent: 'sr-bdr', surface: 'terminal' });

type Refusal = { message: string; details?: Record<string, unknown> };

async function tiersOf(records: Records, { importId }: ImportResult): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const tier of tiers)
    counts[tier] = (await records.leads.search({ importId, tier: [tier] }, { sort: 'newest', limit: 1 })).total;
  return counts;
}

/** Why it did not work; and where a column has to be named, the command that names one. */
function refused(run: ImportRun, { message, details }: Refusal, more = ''): number {
  const { screen } = run;
  screen.line(screen.paint.red(`✗ ${clean(`${message} ${more}`.trim())}`));
  const { headers, understood } = (details ?? {}) as { headers?: string[]; understood?: { header: string }[] };
  const candidate = headers?.find((header) => !understood?.some((known) => known.header === header)) ?? headers?.[0];
  if (candidate !== undefined && understood) screen.line(`For example: ${commandFor(run, [[candidate, 'name']])}`);
  return exitCodes.failed;
}

function stopped(screen: Screen): number {
  screen.line('Stopped; nothing was kept.');
  return exitCodes.interrupted;
}
