import { setImmediate as breathe } from 'node:timers/promises';
import type { Asking } from '../core/agent.ts';
import type { ScoredLead } from '../core/lead.ts';
import { addUsd } from '../core/money.ts';
import type { ActiveProfile } from '../core/profile.ts';
import { qualificationAgent, qualificationKey, qualify } from '../core/qualification.ts';
import { type Tier, tiers } from '../core/scoring.ts';
import type { ToolContext, ToolDeps } from './define.ts';

interface Work {
  filter: Parameters<ToolDeps['records']['leads']['each']>[0];
  limit: number;
  leads: number;
  active: ActiveProfile;
  deps: ToolDeps;
  ctx: ToolContext;
}

/** A lead on the list, and whether nothing has changed since its last verdict. */
export interface Candidate extends ScoredLead {
  cacheKey: string;
  known: boolean;
}

/** One pass over many leads, and what came of it. */
export class Run {
  readonly work: Work;
  readonly #tiers = Object.fromEntries(tiers.map((tier) => [tier, 0])) as Record<Tier, number>;
  #qualified = 0;
  #confidence = 0;
  cached = 0;
  withModel = 0;
  failed = 0;
  costUsd: string | null = '0.000000000000';

  constructor(work: Work) {
    this.work = work;
  }

  /** The leads, a batch at a time, and no more than were asked for. */
  async *batches(model: boolean): AsyncGenerator<Candidate[]> {
    const { deps, filter, limit, ctx, active } = this.work;
    let seen = 0;
    for await (const batch of deps.records.leads.each(filter)) {
      ctx.signal.throwIfAborted();
      const wanted = batch.slice(0, limit - seen);
      seen += wanted.length;
      const keys: string[] = [];
      for await (const { id, facts } of unhurried(wanted)) keys.push(qualificationKey(id, active, facts, model));
      const known = await deps.records.executions.known(qualificationAgent, keys);
      yield wanted.map((lead, index) => ({ ...lead, cacheKey: keys[index]!, known: known.has(keys[index]!) }));
      if (seen >= limit) return;
    }
  }

  note({ tier, confidence }: { tier: Tier; confidence: number }): void {
    this.#tiers[tier]++;
    this.#qualified++;
    this.#confidence += confidence;
  }

  progress(): void {
    const done = this.#qualified + this.failed;
    this.work.ctx.progress({ done, total: this.work.leads, message: `${done.toLocaleString('en-US')} leads qualified` });
  }

  counts() {
    const average = this.#qualified ? Math.round((this.#confidence / this.#qualified) * 100) / 100 : null;
    const { cached, withModel, failed, costUsd } = this;
    return { qualified: this.#qualified, cached, withModel, failed, tiers: this.#tiers, averageConfidence: average, costUsd };
  }

  /** By the rules alone. A verdict that follows from the same as the last one is not written again. */
  async byCode(): Promise<undefined> {
    const { active, deps } = this.work;
    for await (const batch of this.batches(false)) {
      const runs: Parameters<typeof deps.records.executions.add>[0] = [];
      for await (const { id, facts, cacheKey, known } of unhurried(batch)) {
        const started = performance.now();
        const verdict = qualify(active.profile, facts);
        this.note(verdict);
        if (known) {
          this.cached++;
          continue;
        }
        const latencyMs = performance.now() - started;
        const output = {
          leadId: id,
          name: facts.name,
          profile: { id: active.key, version: active.version },
          ...verdict,
          notes: [],
          costUsd: '0.000000000000',
          degraded: false,
          processingTimeMs: Math.round(latencyMs * 100) / 100,
        };
        runs.push({
          agentType: qualificationAgent,
          leadId: id,
          status: 'succeeded',
          latencyMs,
          costUsd: '0',
          input: { leadId: id, model: false },
          output,
          cacheKey,
        });
      }
      await deps.records.executions.add(runs);
      this.progress();
    }
    return undefined;
  }

  /** What a model would be asked, and what that would cost. What it was asked before costs nothing. */
  async estimate(): Promise<{ open: number; expectedUsd: string | null; atMostUsd: string | null }> {
    let open = 0;
    let all: Pick<Asking, 'expectedUsd' | 'atMostUsd'> = { expectedUsd: '0', atMostUsd: '0' };
    const { deps, active, ctx } = this.work;
    for await (const batch of this.batches(true))
      for await (const { facts, known } of unhurried(batch)) {
        const asking = deps.agents.asking(active.profile, facts, ctx.actor.tenantId);
        if (known || asking.open.length === 0) continue;
        open++;
        all = { expectedUsd: sum(all.expectedUsd, asking.expectedUsd), atMostUsd: sum(all.atMostUsd, asking.atMostUsd) };
      }
    return { open, ...all };
  }
}

const longestStretchMs = 5;

/** One after the other, with a breath now and then: this thread serves others too. */
async function* unhurried<T>(items: readonly T[]): AsyncGenerator<T> {
  let pause = performance.now() + longestStretchMs;
  for (const item of items) {
    if (performance.now() > pause) {
      await breathe();
      pause = performance.now() + longestStretchMs;
    }
    yield item;
  }
}

export const sum = (a: string | null, b: string | null): string | null => (a === null || b === null ? null : addUsd(a, b));
