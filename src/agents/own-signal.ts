import { setMaxListeners } from 'node:events';

/**
 * A signal for one run. Libraries hang listeners on a signal and do not all take them off again; on one that many share they would
 * gather. `AbortSignal.any` is no help: Node 20 keeps what it makes as long as its source lives.
 */
export function ownSignal(shared: AbortSignal): { signal: AbortSignal; release(): void } {
  const own = new AbortController();
  const pass = () => own.abort(shared.reason);
  if (shared.aborted) pass();
  // as many runs at the same time as there are
  setMaxListeners(0, shared);
  shared.addEventListener('abort', pass, { once: true });
  return { signal: own.signal, release: () => shared.removeEventListener('abort', pass) };
}
