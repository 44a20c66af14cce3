import type { BudgetLimit, BudgetScope } from '../../core/budget.ts';
import { type Complexity, type Delta, type LlmRequest, noUsage, type Usage } from '../../core/llm.ts';
import { AppError } from '../../errors.ts';
import type { ProviderFailure } from '../provider.ts';
import { type Attempt, promptTokens } from './attempt.ts';
import type { Candidate, Route } from './route.ts';
import type { RouterParts } from './router.ts';

/** One attempt as it is written down: what was asked of whom, what came of it, what it used and cost. */
export interface CallReport {
  callId: string;
  /** 1 for the first of a request; all of a request share `requestId`. */
  attempt: number;
  requestId: string;
  request: LlmRequest;
  tier: Complexity;
  provider: string;
  model: string;
  status: 'ok' | 'failed' | 'aborted';
  failure?: string;
  usage: Usage;
  at: Date;
  latencyMs: number;
  ttftMs?: number;
  costUsd: string | null;
  /** Who was asked before and failed. */
  fallbackFrom?: string;
  degraded: boolean;
}

/** Money set aside is given back by itself after this long, should we die before settling. */
const reservationMs = 10 * 60_000;

/** One request on its way through the chain: sets money aside, writes every attempt down, and answers by rules when nobody else did. */
export class Call {
  readonly #request: LlmRequest;
  readonly #route: Route;
  readonly #parts: RouterParts;
  readonly #requestId = crypto.randomUUID();
  readonly #started = new Date();
  #attempts = 0;
  /** Began and have not ended. */
  readonly #open = new Set<Attempt>();
  readonly #scope: BudgetScope;
  #lastFailed?: string;
  #lastFailure?: ProviderFailure;
  #limit?: BudgetLimit;

  constructor(request: LlmRequest, route: Route, parts: RouterParts) {
    this.#request = request;
    this.#route = route;
    this.#parts = parts;
    const { tenantId, userId, agent, leadId, sessionId } = request.purpose;
    this.#scope = { tenantId, userId, agent, ...(leadId && { leadId }), ...(sessionId && { sessionId }) };
  }

  /** The chain, and where a budget stood in the way of one of it, the cheapest that there are. */
  *inTurn(): Generator<Candidate> {
    yield* this.#route.candidates;
    if (this.#limit) yield* this.#route.cheaper;
  }

  /** False when a budget does not allow this model; a cheaper one further down may still fit. */
  async begins(attempt: Attempt): Promise<boolean> {
    const { budgets } = this.#parts;
    if (budgets) {
      const requests = this.#attempts === 0 ? 1 : 0;
      const options = { callId: attempt.callId, requests, ttlMs: reservationMs } as const;
      const reserved = await budgets.reserve(this.#scope, this.#worstCase(attempt), options);
      if (!reserved.ok) {
        this.#limit ??= reserved.limit;
        return false;
      }
    }
    this.#attempts++;
    this.#open.add(attempt);
    return true;
  }

  #worstCase({ candidate }: Attempt): string {
    const usage: Usage = { ...noUsage, input: promptTokens(this.#request), output: this.#request.maxTokens };
    // what has no price cannot be kept within a limit: that it was used is told elsewhere
    return this.#cost(candidate.id, candidate.model, usage) ?? '0';
  }

  #cost(provider: string, model: string, usage: Usage): string | null {
    return this.#parts.costOf({ provider, model, usage, at: this.#started, tenantId: this.#request.purpose.tenantId });
  }

  async answered(attempt: Attempt): Promise<Delta> {
    const { id: provider, model } = attempt.candidate;
    const { usage, costUsd, callId } = await this.#ended(attempt, 'ok');
    return {
      type: 'finish',
      reason: attempt.finish!,
      usage,
      provider,
      model,
      tier: this.#route.tier,
      degraded: this.#limit !== undefined,
      costUsd,
      callId,
      ...(this.#limit && { notice: `A cheaper model answered: ${this.#limit.words} is nearly used up.` }),
    };
  }

  async failed(attempt: Attempt, failure: ProviderFailure): Promise<void> {
    const { id, model } = attempt.candidate;
    this.#parts.log.warn({ err: failure, provider: id, model, kind: failure.kind }, 'a model did not answer');
    if (!this.#open.has(attempt)) return;
    await this.#ended(attempt, 'failed', failure);
    this.#lastFailed = `${id}/${model}`;
    this.#lastFailure = failure;
  }

  /** For an attempt that ended in neither way: the caller stopped listening, or went away. */
  async leftOff(attempt: Attempt): Promise<void> {
    if (this.#open.has(attempt)) await this.#ended(attempt, 'aborted');
  }

  async #ended(attempt: Attempt, status: CallReport['status'], failure?: ProviderFailure) {
    this.#open.delete(attempt);
    const { id: provider, model } = attempt.candidate;
    // refused before anything was said: nothing was used
    const usage = failure && !attempt.counted && failure.status !== undefined ? { ...noUsage } : attempt.usage(this.#request);
    const costUsd = this.#cost(provider, model, usage);
    const { callId } = attempt;
    this.#parts.record({
      callId,
      attempt: this.#attempts,
      requestId: this.#requestId,
      request: this.#request,
      tier: this.#route.tier,
      provider,
      model,
      status,
      ...(failure && { failure: failure.kind }),
      usage,
      at: this.#started,
      latencyMs: attempt.ms,
      ...(attempt.ttftMs !== undefined && { ttftMs: attempt.ttftMs }),
      costUsd,
      ...(this.#lastFailed && { fallbackFrom: this.#lastFailed }),
      degraded: this.#limit !== undefined,
    });
    await this.#parts.budgets
      ?.settle(this.#scope, callId, costUsd)
      .catch((error) => this.#parts.log.error({ err: error }, 'money set aside was not settled; it comes back by itself'));
    return { usage, costUsd, callId };
  }

  /** Nobody else could: the rules answer, and it is said why. What they cannot answer is the error of the last who tried. */
  async *offline(): AsyncGenerator<Delta> {
    const started = performance.now();
    const report = (status: CallReport['status']) =>
      this.#parts.record({
        callId: crypto.randomUUID(),
        attempt: this.#attempts + 1,
        requestId: this.#requestId,
        request: this.#request,
        tier: this.#route.tier,
        provider: 'offline',
        model: 'rules',
        status,
        usage: { ...noUsage },
        at: this.#started,
        latencyMs: performance.now() - started,
        costUsd: '0.000000000000',
        ...(this.#lastFailed && { fallbackFrom: this.#lastFailed }),
        degraded: true,
      });
    let status: CallReport['status'] = 'aborted';
    try {
      for await (const delta of this.#parts.offline.stream(this.#request)) {
        const notice = this.#notice();
        yield delta.type === 'finish' ? { ...delta, tier: this.#route.tier, degraded: true, ...(notice && { notice }) } : delta;
      }
      status = 'ok';
    } catch (error) {
      status = 'failed';
      throw this.#lastFailure && error instanceof AppError && error.code === 'unavailable'
        ? inOurWords(this.#lastFailure, this.#limit)
        : error;
    } finally {
      report(status);
    }
  }

  #notice(): string | undefined {
    if (this.#limit) return `The offline rules answered: ${this.#limit.words} is used up.`;
    if (this.#lastFailure) return `The offline rules answered: ${this.#lastFailure.message}.`;
    return undefined;
  }
}

/** For requests that no rule can answer, such as filling in a form: why no model did. */
function inOurWords(failure: ProviderFailure, limit: BudgetLimit | undefined): AppError {
  if (limit) return new AppError('budget_exceeded', `No model may be asked: ${limit.words} is used up.`);
  const code =
    failure.kind === 'auth' || failure.kind === 'no_model'
      ? 'misconfigured'
      : failure.kind === 'too_large'
        ? 'too_large'
        : 'unavailable';
  return new AppError(code, `${failure.message}. Try again later.`, { cause: failure });
}
