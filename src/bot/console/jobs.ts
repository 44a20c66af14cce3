import { setTimeout as delay } from 'node:timers/promises';
import type { Actor } from '../../core/actor.ts';
import { lastMonth } from '../../core/calibration.ts';
import { type Job, type JobState, jobStates, type Queue } from '../../core/job.ts';
import type { Records } from '../../core/records.ts';
import { formatWhen } from '../../core/when.ts';
import { AppError } from '../../errors.ts';
import type { Gate } from '../../tools/gate.ts';
import { exitCodes, need, runCommand, UsageError } from './command.ts';
import { progressWords } from './import-progress.ts';
import type { Screen, Streams } from './screen.ts';
import { byShortId, shortIds } from './short-id.ts';

export interface JobsParts extends Streams {
  gate: Gate;
  actor: Actor;
  records: Pick<Records, 'receipts' | 'enqueue'>;
  queue: Queue;
}

const usage = `Usage: npm run jobs -- [list] [--state STATE] [--watch]
       npm run jobs -- show ID
       npm run jobs -- cancel ID
       npm run jobs -- dead          work that failed for good
       npm run jobs -- retry ID      try dead work again
       npm run jobs -- discard ID    give dead work up
       npm run jobs -- calibrate     hold scores against outcomes now, for the last month

States: ${jobStates.join(', ')}. The beginning of an ID is enough.
  --watch   keep the list on the screen until Ctrl-C`;

/** `npm run jobs`. */
export function jobsCommand(argv: string[], parts: JobsParts): Promise<number> {
  return runCommand(argv, parts, {
    usage,
    options: { state: { type: 'string' }, watch: { type: 'boolean', default: false } },
    async run({ values, words: [action = 'list', id], screen }) {
      const state = values.state as JobState | undefined;
      if (state && !jobStates.includes(state)) throw new UsageError(`There is no state "${state}".`);
      switch (action) {
        case 'list':
          return values.watch ? watch(parts, screen, state) : list(parts, screen, state);
        case 'show':
          return show(parts, screen, need(id, 'The ID'));
        case 'cancel':
          return cancel(parts, screen, need(id, 'The ID'));
        case 'dead':
          return dead(parts, screen);
        case 'retry':
          return settle(parts, screen, need(id, 'The ID'), 'retry');
        case 'discard':
          return settle(parts, screen, need(id, 'The ID'), 'discard');
        case 'calibrate':
          return calibrate(parts, screen);
        default:
          throw new UsageError(`There is no "${action}" here.`);
      }
    },
  });
}

/** A job as the tools tell it. */
type JobView = Pick<Job, 'id' | 'tool' | 'state' | 'progress' | 'error' | 'attempts' | 'cancelRequested' | 'receiptId'> & {
  createdAt: string;
  finishedAt: string | null;
  result?: unknown;
};

async function call<T>({ gate, actor }: JobsParts, tool: string, input: Record<string, unknown>): Promise<T> {
  const outcome = await gate.call(tool, input, { actor, by: 'person' });
  if (outcome.status !== 'done') throw new AppError('internal', `${tool} did not answer.`);
  return outcome.result as T;
}

const jobsOf = async (parts: JobsParts, state?: JobState): Promise<JobView[]> =>
  (await call<{ jobs: JobView[] }>(parts, 'list_jobs', { limit: 50, ...(state && { state }) })).jobs;

async function list(parts: JobsParts, screen: Screen, state: JobState | undefined): Promise<number> {
  const jobs = await jobsOf(parts, state);
  const { waiting, running, dead } = await parts.queue.depth();
  const ids = shortIds(jobs.map((job) => job.id));
  if (jobs.length)
    screen.card({
      blocks: [
        {
          type: 'table',
          columns: ['ID', 'What', 'State', 'Progress', 'Started'],
          rows: jobs.map((job) => [ids.get(job.id)!, job.tool, stateOf(job), progressOf(job), at(parts, job.createdAt)]),
        },
      ],
    });
  else screen.line(state ? `No job is ${state}.` : 'There are no jobs.');
  screen.line(
    screen.paint.dim(`Queue: ${waiting} waiting, ${running} running, ${dead} dead${dead ? ' (npm run jobs -- dead)' : ''}`),
  );
  return exitCodes.ok;
}

const watchMs = 1000;

async function watch(parts: JobsParts, screen: Screen, state: JobState | undefined): Promise<number> {
  const stop = new AbortController();
  const off = screen.onInterrupt(() => stop.abort());
  try {
    while (!stop.signal.aborted) {
      if (screen.tty) screen.write('\u001b[H\u001b[2J');
      await list(parts, screen, state);
      await delay(watchMs, undefined, { signal: stop.signal }).catch(() => undefined); // Ctrl-C ends the wait
    }
  } finally {
    off();
  }
  return exitCodes.ok;
}

async function find(parts: JobsParts, reference: string): Promise<JobView> {
  const found = byShortId(await jobsOf(parts), reference, 'job');
  if (found) return call<JobView>(parts, 'get_job', { jobId: found.id });
  if (/^[0-9a-f-]{36}$/i.test(reference)) return call<JobView>(parts, 'get_job', { jobId: reference });
  throw new AppError('not_found', `No job begins with ${reference}. npm run jobs shows them.`);
}

async function show(parts: JobsParts, screen: Screen, reference: string): Promise<number> {
  const job = await find(parts, reference);
  const receipt = job.receiptId ? await parts.records.receipts.get(job.receiptId) : undefined;
  screen.card({
    title: `${job.tool}: ${stateOf(job)}`,
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: 'ID', value: job.id },
          { label: 'Started', value: at(parts, job.createdAt) },
          ...(job.finishedAt ? [{ label: 'Ended', value: at(parts, job.finishedAt) }] : []),
          { label: 'Attempts', value: String(job.attempts) },
          { label: 'Progress', value: progressOf(job) || 'none yet' },
          ...(receipt ? [{ label: 'Receipt', value: receipt.title }] : []),
          ...(job.error ? [{ label: 'Problem', value: job.error.message }] : []),
          ...(job.result ? [{ label: 'Result', value: JSON.stringify(job.result, null, 2) }] : []),
        ],
      },
    ],
  });
  return exitCodes.ok;
}

async function cancel(parts: JobsParts, screen: Screen, reference: string): Promise<number> {
  const { id } = await find(parts, reference);
  const job = await call<JobView>(parts, 'cancel_job', { jobId: id });
  screen.line(job.state === 'cancelled' ? 'Cancelled before it began.' : 'Asked to stop; it ends at its next safe point.');
  return exitCodes.ok;
}

async function dead(parts: JobsParts, screen: Screen): Promise<number> {
  const letters = await parts.queue.deadLetters();
  if (!letters.length) screen.line('No dead work.');
  else
    screen.card({
      blocks: [
        {
          type: 'table',
          columns: ['ID', 'What', 'Tries', 'Since', 'Last problem'],
          rows: letters.map((letter) => [
            letter.id,
            letter.key ?? letter.name,
            String(letter.attempts),
            at(parts, letter.createdAt),
            letter.lastError ?? '',
          ]),
        },
      ],
    });
  return exitCodes.ok;
}

async function settle({ queue }: JobsParts, screen: Screen, id: string, what: 'retry' | 'discard'): Promise<number> {
  if (!(await queue[what](id))) throw new AppError('not_found', `There is no dead work ${id}. npm run jobs -- dead lists it.`);
  screen.line(what === 'retry' ? 'It is in the queue again.' : 'Given up; it is not tried again.');
  return exitCodes.ok;
}

/** What the schedule does every month: the figures are kept, and other tiers proposed where outcomes ask for them. */
async function calibrate({ gate, actor, records }: JobsParts, screen: Screen): Promise<number> {
  const month = lastMonth(gate.deps.now(), actor.timeZone);
  await records.enqueue('calibrate', { tenantId: actor.tenantId, month }, { key: `calibrate@${month}` });
  screen.line(`The calibration of ${month} is in the queue. What it proposes waits in npm run approvals.`);
  return exitCodes.ok;
}

const stateOf = ({ state, cancelRequested }: JobView): string => (state === 'running' && cancelRequested ? 'stopping' : state);

const progressOf = ({ progress }: JobView): string =>
  progress ? (progressWords(progress) ?? `${progress.done}${progress.total ? ` of ${progress.total}` : ''}`) : '';

const at = ({ gate, actor }: JobsParts, when: string | Date): string =>
  formatWhen(new Date(when), gate.deps.now(), actor.timeZone);
