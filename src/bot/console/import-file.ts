import type { Actor } from '../../core/actor.ts';
import type { Job } from '../../core/job.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { Records } from '../../core/records.ts';
import { tiers } from '../../core/scoring.ts';
import { AppError, publicError } from '../../errors.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import { barOf } from '../cards/terminal.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { receiptLine } from './decide-here.ts';
import { type ImportResult, importReport } from './import-report.ts';
import { findFile, type LocalFile, readFile, typedPath } from './local-file.ts';
import type { Screen, Streams } from './screen.ts';
import { clean, plural } from './text.ts';
import { recentThread, rememberDeed } from './thread.ts';

export interface ImportParts extends Streams {
  gate: Gate;
  actor: Actor;
  records: Records;
  config: { UPLOAD_MAX_MB: number };
  /** The folder that relative paths start from. */
  cwd?: string;
}

const usage = `Usage: npm run import -- FILE.csv [MORE.csv ...] [--dry-run]

Turns a list of companies into leads. One import can be undone as a whole.
  --dry-run   show what would happen, keep nothing
  --help      this text`;

/** `npm run import`. */
export function importCommand(argv: string[], parts: ImportParts): Promise<number> {
  const options = { 'dry-run': { type: 'boolean', default: false } } as const;
  return runCommand(argv, parts, {
    usage,
    options,
    async run({ values, words, screen }) {
      if (words.length === 0) throw new UsageError('Name the file to import.');
      let worst: number = exitCodes.ok;
      for (const word of words) {
        const path = typedPath(word, parts.cwd ?? process.cwd());
        const code = await runImport({ ...parts, screen, path, dryRun: values['dry-run'] });
        if (code === exitCodes.interrupted) return code;
        worst = Math.max(worst, code);
      }
      return worst;
    },
  });
}

export interface ImportRun extends Pick<ImportParts, 'gate' | 'actor' | 'records' | 'config'> {
  screen: Screen;
  path: string;
  dryRun: boolean;
  /** The conversation it belongs to; without one, the terminal conversation at hand or a new one. */
  conversationId?: string;
  undoHint?: string;
}

/** One file: looked at, uploaded, imported with its progress shown, reported. Ctrl-C stops it and nothing is kept. */
export async function runImport(run: ImportRun): Promise<number> {
  const { screen } = run;
  const stop = new AbortController();
  const off = screen.onInterrupt(() => {
    if (stop.signal.aborted) return;
    screen.line('Stopping…');
    stop.abort();
  });
  try {
    const file = await findFile(run.path);
    const upload = await store(run, file, stop.signal);
    return await (run.dryRun ? preview(run, upload, stop.signal) : commit(run, upload, stop.signal));
  } catch (error) {
    if (stop.signal.aborted) return stopped(screen);
    if (!(error instanceof AppError)) throw error;
    screen.line(screen.paint.red(`✗ ${clean(error.message)}`));
    return exitCodes.failed;
  } finally {
    off();
    screen.status('');
  }
}

interface Stored {
  id: string;
  fileName: string;
  /** About how many rows: the lines of the file without its header. */
  rows: number;
}

async function store({ gate, records, screen, config }: ImportRun, file: LocalFile, signal: AbortSignal): Promise<Stored> {
  screen.status(`Reading ${file.name}`);
  let lines = 0;
  const bytes = readFile(file, signal, (count) => {
    lines += count;
  });
  const saved = await gate.deps.files.save(bytes, config.UPLOAD_MAX_MB * 1_048_576);
  await records.uploads.create({ ...saved, fileName: file.name });
  return { id: saved.id, fileName: file.name, rows: Math.max(1, lines - 1) };
}

async function preview({ gate, actor, screen, path }: ImportRun, upload: Stored, signal: AbortSignal): Promise<number> {
  const started = Date.now();
  const ticking = setInterval(
    () => screen.status(`Trying ${plural(upload.rows, 'row')} without keeping them, ${seconds(started)}`),
    500,
  );
  try {
    const outcome = await gate.call('import_leads', { uploadId: upload.id }, { actor, by: 'person', signal }, { dryRun: true });
    if (outcome.status !== 'preview') throw new AppError('internal', 'The dry run gave no preview.');
    screen.card(importReport(outcome.result as ImportResult, true));
    screen.line(`Nothing was kept. To import it: npm run import -- "${clean(path)}"`);
    return exitCodes.ok;
  } finally {
    clearInterval(ticking);
  }
}

async function commit(run: ImportRun, upload: Stored, signal: AbortSignal): Promise<number> {
  const { actor, records, screen } = run;
  const conversationId = run.conversationId ?? (await threadForImport(run)).id;
  const ctx: CallContext = { actor, by: 'person', conversationId };
  const ended = await runJob(run, upload, ctx, signal);
  if (ended.state === 'cancelled') return stopped(screen);
  if (ended.state !== 'succeeded') {
    screen.line(screen.paint.red(`✗ ${clean(ended.error?.message ?? 'The import failed.')} Nothing was kept.`));
    return exitCodes.failed;
  }
  if (signal.aborted) screen.line('It was done before it could be stopped.');
  const result = { tiers: await tiersOf(records, ended.result), ...ended.result };
  screen.card(importReport(result, false));
  if (ended.receipt) screen.line(receiptLine(screen, ended.receipt, run.undoHint ?? 'npm run chat -- "undo that"'));
  const { mapping: _mapping, problems: _problems, ...counts } = result;
  await rememberDeed(records, conversationId, {
    words: `Import ${result.fileName}`,
    answer: `${ended.receipt?.title ?? `Read ${result.fileName}; nothing was new`}.`,
    tool: 'import_leads',
    input: { uploadId: upload.id },
    result: counts,
    shown: [{ entity: 'import', id: result.importId, label: result.fileName }],
  });
  return exitCodes.ok;
}

/** "undo that" needs a conversation to mean something in: the one at hand, or one that begins here. */
const threadForImport = async ({ gate, records }: ImportRun) =>
  (await recentThread(records, gate.deps.now())) ?? records.conversations.create({ agent: 'sr-bdr', surface: 'terminal' });

type Ended =
  | { state: 'succeeded'; result: ImportResult; receipt?: Receipt; error?: undefined }
  | { state: 'failed' | 'cancelled'; error?: { message: string } };

/** The gate waits for short jobs by itself; here the progress is shown instead of waiting. */
const patienceMs = 150;
const lookMs = 200;

async function runJob(run: ImportRun, upload: Stored, ctx: CallContext, signal: AbortSignal): Promise<Ended> {
  const { gate, records } = run;
  try {
    const outcome = await gate.call('import_leads', { uploadId: upload.id }, { ...ctx, signal: AbortSignal.timeout(patienceMs) });
    if (outcome.status === 'done')
      return { state: 'succeeded', result: outcome.result as ImportResult, ...(outcome.receipt && { receipt: outcome.receipt }) };
    if (outcome.status !== 'running') throw new AppError('internal', 'The import did not start.');
    const job = await watch(run, outcome.job.id, upload, ctx, signal);
    if (job.state !== 'succeeded')
      return { state: job.state === 'cancelled' ? 'cancelled' : 'failed', ...(job.error && { error: job.error }) };
    const receipt = job.receiptId ? await records.receipts.get(job.receiptId) : undefined;
    return { state: 'succeeded', result: job.result as ImportResult, ...(receipt && { receipt }) };
  } catch (error) {
    const { code, message } = publicError(error);
    if (code === 'internal') throw error;
    return { state: code === 'cancelled' ? 'cancelled' : 'failed', error: { message } };
  }
}

async function watch(run: ImportRun, jobId: string, upload: Stored, ctx: CallContext, signal: AbortSignal): Promise<Job> {
  const { gate, records, screen } = run;
  const started = Date.now();
  const cancel = () =>
    void gate
      .call('cancel_job', { jobId }, ctx)
      .catch((error) => gate.deps.log.debug({ err: error, jobId }, 'too late to cancel'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  let told = 0;
  try {
    for (;;) {
      const job = await records.jobs.get(jobId);
      if (!job) throw new AppError('not_found', 'The job of this import is gone.');
      if (job.finishedAt) return job;
      const done = job.progress?.done ?? 0;
      if (!signal.aborted) screen.status(progressLine(job, done, upload, started));
      if (!screen.tty && !signal.aborted && done > 0 && Date.now() - told > 2000) {
        told = Date.now();
        screen.line(`${plural(done, 'row')} read, ${seconds(started)}`);
      }
      const finished = async () => ((await records.jobs.get(jobId))?.finishedAt ? true : undefined);
      await gate.deps.signals.waitFor(`job:${jobId}`, finished, { timeoutMs: lookMs });
    }
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

const barWidth = 24;

function progressLine(job: Job, done: number, { fileName, rows }: Stored, started: number): string {
  if (job.state === 'queued') return `${fileName} waits for its turn, ${seconds(started)}`;
  // lines inside quotes make the estimate too high, never the rows
  const bar = barOf(done, rows, barWidth).padEnd(barWidth, '░');
  if (done >= rows) return `${bar} ${plural(done, 'row')} read, writing, ${seconds(started)}`;
  return `${bar} ${done.toLocaleString('en-US')} of about ${plural(rows, 'row')}, ${seconds(started)}`;
}

const seconds = (started: number): string => `${Math.round((Date.now() - started) / 1000)} s`;

async function tiersOf(records: Records, { importId }: ImportResult): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const tier of tiers)
    counts[tier] = (await records.leads.search({ importId, tier: [tier] }, { sort: 'newest', limit: 1 })).total;
  return counts;
}

function stopped(screen: Screen): number {
  screen.line('Stopped; nothing was kept.');
  return exitCodes.interrupted;
}
