import type { TurnEvent } from '../core/conversation.ts';
import type { Records } from '../core/records.ts';

/** How long text gathers before it is written down: few rows, and a watcher elsewhere is hardly behind. */
const flushMs = 100;

/**
 * The events of one running turn: for whoever listens here, and in the database for whoever comes back later or listens
 * at another process. The turn does not depend on anybody listening.
 */
export class TurnStream {
  readonly #events: TurnEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;
  #stored = 0;
  #seq = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  readonly #store: (firstSeq: number, events: TurnEvent[]) => Promise<void>;

  constructor(records: Records, conversationId: string, turnId: string) {
    this.#store = (firstSeq, events) => records.conversations.addEvents(conversationId, turnId, firstSeq, events);
  }

  emit(event: TurnEvent): void {
    this.#events.push(event);
    this.#wake();
    this.#timer ??= setTimeout(() => this.#flush(), flushMs);
  }

  /** Writes what is left and tells listeners that no more comes. */
  async end(): Promise<void> {
    this.#flush();
    await this.#writing;
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TurnEvent> {
    for (let next = 0; ; ) {
      while (next < this.#events.length) yield this.#events[next++]!;
      if (this.#ended) return;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const fresh = joinText(this.#events.slice(this.#stored));
    this.#stored = this.#events.length;
    if (!fresh.length) return;
    const first = this.#seq;
    this.#seq += fresh.length;
    // a lost event row costs a watcher a line, never the turn
    this.#writing = this.#writing.then(() => this.#store(first, fresh)).catch(() => undefined);
  }
}

/** Neighbouring pieces of text as one event. */
function joinText(events: TurnEvent[]): TurnEvent[] {
  const joined: TurnEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = { type: 'text', delta: last.delta + event.delta };
    else joined.push(event);
  }
  return joined;
}
