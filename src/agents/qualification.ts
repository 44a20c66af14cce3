import { RunnableBranch, type RunnableConfig, RunnableLambda, RunnableSequence } from '@langchain/core/runnables';
import { z } from 'zod';
import type { AgentContext, AgentRuns, QualificationRun } from '../core/agent.ts';
import { type Facts, factsOf } from '../core/evidence.ts';
import type { Ledger } from '../core/execution.ts';
import type { Finding } from '../core/findings.ts';
import type { ActiveProfile } from '../core/profile.ts';
import { qualificationAgent as agentType, explained, type Qualification, qualificationKey } from '../core/qualification.ts';
import type { Db } from '../core/records.ts';
import { score } from '../core/score.ts';
import type { ScoreDetail } from '../core/scoring.ts';
import { AppError } from '../errors.ts';
import { askModel, type ModelDoor, type OpenCriterion, openCriteria } from './qualification-model.ts';

/** What one run carries from step to step. */
interface Run {
  input: AgentRuns['qualification']['input'];
  ctx: AgentContext;
  name: string;
  active: ActiveProfile;
  facts: Facts;
  open: OpenCriterion[];
  notes: string[];
  costUsd: string | null;
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
  model: ModelDoor | undefined;
  now(): Date;
}

const inputSchema = z.strictObject({
  leadId: z.uuid(),
  model: z.boolean(),
  maxCostUsd: z.string().regex(/^\d+(\.\d{1,12})?$/),
});

/** Waiting for others, taken off the time that is our own. */
export class Waited {
  ms = 0;
  async on<T>(promise: Promise<T>): Promise<T> {
    const started = performance.now();
    return promise.finally(() => {
      this.ms += performance.now() - started;
    });
  }
}

const waitedIn = (config: RunnableConfig): Waited => config.configurable!['waited'] as Waited;

/** Is this lead worth a call? What the record says is summed by code; a model may only read what the record leaves open. */
export function qualificationChain({ db, ledger, model, now }: Parts) {
  const recordsFor = ({ actor }: AgentContext) =>
    db.records({ tenantId: actor.tenantId, userId: actor.userId, surface: actor.surface });

  const validate = step('validate', async (run: Pick<Run, 'input' | 'ctx'>) => {
    const parsed = inputSchema.safeParse(run.input);
    if (!parsed.success) throw new AppError('invalid_input', `qualification: ${z.prettifyError(parsed.error)}`);
    return { ...run, input: parsed.data, notes: [], costUsd: '0.000000000000', settled: true, degraded: false };
  });

  const gatherEvidence = step('gather evidence', async (run: Run, config) => {
    const records = recordsFor(run.ctx);
    const [lead, active] = await waitedIn(config).on(
      Promise.all([records.leads.get(run.input.leadId), records.profiles.active()]),
    );
    if (!lead) throw new AppError('not_found', 'That lead is not here (any more).');
    const facts = factsOf(lead);
    const open = openCriteria(active.profile, score(active.profile, facts));
    const known = await waitedIn(config).on(ledger.cached(run.ctx.actor.tenantId, agentType, keyOf({ ...run, active, facts })));
    return { ...run, name: lead.name, active, facts, open, ...(known && { known }) };
  });

  const fillOpenCriteria = step('let a model fill open criteria', async (run: Run, config) => {
    if (run.open.length === 0) return run;
    if (!run.input.model) return { ...run, notes: [`No model was asked about ${inWords(run.open)}.`] };
    if (!model)
      return {
        ...run,
        notes: [`No model is connected (ANTHROPIC_API_KEY), so nobody read the record for ${inWords(run.open)}.`],
      };
    const told = await waitedIn(config).on(askModel(model, run, now()));
    if (told.findings.length > 0)
      await waitedIn(config).on(
        db.tx({ tenantId: run.ctx.actor.tenantId, userId: run.ctx.actor.userId, surface: run.ctx.actor.surface }, (records) =>
          records.leads.keepFindings(run.input.leadId, told.findings),
        ),
      );
    return {
      ...run,
      facts: { ...run.facts, findings: beside(run.facts.findings ?? [], told.findings) },
      notes: told.notes,
      costUsd: told.costUsd,
      settled: told.settled,
      degraded: !told.settled,
    };
  });

  const compute = step('compute', (run: Run) => ({ ...run, detail: score(run.active.profile, run.facts) }));

  const explain = step('explain', (run: Run) => ({ ...run, verdict: explained(run.active.profile, run.name, run.detail) }));

  return RunnableSequence.from([
    validate,
    gatherEvidence,
    RunnableBranch.from([
      [({ known }: Run) => known !== undefined, answerAgain],
      RunnableSequence.from([fillOpenCriteria, compute, explain]),
    ]),
  ]).withConfig({ runName: 'qualification' });
}

export type QualificationChain = ReturnType<typeof qualificationChain>;

/** Runs the chain once and keeps the run, failed ones too. */
export async function runQualification(
  chain: QualificationChain,
  ledger: Ledger,
  input: AgentRuns['qualification']['input'],
  ctx: AgentContext,
): Promise<QualificationRun> {
  const started = performance.now();
  const waited = new Waited();
  const kept = { tenantId: ctx.actor.tenantId, agentType, leadId: input.leadId, input };
  try {
    const run = (await chain.invoke({ input, ctx } as Run, { signal: ctx.signal, configurable: { waited } })) as Run;
    const latencyMs = performance.now() - started;
    const processingTimeMs = Math.round((latencyMs - waited.ms) * 100) / 100;
    if (run.known)
      return { ...run.known.output, processingTimeMs, cached: true, costUsd: '0.000000000000', executionId: run.known.id };
    const verdict = verdictOf(run);
    const executionId = await ledger.run({
      ...kept,
      status: 'succeeded',
      latencyMs,
      costUsd: run.costUsd ?? '0',
      output: { ...verdict, processingTimeMs },
      ...(run.settled && { cacheKey: keyOf(run) }),
    });
    return { ...verdict, processingTimeMs, cached: false, executionId };
  } catch (error) {
    const errorCode = error instanceof AppError ? error.code : 'internal';
    // a lead that is not there leaves no run behind; everything else does
    if (errorCode !== 'not_found' && errorCode !== 'invalid_input')
      await ledger.run({
        ...kept,
        status: ctx.signal.aborted ? 'stopped' : 'failed',
        errorCode,
        latencyMs: performance.now() - started,
        costUsd: '0',
      });
    throw error;
  }
}

const verdictOf = ({ input, name, active, verdict, notes, costUsd, degraded }: Run): Verdict => ({
  leadId: input.leadId,
  name,
  profile: { id: active.key, version: active.version },
  ...verdict,
  notes,
  costUsd,
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
