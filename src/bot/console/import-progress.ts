import type { Progress } from '../../core/job.ts';
import { barOf } from '../cards/terminal.ts';
import { clean, plural } from './text.ts';

/** About how much of the time of an import each part takes. */
const shares = { reading: 0.45, comparing: 0.15, writing: 0.4 };
type Part = keyof typeof shares;

const barWidth = 24;
/** A pace that was measured for less than this says nothing yet. */
const measuredMs = 1000;

/** One line for all of an import: how far it is, how fast, and how long it will take yet. */
export class ImportProgress {
  readonly #fileName: string;
  /** About how many rows: nothing where only reading them will tell. */
  readonly #rows: number | undefined;
  readonly #started = Date.now();
  #part: Part = 'reading';
  #partStarted = Date.now();

  constructor(fileName: string, rows: number | undefined) {
    this.#fileName = fileName;
    this.#rows = rows;
  }

  /** Where no line is drawn: what the work says of itself, and since when. */
  words(progress: Progress | null): string {
    const said = progress && (progressWords(progress) ?? plural(progress.done, 'row'));
    return `${said ? clean(said) : this.#fileName}, ${this.#elapsed}`;
  }

  get #elapsed(): string {
    return seconds(Date.now() - this.#started);
  }

  /** `progress` as the import tells it: no total while it reads, nothing done while it compares. */
  line(progress: Progress | null): string {
    if (!progress) return `${this.#fileName} waits for its turn, ${this.#elapsed}`;
    const { done, total } = progress;
    const part: Part = total === undefined ? 'reading' : done === 0 ? 'comparing' : 'writing';
    if (part !== this.#part) {
      this.#part = part;
      this.#partStarted = Date.now();
    }
    const share = this.#shareOf(part, done, total);
    // an empty column is drawn, so that the whole is seen before any of it is done
    const bar = barOf(share, 1, barWidth).padEnd(barWidth, '░');
    return [`${bar} ${this.#words(part, progress)}`, this.#pace(done), this.#remaining(share)].filter(Boolean).join(', ');
  }

  #shareOf(part: Part, done: number, total = this.#rows): number {
    const ofPart = total ? Math.min(1, done / total) : 0;
    const before = part === 'reading' ? 0 : part === 'comparing' ? shares.reading : shares.reading + shares.comparing;
    return before + shares[part] * ofPart;
  }

  #words(part: Part, progress: Progress): string {
    const { done, total } = progress;
    const count = done.toLocaleString('en-US');
    if (part === 'reading')
      return this.#rows ? `Reading ${count} of about ${plural(this.#rows, 'row')}` : `Reading, ${plural(done, 'row')}`;
    if (part === 'comparing') return clean(progressWords(progress) ?? `Comparing ${plural(total!, 'row')}`);
    return done < total! ? `Writing ${count} of ${plural(total!, 'row')}` : `Writing ${plural(total!, 'row')}, nearly done`;
  }

  #pace(done: number): string {
    const ms = Date.now() - this.#partStarted;
    return done > 0 && ms >= measuredMs ? `${Math.round((done * 1000) / ms).toLocaleString('en-US')} rows/s` : '';
  }

  #remaining(share: number): string {
    const ms = Date.now() - this.#started;
    if (ms < measuredMs || share < 0.05 || (this.#part === 'reading' && !this.#rows)) return this.#elapsed;
    return `about ${seconds((ms * (1 - share)) / share)} left`;
  }
}

/** What the work says of itself. How many leads it was compared with still grows while that is shown. */
export const progressWords = ({ message }: Progress): string | undefined =>
  message?.replace(/^compared with [\d,]+ leads?$/, '$& so far');

const seconds = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);
