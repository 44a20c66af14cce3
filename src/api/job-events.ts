import { createHash } from 'node:crypto';
import type { Job, Jobs } from '../core/job.ts';
import type { Signals } from '../core/records.ts';
import { sseEvent } from './sse.ts';

/** A job writes its progress this often; looking more often would find nothing new. */
const lookMs = 300;

/**
 * How a job goes, as events: `progress` whenever something of it is new, then `done`. The id of an event is what it says, so that
 * a client that comes back is told only what it has not heard.
 */
export async function* jobEvents(
  { jobs, signals }: { jobs: Jobs; signals: Signals },
  id: string,
  heard: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  let last = heard;
  const news = async () => {
    const job = await jobs.get(id);
    return job && eventId(job) !== last ? job : undefined;
  };
  while (!signal.aborted) {
    const job = await signals.waitFor(`job:${id}`, news, { timeoutMs: lookMs, signal });
    if (!job) continue;
    last = eventId(job);
    yield sseEvent(last, eventOf(job));
    if (job.finishedAt) return;
  }
}

/** Nothing more is to come for a client that has heard the end. */
export const hasHeardAll = (job: Job, heard: string | undefined): boolean => job.finishedAt !== null && heard === eventId(job);

function eventOf({ state, progress, result, error, finishedAt }: Job): { type: string } & Record<string, unknown> {
  if (!finishedAt) return { type: 'progress', done: 0, ...progress, state };
  return { type: 'done', state, ...(state === 'succeeded' && { result }), ...(error && { error }) };
}

const eventId = ({ state, progress }: Job): string =>
  createHash('sha256')
    .update(JSON.stringify([state, progress?.done, progress?.total, progress?.message]))
    .digest('base64url')
    .slice(0, 16);
