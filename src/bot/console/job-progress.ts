import type { Progress } from '../../core/job.ts';
import { barOf } from '../cards/terminal.ts';
import { plural } from './text.ts';

const barWidth = 24;
/** A pace that was measured for less than this says nothing yet. */
const measuredMs = 1000;

/** One line for work over many leads: how far it is, and how long it will take yet. */
export class LeadProgress {
  /** What is done to the leads, such as "Qualifying". */
  readonly #doing: string;
  readonly #now: () => number;
  readonly #started: number;

  constructor(doing: string, now: () => number = Date.now) {
    this.#doing = doing;
    this.#now = now;
    this.#started = now();
  }

  /** `progress` as the work tells it; nothing while it waits for its turn. */
  line(progress: Progress | null): string {
    const { done = 0, total } = progress ?? {};
    // an empty column is drawn, so that the whole is seen before any of it is done
    const bar = total === undefined || done === 0 ? '' : `${barOf(done, total, barWidth).padEnd(barWidth, '░')} `;
    return `${bar}${this.words(progress)}`;
  }

  /** The same without a drawing. */
  words(progress: Progress | null): string {
    const { done = 0, total } = progress ?? {};
    const ms = this.#now() - this.#started;
    if (done === 0) return `${this.#doing} leads, ${seconds(ms)}`;
    if (total === undefined) return `${this.#doing} ${plural(done, 'lead')}, ${seconds(ms)}`;
    const time = ms < measuredMs || done >= total ? seconds(ms) : `about ${seconds((ms * (total - done)) / done)} left`;
    return `${this.#doing} ${done.toLocaleString('en-US')} of ${plural(total, 'lead')}, ${time}`;
  }
}

const seconds = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);
