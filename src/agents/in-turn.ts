/** Work on the same thing, one after the other. */
export class InTurn {
  readonly #busy = new Map<string, Promise<void>>();

  /** Waits for whoever is at it; calling what it gives lets the next one begin. */
  async take(key: string, signal: AbortSignal): Promise<() => void> {
    for (let other = this.#busy.get(key); other; other = this.#busy.get(key)) await endOf(other, signal);
    signal.throwIfAborted();
    let end = () => {};
    this.#busy.set(key, new Promise((resolve) => (end = resolve)));
    return () => {
      this.#busy.delete(key);
      end();
    };
  }
}

const endOf = (work: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    void work.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
