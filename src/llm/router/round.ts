import { setTimeout as sleep } from 'node:timers/promises';
import type { Delta, LlmRequest } from '../../core/llm.ts';
import { ProviderFailure } from '../provider.ts';
import type { Attempt, Given, Patience } from './attempt.ts';
import type { Breaker, Verdict } from './breaker.ts';
import type { Call } from './call.ts';
import type { Candidate } from './route.ts';

/** Failures that may pass, or that another provider may not have. */
const passes = ({ kind, isRefusal }: ProviderFailure): boolean => kind !== 'auth' && !isRefusal;

export interface RoundParts {
  request: LlmRequest;
  call: Call;
  breakers: ReadonlyMap<string, Breaker>;
  patience: Patience & { hedgeAfterSeconds?: number | undefined };
  signal: AbortSignal;
}

/** Once through the chain: one after the other until somebody answers. Where the policy says so, a second one runs beside a first one that is slow. */
export class Round {
  readonly #parts: RoundParts;
  readonly #turns: Iterator<Candidate>;
  readonly #running = new Set<Runner>();
  #mayHedge: boolean;
  /** How long the soonest of those who failed in passing asked us to wait. */
  waitMs = Number.POSITIVE_INFINITY;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#turns = parts.call.inTurn();
    this.#mayHedge = parts.patience.hedgeAfterSeconds !== undefined;
  }

  /** Gives an answer and true, or false when nobody has one. */
  async *run(): AsyncGenerator<Delta, boolean> {
    const running = this.#running;
    try {
      while (running.size > 0 || (await this.#start())) {
        const begun = await this.#firstToBegin();
        if (!begun) {
          // silent for a while: the next in the chain is asked beside it
          this.#mayHedge = false;
          await this.#start();
          continue;
        }
        const { runner } = begun;
        try {
          if ('error' in begun) throw begun.error;
          for (const other of running) if (other !== runner) await this.#left(other);
          yield* runner.whole(begun.step);
          runner.verdict.succeed();
          for (const part of runner.attempt.opaque) yield { type: 'opaque', provider: runner.attempt.candidate.id, part };
          const finish = await this.#parts.call.answered(runner.attempt);
          running.delete(runner);
          yield finish;
          return true;
        } catch (error) {
          await this.#fell(runner, error);
        }
      }
      return false;
    } finally {
      // whoever stops listening in the middle leaves calls that have to be written down, and maybe a probe that has to end
      for (const runner of running) await this.#left(runner);
    }
  }

  /** False when there is nobody left to ask. */
  async #start(): Promise<boolean> {
    const { request, call, breakers, patience, signal } = this.#parts;
    for (let turn = this.#turns.next(); !turn.done; turn = this.#turns.next()) {
      signal.throwIfAborted();
      const candidate = turn.value;
      if (call.setbacks.hopeless(candidate)) continue;
      const verdict = await breakers.get(candidate.id)!.admit();
      if (!verdict) {
        call.setbacks.passedOver(candidate);
        continue;
      }
      const attempt = await call.begin(candidate);
      if (attempt) {
        this.#running.add(new Runner(attempt, verdict, request, patience, signal));
        return true;
      }
      verdict.abstain();
    }
    return false;
  }

  /** Whoever speaks, ends or fails first; nothing when that takes so long that somebody else should try too. */
  async #firstToBegin(): Promise<Begun | undefined> {
    const begun = [...this.#running].map((runner) => runner.begun);
    const { hedgeAfterSeconds } = this.#parts.patience;
    if (!this.#mayHedge || !hedgeAfterSeconds) return Promise.race(begun);
    const timer = new AbortController();
    const late = sleep(hedgeAfterSeconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined);
    return Promise.race([...begun, late]).finally(() => timer.abort());
  }

  /** Throws where the whole request ends with this attempt: the caller went away, or a reader has seen a part of it. */
  async #fell(runner: Runner, error: unknown): Promise<void> {
    if (!(error instanceof ProviderFailure)) throw error;
    const { call, breakers } = this.#parts;
    const { attempt, verdict } = runner;
    verdict.fail(error);
    await call.failed(attempt, error);
    if (attempt.spoke) throw call.brokenOff(attempt, error);
    if (error.retryAfterMs) breakers.get(attempt.candidate.id)!.rest(error.retryAfterMs);
    if (passes(error)) this.waitMs = Math.min(this.waitMs, error.retryAfterMs ?? 0);
    await this.#left(runner);
  }

  /** Of no more use: what it used by now is written down, unless it was already. */
  async #left(runner: Runner): Promise<void> {
    this.#running.delete(runner);
    runner.stop();
    runner.verdict.abstain();
    await this.#parts.call.leftOff(runner.attempt);
  }
}

type Step = IteratorResult<Given, void>;
type Begun = { runner: Runner; step: Step } | { runner: Runner; error: unknown };

/** An attempt under way, and the verdict that its provider's breaker waits for. */
class Runner {
  readonly attempt: Attempt;
  readonly verdict: Verdict;
  readonly #deltas: AsyncGenerator<Given, void>;
  /** Its first word, its end without one, or how it failed; never rejects. */
  readonly begun: Promise<Begun>;

  constructor(attempt: Attempt, verdict: Verdict, request: LlmRequest, patience: Patience, signal: AbortSignal) {
    this.attempt = attempt;
    this.verdict = verdict;
    this.#deltas = attempt.run(request, patience, signal);
    this.begun = this.#deltas.next().then(
      (step) => ({ runner: this, step }),
      (error: unknown) => ({ runner: this, error }),
    );
  }

  /** All that it says, from its first word on. */
  async *whole(first: Step): AsyncGenerator<Given> {
    for (let step = first; !step.done; step = await this.#deltas.next()) yield step.value;
  }

  stop(): void {
    this.attempt.giveUp();
    // not waited for: a provider may be slow to notice
    this.#deltas.return().catch(() => undefined);
  }
}
