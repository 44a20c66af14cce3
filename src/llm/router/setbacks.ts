import type { BudgetLimit } from '../../core/budget.ts';
import { compareUsd } from '../../core/money.ts';
import { AppError } from '../../errors.ts';
import type { FailureKind, ProviderFailure } from '../provider.ts';
import type { Candidate } from './route.ts';

const unreadable = 'the spending limits cannot be read just now.';

/** What stood in the way of a request, and how to say it to whoever asked. */
export class Setbacks {
  /** The last failure of each provider, by its name, and those that were not asked because they failed before. */
  readonly #failures = new Map<string, ProviderFailure>();
  readonly #resting = new Set<string>();
  /** Models that refused this very request. */
  readonly #refused = new Set<string>();
  #limit?: BudgetLimit;
  /** What that limit had left; what needs more is not asked about again. */
  #left = '0';
  /** The limits could not be read. */
  blind = false;

  get limit(): BudgetLimit | undefined {
    return this.#limit;
  }

  /** The first limit counts, because the cheaper ones are asked for its sake; but none is cheaper in requests. */
  limited(limit: BudgetLimit, left: string): void {
    if (limit.window === 'hour') this.#limit = limit;
    else if (!this.#limit) [this.#limit, this.#left] = [limit, left];
  }

  /** A limit is known to have less left than this. */
  outOfReach(usd: string | null): boolean {
    return this.#limit !== undefined && usd !== null && compareUsd(usd, this.#left) > 0;
  }

  failed(candidate: Candidate, failure: ProviderFailure): void {
    this.#failures.delete(candidate.label);
    this.#failures.set(candidate.label, failure);
    if (failure.isRefusal) this.#refused.add(nameOf(candidate));
  }

  /** It failed, and is left alone for now. */
  passedOver({ label }: Candidate): void {
    this.#resting.add(label);
  }

  /** It refused this request, or our key: then its other models will, too. */
  hopeless(candidate: Candidate): boolean {
    return this.#refused.has(nameOf(candidate)) || this.#failures.get(candidate.label)?.kind === 'auth';
  }

  /** Why the rules answered; nothing where there was nobody else to ask. */
  notice(): string | undefined {
    const why = this.#limit ? `${this.#limit.words} is used up.` : this.blind ? unreadable : this.#whyNobody();
    return why && `The offline rules answered: ${why}`;
  }

  /** For requests that no rule can answer, such as filling in a form: why no model did, and what helps. */
  refusal(details: { costUsd: string | null; guessUsd?: string }): AppError | undefined {
    if (this.#limit)
      return new AppError('budget_exceeded', `No model may be asked: ${this.#limit.words} is used up.`, { details });
    if (this.blind) return new AppError('unavailable', `No model may be asked: ${unreadable} Try again later.`, { details });
    const why = this.#whyNobody();
    if (!why) return undefined;
    const last = [...this.#failures.values()].at(-1);
    const [code, advice] = helpFor(last?.kind);
    return new AppError(code, `${why}${advice && ` ${advice}`}`, { cause: last, details });
  }

  /** In whole sentences; nothing where there was nobody to ask. */
  #whyNobody(): string | undefined {
    const [first, second, ...more] = [...this.#failures.values()].reverse().map(({ message }) => message);
    if (first) return [first, second, more.length > 0 && `${more.length} more did not answer either.`].filter(Boolean).join(' ');
    const resting = [...this.#resting];
    if (resting.length === 0) return undefined;
    return `${resting.join(', ')} failed a moment ago and ${resting.length > 1 ? 'are' : 'is'} left alone for now.`;
  }
}

const nameOf = ({ id, model }: Candidate): string => `${id}/${model}`;

function helpFor(kind: FailureKind | undefined): ['misconfigured' | 'too_large' | 'unavailable', string] {
  if (kind === 'auth' || kind === 'no_model') return ['misconfigured', 'npm run doctor looks at every provider.'];
  if (kind === 'too_large') return ['too_large', ''];
  return ['unavailable', kind === 'bad_request' ? '' : 'Try again later.'];
}
