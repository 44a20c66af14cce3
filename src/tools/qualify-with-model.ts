import { setTimeout as sleep } from 'node:timers/promises';
import type { QualificationRun } from '../core/agent.ts';
import { AppError } from '../errors.ts';
import { Budget } from './qualify-budget.ts';
import { type Candidate, type Run, sum } from './qualify-run.ts';

/** After so many leads in a row about which the model could not be asked, the run ends. */
const patience = 5;
const nothing = '0';

/**
 * One lead after the other, several at a time and so many a minute, until the money is used up. Each verdict is kept as it comes: a run
 * that is stopped, or killed and begun anew, asks nothing twice.
 */
export async function qualifyWithModel(run: Run, maxCostUsd: string): Promise<string | undefined> {
  const { deps, ctx, active } = run.work;
  const { concurrency, perMinute, leadUsd } = deps.qualifyLimits;
  const { tenantId } = ctx.actor;
  if (deps.agents.model?.estimate(1, 1, 'cheap', tenantId) == null) throw unpriced();
  const budget = new Budget(maxCostUsd);
  const pace = new Pace(perMinute);
  let failures = 0;
  let stopped: string | undefined;
  let broken: { error: unknown } | undefined;

  const verdictOn = (leadId: string, maxCostUsd: string) =>
    deps.agents.run('qualification', { leadId, model: true, maxCostUsd }, ctx);

  /** Asks within the budget. Nothing: there is not enough left of it, or the run has ended meanwhile. */
  const asked = async (leadId: string, atMostUsd: string): Promise<QualificationRun | undefined> => {
    const reserved = await budget.take(atMostUsd, leadUsd);
    if (reserved === undefined) {
      stopped ??= `Stopped at the limit of ${Number(maxCostUsd)} USD: the next lead might have passed it. Verdicts so far are kept.`;
      return undefined;
    }
    let spent: string | null = nothing;
    try {
      await pace.turn(ctx.signal);
      if (stopped !== undefined || broken) return undefined;
      const verdict = await verdictOn(leadId, reserved);
      // an answer that broke off is paid for as well, and nobody says how much it was
      spent = verdict.degraded ? null : verdict.costUsd;
      return verdict;
    } finally {
      budget.settle(reserved, spent);
    }
  };

  const one = async ({ id, facts, known }: Pick<Candidate, 'id' | 'facts' | 'known'>) => {
    const { open, atMostUsd } = deps.agents.asking(active.profile, facts, tenantId);
    const askable = open.length > 0 && !known;
    if (askable && atMostUsd === null) throw unpriced();
    try {
      const verdict = askable ? await asked(id, atMostUsd!) : await verdictOn(id, nothing);
      if (!verdict) return;
      run.note(verdict);
      run.costUsd = sum(run.costUsd, verdict.costUsd);
      if (verdict.cached) run.cached++;
      else if (askable && !verdict.degraded) run.withModel++;
      if (askable) failures = verdict.degraded ? failures + 1 : 0;
      if (failures >= patience)
        stopped ??= `Stopped: ${patience} times in a row no model could be asked. ${verdict.notes[0] ?? ''}`.trim();
      if (verdict.profile.id !== active.key || verdict.profile.version !== active.version)
        stopped ??= 'Stopped: another profile scores since. Verdicts so far are kept; begin again for the others.';
    } catch (error) {
      ctx.signal.throwIfAborted();
      // deleted meanwhile, most likely: the others go on
      if (!(error instanceof AppError)) throw error;
      run.failed++;
    } finally {
      run.progress();
    }
  };

  for await (const batch of run.batches(true)) {
    const waiting = batch.values();
    const worker = async () => {
      for (const lead of waiting) {
        if (stopped !== undefined || broken) return;
        try {
          ctx.signal.throwIfAborted();
          await one(lead);
        } catch (error) {
          broken ??= { error };
        }
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    if (broken) throw broken.error;
    if (stopped !== undefined) break;
  }
  return stopped;
}

const unpriced = (): AppError =>
  new AppError(
    'invalid_input',
    'The price of this model is not known, so no limit could be kept. Set its price (set_price), qualify leads one by one, or use a model whose price is known.',
  );

/** So many turns a minute, evenly. */
class Pace {
  readonly #every: number;
  #next = 0;

  constructor(perMinute: number) {
    this.#every = 60_000 / perMinute;
  }

  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#every;
    if (at > now) await sleep(at - now, undefined, { signal });
  }
}
