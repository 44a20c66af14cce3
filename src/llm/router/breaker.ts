import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { ProviderFailure } from '../provider.ts';

/** How one admitted call ended; what is told first counts. */
export interface Verdict {
  succeed(): void;
  fail(error: unknown): void;
  /** Says nothing about the provider: the caller went away, or the request itself was wrong. */
  abstain(): void;
}

const counts = (error: unknown): boolean => error instanceof ProviderFailure && !error.isRefusal;

/** A server may ask for a day, or for ever; whether that is still so is looked at now and then. */
const longestRestMs = 15 * 60_000;

/** Leaves a provider alone after failures in a row; once it has rested, one call finds out whether it is back. */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;
  #probing = false;
  #restUntil = 0;
  readonly #now: () => number;

  constructor(
    { failures, recoverySeconds }: { failures: number; recoverySeconds: number },
    now: () => number = () => performance.now(),
  ) {
    this.#now = now;
    this.#policy = circuitBreaker(handleWhen(counts), {
      breaker: new ConsecutiveBreaker(failures),
      halfOpenAfter: recoverySeconds * 1000,
    });
  }

  get state(): 'closed' | 'open' | 'half-open' {
    const { state } = this.#policy;
    return state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  /** The server said when to come back. */
  rest(ms: number): void {
    this.#restUntil = Math.max(this.#restUntil, this.#now() + Math.min(ms, longestRestMs));
  }

  /** Nothing when it is to be left alone. Whoever gets a verdict has to give one: a probe without it would never end. */
  async admit(): Promise<Verdict | undefined> {
    if (this.#probing || this.#now() < this.#restUntil) return undefined;
    const wasClosed = this.state === 'closed';
    if (!wasClosed) this.#probing = true;
    return new Promise((resolve) => {
      const ended = this.#policy.execute(
        () =>
          new Promise<void>((succeed, fail) => {
            let told = false;
            const once = (end: () => void) => {
              if (told) return;
              told = true;
              if (!wasClosed) this.#probing = false;
              end();
            };
            resolve({
              succeed: () => once(succeed),
              fail: (error) => once(() => fail(error)),
              abstain: () =>
                once(() => (wasClosed ? succeed() : fail(new ProviderFailure('transport', 'the probe was given up')))),
            });
          }),
      );
      ended.catch(() => {
        // open: nobody was let in; a failure of the call itself was told by whoever called
        if (!wasClosed) this.#probing = false;
        resolve(undefined);
      });
    });
  }
}
