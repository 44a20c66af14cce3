import { RunnableBranch, type RunnableConfig, RunnableLambda, RunnableSequence } from '@langchain/core/runnables';
import { z } from 'zod';
import type { AgentContext, AgentRuns, QualificationRun } from '../core/agent.ts';
import type { Ledger } from '../core/execution.ts';
import { type Facts, factsOf } from '../core/facts.ts';
import type { Finding } from '../core/findings.ts';
import type { ActiveProfile } from '../core/profile.ts';
import { qualificationAgent as agentType, explained, type Qualification, qualificationKey } from '../core/qualification.ts';
import type { Db } from '../core/records.ts';
import { score } from '../core/score.ts';
import type { ScoreDetail } from '../core/scoring.ts';
import type { Tracing } from '../core/tracing.ts';
import { AppError, publicError } from '../errors.ts';
import { InTurn } from './in-turn.ts';
import { noRuns, type RunTracer } from './langsmith.ts';
import { Meter } from './meter.ts';
import { ownSignal } from './own-signal.ts';
import { askModel, type ModelDoor, openCriteria } from './qualification-model.ts';
import type { OpenCriterion } from './qualification-prompt.ts';

/** What one run carries from step to step. */
interface Run {
  input: AgentRuns['qualification']['input'];
  ctx: AgentContext;
  name: string;
  active: ActiveProfile;
  facts: Facts;
  open: OpenCriterion[];
  notes: string[];
  /** False when something that may be otherwise next time kept us from asking: such a verdict is not kept for reuse. */
  settled: boolean;
  degraded: boolean;
  detail: ScoreDetail;
  verdict: Qualification;
  /** What an earlier run of the same input answered. */
  known?: { id: string; output: Verdict };
}
type Verdict = Pick<QualificationRun, 'leadId' | 'name' | 'profile' | 'notes' | 'costUsd' | 'degraded'> & Qualification;

export interface Parts {
  db: Db;
  ledger: Ledger;
  /** Absent: nobody to ask. */
  model?: ModelDoor;
  tracing: Tracing;
  /** Absent: nobody hears of runs. */
  runs?: RunTracer;
  now(): Date;
}

const inputSchema = z.strictObject({
  leadId: z.uuid(),
  model: z.boolean(),
  maxCostUsd: z.string().regex(/^\d+(\.\d{1,12})?$/),
});

const meterOf = (config: RunnableConfig): Meter => config.configurable!['meter'] as Meter;

/** Is this lead worth a call? What the record says is summed by code; a model may only read what the record leaves open. */
function qualificationChain({ db, ledger, model, runs = noRuns, now }: Parts) {
  const scopeOf = ({ actor: { tenantId, userId, surface } }: AgentContext) => ({ tenantId, userId, surface });

  const validate = step('validate', async (run: Pick<Run, 'input' | 'ctx'>) => {
    const parsed = inputSchema.safeParse(run.input);
    if (!parsed.success) throw new AppError('invalid_input', `qualification: ${z.prettifyError(parsed.error)}`);
    return { ...run, input: parsed.data, notes: [], settled: true, degraded: false };
  });

  const gatherEvidence = step('gather evidence', async (run: Run, config) => {
    const meter = meterOf(config);
    const records = db.records(scopeOf(run.ctx));
    const [lead, active] = await meter.waiting(Promise.all([records.leads.get(run.input.leadId), records.profiles.active()]));
    if (!lead) throw new AppError('not_found', 'That lead is not here (any more).');
    const facts = factsOf(lead);
    const open = openCriteria(active.profile, score(active.profile, facts));
    const known = await meter.waiting(ledger.cached(run.ctx.actor.tenantId, agentType, keyOf({ ...run, active, facts })));
    return { ...run, name: lead.name, active, facts, open, ...(known && { known }) };
  });

  const fillOpenCriteria = step('let a model fill open criteria', async (run: Run, config) => {
    if (run.open.length === 0 || !run.input.model) return run;
    if (!model) {
      const note = `No model is connected (npm run doctor names the keys), so nobody read the record for ${inWords(run.open)}.`;
      return { ...run, notes: [note], settled: false, degraded: true };
    }
    const meter = meterOf(config);
    const { findings, ...told } = await meter.waiting(askModel(model, run, meter, now()));
    if (findings.length === 0) return { ...run, ...told };
    const gone = await meter.waiting(keep(run, findings));
    return {
      ...run,
      ...told,
      ...(gone && { notes: [...told.notes, gone], settled: false }),
      facts: { ...run.facts, findings: beside(run.facts.findings ?? [], findings) },
    };
  });

  /** What was paid for is told even when there is no record any more to keep it with. */
  const keep = async ({ ctx, input }: Run, findings: Finding[]): Promise<string | undefined> => {
    try {
      await db.tx(scopeOf(ctx), (records) => records.leads.keepFindings(input.leadId, findings));
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      return 'The lead was deleted meanwhile: what the model found is not kept.';
    }
  };

  const compute = step('compute', (run: Run) => ({ ...run, detail: score(run.active.profile, run.facts) }));

  const explain = step('explain', (run: Run) => ({ ...run, verdict: explained(run.active.profile, run.name, run.detail) }));

  return RunnableSequence.from([
    validate,
    gatherEvidence,
    RunnableBranch.from([
      [({ known }: Run) => known !== undefined, answerAgain],
      RunnableSequence.from([fillOpenCriteria, compute, explain]),
    ]),
  ]).withConfig({ runName: 'qualification', callbacks: [runs.handler] });
}

/** The chain as others call it: each run once, and kept, failed ones too. */
export function qualificationRuns(parts: Parts) {
  const { ledger, model, tracing } = parts;
  const chain = qualificationChain(parts);
  const inTurn = new InTurn();

  return (input: AgentRuns['qualification']['input'], caller: AgentContext): Promise<QualificationRun> => {
    const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': agentType };
    return tracing.trace(`invoke_agent ${agentType}`, { parent: caller.span, attributes }, async (span) => {
      const run = await qualify(input, { ...caller, span });
      span.set({
        'sales_agent.cached': run.cached,
        'sales_agent.degraded': run.degraded,
        ...(run.costUsd !== null && { 'sales_agent.cost_usd': Number(run.costUsd) }),
      });
      return run;
    });
  };

  async function qualify(input: AgentRuns['qualification']['input'], caller: AgentContext): Promise<QualificationRun> {
    const started = performance.now();
    const meter = new Meter();
    const { signal, release } = ownSignal(caller.signal);
    const ctx = { ...caller, signal };
    const kept = { tenantId: ctx.actor.tenantId, agentType, leadId: input.leadId, input };
    let done: (() => void) | undefined;
    try {
      // two who want the same lead read for them pay for it once: the second finds what the first was told
      if (input.model && model) done = await meter.waiting(inTurn.take(input.leadId, ctx.signal));
      ctx.signal.throwIfAborted();
      // the signal ends the waiting for a model and nothing else: an answer that is paid for is kept
      const run = (await chain.invoke({ input, ctx } as Run, { configurable: { meter } })) as Run;
      const latencyMs = performance.now() - started;
      const processingTimeMs = Math.round((latencyMs - meter.waitedMs) * 100) / 100;
      if (run.known)
        return { ...run.known.output, processingTimeMs, cached: true, costUsd: meter.costUsd, executionId: run.known.id };
      const verdict = { ...verdictOf(run), costUsd: meter.costUsd };
      const executionId = await ledger.run({
        ...kept,
        status: 'succeeded',
        latencyMs,
        costUsd: meter.costUsd ?? '0',
        output: { ...verdict, processingTimeMs },
        ...(run.settled && { cacheKey: keyOf(run) }),
      });
      return { ...verdict, processingTimeMs, cached: false, executionId };
    } catch (error) {
      const stopped = ctx.signal.aborted;
      const errorCode = stopped ? 'cancelled' : publicError(error).code;
      // a lead that is not there leaves no run behind; everything else does
      if (errorCode !== 'not_found' && errorCode !== 'invalid_input')
        await ledger.run({
          ...kept,
          status: stopped ? 'stopped' : 'failed',
          errorCode,
          latencyMs: performance.now() - started,
          costUsd: meter.costUsd ?? '0',
        });
      throw error;
    } finally {
      done?.();
      release();
    }
  }
}

const verdictOf = ({ input, name, active, verdict, notes, degraded }: Run): Omit<Verdict, 'costUsd'> => ({
  leadId: input.leadId,
  name,
  profile: { id: active.key, version: active.version },
  ...verdict,
  notes,
  degraded,
});

/** Everything the verdict follows from. */
const keyOf = ({ input, active, facts }: Pick<Run, 'input' | 'active' | 'facts'>): string =>
  qualificationKey(input.leadId, active, facts, input.model);

const answerAgain = step('answer again', (run: Run) => run);

function beside(before: readonly Finding[], found: readonly Finding[]): Finding[] {
  const asked = new Set(found.map(({ question }) => question));
  return [...before.filter(({ question }) => !asked.has(question)), ...found];
}

const inWords = (open: OpenCriterion[]): string => open.map(({ label }) => label).join(', ');

function step<I, O>(runName: string, work: (input: I, config: RunnableConfig) => O | Promise<O>) {
  return RunnableLambda.from<I, O>(work).withConfig({ runName });
}
