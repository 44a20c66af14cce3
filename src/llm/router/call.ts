import type { BudgetScope, Budgets, Reserved } from '../../core/budget.ts';
import { type CallRecord, recordedPurpose } from '../../core/cost.ts';
import { type Delta, type LlmMessage, type LlmRequest, noUsage, type Usage } from '../../core/llm.ts';
import { addUsd, compareUsd } from '../../core/money.ts';
import type { Priced } from '../../core/price.ts';
import { AppError } from '../../errors.ts';
import type { ProviderFailure } from '../provider.ts';
import { Attempt } from './attempt.ts';
import type { Candidate, Route } from './route.ts';
import type { RouterParts } from './router.ts';
import { Setbacks } from './setbacks.ts';
import { mostPromptTokens } from './tokens.ts';

/** Money set aside is given back by itself after this long, should we die before settling. */
const reservationMs = 10 * 60_000;

/** One request on its way through the chain: sets money aside, writes every attempt down, and answers by rules when nobody else did. */
export class Call {
  readonly #request: LlmRequest;
  readonly #route: Route;
  readonly #parts: RouterParts;
  readonly #requestId = crypto.randomUUID();
  #attempts = 0;
  /** By all attempts together: those that failed were paid for too. Null once one of them has no known price. */
  #spentUsd: string | null = '0.000000000000';
  /** The same as limits count it. */
  #countedUsd = '0.000000000000';
  /** Began and have not ended. */
  readonly #open = new Set<Attempt>();
  readonly #scope: BudgetScope;
  #lastFailed?: string;
  readonly setbacks = new Setbacks();

  constructor(request: LlmRequest, route: Route, parts: RouterParts) {
    this.#request = request;
    this.#route = route;
    this.#parts = parts;
    const { tenantId, userId, agent, leadId, sessionId } = request.purpose;
    this.#scope = { tenantId, userId, agent, ...(leadId && { leadId }), ...(sessionId && { sessionId }) };
  }

  /** The chain, and where a budget stood in the way of one of it, the cheapest that there are. */
  *inTurn(): Generator<Candidate> {
    for (const candidates of [this.#route.candidates, this.#route.cheaper])
      for (const candidate of candidates) {
        // no model is cheaper in requests
        if (this.setbacks.limit?.window === 'hour') return;
        if (candidates === this.#route.candidates || this.setbacks.limit) yield candidate;
      }
  }

  /** An attempt with this model; nothing when a budget does not allow it: a cheaper one further down may still fit. */
  async begin(candidate: Candidate): Promise<Attempt | undefined> {
    const attempt = new Attempt(candidate, this.#now());
    const { budgets } = this.#parts;
    const again = this.#attempts > 0 && this.#request.maxCostUsd !== undefined;
    if (budgets || again) {
      const usage = this.#most();
      const price = this.#price(attempt, usage);
      const usd = price.status === 'priced' ? price.costUsd : null;
      if (again && this.#tooDear(this.#counted(attempt, usd, usage))) return undefined;
      // a price that is not known may be the highest there is: were nothing set aside for it, no limit would hold its calls back
      if (budgets && !(await this.#setAside(budgets, attempt, usd ?? this.#guess(attempt, usage)))) return undefined;
    }
    attempt.number = ++this.#attempts;
    this.#open.add(attempt);
    return attempt;
  }

  #now(): Date {
    return this.#parts.now?.() ?? new Date();
  }

  /** The first attempt was for whoever asks to allow; further ones keep to what they set as a limit. */
  #tooDear(usd: string | null): boolean {
    const { maxCostUsd } = this.#request;
    if (maxCostUsd === undefined) return false;
    return usd === null || compareUsd(addUsd(this.#countedUsd, usd), maxCostUsd) > 0;
  }

  async #setAside(budgets: Budgets, { callId, at }: Attempt, usd: string | null): Promise<boolean> {
    if (this.setbacks.outOfReach(usd)) return false;
    const requests = this.#attempts === 0 ? 1 : 0;
    let reserved: Reserved;
    try {
      reserved = await budgets.reserve(this.#scope, usd, { callId, at, requests, ttlMs: reservationMs });
    } catch (error) {
      // what is left is not known: what costs nothing may be asked all the same, and nothing else
      if (!this.setbacks.blind)
        this.#parts.log.error({ err: error }, 'the spending limits cannot be read: only models that cost nothing are asked');
      this.setbacks.blind = true;
      return usd !== null && compareUsd(usd, '0') === 0;
    }
    if (!reserved.ok) this.setbacks.limited(reserved.limit, reserved.left);
    return reserved.ok;
  }

  /** What an attempt may use at the most. */
  #most(): Usage {
    return { ...noUsage, input: mostPromptTokens(this.#request), output: this.#request.maxTokens };
  }

  #guess({ at }: Attempt, usage: Usage): string | null {
    return this.#parts.guessOf({ usage, at, tenantId: this.#request.purpose.tenantId });
  }

  /** What limits count. Nobody bills by the token for a server of one's own; it was held back only as long as it might have been priced. */
  #counted(attempt: Attempt, costUsd: string | null, usage: Usage): string | null {
    if (costUsd !== null) return costUsd;
    return attempt.candidate.ownServer ? '0' : this.#guess(attempt, usage);
  }

  #price({ candidate: { id: provider, model }, at }: Attempt, usage: Usage): Priced {
    return this.#parts.priceOf({ provider, model, usage, at, tenantId: this.#request.purpose.tenantId });
  }

  /** What the whole request cost so far, and where that is not known, what limits count. */
  #spent() {
    return this.#spentUsd === null ? { costUsd: null, guessUsd: this.#countedUsd } : { costUsd: this.#spentUsd };
  }

  /** What every attempt of this request has in common. */
  #about(attempt: number) {
    return {
      ...recordedPurpose(this.#request.purpose),
      requestId: this.#requestId,
      attempt,
      ...(this.#route.decision && attempt === 1 && { decision: this.#route.decision }),
      complexity: this.#route.tier,
      ...(this.#lastFailed && { fallbackFrom: this.#lastFailed }),
    };
  }

  async answered(attempt: Attempt): Promise<Delta> {
    const { limit } = this.setbacks;
    const { id: provider, model } = attempt.candidate;
    const { usage, callId } = await this.#ended(attempt, 'ok');
    return {
      type: 'finish',
      reason: attempt.finish!,
      usage,
      provider,
      model,
      tier: this.#route.tier,
      degraded: limit !== undefined,
      ...this.#spent(),
      callId,
      ...(limit && { notice: `A cheaper model answered: ${limit.words} is nearly used up.` }),
    };
  }

  async failed(attempt: Attempt, failure: ProviderFailure): Promise<void> {
    const { id, model } = attempt.candidate;
    const { kind, message } = failure;
    // the next one answers, or the answer says why none did: nothing that has to be seen to at once
    this.#parts.log.info({ provider: id, model, kind, why: message }, 'a model did not answer');
    this.#parts.log.debug({ err: failure, provider: id }, 'how a model did not answer');
    if (!this.#open.has(attempt)) return;
    await this.#ended(attempt, 'failed', failure);
    this.#lastFailed = `${id}/${model}`;
    this.setbacks.failed(attempt.candidate, failure);
  }

  /** A reader has seen a part of the answer: nobody else's words are put behind it. */
  brokenOff({ candidate }: Attempt, cause: ProviderFailure): AppError {
    const details = this.#spent();
    return new AppError('unavailable', `${candidate.label} broke off in the middle of its answer. Ask again.`, {
      cause,
      details,
    });
  }

  /** For an attempt that ended in neither way: the caller stopped listening, or went away. */
  async leftOff(attempt: Attempt): Promise<void> {
    if (this.#open.has(attempt)) await this.#ended(attempt, 'aborted');
  }

  async #ended(attempt: Attempt, status: CallRecord['status'], failure?: ProviderFailure) {
    this.#open.delete(attempt);
    const { id: provider, model } = attempt.candidate;
    // refused before anything was said: nothing was used, and nothing costs nothing at any price
    const refused = failure && !attempt.worked && (failure.status !== undefined || neverReached(failure));
    const usage = refused ? { ...noUsage } : attempt.usage(this.#request);
    const { billedUsd } = attempt;
    const billed = refused ? '0.000000000000' : billedUsd;
    const price: Priced =
      billed === undefined
        ? this.#price(attempt, usage)
        : { status: 'priced', costUsd: billed, row: refused ? 'nothing used' : 'as billed' };
    const costUsd = price.status === 'priced' ? price.costUsd : null;
    const counted = this.#counted(attempt, costUsd, usage);
    this.#spentUsd = costUsd === null || this.#spentUsd === null ? null : addUsd(this.#spentUsd, costUsd);
    this.#countedUsd = addUsd(this.#countedUsd, counted ?? '0');
    const { callId } = attempt;
    this.#parts.record(
      {
        ...this.#about(attempt.number),
        at: attempt.at,
        callId,
        provider,
        model,
        status,
        ...(failure && { failure: failure.kind }),
        usage,
        price,
        ...(costUsd === null && counted !== null && { guessUsd: counted }),
        latencyMs: attempt.ms,
        ...(attempt.ttftMs !== undefined && { ttftMs: attempt.ttftMs }),
        degraded: this.setbacks.limit !== undefined,
        texts: () => ({ prompt: JSON.stringify(this.#request.messages.map(kept)), answer: attempt.said }),
      },
      this.#request,
      attempt.finish,
    );
    await this.#parts.budgets
      ?.settle(this.#scope, callId, counted)
      .catch((error) => this.#parts.log.error({ err: error }, 'money set aside was not settled; it comes back by itself'));
    return { usage, callId };
  }

  /** Nobody else could: the rules answer, and it is said why. What they cannot answer is the error of the last who tried. */
  async *offline(): AsyncGenerator<Delta> {
    const at = this.#now();
    const started = performance.now();
    const report = (status: CallRecord['status']) =>
      this.#parts.record(
        {
          ...this.#about(this.#attempts + 1),
          at,
          callId: crypto.randomUUID(),
          provider: 'offline',
          model: 'rules',
          status,
          usage: { ...noUsage },
          price: { status: 'priced', costUsd: '0.000000000000', row: 'offline' },
          latencyMs: performance.now() - started,
          degraded: true,
        },
        this.#request,
        finish,
      );
    let status: CallRecord['status'] = 'aborted';
    let finish: string | undefined;
    try {
      for await (const delta of this.#parts.offline.stream(this.#request)) {
        if (delta.type === 'finish') finish = delta.reason;
        const notice = this.setbacks.notice();
        yield delta.type === 'finish'
          ? { ...delta, ...this.#spent(), tier: this.#route.tier, degraded: true, ...(notice && { notice }) }
          : delta;
      }
      status = 'ok';
    } catch (error) {
      status = 'failed';
      throw (error instanceof AppError && error.code === 'unavailable' && this.setbacks.refusal(this.#spent())) || error;
    } finally {
      report(status);
    }
  }
}

/** A message as it is kept for whoever looks at prompts later. */
const kept = (message: LlmMessage) => {
  if (message.role !== 'assistant') return { [message.role]: message.text };
  const { text, toolCalls } = message;
  return { assistant: text, ...(toolCalls?.length && { calls: toolCalls.map(({ name, input }) => ({ [name]: input })) }) };
};

/** No connection was made, so no model can have read anything. */
function neverReached(failure: ProviderFailure): boolean {
  for (let error: unknown = failure, depth = 0; error instanceof Error && depth < 6; error = error.cause, depth++)
    if (
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(
        String((error as { code?: unknown }).code),
      )
    )
      return true;
  return false;
}
