import type { Job, Progress } from '../../core/job.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { Records } from '../../core/records.ts';
import { AppError } from '../../errors.ts';
import type { CallContext } from '../../tools/define.ts';
import type { Gate } from '../../tools/gate.ts';
import type { Screen } from './screen.ts';
import { clean } from './text.ts';

export interface JobParts {
  gate: Gate;
  records: Pick<Records, 'jobs' | 'receipts'>;
  screen: Screen;
  ctx: CallContext;
  /** Asks the job to stop. */
  signal: AbortSignal;
}

/** How far work is, as a terminal draws it and as plain words. */
export interface ProgressLine {
  line(progress: Progress | null): string;
  words(progress: Progress | null): string;
}

export interface Done<T> {
  result: T;
  receipt?: Receipt;
}

/** Work that Ctrl-C stops: it is told by its signal, once. */
export async function stoppable<T>(screen: Screen, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const off = screen.onInterrupt(() => {
    if (stop.signal.aborted) return;
    screen.line('Stopping…');
    stop.abort();
  });
  try {
    return await work(stop.signal);
  } finally {
    off();
    screen.status('');
  }
}

/** The gate waits for short jobs by itself; here the progress is shown instead of waiting. */
const patienceMs = 150;
const lookMs = 200;
/** Where no line can be replaced, a new one is written this often. */
const tellMs = 2000;

/** Runs a long tool and shows how far it is. Nothing comes back when it was stopped, and that was told; what went wrong is thrown. */
export async function runJob<T>(
  parts: JobParts,
  tool: string,
  input: Record<string, unknown>,
  progress: ProgressLine,
): Promise<Done<T> | undefined> {
  const { gate, records, screen, ctx, signal } = parts;
  screen.status(progress.line(null));
  const outcome = await gate.call(tool, input, { ...ctx, signal: AbortSignal.timeout(patienceMs) });
  let done: Done<T>;
  if (outcome.status === 'done') done = { result: outcome.result as T, ...(outcome.receipt && { receipt: outcome.receipt }) };
  else if (outcome.status === 'running') {
    const job = await watch(parts, outcome.job.id, progress);
    if (job.state === 'cancelled') {
      screen.line(stoppedWords(job));
      return undefined;
    }
    if (job.state !== 'succeeded') throw failure(job);
    const receipt = job.receiptId ? await records.receipts.get(job.receiptId) : undefined;
    done = { result: job.result as T, ...(receipt && { receipt }) };
  } else throw new AppError('internal', `${tool} did not start.`);
  if (signal.aborted) screen.line('It was done before it could be stopped.');
  screen.status('');
  return done;
}

async function watch({ gate, records, screen, ctx, signal }: JobParts, jobId: string, progress: ProgressLine): Promise<Job> {
  const cancel = () =>
    void gate
      .call('cancel_job', { jobId }, ctx)
      .catch((error) => gate.deps.log.debug({ err: error, jobId }, 'too late to cancel'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  let told = Date.now();
  try {
    for (;;) {
      const job = await records.jobs.get(jobId);
      if (!job) throw new AppError('not_found', 'The job is gone.');
      if (job.finishedAt) return job;
      if (!signal.aborted) {
        const now = job.state === 'queued' ? null : job.progress;
        screen.status(progress.line(now));
        if (!screen.tty && Date.now() - told > tellMs) {
          told = Date.now();
          screen.line(progress.words(now));
        }
      }
      const finished = async () => ((await records.jobs.get(jobId))?.finishedAt ? true : undefined);
      await gate.deps.signals.waitFor(`job:${jobId}`, finished, { timeoutMs: lookMs });
    }
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Some work keeps what it did before it was stopped, and says so itself. */
const stoppedWords = ({ error }: Job): string =>
  error && /\b(is|are) kept\b/.test(error.message) ? clean(error.message) : 'Stopped; nothing was kept.';

function failure({ error }: Job): AppError {
  if (!error) return new AppError('internal', 'The job failed.');
  return new AppError(error.code as AppError['code'], error.message, { ...(error.details && { details: error.details }) });
}
