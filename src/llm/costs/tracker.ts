import { appendFile, chown, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallLine, CallRecord, CallStore, CallTracker, CostMetrics } from '../../core/cost.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { adopt, adoptLeftovers, type Presences, presenceFolder } from './leftovers.ts';
import { headerOf, lineOf } from './lines.ts';
import { type Files, type Segment, Segments } from './segments.ts';
import { unpricedAlerts } from './unpriced.ts';

export interface TrackerOptions {
  /** Of all processes of one data folder. */
  folder: string;
  store: CallStore;
  presences: Presences;
  /** Whose database it is: what another one's process left behind is not for us. */
  tenantId: string;
  log: Log;
  metrics?: CostMetrics;
  /** Prompts and answers are kept, without personal data. */
  storeTexts?: boolean;
  limits?: Partial<typeof usualLimits>;
  files?: Files;
}

const usualLimits = {
  writeEveryMs: 250,
  rowsAWrite: 500,
  syncEveryMs: 50,
  lookEveryMs: 15_000,
  segmentBytes: 1 << 20,
  diskBytes: 256 << 20,
  /** Kept in memory while the database does not answer; more than that lie on disk only. */
  memoryRows: 20_000,
  longestPauseMs: 10_000,
  /** Longest that a reader of costs, and an ending process, wait for a database. */
  patienceMs: 3000,
};

interface Waiting {
  line: CallLine;
  segment: Segment | undefined;
  stored: boolean;
}

/** Model calls on their way into the table: on disk when `record` returns, in the table a moment later, there once whatever happens. */
export async function openTracker(options: TrackerOptions): Promise<CallTracker> {
  const tracker = new Tracker(options);
  await tracker.open();
  return tracker;
}

class Tracker implements CallTracker {
  readonly #options: TrackerOptions;
  readonly #limits: typeof usualLimits;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #waiting: Waiting[] = [];
  #segments: Segments | undefined;
  #presence: { withdraw(): Promise<void> } | undefined;
  /** Files that are too much for memory, to be read again. */
  readonly #parked: Segment[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #looks: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #looking: Promise<void> = Promise.resolve();
  #failures = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #unwritable = false;
  readonly #leave = new Set<string>();
  readonly #tellUnpriced: (line: CallLine) => void;

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#log = options.log;
    this.#tellUnpriced = unpricedAlerts(options.log, options.metrics);
  }

  async open(): Promise<void> {
    await this.#announce();
    this.#options.store.beforeReading(() => this.flush());
    // in the background: what others left is not what a start should wait for
    this.#look();
    this.#looks = setInterval(() => this.#look(), this.#limits.lookEveryMs).unref();
  }

  record(call: CallRecord): void {
    try {
      const line = lineOf(call, this.#options.storeTexts ?? false);
      if (!line) {
        this.#lose(1, 'a model call belongs to no workspace and was not written down');
        return;
      }
      this.#tellUnpriced(line);
      const segment = this.#segments?.append(`${JSON.stringify(line)}\n`);
      // after the end, what is on disk is for whoever starts next
      if (this.#stopping.signal.aborted && segment) return;
      this.#waiting.push({ line, segment, stored: false });
      if (this.#waiting.length > this.#limits.memoryRows) this.#makeRoom();
      if (this.#waiting.length >= this.#limits.rowsAWrite && !this.#failures) this.#writeIn(0);
      else this.#writeIn(this.#pause());
    } catch (error) {
      this.#lose(1, 'a model call could not be written down', error);
    }
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await this.#within(this.#limits.patienceMs, this.#write());
  }

  state() {
    const waiting = this.#waiting.length;
    return {
      waiting,
      bytesAhead: this.#segments?.bytes ?? 0,
      safe: this.#segments?.safe ?? false,
      dropped: this.#dropped,
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#looks);
    this.#stopping.abort();
    this.#options.store.beforeReading(async () => {});
    await this.#within(this.#limits.patienceMs, Promise.all([this.#looking, this.#write()]));
    clearTimeout(this.#timer);
    const left = this.#waiting.length;
    if (left && !this.#segments?.safe) this.#lose(left, 'model calls were lost: neither disk nor database took them');
    else if (left)
      this.#log.warn({ calls: left }, 'the database did not take the last model calls: the next start puts them there');
    this.#segments?.close();
    await this.#presence?.withdraw().catch(() => undefined);
  }

  /** Without a name that the others see there is nothing that tells our files from a dead process's. */
  async #announce(): Promise<void> {
    const { folder, presences, tenantId, files } = this.#options;
    const { segmentBytes, diskBytes, syncEveryMs } = this.#limits;
    try {
      const made = await mkdir(folder, { recursive: true, mode: 0o700 });
      // root must not leave a folder behind in which the owner of the data cannot write
      if (made !== undefined && process.getuid?.() === 0) {
        const above = await stat(dirname(folder));
        await chown(folder, above.uid, above.gid);
      }
      const presence = await presences.announce(presenceFolder(folder));
      this.#presence = presence;
      this.#segments = new Segments({
        ...{ folder, name: presence.name, header: headerOf(tenantId), log: this.#log },
        ...{ segmentBytes, diskBytes, syncEveryMs, ...(files && { files }) },
      });
      if (this.#unwritable) this.#log.info('model calls are written ahead again');
      this.#unwritable = false;
    } catch (error) {
      // it is tried again with every look
      if (this.#unwritable) return;
      this.#unwritable = true;
      this.#log.error(
        { err: error },
        `${folder} cannot be written to (${messageOf(error)}): model calls go straight to the database, and a process that is killed loses those of its last moment`,
      );
    }
  }

  #writeIn(ms: number): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#timer && ms > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#write(), ms).unref();
  }

  /** Writes until nothing waits or the database does not take it. Never throws: then it is tried again by itself. */
  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length || this.#parked.length) this.#writeIn(this.#pause());
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length) {
        this.#rescue();
        const batch = this.#waiting.slice(0, this.#limits.rowsAWrite);
        await this.#put(batch.map(({ line }) => line));
        for (const one of batch) one.stored = true;
        this.#waiting = this.#waiting.filter(({ stored }) => !stored);
        for (const { segment } of batch) if (segment) this.#segments?.done(segment, 1);
        if (this.#failures) this.#log.info('the database takes model calls again');
        this.#failures = 0;
      }
      while (this.#parked.length && !this.#stopping.signal.aborted) {
        await adopt(this.#parked[0]!.path, this.#adoption());
        this.#segments?.discard(this.#parked.shift()!);
      }
    } catch (error) {
      this.#failures++;
      const { bytesAhead, waiting, safe } = this.state();
      if (performance.now() - this.#toldAt < 60_000) return;
      this.#toldAt = performance.now();
      const kept = safe ? 'they are kept on disk until it does' : 'they are kept in memory only until it does';
      this.#log.warn({ err: error, calls: waiting, bytes: bytesAhead }, `the database does not take model calls: ${kept}`);
    }
  }

  #pause(): number {
    const { writeEveryMs, longestPauseMs } = this.#limits;
    return this.#failures ? Math.min(longestPauseMs, writeEveryMs * 2 ** this.#failures) : writeEveryMs;
  }

  /** One row that the table cannot take does not hold up the others: it is put aside, for a person to look at. */
  async #put(lines: CallLine[]): Promise<void> {
    try {
      await this.#options.store.add(lines);
      this.#options.metrics?.calls('stored', lines.length);
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (lines.length > 1) {
        const half = lines.length >> 1;
        await this.#put(lines.slice(0, half));
        await this.#put(lines.slice(half));
        return;
      }
      const path = join(this.#options.folder, 'refused.jsonl');
      await appendFile(path, `${JSON.stringify(lines[0])}\n`).catch(() => undefined);
      this.#options.metrics?.calls('rejected', 1);
      this.#log.error({ err: error, callId: lines[0]!.callId, file: path }, 'the table refused a model call; it was put aside');
    }
  }

  /** Somebody deleted a file under our hands: what it held is written again. */
  #rescue(): void {
    const lost = new Set(this.#segments?.lost());
    if (!lost.size) return;
    this.#log.warn('a file of model calls was deleted under our hands; what was not in the table yet is written again');
    for (const one of this.#waiting)
      if (one.segment && lost.has(one.segment)) one.segment = this.#segments?.append(`${JSON.stringify(one.line)}\n`);
  }

  /** Too much for memory: the oldest file is left to the disk alone. What is on no disk has to go. */
  #makeRoom(): void {
    const parked = this.#segments?.park();
    if (parked) {
      this.#parked.push(parked);
      this.#waiting = this.#waiting.filter(({ segment }) => segment !== parked);
    } else if (!this.#waiting.at(-1)!.segment) {
      this.#waiting.pop();
      this.#lose(1, 'a model call was lost: neither disk nor database takes it');
    }
  }

  #lose(calls: number, message: string, error?: unknown): void {
    this.#dropped += calls;
    this.#options.metrics?.calls('dropped', calls);
    // once for each power of two: a loss goes on for as long as nobody makes room
    if (calls > 1 || (this.#dropped & (this.#dropped - 1)) === 0)
      this.#log.error({ ...(error !== undefined && { err: error }), lost: this.#dropped }, message);
  }

  #adoption() {
    const { tenantId } = this.#options;
    const { rowsAWrite } = this.#limits;
    const write = (lines: CallLine[]) => this.#put(lines);
    return { tenantId, rowsAWrite, log: this.#log, signal: this.#stopping.signal, leave: this.#leave, write };
  }

  /** Looks for what dead processes left, one look at a time. */
  #look(): void {
    const { folder, presences, store, metrics } = this.#options;
    this.#looking = this.#looking.then(async () => {
      if (this.#stopping.signal.aborted) return;
      try {
        if (!this.#segments) await this.#announce();
        const calls = await adoptLeftovers({ ...this.#adoption(), folder, presences, store });
        metrics?.calls('replayed', calls);
        if (calls) this.#log.info({ calls }, 'took over model calls that a process left when it was killed');
      } catch (error) {
        this.#log.warn({ err: error }, 'model calls that another process left could not be taken over yet');
      }
    });
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    await Promise.race([work, sleep(ms, undefined, { signal: done.signal }).catch(() => undefined)]);
    done.abort();
  }
}

/** The row itself is wrong (a value out of range, a constraint), which no later try will change. */
const isRefused = (error: unknown): boolean => /^2[23]/.test(String((error as { code?: unknown }).code ?? ''));
