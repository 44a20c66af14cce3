import { setTimeout as sleep } from 'node:timers/promises';
import type { ScoredLead } from '../core/lead.ts';
import { addUsd, compareUsd } from '../core/money.ts';
import { AppError } from '../errors.ts';
import { type Run, sum } from './qualify-run.ts';

/** After so many leads in a row about which the model could not be asked, the run ends. */
const patience = 5;

/**
 * One lead after the other, several at a time and so many a minute, until the money is used up. What a lead may cost at the most is set
 * aside before it begins, so that the limit holds however many run at once. Each verdict is kept as it comes: a run that is stopped, or
 * killed and begun anew, asks nothing twice.
 */
export async function qualifyWithModel(run: Run, maxCostUsd: string): Promise<string | undefined> {
  const { deps, ctx, active } = run.work;
  const { concurrency, perMinute, leadUsd } = deps.qualifyLimits;
  const pace = new Pace(perMinute);
  let setAside = '0';
  let failures = 0;
  let stopped: string | undefined;

  const one = async ({ id, facts }: ScoredLead) => {
    const { open, atMostUsd } = deps.agents.asking(active.profile, facts);
    const askable = open.length > 0;
    if (askable && atMostUsd === null)
      throw new AppError(
        'invalid_input',
        'The price of this model is not known, so no limit could be kept. Qualify leads one by one, or use a model whose price is known.',
      );
    const left = addUsd(maxCostUsd, `-${addUsd(run.costUsd ?? '0', setAside)}`);
    if (askable && compareUsd(atMostUsd!, left) > 0) {
      stopped ??= `Stopped at the limit of ${Number(maxCostUsd)} USD: the next lead might have passed it. Verdicts so far are kept.`;
      return;
    }
    const reserved = !askable ? '0' : compareUsd(leadUsd, left) < 0 ? leadUsd : left;
    setAside = addUsd(setAside, reserved);
    try {
      if (askable) await pace.turn(ctx.signal);
      const verdict = await deps.agents.run('qualification', { leadId: id, model: true, maxCostUsd: reserved }, ctx);
      run.note(verdict);
      run.costUsd = sum(run.costUsd, verdict.costUsd);
      if (verdict.cached) run.cached++;
      else if (askable && !verdict.degraded) run.withModel++;
      failures = verdict.degraded ? failures + 1 : 0;
      if (failures >= patience)
        stopped ??= `Stopped: ${patience} times in a row no model could be asked. ${verdict.notes[0] ?? ''}`.trim();
    } catch (error) {
      ctx.signal.throwIfAborted();
      // deleted meanwhile, most likely: the others go on
      if (!(error instanceof AppError)) throw error;
      run.failed++;
    } finally {
      setAside = addUsd(setAside, `-${reserved}`);
      run.progress();
    }
  };

  for await (const batch of run.batches()) {
    const waiting = batch.values();
    const worker = async () => {
      for (const lead of waiting) {
        if (stopped) return;
        ctx.signal.throwIfAborted();
        await one(lead);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: concurrency }, worker));
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
    if (stopped) break;
  }
  return stopped;
}

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
